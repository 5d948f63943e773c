"""What the words of a page mean, those that it uses."""

from collections.abc import Iterator

from allocator.domain import Model
from allocator.policies.proposing.choice import AS_GOOD, Proposal
from allocator.policies.proposing.propose import ANTICIPATION
from allocator.policies.proposing.reasons import in_dwellings
from allocator.policies.proposing.wording import number


def words(model: Model, proposals: tuple[Proposal, ...], policy: str) -> Iterator[str]:
    """Yield a sentence or two for each word."""
    yield (
        "« Dû » : la part promise de ce qui s'est libéré jusqu'à ce jour. « Attendu » : la même part de tout ce que la "
        "prévision voit sur la période. Un coût est ce que la période y perdrait, d'après la prévision, les autres "
        "logements étant replacés au mieux ; une borne, le moins qu'elle y perdrait."
    )
    if policy == ANTICIPATION:
        yield (
            "C'est ce coût qui décide, et non le retard du jour : un retard peut être rattrapé par des logements "
            "attendus qui conviennent mieux."
        )
    if not all(map(in_dwellings, model.tiers)):
        yield (
            "Un point est un logement d'écart pesé comme le modèle le dit ; là où il compte en relatif, un objectif "
            "manqué en entier."
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
            "Un coût négatif est un gain : il ne rattrape une perte sur une priorité plus haute que si elle est de "
            "quelques centièmes de logement, moins que ce que voit la prévision."
        )
    if model.ecart_max is not None and any(proposal.explained for proposal in proposals):
        yield (
            f"Le modèle borne à {number(model.ecart_max)} l'écart au prorata : combien de retard en plus changerait "
            "une réponse n'est pas cherché, car ce retard changerait aussi ce que la borne permet."
        )
