"""What is written is what is read, and the several ways to write a table are one."""

import csv
import random
import tempfile
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.domain import Instance
from allocator.formats import read_instance, write_instance
from allocator.formats.schema import TABLES, Schema
from tests.builders import same
from tests.formats.strategies import instances

PATIENT = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(instances())
def test_an_instance_that_is_written_reads_back_the_same(instance: Instance) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_instance(instance, Path(folder))
        assert same(read_instance(Path(folder)), instance)


@PATIENT
@given(instances())
def test_an_instance_is_written_to_the_same_bytes_again(instance: Instance) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_instance(instance, Path(folder) / "first")
        first = read_instance(Path(folder) / "first")
        write_instance(first, Path(folder) / "second")
        assert read_instance(Path(folder) / "second").sha256 == first.sha256


class Style(NamedTuple):
    """A way to write CSV that the contract allows."""

    semicolon: bool
    mark: bool
    newline: str


STYLES = st.builds(Style, st.booleans(), st.booleans(), st.sampled_from(["\n", "\r\n"]))


@PATIENT
@given(instances(), STYLES, st.randoms(use_true_random=False))
def test_separator_mark_order_of_columns_and_decimal_comma_change_nothing(
    instance: Instance, style: Style, rng: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_instance(instance, Path(folder))
        for schema in TABLES:
            if (Path(folder) / schema.file).exists():
                _rewrite(Path(folder) / schema.file, schema, style, rng)
        assert same(read_instance(Path(folder)), instance)


def _rewrite(path: Path, schema: Schema, style: Style, rng: random.Random) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [list(row) for row in csv.reader(file)]
    numeric = {column.name for column in schema.columns if column.kind == "number"}
    for position, name in enumerate(rows[0]):
        if style.semicolon and name in numeric:
            for row in rows[1:]:
                row[position] = row[position].replace(".", ",")
    order = list(range(len(rows[0])))
    rng.shuffle(order)
    with path.open("w", encoding="utf-8-sig" if style.mark else "utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";" if style.semicolon else ",", lineterminator=style.newline)
        writer.writerows([row[position] for position in order] for row in rows)
