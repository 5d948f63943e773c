"""``allocator assiette validate`` and ``revise``: who decided what and when; a version more."""

import json
from datetime import date
from pathlib import Path

import click

from allocator.assiette import parcours
from allocator.assiette.dossier import DossierAssiette, read_assiette
from allocator.assiette.dossier.valeurs import Validation, Version
from allocator.assiette.registres import decide, revise
from allocator.cli.assiette_options import chosen
from allocator.cli.failures import DONE, exit_codes
from allocator.cli.ledger_options import author_option, read_day
from allocator.cli.text_table import text_table
from allocator.formats import BadInput, Fault
from allocator.formats.assiette_schema import DECISIONS_D_ETAPE


@click.command(name="validate")
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path))
@click.option(
    "--version", "version", metavar="N", type=click.IntRange(min=1), help="Version.  [défaut : la dernière]"
)
@click.option(
    "--etape", "etape", metavar="NOM", help="Étape de assiette.toml ; sans elle, le parcours est montré."
)
@click.option(
    "--territoire",
    "territoire",
    metavar="TERRITOIRE",
    default="",
    help="Où l'instance décide, comme epci:200057867 ; rien si elle décide pour tout l'organisme.",
)
@click.option(
    "--organe", "organe", metavar="NOM", help="Instance qui a décidé.  [défaut : celle de ce jour-là]"
)
@click.option(
    "--decision",
    "decision",
    type=click.Choice(DECISIONS_D_ETAPE),
    default=DECISIONS_D_ETAPE[0],
    show_default=True,
    help="Ce qui a été décidé.",
)
@click.option("--date", "jour", metavar="AAAA-MM-JJ", callback=read_day, help="Jour de la décision.")
@click.option("--par", "par", metavar="NOM", help="Qui l'a signée.")
@click.option("--note", "note", metavar="TEXTE", default="", help="Référence, réserve ou motif.")
@click.option("--json", "as_json", is_flag=True, help="Écrit le parcours en JSON sur la sortie standard.")
@exit_codes
def validate_command(
    folder: Path,
    version: int | None,
    etape: str | None,
    territoire: str,
    organe: str | None,
    decision: str,
    jour: date | None,
    par: str | None,
    note: str,
    as_json: bool,
) -> int:
    """Inscrit une décision au registre des validations, ou montre le parcours d'une version.

    Une étape ne décide qu'une fois que les précédentes ont validé les mêmes communes. Une décision nouvelle d'une étape
    efface celles des étapes suivantes.
    """
    dossier = read_assiette(folder)
    number = chosen(dossier, version, None, False)
    if etape is not None:
        if jour is None or not par:
            raise click.UsageError("--etape demande --date et --par")
        body = organe or _body(dossier, etape, territoire, jour)
        taken = Validation(number, etape, territoire, body, decision, jour, par, note)
        dossier = decide(folder, dossier, taken)
    state = parcours.etat(dossier, number)
    if as_json:
        click.echo(json.dumps(_document(dossier, number), ensure_ascii=False, indent=2))
        return DONE
    rows = [
        [pas.etape.nom, pas.territoire, *_decision(pas.decision), pas.decision.par if pas.decision else ""]
        for pas in state.pas
    ]
    header = ["étape", "territoire", "instance", "décision", "jour", "par"]
    click.echo(f"Version {number} : {state}.\n")
    click.echo(text_table([header, *rows], len(header)))
    return DONE


@click.command(name="revise")
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path))
@click.option(
    "--lignes",
    "changes",
    metavar="CSV",
    required=True,
    type=click.Path(path_type=Path),
    help="Lignes nouvelles ou changées, dans les colonnes d'exclusions.csv.",
)
@click.option(
    "--effet",
    "effet",
    metavar="AAAA-MM-JJ",
    callback=read_day,
    required=True,
    help="Premier jour où la version vaut, une fois arrêtée.",
)
@click.option("--motif", "motif", metavar="TEXTE", required=True, help="Pourquoi l'assiette est revue.")
@author_option
@click.option("--json", "as_json", is_flag=True, help="Écrit le parcours en JSON sur la sortie standard.")
@exit_codes
def revise_command(folder: Path, changes: Path, effet: date, motif: str, auteur: str, as_json: bool) -> int:
    """Ajoute une version à l'assiette : les lignes de CSV remplacent celles de même identifiant.

    La version d'avant reste en vigueur jusqu'à ce que la nouvelle soit arrêtée. Rien n'est effacé.
    """
    dossier = read_assiette(folder)
    version = Version(len(dossier.versions) + 1, effet, motif, auteur)
    dossier = revise(folder, dossier, version, changes)
    if as_json:
        click.echo(json.dumps(_document(dossier, version.numero), ensure_ascii=False, indent=2))
    else:
        state = parcours.etat(dossier, version.numero)
        click.echo(f"Version {version.numero}, à compter du {effet:%d/%m/%Y} ({motif}) : {state}.")
    return DONE


def _body(dossier: DossierAssiette, nom: str, territoire: str, jour: date) -> str:
    for etape in dossier.reglages.etapes:
        if etape.nom == nom:
            return parcours.organe(dossier, etape, territoire, jour)
    names = ", ".join(etape.nom for etape in dossier.reglages.etapes)
    raise BadInput([Fault("--etape", None, None, f"« {nom} » inconnue, attendu {names}")])


def _decision(decision: Validation | None) -> tuple[str, str, str]:
    if decision is None:
        return "", "en attente", ""
    return decision.organe, decision.decision, f"{decision.jour:%d/%m/%Y}"


def _document(dossier: DossierAssiette, number: int) -> dict[str, object]:
    state = parcours.etat(dossier, number)
    return {
        "version": number,
        "effet": dossier.version(number).effet.isoformat(),
        "etat": str(state),
        "etape": None if state.etape is None else state.etape.nom,
        "arretee": None if state.arretee is None else state.arretee.isoformat(),
        "parcours": [
            {
                "etape": pas.etape.nom,
                "territoire": pas.territoire,
                "organe": pas.decision.organe if pas.decision else None,
                "decision": pas.decision.decision if pas.decision else None,
                "date": pas.decision.jour.isoformat() if pas.decision else None,
                "par": pas.decision.par if pas.decision else None,
                "note": pas.decision.note if pas.decision else None,
            }
            for pas in state.pas
        ],
    }
