"""What the commands that propose have in common: the rule, the dwellings to cost, the seed, what they print."""

import json
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from allocator.domain import Instance, Model
from allocator.formats import BadInput, Fault
from allocator.policies.proposing.choice import Proposal
from allocator.policies.proposing.document import document
from allocator.policies.proposing.page import page
from allocator.policies.proposing.propose import ANTICIPATION
from allocator.policies.situation import Situation

Command = TypeVar("Command", bound=Callable[..., Any])
Told = tuple[Instance, Model, Situation, tuple[Proposal, ...], str]

ALL: Final = "tout"
"""Value of ``--pourquoi`` that costs the alternatives of every dwelling."""


def proposal_options(command: Command) -> Command:
    """Add ``--policy``, ``--pourquoi`` and ``--seed``: the arguments ``policy``, ``explained`` and ``seed``."""
    add_policy = click.option(
        "--policy",
        "policy",
        metavar="NOM",
        default=ANTICIPATION,
        show_default=True,
        help="Règle quotidienne.",
    )
    add_explained = click.option(
        "--pourquoi",
        "explained",
        metavar="LIBÉRATION",
        multiple=True,
        help="Libération du jour dont chiffrer chaque autre choix, en refaisant le plan (« tout » : toutes). Sans "
        "cela, le coût des autres choix est donné par une borne.",
    )
    add_seed = click.option(
        "--seed",
        "seed",
        metavar="N",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="Graine des scénarios.",
    )
    return add_policy(add_explained(add_seed(command)))


def asked(explained: tuple[str, ...], today: tuple[str, ...]) -> tuple[str, ...]:
    """Return the dwellings to cost; raises :class:`BadInput` where one is not to be decided today."""
    if ALL in explained:
        return today
    unknown = [name for name in explained if name not in today]
    if unknown:
        raise BadInput(
            [Fault("--pourquoi", None, None, f"{name} n'est pas à orienter ce jour") for name in unknown]
        )
    return explained


def show_proposals(told: Told, *, as_json: bool) -> None:
    """Print the proposals of a morning: ``propositions.json``, or the page that people read."""
    if as_json:
        click.echo(json.dumps(document(*told), ensure_ascii=False, indent=2))
    else:
        click.echo(page(*told), nl=False)
