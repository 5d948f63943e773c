"""The libraries that draw are an extra: where they are missing, that is said in one line."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from allocator.formats.faults import BadInput, Fault

P = ParamSpec("P")
R = TypeVar("R")


def needs_charts(draw: Callable[P, R]) -> Callable[P, R]:
    """Let a function import what the extra ``charts`` brings; without it, the function raises ``BadInput``."""

    @functools.wraps(draw)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return draw(*args, **kwargs)
        except ModuleNotFoundError as missing:
            told = f"{missing.name} n'est pas installé : pip install 'allocator[charts]'"
            raise BadInput([Fault("graphiques", None, None, told)]) from missing

    return run
