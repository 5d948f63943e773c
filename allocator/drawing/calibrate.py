"""Rebuild the table of public figures from the public files: for maintainers, not for users.

``python -m allocator.drawing.calibrate FOLDER`` reads the extracts named in ``figures/README.md`` and writes
``communes.csv``, ``epci.csv`` and ``structure.csv`` beside that page.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

PARIS: Final = "75056"
PERIODES: Final = ("<=1948", "1949-1975", "1976-1990", "1991-2000", "2001-2010", "2011-2019")
LISSAGE: Final = 50
"""Attributions at the département's tension that steady a commune's own figure."""

FIGURES: Final = Path(__file__).parent / "figures"

Row = dict[str, str]


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(name: str, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with (FIGURES / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _number(text: str) -> float:
    return float(text or 0)


def _territory(row: Row) -> str:
    return row["ept_siren"] or row["epci_siren"]


def tensions(demands: list[Row], profiles: list[Row]) -> dict[str, float]:
    """Return demands per attribution by commune, steadied by its département, and by département."""
    by_departement = {row["departement"]: _number(row["tension"]) for row in profiles}
    tension = dict(by_departement)
    for row in demands:
        if row["attributions_2025"]:
            mean = by_departement[row["departement"]]
            demanded = _number(row["demandes_2025"]) + LISSAGE * mean
            tension[row["code_insee"]] = demanded / (_number(row["attributions_2025"]) + LISSAGE)
    return tension


def communes(stock: list[Row], tension: dict[str, float]) -> list[tuple[object, ...]]:
    """Return one row a commune with social housing; Paris by arrondissement."""
    paris = next(row for row in stock if row["code_insee"] == PARIS)
    scale = _number(paris["part_qpv_2019"]) / _number(paris["part_qpv_2024_est"])
    rows: list[tuple[object, ...]] = []
    for row in stock:
        if not _number(row["nb_ls"]) or row["code_insee"] == PARIS:
            continue
        arrondissement = row["type"] == "arrondissement-municipal"
        qpv = _number(row["part_qpv_2024_est"]) * scale if arrondissement else _number(row["part_qpv_2019"])
        rows.append(
            (
                row["code_insee"],
                row["nom"],
                row["departement"],
                _territory(row),
                row["zone_abc_2025"] or row["zone_abc_2022"],
                int(_number(row["nb_ls"])),
                row["tx_rotation"],
                int(_number(row["mises_en_service_2023"])),
                row["loyer_m2"],
                f"{tension.get(row['code_insee'], tension[row['departement']]):.1f}",
                f"{qpv:.4f}",
            )
        )
    return sorted(rows, key=lambda row: str(row[0]))


def structure(joint: list[Row]) -> list[tuple[object, ...]]:
    """Return the joint counts: one row a commune, size and side of the QPV, one column a period."""
    counts: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for row in joint:
        key = row["code_insee"], row["nbpiece"].rstrip("+"), "oui" if row["qpv"] == "1" else "non"
        counts[key][row["periode"]] = row["nb_logements"]
    return [(*key, *(counts[key].get(periode, "") for periode in PERIODES)) for key in sorted(counts)]


def main(folder: Path) -> None:
    """Write the three files of the table."""
    stock = _read(folder / "logements_sociaux_idf.csv")
    tension = tensions(
        _read(folder / "demandes_attributions_2025_communes.csv"),
        _read(folder / "profil_departements_idf.csv"),
    )
    rows = communes(stock, tension)
    columns = "commune nom departement epci zone stock rotation neuf loyer_m2 tension part_qpv"
    _write("communes.csv", tuple(columns.split()), rows)
    names = {_territory(row): row["ept_nom"] or row["epci_nom"] for row in _read(folder / "communes_idf.csv")}
    sirens = sorted({str(row[3]) for row in rows})
    _write("epci.csv", ("siren", "nom"), ((siren, names[siren]) for siren in sirens))
    joint = _read(folder / "rpls2019_commune_pieces_qpv_periode_idf.csv")
    _write("structure.csv", ("commune", "pieces", "qpv", *PERIODES), structure(joint))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
