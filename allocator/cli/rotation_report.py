"""A diagnosis of rotation as people read it: a table in a terminal, and a chart."""

from collections.abc import Sequence
from typing import Final

from allocator.charts import Axis, Chart, Dots, Heading, dots
from allocator.cli.text_table import figure, text_table
from allocator.stock.dossier import Dossier
from allocator.stock.rotation.diagnostic import Diagnostic, Niveau
from allocator.stock.rotation.tableaux import TOUT, segment_text

_MOTS: Final = {("qpv", "oui"): "QPV", ("qpv", "non"): "hors QPV", ("famille", "aucune"): "sans droit"}
_UNITES: Final = {"surface": " m²", "loyer": " €/m²"}


def rotation_page(dossiers: Sequence[Dossier], found: Diagnostic) -> str:
    """Return the rates of every level as people read them, and the raw rates of each year beside them."""
    last, first = found.annees[0], found.annees[-1]
    names = ", ".join(dossier.bailleur for dossier in dossiers)
    head = (
        f"{names} — rotation du {first.debut:%d/%m/%Y} au {last.fin:%d/%m/%Y}\n"
        "Taux : relocations par an pour cent logements en location. poids : celui du taux brut, le reste "
        "est le taux du segment parent. 90 % : le vrai taux est entre les deux neuf fois sur dix."
    )
    header = [
        "segment",
        "logements",
        "relocations",
        "années",
        "brut %",
        "poids",
        "taux %",
        "90 %",
        *(f"{annee.fin:%d/%m/%Y}" for annee in found.annees),
    ]
    rows = [header]
    for niveau in found.niveaux:
        for row in range(len(niveau)):
            seen, time = float(niveau.relocations[row].sum()), float(niveau.temps[row].sum())
            rates = niveau.rates
            low, high = (figure(100.0 * float(bound[row]), 1) for bound in (rates.bas, rates.haut))
            rows.append(
                [
                    segment_text(niveau, row),
                    figure(float(niveau.parc[row, 0])),
                    figure(seen),
                    figure(time),
                    _rate(seen, time),
                    figure(float(rates.poids[row]), 2),
                    figure(100.0 * float(rates.taux[row]), 2),
                    f"{low} – {high}",
                    *(
                        _rate(float(niveau.relocations[row, year]), float(niveau.temps[row, year]))
                        for year in range(len(found.annees))
                    ),
                ]
            )
    page = f"{head}\n\n{text_table(rows, 1)}"
    if found.ecartees:
        why = "logement hors location à ce jour, ou pas encore entré"
        page += f"\n\nRelocations laissées de côté ({why}) : {found.ecartees}."
    return page


def _label(niveau: Niveau, row: int) -> str:
    """Return a segment as a chart names it: « 93 · T3 · hors QPV »."""
    pairs = zip(niveau.dimensions, niveau.modalites[row], strict=True)
    words = (_MOTS.get((name, word), f"{word}{_UNITES.get(name, '')}") for name, word in pairs)
    return " · ".join(words) or TOUT


def _rate(relocations: float, temps: float) -> str:
    return figure(100.0 * relocations / temps if temps > 0 else None, 2)


def rotation_chart(dossiers: Sequence[Dossier], found: Diagnostic) -> Chart:
    """Return the rates of the narrowest segments with their intervals, and the raw ones beside them."""
    last, first = found.annees[0], found.annees[-1]
    niveau = found.niveaux[-1]
    labels = [_label(niveau, row) for row in range(len(niveau))]
    rates, time = niveau.rates, niveau.temps.sum(axis=1)
    raw = [
        100.0 * seen / years if years > 0 else float("nan")
        for seen, years in zip(niveau.relocations.sum(axis=1).tolist(), time.tolist(), strict=True)
    ]
    none = [float("nan")] * len(labels)
    heading = Heading(
        "Taux de rotation par segment",
        f"{', '.join(dossier.bailleur for dossier in dossiers)}, du {first.debut:%d/%m/%Y} au {last.fin:%d/%m/%Y} ; "
        "trait : intervalle à 90 %",
        ", ".join(dossier.source for dossier in dossiers if dossier.source),
    )
    return dots(
        heading,
        Axis("Relocations par logement en location et par an", "%"),
        [
            Dots("taux rapproché", labels, 100.0 * rates.taux, 100.0 * rates.bas, 100.0 * rates.haut),
            Dots("taux brut", labels, raw, none, none),
        ],
    )
