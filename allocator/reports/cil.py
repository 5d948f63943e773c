"""The dossier of a CIL or EPT: the totals of its territory, by ledger, and how promises stand there (Th. 4-2)."""

from collections.abc import Collection, Iterator

from allocator.domain.vocabulary import FLUX, STATUTS
from allocator.formats.reports_schema import SUIVI
from allocator.formats.tableau import Tableau
from allocator.reports import methode, noms, tables
from allocator.reports.destinataires import Destinataire, communes_of, destinataires, epcis
from allocator.reports.document import Bloc, Document, Table, Texte, Titre
from allocator.reports.faits import Faits, faits
from allocator.reports.fonds import Fonds
from allocator.reports.reglages import Reglages
from allocator.reports.suivi import HEADER, PROJECTION, shown, suivi_tableaux
from allocator.reports.tableaux import LEGAUX, by_axis, registres


def cil(fonds: Fonds, reglages: Reglages, asked: Collection[str] = ()) -> tuple[Document, ...]:
    """Return the dossier at the day of a journal, one document an EPCI or EPT.

    Raises
    ------
    BadInput
        If somebody is asked for who is no recipient.
    """
    known, places = faits(fonds, reglages), suivi_tableaux(fonds)[1]
    everyone = destinataires(epcis(fonds), asked, whole=False)
    return tuple(_document(fonds, known, places, to) for to in everyone)


def _document(fonds: Fonds, whole: Faits, places: Tableau, to: Destinataire) -> Document:
    communes = communes_of(fonds, to.id)
    known = whole.of("commune", *communes)
    within = {f"epci:{to.id}", *(f"commune:{code}" for code in communes)}
    promises = Tableau(SUIVI, tuple(row for row in places.rows if row[1] in within))
    return Document(
        f"cil-{fonds.jour}-{to.stem}",
        f"Dossier de la conférence intercommunale au {fonds.jour:%d/%m/%Y}",
        f"{fonds.nom}, du {fonds.debut:%d/%m/%Y} au {fonds.jour:%d/%m/%Y}",
        to.nom,
        tuple(_blocs(fonds, known, promises)),
        (registres(known), by_axis(known, known), promises),
        (
            ("Territoire", f"{to.nom} : {len(communes)} communes"),
            *methode.source(fonds),
            *methode.denominateurs(known),
            *methode.DEFINITIONS,
            ("Projection", PROJECTION),
            ("Ménages", "ce dossier ne dit rien des ménages, seulement des logements"),
        ),
        methode.pied(fonds),
        fonds.nom,
    )


def _blocs(fonds: Fonds, known: Faits, promises: Tableau) -> Iterator[Bloc]:
    yield Texte(
        "Totaux des communes du territoire. Les registres ne s'additionnent pas : seul le flux est dû et compté."
    )
    yield tables.by_registre(known)
    flux = known.of("registre", STATUTS[FLUX])
    yield Titre("Flux")
    yield tables.by_holder(fonds, flux, "Par réservataire")
    for axe in LEGAUX:
        yield tables.by_modality(fonds, flux, axe)
    lines = [
        (noms.holder_of(fonds, row["reservataire"]), noms.place_of(fonds, row["territoire"]), *shown(row))
        for row in promises.document()
    ]
    if lines:
        yield Table(
            "Promesses propres au territoire", ("réservataire", "territoire", *HEADER), lines, texte=2
        )
