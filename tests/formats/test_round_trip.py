"""What is written is what is read, and the several ways to write a table are one."""

import csv
import random
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from allocator.domain import Instance
from allocator.formats import read_instance, write_instance
from allocator.formats.schema import TABLES, Schema
from tests.builders import same
from tests.formats.strategies import instances


@given(instances())
def test_an_instance_that_is_written_reads_back_the_same(instance: Instance) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_instance(instance, Path(folder))
        assert same(read_instance(Path(folder)), instance)


@given(instances())
def test_an_instance_is_written_to_the_same_bytes_again(instance: Instance) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_instance(instance, Path(folder) / "first")
        first = read_instance(Path(folder) / "first")
        write_instance(first, Path(folder) / "second")
        assert read_instance(Path(folder) / "second").sha256 == first.sha256


@given(instances(), st.booleans(), st.booleans(), st.sampled_from(["\n", "\r\n"]), st.randoms())
def test_separator_mark_order_of_columns_and_decimal_comma_change_nothing(
    instance: Instance, semicolon: bool, mark: bool, newline: str, rng: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_instance(instance, Path(folder))
        for schema in TABLES:
            if (Path(folder) / schema.file).exists():
                _rewrite(Path(folder) / schema.file, schema, semicolon, mark, newline, rng)
        assert same(read_instance(Path(folder)), instance)


def _rewrite(
    path: Path, schema: Schema, semicolon: bool, mark: bool, newline: str, rng: random.Random
) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    if semicolon:
        numeric = {column.name for column in schema.columns if column.kind == "number"}
        rows = [
            [
                text.replace(".", ",") if name in numeric else text
                for name, text in zip(header, row, strict=True)
            ]
            for row in rows
        ]
    order = list(range(len(header)))
    rng.shuffle(order)
    with path.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";" if semicolon else ",", lineterminator=newline)
        writer.writerows([row[position] for position in order] for row in (header, *rows))
