"""The entries that close a year and open the next one (R.441-5, Th. 3-2)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocator.domain import SANS_SOLDE, Instance, Liberations
from allocator.domain.vocabulary import STATUTS
from allocator.formats.faults import BadInput, Fault
from allocator.formats.ledger_schema import CLOTURE
from allocator.formats.tableau import Tableau
from allocator.ledger.accounts.cloture import Cloture, cloture, contenu_of_cloture
from allocator.ledger.annees.instance import kept_rows
from allocator.ledger.conventions.actes import versions_of
from allocator.ledger.conventions.version import REPORTE, in_force, regimes
from allocator.ledger.daily.livres import LIVRES, contenu_of_livres
from allocator.ledger.daily.ouverture import contenu_of_ouverture
from allocator.ledger.daily.periode import bounds, ouverture_on
from allocator.ledger.daily.releve import Releve
from allocator.ledger.events.event import Entree
from allocator.ledger.events.fold import Acte
from allocator.ledger.state.registre import EN_COURS
from allocator.policies.situation import take

Floats = NDArray[np.float64]

HORS_ASSIETTE = STATUTS.index("hors_assiette")
ANNEES = 3
"""Years of libérations that the next opening takes along, for forecasts to learn from (Th. 1-3)."""


@dataclass(frozen=True, slots=True, eq=False)
class FinAnnee:
    """The end of a year: its figures by promise, what to record, and what people should look at (French)."""

    releve: Releve
    cloture: Cloture
    entrees: tuple[Entree, ...]
    avertissements: tuple[str, ...]


def close_year(
    releve: Releve,
    actes: Sequence[Acte],
    prevu: Floats | None,
    acquis: Mapping[tuple[str, str], int],
    auteur: str,
) -> FinAnnee:
    """Return the end of the year of a releve, which is of its last day.

    Parameters
    ----------
    releve
        The state of the journal at the end of the year.
    actes
        All acts of the journal, what takes effect later included.
    prevu
        Dwellings announced hors assiette by commune; ``None``: as many as there were.
    acquis
        Rights acquired, by réservataire and territory.
    auteur
        Who closes it.
    """
    ouverture = ouverture_on(releve.registre.actes, releve.jour)
    _, fin = bounds(ouverture)
    suivante = fin + timedelta(days=1)
    reel = hors_assiette(releve)
    announced = reel if prevu is None else prevu
    end = cloture(releve.livre, reel - announced, regimes(releve.versions, fin), acquis)
    contenu = contenu_of_cloture(releve.livre, end) | {"annee": suivante.year - 1}
    if prevu is not None:
        contenu["hors_assiette"] = _gap(releve, reel, prevu)
    entrees = [Entree("cloture", "", str(fin), auteur, contenu)]
    if not _opened(actes, suivante):
        entrees.append(Entree("ouverture", "", str(suivante), auteur, _opening(releve, ouverture, suivante)))
    return FinAnnee(releve, end, tuple(entrees), tuple(_warnings(releve, actes, prevu is None, suivante)))


def refuse_closed(actes: Sequence[Acte], annee: int) -> None:
    """Refuse to close a year twice.

    Raises
    ------
    BadInput
        If the journal has closed it.
    """
    closed = [
        acte
        for acte in actes
        if acte.nature == "cloture" and acte.contenu["annee"] == annee and not acte.contenu.get("reprise")
    ]
    if closed:
        what = f"l'année {annee} est close (événement {closed[-1].rang}) ; --refaire la clôt de nouveau"
        raise BadInput([Fault("journal", None, None, what)])


def hors_assiette(releve: Releve) -> Floats:
    """Return the dwellings of a releve's year that were kept out of the assiette, by commune."""
    registre = releve.registre
    rows = kept_rows(registre, *bounds(ouverture_on(registre.actes, releve.jour)))
    kept = rows[registre.liberations.statut[rows] == HORS_ASSIETTE]
    counts = np.bincount(registre.liberations.commune[kept], minlength=len(registre.territoires))
    return counts.astype(np.float64)


def cloture_tableau(end: FinAnnee) -> Tableau:
    """Return the end of a year by promise."""
    instance, figures = end.releve.livre.exercice.instance, end.cloture
    names = ("du", "logements", "solde", "ecart", "report", "utilises", "acquis")
    columns = [getattr(figures, name).tolist() for name in names]
    droits = [None if left == SANS_SOLDE else left for left in figures.droits_suivants.tolist()]
    return Tableau(
        CLOTURE,
        tuple(
            (instance.reservataires.id[holder], *row)
            for holder, *row in zip(
                instance.conventions.reservataire.tolist(),
                instance.conventions.territoire,
                *columns,
                droits,
                strict=True,
            )
        ),
    )


def _gap(releve: Releve, reel: Floats, prevu: Floats) -> list[dict[str, Any]]:
    communes = releve.registre.territoires.commune
    return [
        {"commune": communes[row], "prevu": float(prevu[row]), "reel": float(reel[row])}
        for row in np.flatnonzero((reel > 0) | (prevu > 0)).tolist()
    ]


def _opened(actes: Sequence[Acte], jour: date) -> bool:
    try:
        ouverture_on(tuple(actes), jour)
    except BadInput:
        return False
    return True


def _opening(releve: Releve, ouverture: Acte, debut: date) -> dict[str, Any]:
    """Return the contents of the next year's opening: who, where, wishes, model and defaults stay."""
    following = debut.replace(year=debut.year + 1, day=min(debut.day, 28)) - timedelta(days=1)
    instance = releve.livre.exercice.instance
    known = replace(instance, debut=debut, fin=following, historique=_history(releve, instance, debut))
    livres = ouverture.contenu.get(LIVRES) or contenu_of_livres()
    return contenu_of_ouverture(known, ouverture.contenu["modele"]) | {LIVRES: livres}


def _history(releve: Releve, instance: Instance, debut: date) -> Liberations | None:
    registre = releve.registre
    since = np.datetime64(debut.replace(year=debut.year - ANNEES, day=min(debut.day, 28)))
    own = take(registre.liberations, kept_rows(registre, instance.debut, instance.fin))
    before = instance.historique
    if before is None:
        return own if len(own) else None
    before = take(before, np.flatnonzero(before.date >= since))
    names = ("date", "commune", "typologie", "financement", "qpv", "statut")
    joined = (np.concatenate([getattr(before, name), getattr(own, name)]) for name in names)
    date_, commune, typologie, financement, qpv, statut = joined
    return Liberations(before.id + own.id, date_, commune, typologie, financement, qpv, statut, {})


def _warnings(releve: Releve, actes: Sequence[Acte], unannounced: bool, suivante: date) -> Iterator[str]:
    """Yield what people should look at before they believe the balances."""
    tours = releve.registre.tours
    over = (tours.issue == EN_COURS) & (tours.echeance < np.datetime64(suivante))
    late = int((over & ~np.isnat(releve.livre.tours.echeance)).sum())
    if late:
        yield f"{late} délai(s) échu(s) ne sont pas enregistrés : ils comptent comme en cours (allocator deadlines)"
    everyone = versions_of(actes, releve.livre.defaut)
    for objet in dict.fromkeys(version.objet for version in everyone):
        versions = [version for version in everyone if version.objet == objet]
        last = in_force(versions, suivante - timedelta(days=1))
        if last is None:
            continue
        if in_force(versions, suivante) is None:
            yield f"convention {objet} : aucune version ne vaut au {suivante:%d/%m/%Y}, son report attend la prochaine"
        if last.revoyure is not None and last.revoyure <= suivante:
            yield f"convention {objet} : la clause de revoyure est au {last.revoyure:%d/%m/%Y}"
        if unannounced and last.ecart == REPORTE:
            yield f"convention {objet} : elle reporte l'écart du hors assiette, que --hors-assiette n'a pas donné"
