"""``allocator check``: recompute a result from the files alone and say where it is wrong."""

import json
from pathlib import Path

import click

from allocator.checking import Verdict, verify
from allocator.cli.arguments import resolve_model
from allocator.cli.failures import DISAGREEMENT, DONE, exit_codes
from allocator.cli.options import model_option
from allocator.domain import Instance
from allocator.formats import read_instance, read_model


@click.command(name="check")
@click.argument("instance", metavar="INSTANCE", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@model_option
@click.option("--json", "as_json", is_flag=True, help="Écrit le verdict en JSON sur la sortie standard.")
@exit_codes
def check_command(instance: Path, folder: Path, model: str, as_json: bool) -> int:
    """Vérifie le résultat de DIR sans rien reprendre du calcul.

    Relit l'instance, le modèle et les pré-orientations, recompte chaque case et chaque priorité, et compare
    avec ce que le résultat annonce. Sort avec le code 0 si tout concorde, 1 sinon.
    """
    read = read_instance(instance)
    verdict = verify(read, read_model(resolve_model(model)), folder)
    if as_json:
        click.echo(json.dumps(_document(verdict), ensure_ascii=False, indent=2))
    click.echo(_told(read, verdict), err=True)
    return DONE if verdict.agrees else DISAGREEMENT


def _document(verdict: Verdict) -> dict[str, object]:
    return {
        "agrees": verdict.agrees,
        "disagreements": [str(fault) for fault in verdict.disagreements],
        "count": verdict.total,
        "tiers": [{"name": tier.name, "value": tier.value} for tier in verdict.tiers],
    }


def _told(instance: Instance, verdict: Verdict) -> str:
    """Return the verdict in words: a summary where all agrees, the disagreements otherwise."""
    if verdict.agrees:
        values = " ; ".join(f"{tier.name} {_nombre(tier.value)}" for tier in verdict.tiers)
        claim = "annoncé optimal, bornes à l'appui" if verdict.status == "optimal" else "annoncé réalisable"
        return (
            f"Tout concorde : {len(instance.liberations.en_flux)} libérations, {verdict.cells} cases ; "
            f"{values} ({claim})."
        )
    lines = [str(fault) for fault in verdict.disagreements]
    if rest := verdict.total - len(lines):
        lines.append(f"… et {rest} de plus.")
    count = "1 désaccord" if verdict.total == 1 else f"{verdict.total} désaccords"
    return "\n".join([*lines, f"{count} : ce résultat ne peut pas être cru tel quel."])


def _nombre(value: float) -> str:
    return f"{value:.6g}".replace(".", ",")
