"""``scenarios.toml``: named scenarios, each a list of effects; every fault with its line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog
from allocator.formats.keys import Keys, open_keys
from allocator.formats.toml_document import LIMIT
from allocator.planning.projet.reading import Inputs
from allocator.planning.scenarios.effect_reader import Effect, EffectReader

FORMAT: Final = 1
BASE: Final = "base"
"""Name of the projet as it is."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named scenario: its effects are applied in order, those of the scenarios that it builds on first."""

    nom: str
    titre: str
    effects: tuple[Effect, ...]

    def of(self, inputs: Inputs) -> Inputs:
        """Return the inputs that it makes of others; raises ``EffectError`` where these do not allow it."""
        for effect in self.effects:
            inputs = effect(inputs)
        return inputs


def read_scenarios(path: Path, inputs: Inputs) -> tuple[Scenario, ...]:
    """Return the scenarios of a file, in its order.

    Raises
    ------
    BadInput
        With every fault.
    """
    log = FaultLog()
    keys = open_keys(path, LIMIT, log)
    keys.constant("format", FORMAT)
    projet = inputs.projet
    reader = EffectReader(inputs, Directory.of(projet.reservataires, projet.territoires))
    found: dict[str, Scenario] = {}
    for table in keys.tables("scenario"):
        scenario = _scenario(table, reader, found)
        if scenario.nom in (*found, BASE):
            table.fault(f"« {scenario.nom} » donné deux fois, ou réservé", "nom")
        found[scenario.nom] = scenario
    keys.refuse_others()
    log.raise_if_any()
    return tuple(found.values())


def _scenario(keys: Keys, reader: EffectReader, known: Mapping[str, Scenario]) -> Scenario:
    nom, titre = keys.text("nom"), keys.text("titre")
    built_on = keys.words("avec", tuple(known)) or ()
    own: list[Effect] = [effect for name in built_on for effect in known[name].effects]
    kinds = reader.kinds
    for kind, read in kinds.items():
        for table in keys.tables(kind, required=False):
            own.append(read(table))
            table.refuse_others()
    if not own:
        keys.fault(f"scénario sans effet, attendu un de {', '.join(kinds)}")
    keys.refuse_others()
    return Scenario(nom, titre, tuple(own))
