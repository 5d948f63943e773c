"""One convention for a bailleur, a réservataire and a département, and none beyond its territory (R.441-5, -5-3)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from allocator.domain import Instance
from allocator.formats.cells import quote
from allocator.formats.directory import Directory
from allocator.formats.faults import BadInput, Fault
from allocator.ledger.conventions.version import ARRETE, Version

PLACE: Final = "conventions"
"""What stands for a file in messages."""

ECHELLE: Final[Mapping[str, str]] = MappingProxyType({"commune": "commune", "epci": "epci"})
"""Scale of the conventions of a famille; ``departement`` for all others."""

VILLES: Final = frozenset({"departement:75"})
"""Départements that are the own territory of a commune: the Ville de Paris (R.441-5-3)."""

_SEULE: Final = MappingProxyType(
    {
        "commune": "une commune a une convention par commune (R.441-5-3)",
        "epci": "un EPCI ou un EPT a une convention sur son territoire (R.441-5-3)",
        "departement": "une seule convention par bailleur, réservataire et département (R.441-5)",
    }
)


def refuse_faults(versions: Sequence[Version], instance: Instance) -> None:
    """Refuse versions that cannot stand together in one bailleur's journal.

    Raises
    ------
    BadInput
        With every fault: an unknown réservataire or territory; a convention that is not by département where it
        has to be, or not on the own territory of a commune, an EPCI or an EPT; a promise outside its
        convention's territory, or given twice; two versions of one convention from the same day; an arrêté for
        another than the État.
    """
    found = [*_twice(versions)]
    directory = Directory.of(instance.reservataires, instance.territoires)
    for version in versions:
        found += [
            Fault(PLACE, None, version.objet, message) for message in _faults(version, directory, instance)
        ]
    if found:
        raise BadInput(found)


def _twice(versions: Sequence[Version]) -> Iterator[Fault]:
    days: defaultdict[str, set[date]] = defaultdict(set)
    for version in versions:
        if version.effet in days[version.objet]:
            message = f"deux versions prennent effet le {version.effet}"
            yield Fault(PLACE, None, version.objet, message)
        days[version.objet].add(version.effet)


def _faults(version: Version, directory: Directory, instance: Instance) -> Iterator[str]:
    row = (directory.reservataires or {}).get(version.reservataire)
    if row is None:
        yield f"réservataire {quote(version.reservataire)} inconnu"
        return
    famille = directory.familles[row]
    expected = ECHELLE.get(famille, "departement")
    own = famille == "commune" and version.territoire in VILLES
    if not own and version.territoire.partition(":")[0] != expected:
        yield f"{quote(version.territoire)} n'est pas une échelle {expected} : {_SEULE[expected]}"
    if version.acte == ARRETE and famille != "etat":
        yield "un arrêté du préfet ne tient lieu de convention qu'à l'État (R.441-5-2, IV)"
    if version.agents and famille != "etat":
        yield "agents ne se dit que de la convention de l'État (R.441-5-2, I)"
    wrong = {place: directory.place_fault(place) for place in (version.territoire, *_places(version))}
    yield from (fault for fault in wrong.values() if fault)
    if not any(wrong.values()):
        yield from _beyond(version, instance)
    given = _places(version)
    yield from (f"{quote(place)} donné deux fois" for place in dict.fromkeys(given) if given.count(place) > 1)


def _beyond(version: Version, instance: Instance) -> Iterator[str]:
    for ligne in version.lignes:
        inside = ligne.territoire == version.territoire or (
            communes(instance, ligne.territoire) <= communes(instance, version.territoire)
        )
        if not inside:
            yield f"{quote(ligne.territoire)} dépasse le territoire de la convention"


def communes(instance: Instance, territoire: str) -> frozenset[int]:
    """Return the rows of the communes of a territory such as ``departement:93``."""
    echelle, _, code = territoire.partition(":")
    column = getattr(instance.territoires, echelle)
    return frozenset(row for row, name in enumerate(column) if name == code)


def _places(version: Version) -> list[str]:
    return [ligne.territoire for ligne in version.lignes]
