"""The objectives of a réservataire: what binds, with what each number is a share of, and what only guides."""

from collections.abc import Iterator

from allocator.ledger.conventions.version import Ligne, Version
from allocator.planning.annexe.matiere import Matiere
from allocator.planning.annexe.texte import day, dwellings, number, percent, place, table

PAR_COMMUNE = "commune"


def contractual(matiere: Matiere, version: Version) -> Iterator[str]:
    """Yield the promises of a convention: each share with its assiette, and the dwellings of a year."""
    year = matiere.instance.debut.year
    yield "### Objectifs contractuels"
    yield ""
    rows = [_promise(matiere, version, ligne) for ligne in version.lignes]
    header = (
        "territoire",
        "quota",
        "promesse",
        f"assiette {year}",
        f"dû en {year}",
        "report",
        "droits restants",
    )
    yield from table(header, rows, texts=3)
    yield ""
    yield f"« Assiette » : {matiere.assiette.source}."
    yield f"« Dû » : promesse × assiette, au {day(matiere.jour)}, hors report."
    yield ""
    if version.agents:
        yield f"Dont {number(version.agents)} points pour les agents civils et militaires de l'État (R.441-5-2, I)."
        yield ""
    if version.garantie:
        yield f"Dont {number(version.garantie)} points nés d'une garantie d'emprunt."
        yield ""
    for ligne in version.lignes:
        if matiere.niveau(version, ligne) == PAR_COMMUNE and not ligne.territoire.startswith("commune:"):
            yield from _by_commune(matiere, ligne)


def _promise(matiere: Matiere, version: Version, ligne: Ligne) -> tuple[str, ...]:
    report, droits = matiere.solde(version, ligne)
    by_commune = matiere.niveau(version, ligne) == PAR_COMMUNE
    promised = (
        f"{number(ligne.volume)} logements par an" if ligne.volume is not None else percent(ligne.part or 0.0)
    )
    return (
        place(matiere.instance, ligne.territoire),
        "dans chaque commune" if by_commune else "sur le territoire",
        promised,
        dwellings(matiere.released(ligne.territoire)),
        dwellings(matiere.due(ligne)),
        number(report),
        "sans borne" if droits is None else number(droits),
    )


def _by_commune(matiere: Matiere, ligne: Ligne) -> Iterator[str]:
    """Yield what a quota by commune is worth in each of those where something is expected (Th. 2-1)."""
    territoires, expected = matiere.instance.territoires, matiere.assiette.logements
    inside = [row for row in matiere.inside(ligne.territoire) if expected[row] > 0]
    whole, due = matiere.released(ligne.territoire), matiere.due(ligne)
    rows = [
        (
            f"{territoires.nom[row]} ({territoires.commune[row]})",
            number(float(expected[row])),
            number(due * float(expected[row]) / whole),
        )
        for row in inside
    ]
    yield f"Par commune ({place(matiere.instance, ligne.territoire)}) :"
    yield ""
    yield from table(("commune", "assiette", "dû"), [*rows, ("ensemble", number(whole), number(due))])
    yield ""


def indicative(matiere: Matiere, reservataire: str) -> Iterator[str]:
    """Yield the wishes of a réservataire, as a share of what it is owed."""
    wishes, ids = matiere.instance.indicatifs, matiere.instance.reservataires.id
    mine = [row for row, holder in enumerate(wishes.reservataire.tolist()) if ids[holder] == reservataire]
    if not mine:
        return
    owed = sum(
        max(0.0, matiere.due(ligne) + matiere.solde(version, ligne)[0])
        for version in matiere.of(reservataire)
        for ligne in version.lignes
    )
    yield "## Objectifs indicatifs"
    yield ""
    yield (
        "Ils éclairent l'orientation et n'engagent pas (thème 2-1). Chaque part se rapporte à ce qui est dû sur "
        f"l'année, tous territoires réunis et reports compris : {dwellings(owed)} au {day(matiere.jour)}."
    )
    yield ""
    rows = [
        (
            wishes.dimension[row],
            wishes.modalite[row],
            percent(float(wishes.part[row])),
            number(owed * float(wishes.part[row]) / 100.0),
        )
        for row in mine
    ]
    yield from table(("dimension", "modalité", "part du dû", "logements"), rows, texts=2)
    yield ""
