"""What people should see before they agree: sources that do not fit, revoyures gone by, figures without a line."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from allocator.assiette.calcul.plafond import Depassement
from allocator.assiette.calcul.retenues import Retenue, left_out, lines_of
from allocator.assiette.dossier.reglages import Regle
from allocator.assiette.dossier.valeurs import DossierAssiette
from allocator.assiette.lieux import Lieux
from allocator.domain.french import short


def notices(  # noqa: PLR0913, PLR0917 (all that a version is made of)
    dossier: DossierAssiette,
    version: int,
    lines: Sequence[Retenue],
    excess: Sequence[tuple[Retenue, Fraction]],
    depassement: Depassement | None,
    lieux: Lieux,
) -> tuple[str, ...]:
    """Return, in French, what is allowed and should be seen."""
    return (
        *_sources(dossier, lines),
        *_excess(excess),
        *([] if depassement is None else [f"plafond dépassé : {depassement}"]),
        *_left_out(dossier, version, lieux),
        *_waiting(dossier, dossier.version(version).effet),
    )


def _sources(dossier: DossierAssiette, lines: Sequence[Retenue]) -> Iterator[str]:
    for line in lines:
        document = dossier.documents.get(line.document)
        if document is None:
            continue
        regle = dossier.reglages.regles.get(line.categorie, Regle())
        if regle.documents is not None and document.type not in regle.documents:
            yield (
                f"{line.id} : « {document.titre} » ({document.type}) n'est pas de ceux qu'attend la catégorie "
                f"{line.categorie} ({', '.join(regle.documents)})"
            )
        if regle.revoyure and document.revoyure is None:
            yield f"{line.id} : « {document.titre} » n'a pas de clause de revoyure"


def overdue(dossier: DossierAssiette, version: int, day: date) -> tuple[str, ...]:
    """Return which documents of a version were to be seen again by a day, and have not been since."""
    effet = dossier.version(version).effet
    quoted = dict.fromkeys(line.document for line in lines_of(dossier, version) if line.document)
    return tuple(
        f"« {document.titre} » est à revoir depuis le {document.revoyure:%d/%m/%Y}"
        for document in map(dossier.documents.__getitem__, quoted)
        if document.revoyure is not None and effet < document.revoyure <= day
    )


def _excess(excess: Sequence[tuple[Retenue, Fraction]]) -> Iterator[str]:
    for line, number in excess:
        yield (
            f"{line.id} : {shown(number)} logement(s) de plus que ce qui est attendu en {line.territoire}, "
            "non déduits"
        )


def _left_out(dossier: DossierAssiette, version: int, lieux: Lieux) -> Iterator[str]:
    lines = [line for line in lines_of(dossier, version) if line.annee == dossier.reglages.annee]
    mean = left_out(dossier, lines, lieux)
    if mean:
        yield f"{shown(mean)} attribution(s) hors assiette par an, en moyenne, n'ont aucune ligne cette année"


def _waiting(dossier: DossierAssiette, day: date) -> Iterator[str]:
    for demande in dossier.demandes:
        if not demande.acceptee(day):
            state = (
                "refusée"
                if demande.decision == "refusee"
                else "en attente"
                if demande.decide_le is None
                else f"acceptée le {demande.decide_le:%d/%m/%Y}, après l'effet de cette version"
            )
            yield f"demande {demande.id} ({demande.motif}) : {shown(demande.volume)} logement(s) non déduits, {state}"


def shown(number: Fraction) -> str:
    """Return a number of dwellings as French writes it, two decimals at most."""
    return short(float(number))
