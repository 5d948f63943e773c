"""The first letting in tables, and as a page for the commission."""

from collections.abc import Sequence
from fractions import Fraction

from allocator.assiette.annonces.document import cell
from allocator.assiette.livraison.programme import Programme
from allocator.domain import Solution
from allocator.domain.french import short
from allocator.domain.vocabulary import TYPOLOGIES
from allocator.formats.livraison_schema import ENTREE_PARC, PEUPLEMENT
from allocator.formats.projet_schema import LIVRAISONS
from allocator.formats.tableau import Tableau, Value


def recipients(programme: Programme, solution: Solution) -> tuple[str, ...]:
    """Return who receives each dwelling, ``""`` for the bailleur."""
    # the bailleur's -1 picks the last name, the empty one
    names = (*programme.reservataires.id, "")
    return tuple(names[holder] for holder in solution.orientation.tolist())


def peuplement(programme: Programme, holders: Sequence[str]) -> Tableau:
    """Return the dwellings by réservataire and typologie, in the order of ``reservataires.csv``."""
    lists: dict[tuple[str, str], list[str]] = {}
    for row, holder in zip(programme.logements, holders, strict=True):
        lists.setdefault((holder, row["typologie"]), []).append(row["logement"])
    order = (*programme.reservataires.id, "")
    keys = sorted(lists, key=lambda key: (order.index(key[0]), TYPOLOGIES.index(key[1])))
    return Tableau(PEUPLEMENT, tuple((*key, len(lists[key]), " ".join(lists[key])) for key in keys))


def entree_parc(programme: Programme, holders: Sequence[str]) -> Tableau:
    """Return the dwellings in the columns of ``parc.csv``, with who houses first and whether they enter the flux."""
    names = [column.name for column in ENTREE_PARC.columns[:9]]
    rows: list[tuple[Value, ...]] = []
    for row, holder in zip(programme.logements, holders, strict=True):
        cells = (_value(row[name]) for name in names)
        flux = "non" if holder in programme.en_stock else "oui"
        rows.append((*cells, "oui", holder, programme.livraison.isoformat(), flux))
    return Tableau(ENTREE_PARC, tuple(rows))


def _value(value: Value | Fraction) -> Value:
    return float(value) if isinstance(value, Fraction) else value


def livraisons(programme: Programme, holders: Sequence[str]) -> Tableau:
    """Return the dwellings that will enter the flux, counted by class, as a projet reads them."""
    names = ("commune", "typologie", "financement", "qpv")
    counts: dict[tuple[str, ...], int] = {}
    for row, holder in zip(programme.logements, holders, strict=True):
        if holder not in programme.en_stock:
            key = tuple(row[name] for name in names)
            counts[key] = counts.get(key, 0) + 1
    day = programme.livraison.isoformat()
    return Tableau(LIVRAISONS, tuple((programme.nom, *key, counts[key], day, None) for key in sorted(counts)))


def page(programme: Programme, holders: Sequence[str]) -> str:
    """Return the page for the commission: who receives what, then every dwelling."""
    regles = programme.regles
    body = regles.commission if programme.en_commission else regles.sinon
    there = len(programme.logements)
    return "\n".join(
        [
            f"# {programme.nom} : première mise en location",
            "",
            f"{programme.bailleur}, livraison du {programme.livraison:%d/%m/%Y} : {short(there)} logements, répartis "
            "en stock ; ils entrent dans le flux à leur première libération.",
            "",
            f"Instance : **{body}** ({short(regles.seuil)} logements et plus : {regles.commission}).",
            "",
            f"Gardés pour les relogements : {short(programme.gardes)} ({short(float(regles.relogements))} %).",
            "",
            "## Réservataires et typologies",
            "",
            *_matrix(programme, holders),
            "",
            "## Logement par logement",
            "",
            *_list(programme, holders),
            "",
        ]
    )


def _matrix(programme: Programme, holders: Sequence[str]) -> list[str]:
    known = [kind for kind in TYPOLOGIES if any(row["typologie"] == kind for row in programme.logements)]
    names = dict(zip(programme.reservataires.id, programme.reservataires.nom, strict=True)) | {"": "Bailleur"}
    rights = dict(programme.droits) | (
        {programme.regles.relogeur: programme.gardes} if programme.gardes else {}
    )
    lines = [
        f"| réservataire | droits | {' | '.join(known)} | total |",
        f"|---|---:|{'---:|' * (len(known) + 1)}",
    ]
    for holder, name in names.items():
        kinds = [
            row["typologie"]
            for row, given in zip(programme.logements, holders, strict=True)
            if given == holder
        ]
        if kinds or holder in rights:
            counts = " | ".join(str(kinds.count(kind)) for kind in known)
            lines.append(f"| {cell(name)} | {rights.get(holder, '—')} | {counts} | {len(kinds)} |")
    whole = [row["typologie"] for row in programme.logements]
    counts = " | ".join(str(whole.count(kind)) for kind in known)
    return [*lines, f"| **Programme** | {sum(rights.values())} | {counts} | {len(whole)} |"]


def _list(programme: Programme, holders: Sequence[str]) -> list[str]:
    names = dict(zip(programme.reservataires.id, programme.reservataires.nom, strict=True)) | {"": "Bailleur"}
    columns = ("logement", "typologie", "financement", "surface", "loyer", "adresse")
    lines = [f"| {' | '.join(columns)} | réservataire |", "|---|---|---|---:|---:|---|---|"]
    for row, holder in zip(programme.logements, holders, strict=True):
        values = [cell(_value(row[name])) for name in columns]
        lines.append(f"| {' | '.join(values)} | {cell(names[holder])} |")
    return lines
