"""Events as a command shows those that it recorded."""

import json
from collections.abc import Sequence
from typing import Any

import click

from allocator.ledger.events.event import FIELDS, Event
from allocator.ledger.events.natures import NATURES


def show_events(events: Sequence[Event], *, as_json: bool) -> None:
    """Print the events recorded, one line each, or as JSON with all their fields."""
    if as_json:
        told = [{name: getattr(event, name) for name in FIELDS} for event in events]
        click.echo(json.dumps({"evenements": told}, ensure_ascii=False, indent=2))
        return
    for event in events:
        subject = f"{event.objet} : " if event.objet else ""
        click.echo(
            f"{subject}{NATURES[event.nature].titre}{_details(event.contenu)} (événement {event.rang})"
        )


def _details(contenu: Any) -> str:
    """Return the contents that tell one event from another of its nature."""
    if "reservataire" in contenu:
        return f", {contenu['reservataire'] or 'reste au bailleur'}"
    told = [str(contenu[name]) for name in ("decision", "statut", "motif", "de") if contenu.get(name)]
    return f", {', '.join(told)}" if told else ""
