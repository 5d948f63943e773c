"""A morning to read from top to bottom, in Markdown: each dwelling, its proposal, and why not the others."""

from collections.abc import Iterator

from allocator.domain import BAILLEUR, Instance, Liberation, Model
from allocator.policies.proposing.propose import Choice, Proposal
from allocator.policies.proposing.wording import flip, holder, lag, loss, promise, reason
from allocator.policies.situation import Situation

SHOWN = 6
"""Alternatives of a dwelling on the page; ``alternatives.csv`` has them all."""


def page(
    instance: Instance, model: Model, situation: Situation, proposals: tuple[Proposal, ...], policy: str
) -> str:
    """Return the page of a morning."""
    day = situation.date.astype(object)
    blocks = [
        f"# {instance.nom} : pré-orientations du {day:%d/%m/%Y}",
        f"{len(proposals)} logement{'s' if len(proposals) > 1 else ''} à orienter. Règle « {policy} », modèle "
        f"« {model.titre or model.nom} ».",
        "« Dû à ce jour » est la part promise de ce qui s'est libéré jusqu'ici ; « attendu », la même part de tout ce "
        "que la prévision voit sur la période. Un coût est ce que la période entière y perdrait, les autres logements "
        "étant replacés au mieux ; une « borne » dit moins : ce qu'elle y perdrait au moins.",
    ]
    if not proposals:
        blocks[1:] = [f"Rien à orienter ce jour (règle « {policy} »)."]
    for rank, proposal in enumerate(proposals, start=1):
        blocks.append("\n\n".join(_dwelling(instance, model, situation, proposal, rank)))
    return "\n\n".join(blocks) + "\n"


def title(instance: Instance, liberation: Liberation) -> str:
    """Return what a dwelling is, in a few words."""
    where = instance.territoires.nom[instance.territoires.commune.index(liberation.commune)]
    side = "en QPV" if liberation.qpv == "oui" else "hors QPV"
    return f"{liberation.typologie} {liberation.financement} {side}, {where}"


def _dwelling(
    instance: Instance, model: Model, situation: Situation, proposal: Proposal, rank: int
) -> Iterator[str]:
    liberation = situation.today.row(proposal.row, instance.territoires)
    yield f"## {rank}. {title(instance, liberation)} ({proposal.liberation})"
    yield f"**Proposé à : {holder(instance, proposal.chosen.reservataire)}.** {reason(instance, model, proposal)}"
    yield "\n".join(_table(instance, model, proposal))
    yield from _mayors(instance, model, proposal, liberation.commune)


def _table(instance: Instance, model: Model, proposal: Proposal) -> Iterator[str]:
    yield "| Autre choix | Ce que l'année y perdrait | Où il en est |"
    yield "|---|---|---|"
    for choice in proposal.alternatives[:SHOWN]:
        stands = "; ".join(f"{promise(instance, line)}, {lag(line)}" for line in choice.lines[:2])
        yield f"| {holder(instance, choice.reservataire)} | {loss(model, proposal, choice)} | {stands} |"
    rest = len(proposal.alternatives) - SHOWN
    if rest > 0:
        yield f"| et {rest} autre{'s' if rest > 1 else ''} | | |"


def _mayors(instance: Instance, model: Model, proposal: Proposal, code: str) -> Iterator[str]:
    """Answer a mayor: why the commune is not proposed the dwelling on its own territory."""
    town = instance.territoires.nom[instance.territoires.commune.index(code)]
    if proposal.chosen.reservataire != BAILLEUR and _is_commune(instance, proposal.chosen):
        return
    own = [choice for choice in proposal.alternatives if _is_commune(instance, choice)]
    if not own:
        yield f"**Pourquoi pas la commune ?** Aucune convention ne donne à la commune de droits à {town}."
    for choice in own:
        stands = "; ".join(f"{promise(instance, line)}, {lag(line)}" for line in choice.lines[:1])
        other = flip(instance, proposal, choice)
        yield (
            f"**Pourquoi pas {holder(instance, choice.reservataire)} ?** {stands[:1].upper()}{stands[1:]}. Lui donner "
            f"ce logement coûterait à l'année : {loss(model, proposal, choice)}.{' ' + other if other else ''}"
        )


def _is_commune(instance: Instance, choice: Choice) -> bool:
    return (
        choice.reservataire != BAILLEUR and instance.reservataires.famille[choice.reservataire] == "commune"
    )
