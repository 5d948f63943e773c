"""What the promises may name: réservataires, territories and modalities."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from allocator.domain import Reservataires, Territoires
from allocator.domain.vocabulary import DIMENSIONS, ECHELLES, FINANCEMENTS, QPV, TYPOLOGIES
from allocator.formats.cells import one_of, quote
from allocator.formats.schema import TERRITOIRES

_CLOSED: Final = {"typologie": TYPOLOGIES, "financement": FINANCEMENTS, "qpv": QPV}
"""Dimensions whose modalities are a closed list; those of the others are in territoires.csv."""


class Directory(NamedTuple):
    """Names and codes of an instance; ``None`` where the file that lists them is not known whole.

    ``reservataires`` and ``communes`` give rows, ``familles`` the family by row, ``places`` codes by scale.
    """

    reservataires: Mapping[str, int] | None
    familles: Sequence[str]
    communes: Mapping[str, int] | None
    places: Mapping[str, frozenset[str]] | None

    @classmethod
    def of(cls, reservataires: Reservataires | None, territoires: Territoires | None) -> "Directory":
        """Index the two tables."""
        holders = familles = communes = places = None
        if reservataires is not None:
            holders = {name: row for row, name in enumerate(reservataires.id)}
            familles = reservataires.famille
        if territoires is not None:
            communes = {code: row for row, code in enumerate(territoires.commune)}
            places = {scale: frozenset(getattr(territoires, scale)) for scale in ECHELLES}
        return cls(holders, familles or (), communes, places)

    def place_fault(self, text: str) -> str | None:
        """Return what is wrong with the territory of a promise, such as ``departement:93``."""
        scale, _, code = text.partition(":")
        if not code or scale not in ECHELLES:
            expected = "commune:CODE, epci:SIREN ou departement:CODE"
            return f"{quote(text)} n'est pas un territoire, attendu {expected}"
        if self.places is not None and code not in self.places[scale]:
            return f"{quote(text)} n'a aucune commune dans {TERRITOIRES.file}"
        return None

    def modality_fault(self, dimension: str, modalite: str) -> tuple[str, str] | None:
        """Return the column and what is wrong with the dimension and modality of an indicative objective."""
        names, values = dimension.split("+"), modalite.split("+")
        for name in names:
            if name not in DIMENSIONS:
                return "dimension", f"{quote(name)} inconnu, attendu {one_of(DIMENSIONS)}"
        if len(set(names)) < len(names):
            return "dimension", f"{quote(dimension)} croise une dimension avec elle-même"
        if len(names) != len(values):
            counts = f"{len(values)} modalité{'s' if len(values) > 1 else ''} au lieu de {len(names)}"
            return "modalite", f"{quote(modalite)} donne {counts}, comme dans {quote(dimension)}"
        for name, value in zip(names, values, strict=True):
            reason = self._value_fault(name, value)
            if reason:
                return "modalite", reason
        return None

    def _value_fault(self, name: str, value: str) -> str | None:
        if name in _CLOSED:
            known = value in _CLOSED[name]
            return None if known else f"{quote(value)} inconnu pour {name}, attendu {one_of(_CLOSED[name])}"
        if self.places is not None and value not in self.places[name]:
            return f"{quote(value)} inconnu pour {name}, attendu un code de {TERRITOIRES.file}"
        return None


ANYWHERE: Final = Directory(None, (), None, None)
"""A directory of which no table is known: territories are judged by their form alone."""
