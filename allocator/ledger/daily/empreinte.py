"""The digest of what a rule was asked: whoever has the same one asked the same question."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from allocator.policies.situation import Frame, Situation


def entree_sha256(frame: Frame, policy: str, situation: Situation) -> str:
    """Return the digest of all that the proposals of a morning are made of, in hexadecimal."""
    digest = hashlib.sha256()
    for part in _parts((policy, frame.seed, frame.model.sha256, frame.instance, situation)):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _parts(value: Any) -> Iterator[bytes]:
    """Yield a value's leaves, with what tells apart those that look alike."""
    if isinstance(value, np.ndarray):
        yield f"{value.dtype.str}{value.shape}".encode()
        yield value.tobytes()
    elif is_dataclass(value):
        for field in fields(value):
            yield from _parts(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield from _parts(tuple(sorted(value.items())))
    elif isinstance(value, tuple):
        yield f"{len(value)}".encode()
        for each in value:
            yield from _parts(each)
    else:
        yield f"{type(value).__name__} {value!s}".encode()
