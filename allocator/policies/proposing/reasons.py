"""A proposal in plain French: what it serves, what the other choices would cost, what would change it."""

from typing import Final

from allocator.domain import BAILLEUR, Goal, Instance, Model, Tier
from allocator.policies.proposing.choice import AS_GOOD, Choice, Proposal
from allocator.policies.proposing.claims import MOST_MISSED
from allocator.policies.proposing.wording import counted, holder, number, place, stands

NAMED: Final = 3
"""Choices as good that a sentence names; it counts the others."""

NOTHING: Final = 0.005
"""Loss that is written as none, in the units of the last tier; others are turned into these by their weight."""

SEEN: Final = 0.0005
"""Loss that three decimals do not show."""

WEIGHS: Final = 0.5
"""Equivalent of a bound, in dwellings of a tier, from which on it is told in that tier."""


def reason(instance: Instance, model: Model, proposal: Proposal) -> str:
    """Return why a dwelling is proposed to whom it is, in one or two sentences."""
    if proposal.chosen.reservataire != BAILLEUR:
        why = f"Compte pour : {stands(instance, proposal.chosen.lines, ends=True)}."
    elif not proposal.alternatives:
        why = (
            "Tous ceux qui ont des droits dans la commune l'ont déjà eu."
            if proposal.tried
            else "Aucune convention ne couvre la commune."
        )
    elif proposal.chosen.price is None:
        why = "La règle ne le donne à personne."
    else:
        why = (
            "Aucun réservataire n'y gagnerait : ceux qui pourraient le recevoir sont servis, ou le seront mieux par "
            "les logements attendus d'ici à la fin de la période."
        )
    return why + _against(instance, model, proposal)


def loss(instance: Instance, model: Model, proposal: Proposal, choice: Choice) -> str:
    """Return what a choice would cost the year: tier by tier where computed, else a bound that says it is one."""
    if choice.impossible:
        return f"impossible : {_barrier(instance, model, choice)}"
    if choice.losses is None:
        return f"borne : {bound(model, proposal, choice)}"
    if choice.as_good:
        return "rien (aussi bon)"
    terms = [
        f"{units(tier, value)} sur « {tier.name} »"
        for value, weight, tier in zip(choice.losses, proposal.weights, model.tiers, strict=True)
        if abs(value) >= SEEN and abs(value) * weight >= NOTHING * proposal.weights[-1]
    ]
    if choice.held:
        terms.append(f"et l'écart maximal du modèle ({number(model.ecart_max or 0.0)}) ne serait pas tenu")
    return ", ".join(terms) if terms else "presque rien"


def _barrier(instance: Instance, model: Model, choice: Choice) -> str:
    """Return what no plan can pass: rights spent, or the bound of the model on how far one may be ahead."""
    if not choice.spent:
        return f"l'écart maximal du modèle ({number(model.ecart_max or 0.0)}) serait dépassé"
    return " ; ".join(
        f"son solde de {each.solde} ({place(instance, each.territoire)}) est épuisé, il lui faudrait "
        f"{counted(each.more, 'droit')} de plus"
        for each in choice.spent
    )


def bound(model: Model, proposal: Proposal, choice: Choice) -> str:
    """Return a lower bound of what a choice would cost, as the equivalent of a loss in one tier."""
    if choice.at_least < AS_GOOD:
        return "au moins 0"
    each = zip(proposal.weights, model.tiers, strict=True)
    weight, tier = next(
        ((weight, tier) for weight, tier in each if choice.at_least >= WEIGHS * weight),
        (proposal.weights[-1], model.tiers[-1]),
    )
    return f"au moins l'équivalent de {units(tier, choice.at_least / weight)} sur « {tier.name} »"


def units(tier: Tier, value: float) -> str:
    """Return a loss in the units of a tier: dwellings where it counts them one by one, else points."""
    decimals = 2 if abs(value) >= AS_GOOD else 3
    if in_dwellings(tier):
        return f"{counted(value, 'logement', decimals)} d'écart"
    return counted(value, "point", decimals)


def in_dwellings(tier: Tier) -> bool:
    """Tell whether a tier counts dwellings one by one."""
    return all(map(_plain, tier.goals))


def _plain(goal: Goal) -> bool:
    return goal.unite == "logements" and goal.poids == 1 and {goal.manque, goal.exces} <= {0.0, 1.0}


def _against(instance: Instance, model: Model, proposal: Proposal) -> str:
    """Return how the nearest other choices compare."""
    equal = proposal.as_good
    nearest = next((choice for choice in proposal.alternatives if choice.losses is not None), None)
    if nearest is None:
        return ""
    name = holder(instance, nearest.reservataire)
    if nearest.cost is not None and nearest.cost < -AS_GOOD:
        return f" Le plan de l'année ferait mieux avec {name} : {loss(instance, model, proposal, nearest)}."
    if not equal:
        cost = loss(instance, model, proposal, nearest)
        return f" Le meilleur autre choix, {name}, coûterait {cost}.{_flip(instance, nearest)}"
    names = ", ".join(holder(instance, choice.reservataire) for choice in equal[:NAMED])
    rest = len(equal) - NAMED
    others = "" if rest <= 0 else f" et {rest} autre{'s' if rest > 1 else ''}"
    return f" Aussi bon{'s' if len(equal) > 1 else ''} pour l'année : {names}{others}{_broken(instance, proposal)}."


def _broken(instance: Instance, proposal: Proposal) -> str:
    """Return which rule chose between choices as good."""
    equal, own = proposal.as_good, proposal.chosen.price
    alike = [holder(instance, each.reservataire) for each in equal if each.reservataire in proposal.alike]
    if alike:
        return f" (un logement semblable va le même jour à {', '.join(alike)}, dans l'ordre des fichiers)"
    if own is None:
        return ""
    lowest = min(equal, key=lambda choice: choice.price or 0.0)
    other = lowest.price or 0.0
    if own > other:
        return " (à moins de 0,01 près)"
    return (
        f" ; départagés par la règle « prix », au plus bas : {number(own, 3)} contre {number(other, 3)} pour "
        f"{holder(instance, lowest.reservataire)}"
    )


def why_not(instance: Instance, model: Model, proposal: Proposal, choice: Choice) -> str:
    """Answer whom a dwelling is not proposed to: where it stands, and what it would cost or has against it."""
    where = stands(instance, choice.lines, ends=True)
    start = f"{where[:1].upper()}{where[1:]}. " if where else ""
    if choice.impossible:
        return f"{start}C'est {loss(instance, model, proposal, choice)}."
    if choice.losses is None:
        asked = f"(une borne ; `--pourquoi {proposal.liberation}` chiffre ce coût)"
        return f"{start}Lui donner ce logement coûterait {bound(model, proposal, choice)} {asked}."
    if not choice.as_good:
        gain = choice.cost is not None and choice.cost < -AS_GOOD
        would = "Le plan de l'année y gagnerait" if gain else "Lui donner ce logement coûterait"
        return f"{start}{would} : {loss(instance, model, proposal, choice)}.{_flip(instance, choice)}"
    if choice.reservataire in proposal.alike:
        return f"{start}Un logement semblable lui est proposé le même jour."
    own, price = proposal.chosen.price, choice.price
    prices = (
        ""
        if own is None or price is None or own > price
        else f" ; départagés par le prix : {number(price, 3)}, contre {number(own, 3)} pour "
        f"{holder(instance, proposal.chosen.reservataire)}"
    )
    return f"{start}Aussi bon pour l'année : le lui donner n'y perdrait rien{prices}."


def _flip(instance: Instance, choice: Choice) -> str:
    if not choice.asked:
        return ""
    name, more = holder(instance, choice.reservataire), choice.flip or MOST_MISSED
    late = f"{counted(more, 'logement')} semblable{'s' if more > 1 else ''} de retard en plus"
    if choice.flip is None:
        return f" {name} ne passerait pas devant, même avec {late}."
    return f" {name} passerait devant avec {late}."
