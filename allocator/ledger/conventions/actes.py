"""The acts of a journal to what accounts are made of: versions, rules, and the balances that a year begins with."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from allocator.ledger.accounts.regle_reader import regle_of_contenu
from allocator.ledger.accounts.regles import Regle, RegleDatee
from allocator.ledger.conventions.exercice import Solde
from allocator.ledger.conventions.version import Version, regles_datees
from allocator.ledger.conventions.version_reader import version_of_contenu
from allocator.ledger.events.fold import Acte


def versions_of(actes: Sequence[Acte], defaut: Regle) -> tuple[Version, ...]:
    """Return the versions of all conventions, in the order of their recording.

    A ``signature`` signs, on the day that it took effect, the last version of its convention recorded before it.
    A later event about the same convention from the same day stands in for the earlier one, and its signature stays.

    Raises
    ------
    BadInput
        If the contents of one are no convention.
    """
    found: dict[tuple[str, str], Version] = {}
    last: dict[str, tuple[str, str]] = {}
    for acte in sorted(actes, key=lambda acte: acte.rang):
        if acte.nature == "convention":
            place = f"convention {acte.objet} (événement {acte.rang})"
            version = version_of_contenu(acte.contenu, date.fromisoformat(acte.effet), defaut, place)
            last[acte.objet] = (acte.objet, acte.effet)
            before = found.pop(last[acte.objet], None)
            if before is not None and version.signature is None:
                version = replace(version, signature=before.signature)
            found[last[acte.objet]] = version
        elif acte.nature == "signature" and acte.objet in last:
            key = last[acte.objet]
            found[key] = replace(found[key], signature=date.fromisoformat(acte.effet))
    return tuple(found.values())


def regles_of(actes: Sequence[Acte], versions: Sequence[Version], defaut: Regle) -> tuple[RegleDatee, ...]:
    """Return the dated rules: those that versions bring, and those of ``regle`` events, the last word of a day.

    Raises
    ------
    BadInput
        If the contents of one are no rule.
    """
    found = {(regle.objet, regle.effet): regle for regle in regles_datees(versions)}
    for acte in sorted(actes, key=lambda acte: acte.rang):
        if acte.nature == "regle":
            place = f"règle {acte.objet or 'générale'} (événement {acte.rang})"
            effet = date.fromisoformat(acte.effet)
            regle = regle_of_contenu(acte.contenu, defaut, place)
            found[acte.objet, effet] = RegleDatee(effet, acte.objet, regle)
    return tuple(found.values())


def soldes_of(actes: Sequence[Acte], annee: int) -> dict[tuple[str, str], Solde]:
    """Return the balances with which a year begins: those of the last ``cloture`` of the year before it."""
    closings = [acte for acte in actes if acte.nature == "cloture" and acte.contenu["annee"] == annee - 1]
    if not closings:
        return {}
    lignes = max(closings, key=lambda acte: acte.rang).contenu.get("lignes", ())
    return {
        (ligne["reservataire"], ligne["territoire"]): Solde(ligne["report"], ligne["droits"])
        for ligne in lignes
    }
