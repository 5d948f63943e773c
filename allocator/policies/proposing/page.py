"""A morning to read from top to bottom, in Markdown: each dwelling, its proposal, and why not the others."""

from collections.abc import Iterator

from allocator.domain import BAILLEUR, Instance, Liberation, Model
from allocator.policies.proposing.propose import AS_GOOD, Choice, Proposal
from allocator.policies.proposing.reasons import loss, reason, why_not
from allocator.policies.proposing.wording import holder, number, stands
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
            " ".join(_words(proposals)),
        ]
    for rank, proposal in enumerate(proposals, start=1):
        blocks.append("\n\n".join(_dwelling(instance, model, situation, proposal, rank)))
    return "\n\n".join(blocks) + "\n"


def _words(proposals: tuple[Proposal, ...]) -> Iterator[str]:
    """Say what the words of the page mean, those that it uses."""
    yield (
        "« Dû » : la part promise de ce qui s'est libéré jusqu'à ce jour. « Attendu » : la même part de tout ce que la "
        "prévision voit sur la période. Un coût est ce que la période y perdrait, d'après la prévision, les autres "
        "logements étant replacés au mieux ; une borne, le moins qu'elle y perdrait."
    )
    choices = [choice for proposal in proposals for choice in proposal.alternatives]
    if any(choice.as_good for choice in choices):
        yield f"« Aussi bon » : à {number(AS_GOOD, 2)} près."
    if any(choice.as_good and choice.price is not None for choice in choices):
        yield (
            "Le « prix » additionne, aux poids du modèle, les avances (+) et les retards (−) de ce que le logement "
            "servirait."
        )
    if any(min(choice.losses, default=0.0) <= -AS_GOOD for choice in choices if choice.losses):
        yield (
            "Un coût négatif est un gain : une priorité ne cède à la suivante que de quelques centièmes de logement, "
            "moins que ce que voit la prévision."
        )


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
    if _is_commune(instance, proposal.chosen):
        return
    own = [choice for choice in proposal.alternatives if _is_commune(instance, choice)]
    if not own:
        yield f"**Pourquoi pas la commune ?** Aucune convention ne lui donne de droits à {town}."
    for choice in own:
        name = holder(instance, choice.reservataire)
        yield f"**Pourquoi pas {name} ?** {why_not(instance, model, proposal, choice)}"


def _is_commune(instance: Instance, choice: Choice) -> bool:
    holders = instance.reservataires
    return choice.reservataire != BAILLEUR and holders.famille[choice.reservataire] == "commune"
