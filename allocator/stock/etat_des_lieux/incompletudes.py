"""What an état des lieux lacks, or says twice: told to whom it concerns, never refused."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.formats.etat_des_lieux_schema import INCOMPLETUDES
from allocator.formats.tableau import Tableau
from allocator.stock.dossier import INCONNU, Dossier, Droits, Parc
from allocator.stock.dossier.ouverts import consommes, echus, ouverts
from allocator.stock.dossier.programmes import programmes
from allocator.stock.etat_des_lieux.constats import CONSTATS, Constat

Mask = NDArray[np.bool_]

_TRAITS: Final = {
    "typologie": "typologie_inconnue",
    "financement": "financement_inconnu",
    "qpv": "qpv_inconnu",
    "surface": "surface_inconnue",
    "loyer": "loyer_inconnu",
}

_RANKS: Final = {code: rank for rank, code in enumerate(CONSTATS)}


class Incompletude(NamedTuple):
    """A finding: ``droit`` is a row of the rights, -1 for the register as a whole; ``voir`` names other rights."""

    droit: int
    constat: Constat
    texte: str
    voir: tuple[str, ...] = ()


def incompletudes(dossier: Dossier) -> tuple[Incompletude, ...]:
    """Return what is found, by right in the order of its file, the gravest first; the register comes last.

    Of a right that ended or was used nothing else is told.
    """
    found = [*_rights(dossier), *_doubles(dossier), *_programmes(dossier)]
    found.sort(key=lambda one: (one.droit, _RANKS[one.constat.code]))
    return (*found, *_register(dossier.parc))


def incompletudes_tableau(dossier: Dossier, found: tuple[Incompletude, ...]) -> Tableau:
    """Return the findings as a table, by réservataire in the order of its file."""
    droits, holders = dossier.droits, dossier.reservataires.id
    holder = [len(holders) if one.droit < 0 else int(droits.reservataire[one.droit]) for one in found]
    order = sorted(range(len(found)), key=holder.__getitem__)
    names = (*holders, "")
    return Tableau(
        INCOMPLETUDES,
        tuple(
            (
                names[holder[place]],
                droits.droit[found[place].droit] if found[place].droit >= 0 else "",
                found[place].constat.gravite,
                found[place].constat.code,
                found[place].constat.colonne,
                found[place].texte,
                found[place].constat.a_faire,
                ",".join(found[place].voir),
            )
            for place in order
        ),
    )


def _rights(dossier: Dossier) -> Iterator[Incompletude]:
    droits, live = dossier.droits, ouverts(dossier)
    suite = np.array([nature == "suite" for nature in droits.nature], bool)
    on_dwelling = droits.logement >= 0
    let = np.append(dossier.parc.en_location, True)[droits.logement]
    flaws: dict[str, Mask] = {
        "echu": echus(dossier),
        "consomme": consommes(dossier) & ~echus(dossier),
        "fin_inconnue": live & suite & np.isnat(droits.fin),
        "nombre_inconnu": live & (droits.nombre == 0),
        "origine_inconnue": live & np.array([not origine for origine in droits.origine], bool),
        "debut_inconnu": live & np.isnat(droits.debut),
        "a_venir": live & (droits.debut > np.datetime64(dossier.date, "D")),
        "utilise_sans_objet": live & suite & droits.utilise,
        "hors_location": live & on_dwelling & ~let,
    }
    flaws |= {code: live & _unknown(droits, name) for name, code in _TRAITS.items()}
    for code, mask in flaws.items():
        for row in np.flatnonzero(mask).tolist():
            yield _finding(row, code)


def _doubles(dossier: Dossier) -> Iterator[Incompletude]:
    """Yield the open rights on dwellings that another one reserves at the same time."""
    droits = dossier.droits
    rows = np.flatnonzero(ouverts(dossier) & (droits.logement >= 0))
    shared = np.flatnonzero(np.bincount(droits.logement[rows], minlength=len(dossier.parc)) > 1)
    groups: dict[int, list[int]] = {}
    for row in rows[np.isin(droits.logement[rows], shared)].tolist():
        groups.setdefault(int(droits.logement[row]), []).append(row)
    others: dict[int, list[str]] = {}
    for group in groups.values():
        for one, two in combinations(group, 2):
            if _overlap(droits, one, two):
                others.setdefault(one, []).append(droits.droit[two])
                others.setdefault(two, []).append(droits.droit[one])
    for row, names in others.items():
        yield _finding(row, "double", voir=tuple(names))


def _overlap(droits: Droits, one: int, two: int) -> bool:
    """Tell whether two rights have a day in common; a day that is not known is any."""
    # NaT compares false with everything
    return not (droits.fin[one] < droits.debut[two] or droits.fin[two] < droits.debut[one])


def _programmes(dossier: Dossier) -> Iterator[Incompletude]:
    """Yield the open rights on programmes that the register does not have, or that reserve more than there is."""
    droits, parc = dossier.droits, dossier.parc
    live = ouverts(dossier)
    on_programme = live & (droits.logement < 0)
    programme = programmes(parc, droits.commune, droits.residence)
    of_dwelling = programmes(parc, parc.commune, parc.residence)
    count = int(of_dwelling.max(initial=-1)) + 1
    size = np.bincount(of_dwelling[of_dwelling >= 0], minlength=count)
    # a right on a dwelling of the programme takes one of them, whoever else has that dwelling
    inside = np.where(droits.logement >= 0, np.append(of_dwelling, -1)[droits.logement], programme)
    named = np.unique(droits.logement[live & (droits.logement >= 0)])
    reserved = np.bincount(of_dwelling[named][of_dwelling[named] >= 0], minlength=count)
    known = np.flatnonzero(on_programme & (programme >= 0))
    np.add.at(reserved, programme[known], droits.nombre[known])
    for row in np.flatnonzero(on_programme & (programme < 0)).tolist():
        yield _finding(row, "programme_inconnu")
    for row in known.tolist():
        place = int(programme[row])
        if droits.nombre[row] > size[place]:
            yield _finding(row, "nombre_excessif", int(droits.nombre[row]), int(size[place]))
        elif reserved[place] > size[place]:
            mates = np.flatnonzero(live & (inside == place)).tolist()
            yield _finding(
                row,
                "programme_surreserve",
                int(reserved[place]),
                int(size[place]),
                tuple(droits.droit[mate] for mate in mates if mate != row),
            )


def _register(parc: Parc) -> Iterator[Incompletude]:
    for name in _TRAITS:
        missing = int(_unknown(parc, name).sum())
        if missing:
            yield _finding(-1, "parc_incomplet", missing, name)
    undated = int((parc.construction == 0).sum())
    if undated:
        yield _finding(-1, "parc_incomplet", undated, "année de construction")


def _unknown(table: Parc | Droits, name: str) -> Mask:
    values = getattr(table, name)
    unknown: Mask = np.isnan(values) if values.dtype.kind == "f" else values == INCONNU
    return unknown


def _finding(row: int, code: str, n: int = 0, m: int | str = 0, voir: tuple[str, ...] = ()) -> Incompletude:
    constat = CONSTATS[code]
    return Incompletude(row, constat, constat.texte.format(n=n, m=m), voir)
