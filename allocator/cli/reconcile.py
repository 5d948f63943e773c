"""``allocator reconcile``: the leases of the journal against the radiations of the SNE."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import click

from allocator.cli.failures import DISAGREEMENT, DONE
from allocator.cli.ledger_options import journal_of, ledger_exit_codes, ledger_options, read_day
from allocator.cli.text_table import text_table
from allocator.formats import BadInput, Fault
from allocator.formats.tableau import files
from allocator.formats.writing import write_together
from allocator.ledger.daily.periode import bounds
from allocator.ledger.daily.releve import build_releve
from allocator.ledger.importing import Radiation, mapping_text, propose_mapping, read_mapping
from allocator.ledger.importing.fields import RADIATIONS
from allocator.ledger.rapprochement.baux import Bail, baux
from allocator.ledger.rapprochement.extrait import read_radiations
from allocator.ledger.rapprochement.rapprocher import Cadre, Ecart, ecarts_tableau, rapprocher
from allocator.ledger.store.journal import Journal

TOLERANCE: Final = 31

TITRES: Final = {
    "bail_sans_radiation": "bail sans radiation",
    "radiation_sans_bail": "radiation sans bail",
    "contingent": "contingent désignataire",
    "date": "date",
}


@click.command(name="reconcile")
@click.argument("fichier", metavar="FICHIER", type=click.Path(path_type=Path))
@ledger_options
@click.option(
    "--correspondance",
    "mapping",
    metavar="TOML",
    type=click.Path(path_type=Path),
    help="Quelle colonne de l'extrait est quel champ : un fichier gardé d'un extrait à l'autre.",
)
@click.option(
    "--proposer",
    "proposed",
    is_flag=True,
    help="Écrit sur la sortie standard une correspondance pour cet extrait, à compléter et à garder.",
)
@click.option(
    "--du",
    "debut",
    metavar="AAAA-MM-JJ",
    callback=read_day,
    help="Baux depuis ce jour.  [défaut : l'extrait]",
)
@click.option(
    "--au", "fin", metavar="AAAA-MM-JJ", callback=read_day, help="Baux jusqu'à ce jour.  [défaut : l'extrait]"
)
@click.option(
    "--tolerance",
    "tolerance",
    metavar="JOURS",
    type=click.IntRange(min=0),
    default=TOLERANCE,
    show_default=True,
    help="Jours entre un bail et sa radiation.",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire rapprochement.csv.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit les désaccords en JSON sur la sortie standard.")
@ledger_exit_codes
def reconcile_command(
    fichier: Path,
    base: str,
    bailleur: str | None,
    mapping: Path | None,
    proposed: bool,
    debut: date | None,
    fin: date | None,
    tolerance: int,
    out: Path | None,
    as_json: bool,
) -> int:
    """Rapproche les baux du journal d'un extrait des radiations du SNE.

    Nomme les baux sans radiation, les radiations sans bail, et celles dont le contingent désignataire n'est pas le
    bon. Sort avec le code 0 si tout concorde, 1 sinon.
    """
    if (mapping is None) != proposed:
        raise click.UsageError("il faut --correspondance ou --proposer, l'un ou l'autre")
    if mapping is None:
        click.echo(mapping_text(propose_mapping(fichier, RADIATIONS.name)), nl=False)
        return DONE
    known = read_mapping(mapping)
    with journal_of(base, bailleur) as journal:
        holders = journal.waiting(phases=()).reservataires
        radiations = read_radiations(fichier, known, holders)
        cadre = Cadre(*_period(radiations, debut, fin), tolerance, "contingent" in known.champs)
        ecarts = rapprocher(_leases(journal, cadre), radiations, holders, cadre)
    if out is not None:
        write_together(out, files([ecarts_tableau(ecarts)]))
    if as_json:
        told = {
            "bailleur": journal.bailleur,
            "du": str(cadre.debut),
            "au": str(cadre.fin),
            "radiations": len(radiations),
            "desaccords": ecarts_tableau(ecarts).document(),
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif ecarts:
        click.echo(_page(ecarts))
    click.echo(_summary(ecarts, len(radiations), cadre), err=True)
    return DISAGREEMENT if ecarts else DONE


def _period(radiations: Sequence[Radiation], debut: date | None, fin: date | None) -> tuple[date, date]:
    """Return the days whose leases are looked for: those asked for, or those of the extract."""
    days = [date.fromisoformat(each.date) for each in radiations]
    if not days and (debut is None or fin is None):
        raise BadInput(
            [Fault("--du", None, None, "l'extrait n'a aucune radiation : --du et --au sont attendus")]
        )
    return debut or min(days), fin or max(days)


def _leases(journal: Journal, cadre: Cadre) -> tuple[Bail, ...]:
    vu = journal.tete.rang
    registre = journal.registre(vu=vu)
    # a radiation may follow the year that was opened last
    opened = [bounds(acte)[1] for acte in registre.actes_de("ouverture") if "modele" in acte.contenu]
    return baux(build_releve(registre, min(cadre.fin, max(opened, default=cadre.fin)), vu))


def _page(ecarts: Sequence[Ecart]) -> str:
    rows = [["désaccord", "ligne", "libération", "journal", "SNE"]]
    rows += [
        [
            TITRES[each.anomalie],
            "" if each.radiation is None else str(each.radiation.ligne),
            each.liberation,
            each.journal,
            each.sne,
        ]
        for each in ecarts
    ]
    return text_table(rows, len(rows[0]))


def _summary(ecarts: Sequence[Ecart], radiations: int, cadre: Cadre) -> str:
    period = f"{radiations} radiation(s), baux du {cadre.debut:%d/%m/%Y} au {cadre.fin:%d/%m/%Y}"
    if not ecarts:
        return f"Tout concorde : {period}."
    counts = Counter(each.anomalie for each in ecarts)
    return f"{period} : {', '.join(f'{counts[name]} {title}' for name, title in TITRES.items() if counts[name])}."
