"""A morning to read from top to bottom, in Markdown: each dwelling, its proposal, and why not the others."""

from collections.abc import Iterator

from allocator.domain import BAILLEUR, Instance, Liberation, Model
from allocator.forecast import learn, record
from allocator.policies.proposing.choice import Proposal
from allocator.policies.proposing.reasons import loss, reason, why_not
from allocator.policies.proposing.track import track
from allocator.policies.proposing.wording import holder, stands
from allocator.policies.proposing.words import words
from allocator.policies.situation import Situation

SHOWN = 6
"""Alternatives of a dwelling on the page; ``alternatives.csv`` has them all."""


def page(
    instance: Instance, model: Model, situation: Situation, proposals: tuple[Proposal, ...], policy: str
) -> str:
    """Return the page of a morning."""
    day = situation.date.astype(object)
    blocks = [f"# {instance.nom} : pré-orientations du {day:%d/%m/%Y}"]
    if not proposals:
        blocks.append(f"Rien à orienter ce jour (règle « {policy} »).")
    else:
        several = "s" if len(proposals) > 1 else ""
        blocks += [
            f"{len(proposals)} logement{several} à orienter. Règle « {policy} », modèle "
            f"« {model.titre or model.nom} ».",
            " ".join(words(model, proposals, policy)),
        ]
    for rank, proposal in enumerate(proposals, start=1):
        blocks.append("\n\n".join(_dwelling(instance, model, situation, proposal, rank)))
    if proposals:
        blocks += track(record(learn(instance), situation.past, situation.date))
    return "\n\n".join(blocks) + "\n"


def title(instance: Instance, liberation: Liberation) -> str:
    """Return what a dwelling is, in a few words."""
    side = "en QPV" if liberation.qpv == "oui" else "hors QPV"
    return f"{liberation.typologie} {liberation.financement} {side}, {_town(instance, liberation)}"


def _town(instance: Instance, liberation: Liberation) -> str:
    return instance.territoires.nom[instance.territoires.commune.index(liberation.commune)]


def _dwelling(
    instance: Instance, model: Model, situation: Situation, proposal: Proposal, rank: int
) -> Iterator[str]:
    liberation = situation.today.row(proposal.row, instance.territoires)
    yield f"## {rank}. {title(instance, liberation)} ({proposal.liberation})"
    yield f"**Proposé à : {holder(instance, proposal.chosen.reservataire)}.** {reason(instance, model, proposal)}"
    if proposal.tried:
        names = " et ".join(holder(instance, each) for each in proposal.tried)
        yield f"Ce logement est revenu : il n'est plus proposé à {names}, à qui il l'a déjà été."
    if proposal.alternatives:
        yield "\n".join(_table(instance, model, proposal))
        yield from _mayors(instance, model, proposal, _town(instance, liberation))


def _table(instance: Instance, model: Model, proposal: Proposal) -> Iterator[str]:
    yield "| Autre choix | Coût pour l'année | Où il en est |"
    yield "|---|---|---|"
    for choice in proposal.alternatives[:SHOWN]:
        where = stands(instance, choice.lines) or "—"
        yield f"| {holder(instance, choice.reservataire)} | {loss(instance, model, proposal, choice)} | {where} |"
    rest = len(proposal.alternatives) - SHOWN
    if rest > 0:
        yield f"| et {rest} autre{'s' if rest > 1 else ''} | | |"


def _mayors(instance: Instance, model: Model, proposal: Proposal, town: str) -> Iterator[str]:
    """Answer a mayor: why the commune is not proposed the dwelling on its own territory."""
    if _is_commune(instance, proposal.chosen.reservataire):
        return
    own = [choice for choice in proposal.alternatives if _is_commune(instance, choice.reservataire)]
    tried = [each for each in proposal.tried if _is_commune(instance, each)]
    if not own and not tried:
        yield f"**Pourquoi pas la commune ?** Aucune convention ne lui donne de droits à {town}."
    for each in tried:
        yield f"**Pourquoi pas {holder(instance, each)} ?** Ce logement lui a déjà été proposé, et il est revenu."
    for choice in own:
        name = holder(instance, choice.reservataire)
        yield f"**Pourquoi pas {name} ?** {why_not(instance, model, proposal, choice)}"


def _is_commune(instance: Instance, reservataire: int) -> bool:
    return reservataire != BAILLEUR and instance.reservataires.famille[reservataire] == "commune"
