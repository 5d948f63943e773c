"""H, line by line: what is announced, where it is read, and what leaves the assiette (Th. 1-1 to 1-3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from allocator.assiette.calcul.versions import of_version
from allocator.assiette.dossier.reglages import Reglages, Regle
from allocator.assiette.dossier.valeurs import Demande, DossierAssiette, Exclusion
from allocator.assiette.lieux import Besoin, Lieux, Rattachement

DOCUMENT: Final = "document"
MOYENNE: Final = "moyenne"
DEMANDE: Final = "demande"


@dataclass(frozen=True, slots=True)
class Retenue:
    """A line as it counts: ``volume`` is the need, ``retenu`` what of it leaves the assiette (0: followed apart).

    ``origine`` is ``DOCUMENT``, ``MOYENNE`` or ``DEMANDE``; ``source`` quotes it.
    """

    id: str
    territoire: str
    categorie: str
    operation: str
    mouvement: str
    annee: int
    volume: Fraction
    retenu: Fraction
    origine: str
    source: str
    document: str


def lines_of(dossier: DossierAssiette, version: int) -> tuple[Exclusion, ...]:
    """Return the announced lines as a version has them, of every year."""
    return of_version(dossier.exclusions, version, lambda line: line.id)


def retenues(dossier: DossierAssiette, version: int, lieux: Lieux) -> tuple[Retenue, ...]:
    """Return every line of a version with its volume and its source, requests accepted by its first day included.

    A line counts in the year of the assiette where its year is that one, or one of those that its category's
    ``horizon`` brings into it (plan de vente, Th. 1-2); others are kept with their own year.
    """
    lines = lines_of(dossier, version)
    means = past_means(dossier, lines, lieux)
    found = [_retenue(dossier, line, mean) for line, mean in zip(lines, means, strict=True)]
    day = dossier.version(version).effet
    return (*found, *(_accepted(dossier, demande) for demande in dossier.demandes if demande.acceptee(day)))


def past_means(dossier: DossierAssiette, lines: Sequence[Exclusion], lieux: Lieux) -> tuple[Fraction, ...]:
    """Return the yearly mean of the past attributions that belong to each line, among those of its year."""
    means = [Fraction(0)] * len(lines)
    for annee in dict.fromkeys(line.annee for line in lines):
        places = [place for place, line in enumerate(lines) if line.annee == annee]
        for found, mean in _matched(dossier, [lines[place] for place in places], lieux):
            if found is not None:
                means[places[found]] += mean
    return tuple(means)


def left_out(dossier: DossierAssiette, lines: Sequence[Exclusion], lieux: Lieux) -> Fraction:
    """Return the yearly mean of the past attributions that belong to no line."""
    return sum((mean for line, mean in _matched(dossier, lines, lieux) if line is None), Fraction(0))


def _matched(
    dossier: DossierAssiette, lines: Sequence[Exclusion], lieux: Lieux
) -> Iterator[tuple[int | None, Fraction]]:
    reglages, rattachement = dossier.reglages, Rattachement(lieux, lines)
    for past in dossier.attributions:
        if reglages.annee - reglages.annees <= past.annee < reglages.annee:
            yield rattachement.narrowest(past), Fraction(past.attributions, reglages.annees)


def _retenue(dossier: DossierAssiette, line: Exclusion, mean: Fraction) -> Retenue:
    reglages = dossier.reglages
    volume = mean if line.volume is None else line.volume
    horizon = reglages.regles.get(line.categorie, Regle()).horizon
    counted = reglages.annee <= line.annee < reglages.annee + horizon
    origine, source = _source(dossier, line)
    return Retenue(
        line.id,
        line.territoire,
        line.categorie,
        line.operation,
        line.mouvement,
        line.annee,
        volume,
        volume if counted and not followed(line, reglages) else Fraction(0),
        origine,
        source,
        line.document,
    )


def is_apart(line: Retenue, reglages: Reglages) -> bool:
    """Tell whether a line of the year is followed apart."""
    return line.annee == reglages.annee and followed(line, reglages)


def followed(line: Besoin, reglages: Reglages) -> bool:
    """Tell whether a line is followed apart and takes nothing out: a mutation from another bailleur's stock.

    R.441-5 excludes mutations inside the bailleur's own stock only; partners may agree otherwise.
    """
    mutation = (line.categorie, line.mouvement) == ("mutation", "inter_bailleurs")
    return mutation and reglages.inter_bailleurs == "suivies"


def _source(dossier: DossierAssiette, line: Exclusion) -> tuple[str, str]:
    if line.volume is None:
        reglages = dossier.reglages
        years = f"{reglages.annee - reglages.annees}–{reglages.annee - 1}"
        return MOYENNE, f"moyenne des attributions {years}, à défaut de document"
    page = f", p. {line.page}" if line.page else ""
    return DOCUMENT, f"{dossier.documents[line.document].cite}{page}"


def _accepted(dossier: DossierAssiette, demande: Demande) -> Retenue:
    source = f"extension acceptée ({demande.motif}) par {demande.decide_par} le {demande.decide_le:%d/%m/%Y}"
    return Retenue(
        demande.id,
        demande.territoire,
        demande.categorie,
        "",
        "interne",
        dossier.reglages.annee,
        demande.volume,
        demande.volume,
        DEMANDE,
        source,
        demande.document,
    )
