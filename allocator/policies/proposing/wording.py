"""A proposal in plain French: what it serves, what the other choices would cost, what would change it."""

from typing import Final

from allocator.domain import BAILLEUR, Instance, Model
from allocator.domain.vocabulary import CONTRACTUEL, ECHELLES, PETIT, TOTAL
from allocator.policies.proposing.lines import Line
from allocator.policies.proposing.propose import AS_GOOD, Choice, Proposal

TRAITS: Final = {
    "typologie": "",
    "financement": "",
    "qpv": "",
    "epci": "EPCI ",
    "commune": "commune ",
    "croise": "",
}
WHERE: Final = {"commune": "", "epci": "EPCI ", "departement": "département "}
NOTHING: Final = 0.005
"""Loss that is written as none: half of the last decimal shown."""


def number(value: float, decimals: int = 1) -> str:
    """Return a number as French writes it, without trailing zeros after the comma."""
    text = f"{value + 0.0:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return ("0" if text == "-0" else text).replace(".", ",").replace("-", "−")


def place(instance: Instance, territoire: str) -> str:
    """Return a territory's name: that of a commune, else its kind and code."""
    echelle, code = territoire.split(":", 1)
    if echelle == ECHELLES[0]:
        return instance.territoires.nom[instance.territoires.commune.index(code)]
    return WHERE[echelle] + code


def holder(instance: Instance, reservataire: int) -> str:
    """Return who a choice is, by name."""
    return (
        "le bailleur (non réservé)" if reservataire == BAILLEUR else instance.reservataires.nom[reservataire]
    )


def promise(instance: Instance, line: Line) -> str:
    """Return where one promise stands, in words."""
    stand = f"reçu {number(line.counted)} pour {number(line.due)} dus à ce jour"
    end = f"({number(line.target)} attendus au {instance.fin:%d/%m})"
    if line.sur == PETIT:
        owed = f"{number(line.target)} à servir d'ici au {instance.fin:%d/%m}"
        return f"petit réservataire : reçu {number(line.counted)} sur {owed}"
    share = "volume convenu" if line.share is None else f"{number(line.share)} %"
    if line.sur in {CONTRACTUEL, TOTAL}:
        whole = " au total" if line.sur == TOTAL else ""
        return f"{place(instance, line.territoire)}{whole}, {share} : {stand} {end}"
    return f"{TRAITS[line.sur]}{_modalite(line)}, {share} de ses attributions : {stand} {end}"


def _modalite(line: Line) -> str:
    if line.sur == "qpv":
        return "en QPV" if line.modalite == "oui" else "hors QPV"
    return line.modalite


def lag(line: Line) -> str:
    """Return a lag or a lead in words."""
    if abs(line.lag) < 0.05:
        return "au prorata"
    return f"{'en retard' if line.lag > 0 else 'en avance'} de {number(abs(line.lag))}"


def reason(instance: Instance, model: Model, proposal: Proposal) -> str:
    """Return why a dwelling is proposed to whom it is, in one or two sentences."""
    chosen = proposal.chosen
    if chosen.reservataire == BAILLEUR:
        return (
            "Aucun réservataire n'y gagnerait : ceux qui pourraient le recevoir sont servis, ou le seront mieux par "
            "les logements attendus d'ici à la fin de la période."
        )
    signed = [line for line in chosen.lines if line.sur in {CONTRACTUEL, TOTAL, PETIT}]
    wishes = [line for line in chosen.lines if line.sur not in {CONTRACTUEL, TOTAL, PETIT}]
    text = "; ".join(f"{promise(instance, line)}, {lag(line)}" for line in signed)
    behind = [_modalite(line) for line in wishes if line.lag > 0]
    served = f" Ce logement va dans le sens de ses souhaits ({', '.join(behind)})." if behind else ""
    return f"Compte pour : {text}.{served}{_against(instance, model, proposal)}"


def _against(instance: Instance, model: Model, proposal: Proposal) -> str:
    """Return how the nearest other choice compares."""
    equal = proposal.as_good
    if equal:
        names = ", ".join(holder(instance, choice.reservataire) for choice in equal[:3])
        others = f" et {len(equal) - 3} autres" if len(equal) > 3 else ""
        return (
            f" D'autres choix valent celui-ci sur l'année ({names}{others}) : la règle publiée les départage, au "
            "réservataire dont les objectifs sont les plus en retard sur leur prorata."
        )
    nearest = next((choice for choice in proposal.alternatives if choice.losses), None)
    if nearest is None:
        return ""
    name = holder(instance, nearest.reservataire)
    return f" Le meilleur autre choix, {name}, coûterait {loss(model, proposal, nearest)}."


def loss(model: Model, proposal: Proposal, choice: Choice) -> str:
    """Return what a choice would cost the year: tier by tier where computed, else a bound that says it is one."""
    if choice.losses is None:
        if choice.cost is not None:
            return "impossible (un solde ou un quota s'y oppose)"
        return bound(model, proposal, choice)
    terms = [
        f"{'+' if value > 0 else ''}{number(value, 2)} sur « {tier.name} »"
        for value, tier in zip(choice.losses, model.tiers, strict=True)
        if abs(value) >= NOTHING
    ]
    return ", ".join(terms) if terms else "rien (aussi bon)"


def bound(model: Model, proposal: Proposal, choice: Choice) -> str:
    """Return a lower bound of what a choice would cost, in the first tier where it weighs."""
    if choice.at_least < AS_GOOD:
        return "borne : au moins 0"
    for weight, tier in zip(proposal.weights, model.tiers, strict=True):
        if choice.at_least >= AS_GOOD * weight:
            return (
                f"borne : au moins l'équivalent de {number(choice.at_least / weight, 2)} sur « {tier.name} »"
            )
    return "borne : au moins 0"


def flip(instance: Instance, proposal: Proposal, choice: Choice) -> str:
    """Return what would have to differ for a choice to be the one proposed; empty where that was not looked for."""
    if (
        not proposal.explained
        or choice.reservataire == BAILLEUR
        or choice.cost is None
        or choice.cost < AS_GOOD
    ):
        return ""
    name = holder(instance, choice.reservataire)
    if choice.flip is None:
        return ""
    many = "logement semblable" if choice.flip == 1 else "logements semblables"
    return f"Il lui serait proposé si {name} avait reçu {choice.flip} {many} de moins jusqu'ici."
