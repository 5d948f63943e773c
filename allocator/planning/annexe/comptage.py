"""How a convention counts, in words."""

from collections.abc import Iterator
from typing import Final

from allocator.domain import Comptage, PointsDeTension
from allocator.ledger.accounts.issues import BAIL, COMPTES, ISSUES, TITRES
from allocator.ledger.accounts.regles import Regle
from allocator.planning.annexe.texte import number, table

MODES: Final = {
    "propositions": "Chaque proposition compte (variante A de la concertation, thème 2-2).",
    "attributions": "Chaque attribution compte, à la signature du bail (variante B, thème 2-2).",
    "mixte": "Propositions et attributions comptent toutes deux (comptage mixte, thème 2-2).",
}

_MOTS: Final = {share: word for word, share in COMPTES.items()}
_PARTS: Final = {"entier": "compte entièrement", "demi": "compte pour moitié", "non": "ne compte pas"}


def counting(regle: Regle) -> Iterator[str]:
    """Yield the mode, the points, and what each end of a proposition leaves of them."""
    comptage = regle.comptage
    yield f"- {MODES[comptage.mode]}"
    yield f"- Points : {_points(comptage.proposition, comptage.attribution, comptage.mode)}."
    yield from (f"- {_tense(each, comptage)}" for each in comptage.tension)
    if comptage.cumul:
        yield "- Les points de propositions accumulés ne comptent jamais pour plus que ceux d'attributions."
    yield ""
    rows = [
        (
            TITRES[code],
            _PARTS[_MOTS[effet.compte]],
            "rendue au réservataire" if effet.compensation else "—",
        )
        for row, (code, effet) in enumerate(zip(ISSUES, regle.effets, strict=True))
        if row != BAIL
    ]
    yield from table(("issue d'une proposition", "proposition", "compensation"), rows, texts=3)
    yield ""


def _points(proposition: float, attribution: float, mode: str) -> str:
    told = {
        "propositions": f"{number(proposition)} par proposition",
        "attributions": f"{number(attribution)} par attribution",
    }
    return told.get(mode, " et ".join(told.values()))


def _tense(each: PointsDeTension, comptage: Comptage) -> str:
    where = (
        f"En zone {each.zone}"
        if each.zone
        else f"Au-dessus de {number(each.au_dessus or 0)} demandes par attribution"
    )
    return f"{where} : {_points(each.proposition, each.attribution, comptage.mode)}."
