"""``allocator deadlines``: which clocks lapse, the letters that say so, and those that are over recorded as such."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, TextIO

import click

from allocator.cli.failures import DONE
from allocator.cli.ledger_options import (
    author_option,
    day_option,
    journal_of,
    ledger_exit_codes,
    ledger_options,
)
from allocator.cli.text_table import text_table
from allocator.formats.tableau import files
from allocator.formats.writing import written_once_done
from allocator.ledger.accounts.actes import ATTEND_CANDIDATS
from allocator.ledger.daily.releve import Releve, build_releve, read_releve
from allocator.ledger.echeances.courriers import courriers
from allocator.ledger.echeances.delais import Delai, delais, delais_tableau, lapses, still_running
from allocator.ledger.echeances.gabarit import SHIPPED, read_gabarit
from allocator.ledger.events.closed import closed_through
from allocator.ledger.events.event import Event
from allocator.ledger.state.registre import Registre
from allocator.ledger.store.journal import Journal

SEMAINE: Final = 7


@click.command(name="deadlines")
@ledger_options
@day_option("Jour d'où l'on regarde ; passé, tel qu'il était à sa fin.")
@click.option(
    "--jours",
    "jours",
    metavar="N",
    type=click.IntRange(min=0),
    default=SEMAINE,
    show_default=True,
    help="Délais qui échoient dans les N jours, ou qui sont échus.",
)
@click.option(
    "--out",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire horloges.csv et un courrier par réservataire ou délégataire.",
)
@click.option(
    "--modele",
    "gabarit",
    metavar="FICHIER",
    type=click.Path(path_type=Path),
    default=SHIPPED,
    show_default="celui qui est livré",
    help="Texte des courriers : un fichier TOML comme celui qui est livré.",
)
@click.option(
    "--enregistrer",
    "recorded",
    is_flag=True,
    help="Enregistre les délais échus : le logement est à réorienter.",
)
@author_option
@click.option("--json", "as_json", is_flag=True, help="Écrit les délais en JSON sur la sortie standard.")
@ledger_exit_codes
def deadlines_command(
    base: str,
    bailleur: str | None,
    jour: date,
    jours: int,
    out: Path | None,
    gabarit: Path,
    recorded: bool,
    auteur: str,
    as_json: bool,
) -> int:
    """Dit quels délais échoient dans la semaine, et écrit les courriers à envoyer.

    Un délai échu ne l'est pour les comptes qu'une fois enregistré, par --enregistrer.
    """
    template = read_gabarit(gabarit)
    with journal_of(base, bailleur) as journal:
        registre, releve = _state(journal, jour)
        running = [each for each in delais(registre, releve) if each.reste <= jours]
        letters = courriers(registre, running, jour, template)
        texts = {letter.fichier: partial(_write, letter.texte) for letter in letters}
        written = texts | files([delais_tableau(running)])
        # no letter tells of a lapse that was not recorded
        with nullcontext() if out is None else written_once_done(out, written):
            events = _record(journal, running, auteur) if recorded else ()
    if out is not None:
        click.echo(f"{len(letters)} courrier(s) et horloges.csv écrits dans {out}/", err=True)
    if as_json:
        head = {"bailleur": journal.bailleur, "date": str(jour), "jours": jours}
        told = {
            "horloges": delais_tableau(running).document(),
            "courriers": [{"acteur": each.acteur, "fichier": each.fichier} for each in letters],
            "enregistres": [event.rang for event in events],
        }
        click.echo(json.dumps(head | told, ensure_ascii=False, indent=2))
    else:
        click.echo(_page(running, jour, jours))
    if recorded:
        click.echo(f"{len(events)} délai(s) échu(s) enregistré(s).", err=True)
    return DONE


def _state(journal: Journal, jour: date) -> tuple[Registre, Releve]:
    """Return a state that has the dwellings whose clock runs on a day, and what the journal says of that day.

    One that is past is seen as accounts see it: without what took effect later, which takes longer to read.
    """
    if jour >= date.today():
        return journal.waiting(ATTEND_CANDIDATS), read_releve(journal, jour)
    vu = journal.tete.rang
    registre = journal.registre(au=jour, vu=vu)
    return registre, build_releve(registre, jour, vu)


def _record(journal: Journal, running: Sequence[Delai], auteur: str) -> tuple[Event, ...]:
    """Record the clocks that are over, but for those that were stopped since the day looked at."""
    now = journal.waiting(ATTEND_CANDIDATS)
    return journal.append(lapses(still_running(now, running), auteur, closed_through(now.actes)))


def _write(text: str, file: TextIO) -> None:
    file.write(text)


def _page(running: Sequence[Delai], jour: date, jours: int) -> str:
    if not running:
        return f"Aucun délai n'échoit dans les {jours} jours qui suivent le {jour:%d/%m/%Y}."
    rows = [["échéance", "reste", "libération", "tour", "réservataire", "à relancer"]]
    rows += [
        [
            f"{each.echeance:%d/%m/%Y}",
            "échu" if each.reste < 0 else f"{each.reste} j",
            each.liberation,
            str(each.tour),
            each.reservataire,
            each.acteur,
        ]
        for each in running
    ]
    return text_table(rows, len(rows[0]))
