"""The suivi: what is due, proposed and attributed at a day, the gap, and where the year is heading."""

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from allocator.domain.vocabulary import FLUX, STATUTS
from allocator.formats.reports_schema import SUIVI, SUIVI_MOIS, SUIVI_RESERVATAIRES
from allocator.formats.schema import Schema
from allocator.formats.tableau import Tableau, Value
from allocator.ledger.accounts.comptes import comptes
from allocator.ledger.accounts.prevision import prevision
from allocator.ledger.accounts.tableaux import comptes_tableaux
from allocator.reports import methode, noms
from allocator.reports.destinataires import Destinataire, destinataires, reservataires
from allocator.reports.document import Bloc, Cell, Document, Table, Texte
from allocator.reports.faits import Faits, faits
from allocator.reports.fonds import Fonds
from allocator.reports.reglages import Reglages

SHOWN = (
    "du",
    "propositions",
    "attributions",
    "logements",
    "solde",
    "du_annee",
    "projection",
    "solde_projete",
)
TOURS = ("propositions", "attributions")
HEADER = ("dû", "prop.", "baux", "comptés", "écart", "dû (année)", "projection", "écart projeté")

PROJECTION = (
    "comptés × dû de l'année ÷ dû à ce jour : si la même part du dû continue d'être servie jusqu'au dernier jour ; "
    "vide tant que rien n'est dû, ou sans historique d'où prévoir"
)


def suivi(fonds: Fonds, reglages: Reglages, asked: Collection[str] = ()) -> tuple[Document, ...]:
    """Return the suivi at the day of a journal: the whole, and one document a réservataire.

    Raises
    ------
    BadInput
        If somebody is asked for who is no recipient.
    """
    everyone = destinataires(reservataires(fonds), asked)
    flux = faits(fonds, reglages).of("registre", STATUTS[FLUX])
    whole = suivi_tableaux(fonds)
    return tuple(_document(fonds, flux, whole, to) for to in everyone)


def suivi_tableaux(fonds: Fonds) -> tuple[Tableau, Tableau]:
    """Return the accounts with their projection, by réservataire and by promise."""
    livre, day = fonds.releve.livre, fonds.releve.day
    by_holder, by_place, _ = comptes_tableaux(livre, comptes(livre, day, prevision(livre, day)))
    return _projected(by_holder, SUIVI_RESERVATAIRES), _projected(by_place, SUIVI)


def _projected(accounts: Tableau, schema: Schema) -> Tableau:
    names = [column.name for column in schema.columns]
    rows = []
    for row in accounts.document():
        told = row | _projection(row["du"], row["du_annee"], row["logements"])
        rows.append(tuple(told[name] for name in names))
    return Tableau(schema, tuple(rows))


def _projection(du: float, du_annee: float | None, logements: float) -> dict[str, float | None]:
    if du_annee is None or du <= 0.0:
        return {"projection": None, "solde_projete": None}
    projection = logements * du_annee / du
    return {"projection": projection, "solde_projete": du_annee - projection}


def _document(fonds: Fonds, flux: Faits, whole: tuple[Tableau, Tableau], to: Destinataire) -> Document:
    alone = to.genre == "reservataire"
    mine = flux.of("reservataire", to.id) if alone else flux
    holders, places = (_kept(tableau, to.id) if alone else tableau for tableau in whole)
    months = Tableau(SUIVI_MOIS, tuple(_months(mine)))
    return Document(
        f"suivi-{fonds.jour}-{to.stem}",
        f"Suivi du flux au {fonds.jour:%d/%m/%Y}",
        f"Du {fonds.debut:%d/%m/%Y} au {fonds.jour:%d/%m/%Y}, projeté au {fonds.fin:%d/%m/%Y}",
        to.nom,
        tuple(_blocs(fonds, mine, holders, places)),
        (holders, places, months),
        (
            ("Destinataire", to.nom),
            *methode.source(fonds),
            *methode.denominateurs(flux)[:1],
            ("Projection", PROJECTION),
            ("Écart", "dû moins logements comptés : positif quand le réservataire attend"),
        ),
        methode.pied(fonds),
        "",
    )


def _kept(tableau: Tableau, holder: str) -> Tableau:
    """Return the rows of a réservataire: its own, and what it is served of others'."""
    names = [column.name for column in tableau.schema.columns]
    who = [names.index(name) for name in ("reservataire", "beneficiaire") if name in names]
    return Tableau(
        tableau.schema, tuple(row for row in tableau.rows if holder in {row[place] for place in who})
    )


def _months(flux: Faits) -> Iterator[tuple[Value, ...]]:
    """Yield propositions and leases of each month and réservataire that had any."""
    for month in np.unique(flux.mois).tolist():
        for (holder,), (_, proposed, let) in flux.only(flux.mois == month).sommes("reservataire"):
            if proposed or let:
                yield str(np.datetime64(month, "M")), flux.mot("reservataire", holder), proposed, let


def _blocs(fonds: Fonds, flux: Faits, holders: Tableau, places: Tableau) -> Iterator[Bloc]:
    yield Texte(
        "Dû, comptés, écart et projection sont en logements ; propositions et baux en nombre. L'écart est positif "
        "quand le réservataire attend, négatif quand il est en avance. La projection prolonge la part du dû servie "
        "jusqu'ici."
    )
    rows = [
        (noms.holder_of(fonds, row["reservataire"]), *shown(row)) for row in holders.document() if _some(row)
    ]
    yield Table("Par réservataire", ("réservataire", *HEADER), rows)
    lines = [
        (
            noms.holder_of(fonds, row["reservataire"]),
            _served(fonds, row),
            int(row["assiette"]),
            *shown(row),
        )
        for row in places.document()
        if _some(row)
    ]
    yield Table("Par promesse", ("réservataire", "territoire", "assiette", *HEADER), lines, texte=2)
    yield Table("Mois par mois, dans le flux", ("mois", "proposés", "attribués"), list(_by_month(flux)))


def _by_month(flux: Faits) -> Iterator[tuple[str, int, int]]:
    for month in np.unique(flux.mois).tolist():
        _, proposed, let = flux.only(flux.mois == month).total()
        day = np.datetime64(month, "M").astype(object)
        yield f"{day:%m/%Y}", proposed, let


def _served(fonds: Fonds, row: dict[str, Any]) -> str:
    """Return the territory of a promise, and who is served where that is another."""
    place, tenant = noms.place_of(fonds, row["territoire"]), row["beneficiaire"]
    return (
        place if tenant in {"", row["reservataire"]} else f"{place}, servi à {noms.holder_of(fonds, tenant)}"
    )


def _some(row: dict[str, Any]) -> bool:
    return bool(row["du"] or row["propositions"] or row["attributions"])


def shown(row: dict[str, Any]) -> list[Cell]:
    """Return the figures of ``SHOWN``: tours are whole, dwellings have one decimal."""
    return [int(row[name]) if name in TOURS else noms.dixieme(row[name]) for name in SHOWN]
