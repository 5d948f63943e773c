"""``allocator export``: write the mathematical program, for any solver to check what ``solve`` claims."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, TextIO

import click

from allocator.cli.arguments import resolve_model
from allocator.cli.failures import DONE, STOPPED, exit_codes
from allocator.cli.options import model_option
from allocator.domain import Instance, Model
from allocator.engine.plain import plain_program
from allocator.engine.problem import build_problem
from allocator.engine.solve import solve
from allocator.formats import read_instance, read_model
from allocator.formats.writing import write_together
from allocator.solvers.writing import program_text

EXEMPLES: Final = """\b
Exemples :
  allocator export instances/demo --model reference --format lp --out programmes
  cbc programmes/demo.reference.2-contractuel.lp solve
  allocator export instances/demo --model reference --format mps --tier 3 --values 0,14.94125
"""


def _numbers(_ctx: click.Context, _param: click.Parameter, text: str | None) -> tuple[float, ...] | None:
    if text is None:
        return None
    try:
        return tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise click.BadParameter(
            f"{text!r} : attendu des nombres séparés par des virgules, comme 0,14.94125"
        ) from None


@click.command(name="export", epilog=EXEMPLES)
@click.argument("instance", metavar="INSTANCE", type=click.Path(path_type=Path))
@model_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["lp", "mps"]),
    default="lp",
    show_default=True,
    help="Format des fichiers.",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    default=".",
    type=click.Path(path_type=Path, file_okay=False),
    show_default="dossier courant",
    help="Dossier où écrire les fichiers.",
)
@click.option(
    "--tier",
    "tier",
    metavar="N",
    type=click.IntRange(min=1),
    help="Une seule priorité, par son rang.  [défaut : toutes]",
)
@click.option(
    "--values",
    "values",
    metavar="V1,V2…",
    callback=_numbers,
    help="Valeurs des priorités qui précèdent.  [défaut : calculées]",
)
@exit_codes
def export_command(
    instance: Path, model: str, form: str, out: Path, tier: int | None, values: tuple[float, ...] | None
) -> int:
    """Écrit le programme mathématique d'une instance et d'un modèle, avec des noms lisibles.

    Un programme n'a qu'un objectif, alors que les priorités passent l'une avant l'autre : chacune a donc son
    fichier, où celles qui la précèdent sont des lignes « priorite__… <= valeur ». L'optimum d'un fichier est
    la valeur que « allocator solve » annonce pour cette priorité ; n'importe quel solveur peut le vérifier.
    Les noms : x__classe__réservataire (logements donnés), manque__… et exces__… (écarts d'une case), pire__…
    (le plus grand terme d'une norme max).
    """
    read = read_instance(instance, warn=lambda text: click.echo(text, err=True))
    rules = read_model(resolve_model(model))
    ranks = range(len(rules.tiers)) if tier is None else [tier - 1]
    if ranks[-1] >= len(rules.tiers):
        raise click.UsageError(f"--tier {tier} : le modèle n'a que {len(rules.tiers)} priorités")
    before, proven = _values(read, rules, ranks[-1]) if values is None else (values, True)
    if len(before) != ranks[-1]:
        raise click.UsageError(f"--values : {ranks[-1]} valeurs attendues, {len(before)} données")
    problem, cells = build_problem(read, rules)
    texts = {}
    for rank in ranks:
        words = (instance.resolve().name, rules.nom, f"{rank + 1}-{rules.tiers[rank].name}", form)
        file = ".".join(re.sub(r"[^\w-]+", "_", word) for word in words)
        named = plain_program(read, problem, cells, before[:rank])
        texts[file] = program_text(named, form)
        click.echo(f"{file} : {named.program.rows} lignes, {named.program.columns} colonnes", err=True)
    write_together(out, {file: partial(_write, text) for file, text in texts.items()})
    return DONE if proven else STOPPED


def _write(text: str, file: TextIO) -> None:
    file.write(text)


def _values(instance: Instance, model: Model, count: int) -> tuple[Sequence[float], bool]:
    """Return the values of the first tiers, and whether they are proven."""
    if count == 0:
        return (), True
    solution = solve(instance, replace(model, tiers=model.tiers[:count]))
    return tuple(tier.value for tier in solution.tiers), solution.status == "optimal"
