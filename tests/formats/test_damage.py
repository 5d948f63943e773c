"""Files with bytes changed, cut or doubled at random are refused or read: nothing else ever happens."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

from allocator.formats import BadInput, read_instance, read_model, read_solution_document
from tests.formats import models
from tests.formats.files import VALID, write_files

BYTES = b'\0\n\r\t "#+,-.0159;=ABTeilnostu[]{}\xc3\xa9\xff'


def damaged(data: bytes, seed: int) -> Iterator[bytes]:
    """Yield three hundred damaged copies."""
    rng = random.Random(seed)
    for _ in range(300):
        copy = bytearray(data)
        for _ in range(rng.randint(1, 4)):
            start = rng.randrange(len(copy))
            end = min(len(copy), start + rng.choice((0, 1, 1, 1, 20)))
            copy[start:end] = rng.choice((b"", bytes([rng.choice(BYTES)]), bytes(copy[start:end]) * 2))
        yield bytes(copy)


def test_damaged_instances(tmp_path: Path) -> None:
    refused = 0
    for seed, (name, text) in enumerate(VALID.items()):
        write_files(tmp_path, VALID)
        for data in damaged(text.encode(), seed):
            (tmp_path / name).write_bytes(data)
            try:
                read_instance(tmp_path)
            except BadInput as bad:
                refused += 1
                assert bad.render()
    assert 700 < refused < 2100


def test_damaged_models(tmp_path: Path) -> None:
    path = tmp_path / "model.toml"
    refused = 0
    for data in damaged(models.VALID.encode(), 7):
        path.write_bytes(data)
        try:
            read_model(path)
        except BadInput as bad:
            refused += 1
            assert all(fault.line is None or 0 < fault.line < 50 for fault in bad.faults)
    assert 100 < refused < 300


def test_damaged_documents(tmp_path: Path) -> None:
    tiers = [{"name": "un", "value": 1.5, "bound": None}]
    digests = {"instance_sha256": "a", "model_sha256": "b"}
    document = {
        "status": "optimal",
        "tiers": tiers,
        "seconds": {},
        "liberations": 3,
        **digests,
        "solver": "c",
    }
    path = tmp_path / "solution.json"
    refused = 0
    for data in damaged(json.dumps(document).encode(), 8):
        path.write_bytes(data)
        try:
            read_solution_document(path)
        except BadInput:
            refused += 1
    assert 100 < refused < 300
