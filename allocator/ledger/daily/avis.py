"""The proposals of a morning as events, each recorded once."""

from collections.abc import Sequence

from allocator.domain import BAILLEUR
from allocator.ledger.daily.matinee import Matinee
from allocator.ledger.events.event import Contenu, Entree
from allocator.ledger.store.journal import Journal
from allocator.policies.proposing.choice import Proposal


def preorientations(morning: Matinee, proposals: Sequence[Proposal], auteur: str) -> tuple[Entree, ...]:
    """Return the proposals of a morning as entries, one a dwelling, in its order."""
    releve, names = morning.releve, morning.frame.instance.reservataires.id
    return tuple(
        Entree(
            "preorientation",
            proposal.liberation,
            str(releve.jour),
            auteur,
            {
                "reservataire": _name(names, proposal.chosen.reservataire),
                "policy": morning.policy,
                "graine": morning.frame.seed,
                "model_sha256": releve.model.sha256,
                "entree_sha256": morning.entree_sha256,
                "vu": releve.vu,
                "tour": morning.tours[proposal.row],
            },
        )
        for proposal in proposals
    )


def _name(names: Sequence[str], reservataire: int) -> str | None:
    return None if reservataire == BAILLEUR else names[reservataire]


def unrecorded(journal: Journal, morning: Matinee, entrees: Sequence[Entree]) -> tuple[Entree, ...]:
    """Return the proposals that the journal does not have yet: to ask again in the same state records nothing."""
    standing = morning.releve.registre.suivi.preorientation[morning.rows].tolist()
    return tuple(
        entree
        for entree, rang in zip(entrees, standing, strict=True)
        if not any(
            _same(event.contenu, entree.contenu) for event in (journal.events(rang, rang) if rang else ())
        )
    )


def _same(one: Contenu, other: Contenu) -> bool:
    """Tell whether two proposals say the same from the same; what was last recorded by then is no part of it."""
    return {**one, "vu": None} == {**other, "vu": None}
