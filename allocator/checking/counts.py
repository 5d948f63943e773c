"""What each réservataire received, counted by modality: the checker's own counting.

One rule serves cells, rights left and eligibility: how many of the dwellings oriented to a réservataire have
a modality of a dimension, where a place is a dimension like any other and ``""`` is the dimension of all.
"""

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Instance
from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES


def count_received(
    instance: Instance,
    orientation: NDArray[np.integer],
    reservataire: Sequence[int] | NDArray[np.integer],
    dimension: Sequence[str],
    modalite: Sequence[str],
) -> NDArray[np.int64]:
    """Return, for each question (réservataire, dimension, modality), how many dwellings it received.

    ``orientation`` has one entry a libération; only ``flux`` ones that go to somebody are counted. The last
    three arguments have one entry a question.
    """
    given = instance.liberations.en_flux
    given = given[orientation[given] >= 0]
    holders = orientation[given].astype(np.int64)
    asked = np.asarray(reservataire, dtype=np.int64)
    counts = np.zeros(len(asked), dtype=np.int64)
    questions: dict[str, list[int]] = defaultdict(list)
    for question, name in enumerate(dimension):
        questions[name].append(question)
    for name, numbers in questions.items():
        codes, indexes = codes_of(instance, name, given)
        asked_codes = np.array([code_of(modalite[number], indexes) for number in numbers], dtype=np.int64)
        counts[numbers] = _tally(holders, codes, asked[numbers], asked_codes, math.prod(map(len, indexes)))
    return counts


def codes_of(
    instance: Instance, dimension: str, rows: NDArray[np.integer]
) -> tuple[NDArray[np.int64], list[dict[str, int]]]:
    """Return the code of each row on a dimension, crossed or not, and the modalities that it is made of."""
    codes, indexes = np.zeros(len(rows), dtype=np.int64), []
    for name in dimension.split("+") if dimension else []:
        values, index = simple_codes(instance, name, rows)
        codes = codes * len(index) + values
        indexes.append(index)
    return codes, indexes


def code_of(modalite: str, indexes: list[dict[str, int]]) -> int:
    """Return the code of a modality such as ``T4+non``, or -1 where no dwelling can have it."""
    code = 0
    for part, index in zip(modalite.split("+"), indexes, strict=False):
        if part not in index:
            return -1
        code = code * len(index) + index[part]
    return code


def simple_codes(
    instance: Instance, dimension: str, rows: NDArray[np.integer]
) -> tuple[NDArray[np.integer], dict[str, int]]:
    """Return the code of each row of ``liberations.csv`` on one dimension or place, and that of each word."""
    liberations, territoires = instance.liberations, instance.territoires
    words = {"typologie": TYPOLOGIES, "financement": FINANCEMENTS, "qpv": QPV}
    if dimension in words:
        column: NDArray[np.integer] = getattr(liberations, dimension)
        return column[rows], {word: code for code, word in enumerate(words[dimension])}
    names: tuple[str, ...] = getattr(territoires, dimension)
    index = {name: code for code, name in enumerate(dict.fromkeys(names))}
    code_of_commune = np.array([index[name] for name in names], dtype=np.int64)
    return code_of_commune[liberations.commune[rows]], index


def _tally(
    holders: NDArray[np.int64],
    codes: NDArray[np.int64],
    asked_holders: NDArray[np.int64],
    asked_codes: NDArray[np.int64],
    modalities: int,
) -> NDArray[np.int64]:
    """Count the pairs (holder, code) that are asked for; a code of -1 is nobody's."""
    keys = holders * modalities + codes
    asked = np.where(asked_codes < 0, -1, asked_holders * modalities + asked_codes)
    distinct, question = np.unique(asked, return_inverse=True)
    place = np.minimum(np.searchsorted(distinct, keys), len(distinct) - 1)
    found = place[distinct[place] == keys]
    counts: NDArray[np.int64] = np.bincount(found, minlength=len(distinct))[question]
    return counts
