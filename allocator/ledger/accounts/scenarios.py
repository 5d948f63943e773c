"""Rules to count the same journal by, side by side: a mode in place of those agreed, a variant, or a file (Th. 2-2)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from allocator.domain.vocabulary import MODES_DE_COMPTAGE
from allocator.formats.cells import CellError, one_of, read_date
from allocator.formats.faults import BadInput, Fault
from allocator.ledger.accounts.livre import Livre
from allocator.ledger.accounts.regle_reader import read_regle
from allocator.ledger.accounts.regles import Regle, RegleDatee, for_objet, variante

Scenario = tuple[Sequence[RegleDatee], Regle]
"""The dated rules, and the one before the first of them."""

CONVENU: Final = "convention"
"""Name of what was agreed, which all others are set beside."""

_VARIANTES: Final = {"A": "propositions", "B": "attributions"}


def scenarios(livre: Livre, jour: date, asked: Sequence[str]) -> Mapping[str, Scenario]:
    """Return what was agreed, and the rules asked for beside it, by name.

    Parameters
    ----------
    livre
        The book, with the rules agreed.
    jour
        The day of the accounts.
    asked
        A mode of counting, which replaces those of all rules agreed; a variant and its clause de revoyure, as
        ``A:2026-01-01``; or the path of a file of rules.

    Raises
    ------
    BadInput
        With every word that is none of these, and every fault of a file.
    """
    found: dict[str, Scenario] = {CONVENU: (livre.regles, livre.defaut)}
    for word in asked:
        found[word] = _scenario(livre, jour, word)
    return found


def _scenario(livre: Livre, jour: date, word: str) -> Scenario:
    if word in MODES_DE_COMPTAGE:
        dated = tuple(replace(each, regle=_in_mode(each.regle, word)) for each in livre.regles)
        return dated, _in_mode(livre.defaut, word)
    name, _, revoyure = word.partition(":")
    if name in _VARIANTES and revoyure:
        debut = livre.exercice.instance.debut
        general = [each for each in for_objet(livre.regles, "") if each.effet <= jour]
        regle = general[-1].regle if general else livre.defaut
        steps = variante("A" if name == "A" else "B", debut, _day(revoyure), "", regle)
        return steps, _in_mode(regle, _VARIANTES[name])
    if Path(word).is_file():
        return (), read_regle(Path(word), livre.defaut)
    expected = one_of([*MODES_DE_COMPTAGE, "A:AAAA-MM-JJ", "B:AAAA-MM-JJ", "un fichier de règles"])
    raise BadInput([Fault("--comparer", None, None, f"« {word} » inconnu, attendu {expected}")])


def _day(text: str) -> date:
    try:
        return read_date(text)
    except CellError as error:
        raise BadInput([Fault("--comparer", None, None, str(error))]) from error


def _in_mode(regle: Regle, mode: str) -> Regle:
    return replace(regle, comptage=replace(regle.comptage, mode=mode))
