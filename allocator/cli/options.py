"""Options that commands share: the model, and how to solve."""

import math
import os
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

model_option: Final = click.option(
    "--model", "model", metavar="MODÈLE", required=True, help="Fichier TOML ou nom d'un modèle livré."
)
"""``--model``: the argument ``model``, for :func:`allocator.cli.arguments.resolve_model`."""


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def solving_options(kept: str) -> Callable[[Command], Command]:
    """Add ``--time-limit``, ``--solver`` and ``--threads``: the arguments ``seconds``, ``solver``, ``processes``.

    Parameters
    ----------
    kept
        What is written when the time is over, in French, with its article.
    """
    options = (
        click.option(
            "--time-limit",
            "seconds",
            metavar="S",
            type=click.FloatRange(min=0, min_open=True),
            default=float("inf"),
            show_default="aucune",
            callback=_a_number,
            help=f"Secondes au bout desquelles {kept}, avec ses bornes.",
        ),
        click.option(
            "--solver",
            "solver",
            metavar="NOM",
            default="auto",
            show_default=True,
            help="auto, highs, ortools, pulp ou pulp:CLASSE (un solveur que vous possédez, par exemple "
            "pulp:GUROBI_CMD).",
        ),
        click.option(
            "--threads",
            "processes",
            metavar="N",
            type=click.IntRange(min=1),
            default=cores,
            show_default="tous les cœurs",
            help="Parties indépendantes résolues en même temps ; le résultat n'en dépend pas.",
        ),
    )

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def _a_number(_context: click.Context, _parameter: click.Parameter, seconds: float) -> float:
    if math.isnan(seconds):
        raise click.BadParameter("un nombre de secondes est attendu")
    return seconds
