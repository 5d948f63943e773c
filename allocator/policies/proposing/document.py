"""The proposals of a morning as files and as JSON."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

from allocator.domain import BAILLEUR, Instance, Model
from allocator.formats.csv_text import six_decimals, write_rows
from allocator.formats.daily_schema import ALTERNATIVES, PROPOSITIONS
from allocator.formats.writing import Write
from allocator.policies.proposing.choice import Choice, Proposal
from allocator.policies.proposing.lines import Line
from allocator.policies.proposing.page import page
from allocator.policies.proposing.reasons import reason
from allocator.policies.situation import Situation


def files(
    instance: Instance, model: Model, situation: Situation, proposals: tuple[Proposal, ...], policy: str
) -> dict[str, Write]:
    """Return what writes the files of a morning, by name; ``propositions.json`` comes last."""
    names = (*instance.reservataires.id, "")

    def write_document(file: TextIO) -> None:
        json.dump(document(instance, model, situation, proposals, policy), file, ensure_ascii=False, indent=2)
        file.write("\n")

    def write_page(file: TextIO) -> None:
        file.write(page(instance, model, situation, proposals, policy))

    return {
        PROPOSITIONS.file: lambda file: write_rows(
            file,
            PROPOSITIONS,
            (
                (each.liberation, names[each.chosen.reservataire], reason(instance, model, each))
                for each in proposals
            ),
        ),
        ALTERNATIVES.file: lambda file: write_rows(file, ALTERNATIVES, _alternatives(names, proposals)),
        "journee.md": write_page,
        "propositions.json": write_document,
    }


def document(
    instance: Instance, model: Model, situation: Situation, proposals: tuple[Proposal, ...], policy: str
) -> dict[str, Any]:
    """Return the proposals of a morning as JSON, numbers to six decimals."""
    return {
        "date": str(situation.date),
        "policy": policy,
        "model": model.nom,
        "tiers": [tier.name for tier in model.tiers],
        "instance_sha256": instance.sha256,
        "model_sha256": model.sha256,
        "propositions": [_proposal(instance, model, each) for each in proposals],
    }


def _proposal(instance: Instance, model: Model, proposal: Proposal) -> dict[str, Any]:
    return {
        "liberation": proposal.liberation,
        "reservataire": _name(instance, proposal.chosen),
        "revenu_de": [instance.reservataires.id[each] for each in proposal.tried],
        "raison": reason(instance, model, proposal),
        "prix": _number(proposal.chosen.price),
        "compte_pour": [_line(line) for line in proposal.chosen.lines],
        "aussi_bons": [_name(instance, choice) for choice in proposal.as_good],
        "alternatives": [_choice(instance, choice) for choice in proposal.alternatives],
    }


def _choice(instance: Instance, choice: Choice) -> dict[str, Any]:
    return {
        "reservataire": _name(instance, choice),
        "borne": _number(choice.at_least),
        "cout": None if choice.impossible else _number(choice.cost),
        "priorites": None if choice.losses is None else [_number(loss) for loss in choice.losses],
        "impossible": choice.impossible,
        "prix": _number(choice.price),
        "bascule": choice.flip,
        "droits_manquants": max((each.more for each in choice.spent), default=0),
        "compte_pour": [_line(line) for line in choice.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "sur": line.sur,
        "territoire": line.territoire,
        "modalite": line.modalite,
        "part": _number(line.share),
        "recu": _number(line.counted),
        "du": _number(line.due),
        "attendu": _number(line.target),
    }


def _name(instance: Instance, choice: Choice) -> str:
    return "" if choice.reservataire == BAILLEUR else instance.reservataires.id[choice.reservataire]


def _number(value: float | None) -> float | None:
    """Return a number to six decimals, never ``-0``."""
    return None if value is None else round(value, 6) + 0.0


def _alternatives(names: tuple[str, ...], proposals: tuple[Proposal, ...]) -> Iterator[tuple[str, ...]]:
    for proposal in proposals:
        for rank, choice in enumerate(proposal.alternatives, start=1):
            yield (
                proposal.liberation,
                str(rank),
                names[choice.reservataire],
                six_decimals(choice.at_least),
                "" if choice.cost is None or choice.impossible else six_decimals(choice.cost),
                "impossible" if choice.impossible else "+".join(map(six_decimals, choice.losses or ())),
            )
