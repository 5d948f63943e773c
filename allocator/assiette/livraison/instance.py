"""A programme as an instance: the same engine then allocates its first letting, and the same checker verifies it."""

import numpy as np

from allocator.assiette.livraison.programme import Programme
from allocator.domain import Conventions, Instance, Liberations
from allocator.domain.vocabulary import FINANCEMENTS, FLUX, QPV, TYPOLOGIES
from allocator.formats.csv_text import exact


def instance_of(programme: Programme) -> Instance:
    """Return the programme's dwellings as the flux of one day, the rights on it as volumes that are also soldes.

    A right is contractual, and never passed: what nobody has rights on stays with the bailleur. The dwellings kept for
    relogements are a right like any other, of the réservataire that the rules name.
    """
    rights = dict(programme.droits)
    if programme.gardes:
        rights[programme.regles.relogeur] = programme.gardes
    day = programme.livraison
    return Instance(
        nom=programme.nom,
        description=f"Première mise en location en stock, {programme.bailleur}",
        debut=day,
        fin=day,
        source=programme.source,
        territoires=programme.territoires,
        reservataires=programme.reservataires,
        conventions=_conventions(programme, rights),
        indicatifs=programme.indicatifs,
        liberations=_liberations(programme),
    )


def _conventions(programme: Programme, rights: dict[str, int]) -> Conventions:
    row = {name: place for place, name in enumerate(programme.reservataires.id)}
    count = len(rights)
    volumes = list(rights.values())
    return Conventions(
        reservataire=np.array([row[name] for name in rights], np.int32),
        territoire=(f"departement:{programme.territoires.departement[0]}",) * count,
        niveau=("territoire",) * count,
        part=np.full(count, np.nan),
        volume=np.array(volumes, np.float64),
        report=np.zeros(count),
        solde=np.array(volumes, np.int64),
    )


def _liberations(programme: Programme) -> Liberations:
    rows = programme.logements
    communes = {code: place for place, code in enumerate(programme.territoires.commune)}
    texts = {name: tuple(str(row[name] or "") for row in rows) for name in ("residence", "adresse")}
    for name in ("surface", "loyer"):
        texts[name] = tuple("" if row[name] is None else exact(float(row[name])) for row in rows)
    texts["construction"] = tuple(
        "" if row["construction"] is None else str(row["construction"]) for row in rows
    )
    return Liberations(
        id=tuple(row["logement"] for row in rows),
        date=np.full(len(rows), np.datetime64(programme.livraison, "D")),
        commune=np.array([communes[row["commune"]] for row in rows], np.int32),
        typologie=np.array([TYPOLOGIES.index(row["typologie"]) for row in rows], np.int8),
        financement=np.array([FINANCEMENTS.index(row["financement"]) for row in rows], np.int8),
        qpv=np.array([QPV.index(row["qpv"]) for row in rows], np.int8),
        statut=np.full(len(rows), FLUX, np.int8),
        complements={name: column for name, column in texts.items() if any(column)},
    )
