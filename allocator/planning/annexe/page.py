"""The annex of a réservataire's conventions, as Markdown that prints."""

from collections.abc import Iterator
from datetime import date

from allocator.ledger.conventions.version import Version
from allocator.planning.annexe.comptage import counting
from allocator.planning.annexe.definitions import DEFINITIONS
from allocator.planning.annexe.matiere import Matiere
from allocator.planning.annexe.objectifs import contractual, indicative
from allocator.planning.annexe.texte import day, place, table


def annex(matiere: Matiere, reservataire: str) -> str:
    """Return the annex of all conventions of a réservataire; the same data give the same text."""
    lines = [*_head(matiere, reservataire)]
    for number, version in enumerate(matiere.of(reservataire), start=1):
        lines += [*_convention(matiere, version, number)]
    lines += [
        *indicative(matiere, reservataire),
        *_protocole(matiere),
        *_definitions(),
        *_signatures(matiere, reservataire),
    ]
    return "\n".join(lines) + "\n"


def _nom(matiere: Matiere, reservataire: str) -> str:
    holders = matiere.instance.reservataires
    return holders.nom[holders.id.index(reservataire)]


def _head(matiere: Matiere, reservataire: str) -> Iterator[str]:
    instance = matiere.instance
    yield f"# Annexe aux conventions de réservation : {_nom(matiere, reservataire)}"
    yield ""
    yield f"- Bailleur : {matiere.bailleur}"
    yield f"- Réservataire : {_nom(matiere, reservataire)} (`{reservataire}`)"
    yield f"- Période : du {day(instance.debut)} au {day(instance.fin)}"
    yield f"- Établie le {day(matiere.jour)} ; réservations en flux (R.441-5 du CCH)"
    yield f"- Assiette de référence : {matiere.assiette.source}"
    if instance.sha256:
        yield f"- Données : {instance.nom}, empreinte `{instance.sha256[:16]}`"
    if matiere.protocole is not None:
        agreed = "" if matiere.protocole.jour == date.min else f" du {day(matiere.protocole.jour)}"
        yield f"- Protocole : {matiere.protocole.nom}{agreed}"
    yield ""


def _convention(matiere: Matiere, version: Version, number: int) -> Iterator[str]:
    yield f"## {number}. Convention sur : {place(matiere.instance, version.territoire)}"
    yield ""
    yield from contractual(matiere, version)
    yield "### Décompte"
    yield ""
    yield from counting(matiere.regles[version.objet])
    yield "### Délais et gestion"
    yield ""
    delay = "un mois" if version.delai is None else f"{version.delai} jours"
    yield f"- Délai pour proposer des candidats : {delay} à compter de l'envoi (thème 2-3). Sans candidat à"
    yield "  l'échéance, le délai est constaté et le bailleur oriente le logement vers un autre réservataire."
    if version.delegataire:
        yield f"- Gestion déléguée à {version.delegataire}, décomptée du réservataire (thème 4-3)."
    else:
        yield "- Gestion directe : le réservataire désigne lui-même ses candidats (thème 4-3)."
    yield "- " + (
        "Écart entre hors assiette prévu et réel : les objectifs sont ceux de l'assiette réelle."
        if version.ecart == "rebase"
        else "Écart entre hors assiette prévu et réel : il est reporté sur l'année suivante."
    )
    yield ""
    yield "### Dates"
    yield ""
    yield from table(
        ("prise d'effet", "à signer au plus tard", "signée le", "revoyure", "terme"),
        [tuple(map(day, (version.effet, version.limite, version.signature, version.revoyure, version.fin)))],
        texts=5,
    )
    yield ""
    holders = matiere.instance.reservataires
    etat = holders.famille[holders.id.index(version.reservataire)] == "etat"
    if version.limite is not None and not version.signed(matiere.jour) and not etat:
        yield f"Sans signature au {day(version.limite)}, ce flux va au préfet (loi ELAN, article 114)."
        yield ""
    yield from _law(matiere, version)


def _law(matiere: Matiere, version: Version) -> Iterator[str]:
    inside = set(matiere.inside(version.territoire))
    mine = [
        each
        for each in matiere.alertes
        if inside & set(matiere.inside(each.territoire)) and each.seuil != "signature"
    ]
    yield "### Seuils légaux"
    yield ""
    if not mine:
        yield f"Aucun seuil n'est franchi au {day(matiere.jour)} sur ce territoire (R.441-5 à R.441-5-4)."
    for each in mine:
        yield f"- {each.gravite} : {each.message}."
    yield ""


def _protocole(matiere: Matiere) -> Iterator[str]:
    if matiere.protocole is None:
        return
    yield "## Dérogations au protocole"
    yield ""
    if matiere.protocole.derogations:
        yield from table(
            ("réglage", "protocole", "bailleur", "motif"), matiere.protocole.derogations, texts=4
        )
    else:
        yield "Aucune : tous les réglages sont ceux du protocole."
    yield ""


def _definitions() -> Iterator[str]:
    yield "## Définitions"
    yield ""
    for term, meaning, source in DEFINITIONS:
        yield f"- **{term}** : {meaning} ({source})."
    yield ""


def _signatures(matiere: Matiere, reservataire: str) -> Iterator[str]:
    yield "## Signatures"
    yield ""
    yield from table(
        ("Pour le bailleur", "Pour le réservataire"), [(matiere.bailleur, _nom(matiere, reservataire))], 2
    )
