"""Which event may follow which, and what it does to a dwelling: one table.

A dwelling waits (``attente``, ``a_reorienter``, or outside the flux ``relogement`` and ``designation``), is with
somebody (``oriente`` … ``attribue``), or is done with (``loue``, ``retire``). Within one dwelling, events take
effect in the order in which they are recorded, so that the state at a past date is that of a beginning of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from allocator.formats.cells import quote
from allocator.ledger.events.delays import echeance
from allocator.ledger.events.dossier import Dossier, Tour
from allocator.ledger.events.event import Event
from allocator.ledger.events.natures import NATURES

PHASES: Final[Mapping[str, str]] = {
    "": "aucune libération n'est annoncée",
    "attente": "le logement attend une orientation",
    "a_reorienter": "le logement attend d'être réorienté",
    "relogement": "le logement est gardé hors assiette",
    "designation": "le logement est hors flux et attend une désignation",
    "oriente": "le logement est déjà orienté",
    "propose": "le logement est déjà proposé",
    "candidats": "des candidats sont reçus",
    "decide": "la CALEOL a décidé",
    "attribue": "le logement est attribué",
    "loue": "le bail est signé",
    "retire": "le logement est retiré",
}
"""Where a dwelling may stand, in words."""

A_ORIENTER: Final = frozenset({"attente", "a_reorienter", "designation"})
"""Phases of the dwellings that wait for an orientation."""

OUVERTES: Final = frozenset(PHASES) - {"", "loue", "retire"}
"""Phases of the dwellings to which something is still to happen."""

_LIBRE: Final = A_ORIENTER | {"relogement"}
_CHEZ: Final = frozenset({"oriente", "propose", "candidats", "decide"})
_SELON_STATUT: Final = {
    "flux": "attente",
    "hors_assiette": "relogement",
    "stock": "designation",
    "neuf": "designation",
}


class Refused(Exception):  # noqa: N818 (the entry is at fault, not the program)
    """An event cannot follow what was recorded; the message is French."""


@dataclass(frozen=True, slots=True)
class Suite:
    """What a nature of event follows and does.

    ``depuis`` are the phases that it may find, ``vers`` tells the phase that it leaves (after ``note`` has taken
    its contents in; ``None``: the same), ``issue`` how it ends the tour that is open (``""``: it does not), unless its
    contents say it closer, and ``trop_tot`` the day before which it is too early, which the dwelling tells.
    """

    depuis: frozenset[str]
    vers: Callable[[Dossier], str] | None
    note: Callable[[Dossier, Event], None] | None = None
    issue: str = ""
    trop_tot: Callable[[Dossier], str] | None = None


def follow(dossier: Dossier, event: Event) -> None:
    """Take one more event into a dwelling's file.

    Raises
    ------
    Refused
        If it cannot follow those before it; the file is left as it was.
    """
    suite = SUITES[event.nature]
    if dossier.phase not in suite.depuis:
        raise Refused(f"{NATURES[event.nature].titre} impossible : {_standing(dossier)}")
    if event.effet < dossier.effet:
        raise Refused(
            f"{NATURES[event.nature].titre} au {event.effet} impossible : le dernier événement du logement "
            f"a pris effet le {dossier.effet}"
        )
    if suite.trop_tot is not None and event.effet < suite.trop_tot(dossier):
        raise Refused(
            f"{NATURES[event.nature].titre} au {event.effet} impossible : le délai court jusqu'au "
            f"{suite.trop_tot(dossier)}"
        )
    expected = event.contenu.get("tour")
    if expected is not None and expected != len(dossier.tours) + 1:
        raise Refused(
            f"{NATURES[event.nature].titre} impossible : le tour {expected} est passé ou à venir, "
            f"le logement en est au tour {len(dossier.tours) + 1}, {_standing(dossier)}"
        )
    if suite.note is not None:
        suite.note(dossier, event)
    if suite.issue and (tour := dossier.en_cours):
        tour.issue = event.contenu.get("issue") or suite.issue
        tour.fin, tour.motif_fin = event.effet, event.contenu.get("motif")
    dossier.effet = event.effet
    if suite.vers is not None:
        dossier.phase = suite.vers(dossier)
        dossier.dernier, dossier.derniere = event.rang, event.nature
        dossier.par, dossier.le = event.auteur, event.inscrit


def _standing(dossier: Dossier) -> str:
    """Return where a dwelling stands, and who brought it there."""
    if not dossier.phase:
        return PHASES[""]
    tour = dossier.en_cours
    whom = ""
    if tour:
        holder = "au bailleur" if tour.reservataire is None else f"à {quote(tour.reservataire)}"
        whom = f" (tour {tour.numero}, {holder})"
    return (
        f"{PHASES[dossier.phase]}{whom} : {NATURES[dossier.derniere].titre}, enregistré par {dossier.par} "
        f"le {dossier.le[:10]} à {dossier.le[11:19]} UTC (événement {dossier.dernier})"
    )


def _waiting(dossier: Dossier) -> str:
    """Return the phase of a dwelling that is with nobody."""
    phase = _SELON_STATUT[dossier.situation["statut"]]
    return "a_reorienter" if dossier.tours and phase in A_ORIENTER else phase


def _reopened(dossier: Dossier) -> str:
    return _SELON_STATUT[dossier.situation["statut"]]


def _after_caleol(dossier: Dossier) -> str:
    """Return ``decide``, the phase before it, or (without a tour) that of a dwelling that waits."""
    tour = dossier.en_cours
    if tour is None:
        return _waiting(dossier)
    return "decide" if tour.decision == "attribue" else "candidats"


def _to(phase: str) -> Callable[[Dossier], str]:
    return lambda _: phase


def _liberation(dossier: Dossier, event: Event) -> None:
    dossier.rang, dossier.attributs = event.rang, event.contenu


def _retrait(dossier: Dossier, event: Event) -> None:
    dossier.retire, dossier.motif_retrait = event.effet, event.contenu["motif"]
    dossier.attribution = None


def _statut(dossier: Dossier, event: Event) -> None:
    dossier.situation = event.contenu


def _preorientation(dossier: Dossier, event: Event) -> None:
    dossier.preorientation, dossier.preoriente = event.rang, event.contenu["reservataire"]


def _orientation(dossier: Dossier, event: Event) -> None:
    said = event.contenu
    dossier.tours.append(
        Tour(
            len(dossier.tours) + 1,
            said["reservataire"],
            event.effet,
            said.get("motif"),
            said.get("delegataire"),
            dossier.preorientation,
            dossier.preoriente,
        )
    )
    dossier.preorientation = dossier.preoriente = None


def _envoi(dossier: Dossier, event: Event) -> None:
    if tour := dossier.en_cours:
        tour.envoye, tour.echeance = event.effet, echeance(event.effet, event.contenu.get("delai"))


def _clock(dossier: Dossier) -> str:
    """Return the day on which the clock lapses, where one runs."""
    tour = dossier.en_cours
    return (tour and tour.echeance) or ""


def _candidats(dossier: Dossier, event: Event) -> None:
    if tour := dossier.en_cours:
        tour.recus, tour.candidats = event.effet, event.contenu["nombre"]


def _caleol(dossier: Dossier, event: Event) -> None:
    if tour := dossier.en_cours:
        tour.caleol, tour.decision = event.effet, event.contenu["decision"]


def _attribution(dossier: Dossier, event: Event) -> None:
    dossier.attribution = event.effet
    if tour := dossier.en_cours:
        tour.attribution = event.effet


def _undone(dossier: Dossier, _: Event) -> None:
    dossier.attribution = None


def _bail(dossier: Dossier, event: Event) -> None:
    dossier.bail = event.effet
    if tour := dossier.en_cours:
        tour.bail = event.effet


SUITES: Final[Mapping[str, Suite]] = {
    "liberation": Suite(frozenset({""}), _to("attente"), _liberation),
    "retrait": Suite(_LIBRE | _CHEZ | {"attribue"}, _to("retire"), _retrait, "retrait"),
    "statut": Suite(_LIBRE, _waiting, _statut),
    "preorientation": Suite(A_ORIENTER, None, _preorientation),
    "orientation": Suite(A_ORIENTER, _to("oriente"), _orientation),
    "envoi": Suite(frozenset({"oriente"}), _to("propose"), _envoi),
    "candidats": Suite(frozenset({"oriente", "propose", "candidats"}), _to("candidats"), _candidats),
    "decline": Suite(frozenset({"oriente", "propose"}), _waiting, None, "decline"),
    "echeance": Suite(frozenset({"oriente", "propose"}), _waiting, None, "sans_candidat", _clock),
    "rendu": Suite(_CHEZ | {"attribue"}, _waiting, _undone, "rendu"),
    "caleol": Suite(_CHEZ | {"relogement", "designation"}, _after_caleol, _caleol),
    "refus": Suite(_CHEZ | {"attribue"}, _waiting, _undone, "refus"),
    "attribution": Suite(_CHEZ | {"relogement", "designation"}, _to("attribue"), _attribution),
    "bail": Suite(frozenset({"attribue"}), _to("loue"), _bail, "bail"),
    "reorientation": Suite(frozenset({"a_reorienter"}), _reopened),
}
"""Which event may follow which, by nature."""
