"""From an instance to the entries that open a journal for its period, or open it anew for the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from allocator.domain import SANS_SOLDE, Instance, Territoires
from allocator.domain.vocabulary import FLUX
from allocator.formats import BadInput, Fault
from allocator.ledger.accounts.regle_reader import contenu_of_regle
from allocator.ledger.accounts.regles import Regle
from allocator.ledger.conventions.exercice import exercice
from allocator.ledger.conventions.gardes import Alerte, gardes
from allocator.ledger.conventions.seuils import ERREUR, Seuil
from allocator.ledger.conventions.unicite import ECHELLE, refuse_faults
from allocator.ledger.conventions.version import Ligne, Version
from allocator.ledger.conventions.version_reader import contenu_of_version
from allocator.ledger.daily.livres import LIVRES, contenu_of_livres
from allocator.ledger.daily.ouverture import contenu_of_ouverture
from allocator.ledger.events.event import Entree


@dataclass(frozen=True, slots=True, eq=False)
class Reprise:
    """What a journal is opened with.

    ``modele`` is the text of the model's TOML file and ``regle`` how outcomes count. Conventions and rule take effect
    on the day ``effet`` (``None``: the first of the period). ``passer_outre`` is why conventions are recorded that the
    law refuses (``""``: they are not).
    """

    instance: Instance
    modele: str
    regle: Regle
    seuils: Sequence[Seuil]
    effet: date | None = None
    passer_outre: str = ""


def opening(reprise: Reprise, auteur: str) -> tuple[tuple[Entree, ...], tuple[Alerte, ...]]:
    """Return the entries that open a journal for a period, and what the law says of its conventions.

    Raises
    ------
    BadInput
        If conventions cannot stand together, or break the law and that was not to be passed over.
    """
    instance, debut = reprise.instance, reprise.instance.debut
    effet = reprise.effet or debut
    if not debut <= effet <= instance.fin:
        what = (
            f"le {effet:%d/%m/%Y} n'est pas dans la période, du {debut:%d/%m/%Y} au {instance.fin:%d/%m/%Y}"
        )
        raise BadInput([Fault("--effet", None, None, what)])
    versions = conventions_of(instance, effet)
    refuse_faults(versions, instance)
    alertes = legal_alerts(instance, versions, effet, reprise.seuils)
    if not reprise.passer_outre:
        refuse(alertes)
    contenu = contenu_of_ouverture(instance, reprise.modele) | {LIVRES: contenu_of_livres()}
    if reprise.passer_outre:
        contenu["passer_outre"] = reprise.passer_outre
    entrees = [Entree("ouverture", "", str(debut), auteur, contenu)]
    entrees += [
        Entree("convention", version.objet, str(effet), auteur, contenu_of_version(version))
        for version in versions
    ]
    entrees.append(Entree("regle", "", str(effet), auteur, contenu_of_regle(reprise.regle)))
    soldes = _soldes(instance)
    if soldes:
        eve = debut - timedelta(days=1)
        contenu = {"annee": debut.year - 1, "lignes": soldes, "reprise": True}
        entrees.append(Entree("cloture", "", str(eve), auteur, contenu))
    return tuple(entrees), alertes


def conventions_of(instance: Instance, effet: date) -> tuple[Version, ...]:
    """Return the conventions that the promises of an instance belong to, in the order of its file (R.441-5, -5-3).

    They take effect on the day ``effet``.
    """
    table, holders = instance.conventions, instance.reservataires
    lignes: dict[tuple[str, str], list[Ligne]] = {}
    for row, holder in enumerate(table.reservataire.tolist()):
        part, volume = float(table.part[row]), float(table.volume[row])
        ligne = Ligne(
            table.territoire[row],
            table.niveau[row],
            None if np.isnan(part) else part,
            None if np.isnan(volume) else volume,
        )
        scale = ECHELLE.get(holders.famille[holder], "departement")
        where = _whole(instance.territoires, ligne.territoire, scale)
        lignes.setdefault((holders.id[holder], where), []).append(ligne)
    return tuple(
        Version(holder, where, effet, tuple(promised)) for (holder, where), promised in lignes.items()
    )


def _whole(territoires: Territoires, territoire: str, scale: str) -> str:
    """Return the territory of that scale that holds a smaller one; a larger one stays, and is told as a fault."""
    echelle, _, code = territoire.partition(":")
    if scale in {echelle, "commune"} or echelle == "departement":
        return territoire
    row = getattr(territoires, echelle).index(code)
    return f"{scale}:{getattr(territoires, scale)[row]}"


def _soldes(instance: Instance) -> list[dict[str, object]]:
    """Return what promises bring from earlier years, as the lines of a closing."""
    table, ids = instance.conventions, instance.reservataires.id
    brings = np.flatnonzero((table.report != 0.0) | (table.solde != SANS_SOLDE)).tolist()
    return [
        {
            "reservataire": ids[table.reservataire[row]],
            "territoire": table.territoire[row],
            "report": float(table.report[row]),
            "droits": None if table.solde[row] == SANS_SOLDE else int(table.solde[row]),
        }
        for row in brings
    ]


def legal_alerts(
    instance: Instance, versions: Sequence[Version], jour: date, seuils: Sequence[Seuil]
) -> tuple[Alerte, ...]:
    """Return what the law says of conventions on a day, a year like the last one known being expected."""
    seen = instance.liberations if instance.historique is None else instance.historique
    flux, communes = seen.statut == FLUX, len(instance.territoires)
    outside = flux & (seen.qpv == 0)
    assiette, hors_qpv = (
        np.bincount(seen.commune[rows], minlength=communes).astype(np.float64) for rows in (flux, outside)
    )
    return gardes(exercice(instance, versions, {}), versions, jour, assiette, hors_qpv, seuils)


def refuse(alertes: Sequence[Alerte]) -> None:
    """Refuse conventions that break the law.

    Raises
    ------
    BadInput
        With every breach that is an error.
    """
    broken = [
        Fault("conventions", None, alerte.territoire, alerte.message)
        for alerte in alertes
        if alerte.gravite == ERREUR
    ]
    if broken:
        raise BadInput(broken)
