"""A conversion in a terminal."""

from allocator.cli.text_table import figure, text_table
from allocator.stock.conversion.etude import Etude
from allocator.stock.conversion.tableaux import conversion_rows


def convert_page(etude: Etude) -> str:
    """Return a summary: the choices side by side, then what follows from the first."""
    lots, flux = etude.lots, etude.flux
    rows = list(conversion_rows(etude))
    names = [conversion.choix.nom for conversion in etude.conversions]
    by_choice = {name: [row for row in rows if row[0] == name] for name in names}
    first = by_choice[names[0]]
    beside = [
        [str(row[1]), *(figure(by_choice[name][place][7]) for name in names)]
        for place, row in enumerate(first)
    ]
    totals = ["total", *(figure(sum(conversion.droits)) for conversion in etude.conversions)]
    detail = [
        [
            str(row[1]),
            *(figure(row[place], 2) for place in (2, 3, 4, 5, 7, 9, 10, 12)),
            "—" if row[13] is None else str(row[13]),
        ]
        for row in first
    ]
    header = ["réservataire", "suites", "simples", "années", "taux %", "droits", "part %", "par an", "durée"]
    nobody = f"{figure(flux.bailleur)} au bailleur ou non réservés"
    return "\n\n".join(
        [
            f"{etude.dossier.bailleur} — droits au {lots.jour:%d/%m/%Y}, {figure(lots.parc)} logements, "
            f"assiette de {figure(float(flux.assiette), 2)} logements par an",
            "Droits uniques selon le choix de taux",
            text_table([["réservataire", *names], *beside, totals], 1),
            f"Avec « {names[0]} »",
            text_table([[*header, "épuisement"], *detail], 1),
            f"Par an : {figure(sum(flux.entier))} promis, {nobody} ; "
            f"agents civils et militaires : {flux.agents} au plus.",
        ]
    )
