"""The bilan annuel: what was released, proposed and attributed, on the axes of R.441-5-1, for each recipient.

A réservataire receives its own lines on every axis, and the totals of all others; an EPCI or EPT, all lines of its
communes; the whole has everything.
"""

from collections.abc import Collection, Iterator

from allocator.domain.vocabulary import FLUX, STATUTS
from allocator.formats.ledger_schema import COMPTES_TERRITOIRES
from allocator.formats.tableau import Tableau
from allocator.ledger.accounts.comptes import comptes
from allocator.ledger.accounts.tableaux import comptes_tableaux
from allocator.reports import methode, noms, tables
from allocator.reports.destinataires import (
    ENSEMBLE,
    Destinataire,
    communes_of,
    destinataires,
    epcis,
    reservataires,
)
from allocator.reports.document import Bloc, Document, Table, Texte, Titre
from allocator.reports.faits import Faits, faits
from allocator.reports.fonds import Fonds
from allocator.reports.reglages import Reglages
from allocator.reports.reperes import reperes
from allocator.reports.tableaux import LEGAUX, by_axis, cube


def bilan(fonds: Fonds, reglages: Reglages, asked: Collection[str] = ()) -> tuple[Document, ...]:
    """Return the bilan of the period of a journal, one document a recipient.

    Raises
    ------
    BadInput
        If somebody is asked for who is no recipient.
    """
    known = faits(fonds, reglages)
    everyone = destinataires([*reservataires(fonds), *epcis(fonds)], asked)
    accounts = comptes_tableaux(fonds.releve.livre, comptes(fonds.releve.livre, fonds.releve.day))[1]
    return tuple(_document(fonds, known, accounts, each) for each in everyone)


def _document(fonds: Fonds, known: Faits, accounts: Tableau, to: Destinataire) -> Document:
    scope = _scope(fonds, known, to)
    alone = to.genre == "reservataire"
    marks = reperes(fonds, known)
    with_marks = to.genre == ENSEMBLE or (alone and _famille(fonds, to.id) == "etat")
    owed = Tableau(COMPTES_TERRITOIRES, tuple(row for row in accounts.rows if to.id in {row[0], row[2]}))
    shown = [cube(scope), by_axis(scope, known)]
    shown += [owed] if alone else [accounts] if to.genre == ENSEMBLE else []
    blocs = [*_opening(fonds, to), *(_own if alone else _crossed)(fonds, scope)]
    if alone:
        blocs += _owed(fonds, owed)
        blocs.append(
            tables.by_holder(fonds, known.of("registre", "flux"), "Tous les réservataires, dans le flux")
        )
    if with_marks:
        shown.append(marks)
        blocs.append(_marks(marks))
    return Document(
        f"bilan-{fonds.fin.year}-{to.stem}",
        f"Bilan annuel {fonds.fin.year} des logements proposés et attribués",
        "Article R.441-5-1 du code de la construction et de l'habitation",
        to.nom,
        tuple(blocs),
        tuple(shown),
        (("Destinataire", to.nom), *methode.bilan(fonds, known if alone else scope)),
        methode.pied(fonds),
        fonds.nom,
    )


def _scope(fonds: Fonds, known: Faits, to: Destinataire) -> Faits:
    if to.genre == "reservataire":
        return known.of("reservataire", to.id)
    return known.of("commune", *communes_of(fonds, to.id)) if to.genre == "epci" else known


def _famille(fonds: Fonds, name: str) -> str:
    holders = fonds.registre.reservataires
    return holders.famille[holders.id.index(name)]


def _opening(fonds: Fonds, to: Destinataire) -> Iterator[Bloc]:
    yield Texte(
        f"{fonds.nom} : logements libérés, proposés et attribués du {fonds.debut:%d/%m/%Y} au "
        f"{fonds.jour:%d/%m/%Y}, par réservataire et selon les axes de l'article R.441-5-1. Une proposition compte "
        "une fois par tour, quel que soit le nombre de candidats ; une attribution est un bail signé. Les logements "
        "hors assiette, gardés en stock et neufs ont leurs propres registres et ne sont pas comptés dans le flux."
    )
    if to.genre == "epci":
        yield Texte("Seuls sont comptés les logements des communes du territoire.")


def _crossed(fonds: Fonds, known: Faits) -> Iterator[Bloc]:
    """Yield the flux réservataire by réservataire, and the totals of the other ledgers."""
    yield tables.by_registre(known)
    flux = known.of("registre", STATUTS[FLUX])
    yield Titre("Flux")
    yield tables.by_holder(fonds, flux, "Par réservataire")
    for axe in LEGAUX:
        yield tables.by_modality(fonds, flux, axe)
        if axe != "commune":
            yield tables.crossed(fonds, flux, axe)
    yield Texte(
        "Le croisement de tous les axes, par réservataire et par commune, est dans la table « bilan » jointe."
    )
    yield from _others(fonds, known)


def _own(fonds: Fonds, known: Faits) -> Iterator[Bloc]:
    """Yield the lines of one réservataire."""
    yield tables.by_registre(known)
    flux = known.of("registre", STATUTS[FLUX])
    yield Titre("Flux")
    for axe in LEGAUX:
        yield tables.by_modality(fonds, flux, axe)
    yield from _others(fonds, known)


def _others(fonds: Fonds, known: Faits) -> Iterator[Bloc]:
    """Yield the ledgers beside the flux, those that have anything."""
    for statut in STATUTS:
        some = known.of("registre", statut)
        if statut != STATUTS[FLUX] and some.total() != (0, 0, 0):
            yield Titre(methode.REGISTRES[statut])
            yield tables.by_holder(fonds, some, "Par réservataire")
            for axe in LEGAUX:
                yield tables.by_modality(fonds, some, axe)


def _owed(fonds: Fonds, accounts: Tableau) -> Iterator[Bloc]:
    rows = accounts.document()
    if rows:
        names = ("assiette", "du", "propositions", "attributions", "logements", "solde")
        yield Table(
            "Ce qui était dû, par promesse",
            ("territoire", "servi", "assiette", "dû", "propositions", "baux", "comptés", "solde"),
            [
                (
                    noms.place_of(fonds, row["territoire"]),
                    row["beneficiaire"],
                    *(row[name] for name in names),
                )
                for row in rows
            ],
            texte=2,
        )


def _marks(marks: Tableau) -> Table:
    rows = [(row[0], row[1], row[6], row[2], row[3], row[4], row[5]) for row in marks.rows]
    header = ("repère", "source", "lecture", "compté", "rapporté à", "part (%)", "seuil (%)")
    return Table("Repères légaux (ils avertissent, sans rien empêcher)", header, rows, texte=3)
