"""The bilan of what was kept out of the assiette, and what the next year will keep out of it (R.441-5, Th. 1-4).

The flux, the hors assiette, what is kept in stock and first lettings are four ledgers: nothing is added up across.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from allocator.assiette.annonces.document import MOUVEMENTS, TITRES
from allocator.assiette.dossier.fichiers import open_table
from allocator.domain.vocabulary import STATUTS
from allocator.formats.assiette_results_schema import PREVISIONNEL
from allocator.formats.faults import FaultLog
from allocator.formats.tableau import Tableau, Value
from allocator.reports import methode, tables
from allocator.reports.document import Bloc, Cell, Document, Table, Texte, Titre
from allocator.reports.faits import Faits, faits
from allocator.reports.fonds import Fonds
from allocator.reports.reglages import Reglages
from allocator.reports.sorties import publics, realise, sorties
from allocator.reports.tableaux import registres

CORPS: Final = {
    "defense": "défense nationale",
    "securite_interieure": "sécurité intérieure",
    "sante": "établissements publics de santé",
}
"""For whom dwellings are kept in stock, as people read it."""


def read_previsionnel(path: Path) -> Tableau:
    """Return the prévisionnel of a year, as ``allocator assiette previsionnel`` writes it.

    Raises
    ------
    BadInput
        With every fault of the file.
    """
    log = FaultLog()
    rows = open_table(path, PREVISIONNEL, log)
    log.raise_if_any()
    names = [(column.name, column.kind) for column in PREVISIONNEL.columns]
    return Tableau(
        PREVISIONNEL,
        tuple(
            tuple(float(cells[name]) if kind == "number" else cells[name] for name, kind in names)
            for _, cells in rows
        ),
    )


def hors_assiette(fonds: Fonds, reglages: Reglages, prevu: Tableau | None = None) -> Document:
    """Return the bilan of the period of a journal, with the prévisionnel of the next one where it is given."""
    known = faits(fonds, reglages)
    kept = tuple(sorties(fonds))
    done, housed = realise(kept), publics(kept, reglages)
    tableaux = [done, housed, registres(known), *([] if prevu is None else [prevu])]
    return Document(
        f"hors-assiette-{fonds.fin.year}",
        f"Logements hors assiette : bilan {fonds.fin.year}"
        + ("" if prevu is None else f" et prévisionnel {fonds.fin.year + 1}"),
        "Article R.441-5 du code de la construction et de l'habitation",
        "À l'attention des réservataires",
        tuple(_blocs(fonds, reglages, known, (done, housed, prevu))),
        tuple(tableaux),
        _methode(fonds, known, reglages, prevu),
        methode.pied(fonds),
        fonds.nom,
    )


def _blocs(
    fonds: Fonds, reglages: Reglages, known: Faits, tableaux: tuple[Tableau, Tableau, Tableau | None]
) -> Iterator[Bloc]:
    done, housed, prevu = tableaux
    yield Texte(
        f"{fonds.nom} : logements sortis de l'assiette des réservations du {fonds.debut:%d/%m/%Y} au "
        f"{fonds.jour:%d/%m/%Y}, et attributions faites sur eux. Ces attributions ne sont pas décomptées du flux."
    )
    if prevu is not None:
        yield Titre(f"Prévisionnel {fonds.fin.year + 1}")
        yield _planned(prevu)
    yield Titre(f"Bilan {fonds.fin.year}")
    lines = [(_title(row[0]), *row[1:]) for row in done.rows]
    sums = [sum(int(row[place] or 0) for row in done.rows) for place in (2, 3, 4)]
    yield Table(
        "Par catégorie et opération",
        ("catégorie", "opération", "libérés", "attributions", "baux"),
        lines,
        texte=2,
        total=("total", "", *sums),
    )
    *parts, whole = [(_title(row[0]), *row[1:]) for row in housed.rows]
    yield Table(
        "Publics logés",
        ("catégorie", "attributions", "publics prioritaires", "éligibles à un contingent"),
        parts,
        total=whole,
    )
    yield Texte(f"« — » : un nombre de ménages entre 1 et {reglages.masque - 1}, ou le total qui le dirait.")
    yield Titre("Les autres registres")
    yield tables.by_registre(known)
    yield from _corps(fonds)


def _planned(prevu: Tableau) -> Table:
    rows = prevu.document()
    lines: list[list[Cell]] = [
        [
            f"{_title(row['categorie'])}{MOUVEMENTS.get(row['mouvement'], '')}",
            row["operation"],
            row["source"],
            row["prevu"],
            row["suivi"],
        ]
        for row in rows
    ]
    total = ("total", "", "", sum(row["prevu"] for row in rows), sum(row["suivi"] for row in rows))
    header = ("catégorie", "opération", "source", "à exclure", "suivis à part")
    return Table("Logements à exclure, par catégorie d'opération", header, lines, texte=3, total=total)


def _corps(fonds: Fonds) -> Iterator[Table]:
    """Yield what is kept in stock, by whom it is kept for."""
    free, suivi = fonds.registre.liberations, fonds.registre.suivi
    released = fonds.within(free.date) & np.isnat(suivi.retire)
    kept = np.flatnonzero(released & (free.statut == STATUTS.index("stock"))).tolist()
    found = sorted(Counter(CORPS.get(suivi.corps[row], "non précisé") for row in kept).items())
    if found:
        yield Table("Gardés en stock, libérés dans l'année", ("pour", "libérés"), found)


def _title(categorie: Value) -> str:
    return TITRES.get(str(categorie), str(categorie) or "non précisée")


def _methode(fonds: Fonds, known: Faits, reglages: Reglages, prevu: Tableau | None) -> methode.Lignes:
    told = "non joint" if prevu is None else "repris du fichier de l'assiette, qui en a les sources"
    return (
        *methode.source(fonds),
        ("Texte", "article R.441-5 du code de la construction et de l'habitation"),
        *methode.denominateurs(known),
        (
            "Attribution",
            "attribution prononcée, que le bail soit signé ou non ; les baux sont comptés à part",
        ),
        (
            "Secret",
            f"un nombre de ménages entre 1 et {reglages.masque - 1} n'est pas publié, ni le total qui le dirait ; "
            "les nombres de logements le sont toujours",
        ),
        ("Publics", "d'après ce qui est enregistré du logement : un public non renseigné n'est pas compté"),
        ("Prévisionnel", told),
    )
