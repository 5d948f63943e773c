"""Rows to what they say, as the journal would have it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from allocator.ledger.events.natures import NATURES
from allocator.ledger.importing.evenements import EVENEMENTS
from allocator.ledger.importing.rows import Annonce, Issue, Ligne, Solde


@dataclass(frozen=True, slots=True)
class Fait:
    """One thing that a row says of an object.

    ``dit`` has the fields that the extract speaks of, with ``None`` where it says that there is nothing; facts
    that say the same are equal, whatever their line.
    """

    ligne: int = field(compare=False)
    objet: str
    nature: str
    effet: str
    dit: tuple[tuple[str, Any], ...]


def facts(lignes: Iterable[Ligne], champs: Collection[str]) -> tuple[Fait, ...]:
    """Return what rows say, in their order.

    Parameters
    ----------
    lignes
        Rows of one extract.
    champs
        The fields that it speaks of.
    """
    return tuple(fait for ligne in lignes for fait in _of(ligne, champs))


def _of(ligne: Ligne, champs: Collection[str]) -> Iterator[Fait]:
    match ligne:
        case Annonce():
            yield Fait(ligne.ligne, ligne.id, "liberation", ligne.date, _told("liberation", ligne, champs))
            if ligne.statut is not None:
                yield Fait(ligne.ligne, ligne.id, "statut", ligne.date, _told("statut", ligne, champs))
        case Issue():
            for nature, contenu in EVENEMENTS[ligne.evenement].faits:
                told = {**dict(_told(nature, ligne, champs)), **contenu}
                if told.get("delai", 0) is None:
                    # an empty cell leaves it to the convention
                    del told["delai"]
                if "precision" in NATURES[nature].champs and "motif" in champs:
                    told["precision"] = ligne.motif
                yield Fait(ligne.ligne, ligne.liberation, nature, ligne.date, tuple(sorted(told.items())))
        case Solde():
            objet = f"{ligne.reservataire}/{ligne.territoire}"
            told_of = _told("solde_ouverture", ligne, champs)
            yield Fait(ligne.ligne, objet, "solde_ouverture", ligne.date, told_of)


def _told(nature: str, ligne: Ligne, champs: Collection[str]) -> tuple[tuple[str, Any], ...]:
    """Return the fields of a nature that the extract speaks of."""
    return tuple((name, getattr(ligne, name)) for name in sorted(NATURES[nature].champs.keys() & set(champs)))
