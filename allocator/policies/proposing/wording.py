"""Where things stand, in French: numbers, places, promises."""

from typing import Final

from allocator.domain import BAILLEUR, Instance
from allocator.domain.french import short
from allocator.domain.vocabulary import PETIT, TOTAL
from allocator.policies.proposing.lines import Line

KINDS: Final = {"epci": "EPCI ", "departement": "département "}
LAG: Final = 0.05
"""Lag, in dwellings, that is written as none: half of the last decimal shown."""


def number(value: float, decimals: int = 1) -> str:
    """Return a number as French writes it, without trailing zeros after the comma."""
    return short(value, decimals)


def counted(value: float, word: str, decimals: int = 1) -> str:
    """Return a number with its noun or participle, which takes an *s* from two on."""
    several = abs(round(value, decimals)) >= 2
    return f"{number(value, decimals)} {word}{'s' if several else ''}"


def place(instance: Instance, territoire: str) -> str:
    """Return a territory's name: a commune's own, an EPCI's as the réservataire that it is, else its kind and code."""
    echelle, code = territoire.split(":", 1)
    if echelle == "commune":
        return instance.territoires.nom[instance.territoires.commune.index(code)]
    holders, conventions = instance.reservataires, instance.conventions
    for row, where in enumerate(conventions.territoire):
        reservataire = int(conventions.reservataire[row])
        if where == territoire and holders.famille[reservataire] == echelle == "epci":
            return holders.nom[reservataire]
    return KINDS[echelle] + code


def holder(instance: Instance, reservataire: int) -> str:
    """Return who a choice is, by name."""
    return (
        "le bailleur (non réservé)" if reservataire == BAILLEUR else instance.reservataires.nom[reservataire]
    )


def modality(instance: Instance, text: str) -> str:
    """Return a modality as one says it; crossed ones in a row."""
    return " ".join(_trait(instance, trait) for trait in text.split("+"))


def _trait(instance: Instance, trait: str) -> str:
    if trait in {"oui", "non"}:
        return "en QPV" if trait == "oui" else "hors QPV"
    if trait in instance.territoires.commune:
        return place(instance, f"commune:{trait}")
    return place(instance, f"epci:{trait}") if trait in instance.territoires.epci else trait


def promise(instance: Instance, line: Line, *, ends: bool) -> str:
    """Return where one signed promise stands, and where it should end if that is asked for."""
    if line.sur == PETIT:
        end = f"d'ici au {instance.fin:%d/%m}"
        return (
            f"petit réservataire : {counted(line.counted, 'reçu')} sur {number(line.target)} à servir {end}"
        )
    whole = " au total" if line.sur == TOTAL else ""
    end = f" ({counted(line.target, 'attendu')} au {instance.fin:%d/%m})" if ends else ""
    return (
        f"{place(instance, line.territoire)}{whole}, {_share(line)} : {counted(line.counted, 'reçu')} pour "
        f"{_due(line.due)} à ce jour, {lag(line)}{end}"
    )


def _share(line: Line) -> str:
    """Return what was promised, so that the reader can compute what is due."""
    if line.share is None:
        return f"volume de {number(line.fixed)}"
    report = f" et report de {number(line.fixed)}" if abs(line.fixed) >= LAG else ""
    return f"{number(line.share, 3)} % de {counted(line.released, 'libéré', 0)}{report}"


def _due(value: float) -> str:
    return f"{number(value)} {'dus' if round(value, 1) >= 2 else 'dû'}"


def lag(line: Line) -> str:
    """Return a lag or a lead in words."""
    if abs(line.lag) < LAG:
        return "au prorata"
    return f"en {'retard' if line.lag > 0 else 'avance'} de {number(abs(line.lag))}"


def stands(instance: Instance, lines: tuple[Line, ...], *, ends: bool = False) -> str:
    """Return where a réservataire stands on all that a dwelling would count for, what is signed first."""
    wishes = [line for line in lines if not line.signed]
    parts = [promise(instance, line, ends=ends) for line in lines if line.signed]
    for label, side in (("souhaits en retard", 1.0), ("souhaits en avance", -1.0)):
        names = [modality(instance, line.modalite) for line in wishes if side * line.lag >= LAG]
        if names:
            parts.append(f"{label} : {', '.join(names)}")
    return " ; ".join(parts)
