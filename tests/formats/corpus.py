"""Corpora of broken files: one mistake each, with every line that it must tell."""

import tomllib
from pathlib import Path
from typing import Any

import pytest


def cases(name: str) -> list[Any]:
    """Return the cases of a corpus, each named by its mistake."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return [pytest.param(case, id=case["mistake"]) for case in tomllib.loads(text)["case"]]


def told(case: dict[str, Any], file: str) -> list[str]:
    """Return the expected lines; one that opens with a line number is of ``file``."""
    return [f"{file}:{line}" if line[0].isdigit() else line for line in case["told"]]
