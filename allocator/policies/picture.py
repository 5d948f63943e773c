"""A picture of planned against realised: what each famille was owed and received along the year.

Drawn with matplotlib, which is imported only here and only when a picture is asked for (extra ``images``).
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, TextIO

import numpy as np
from numpy.typing import NDArray

from allocator.domain import Instance
from allocator.domain.vocabulary import CONTRACTUEL, FAMILLES, TOTAL
from allocator.formats import BadInput, Fault
from allocator.policies.course import Course, assiette_by_day, cells_of
from allocator.policies.replay import Replay

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

IMAGE: Final = "cours.svg"
"""Name of the picture's file."""

TITRES: Final = {
    "etat": "État",
    "action_logement": "Action Logement",
    "commune": "Communes",
    "epci": "EPCI",
    "departement": "Départements",
    "region": "Région",
    "employeur": "Employeurs",
    "bailleur": "Bailleur",
    "autre": "Autres",
}
MOIS: Final = (
    *("janv.", "févr.", "mars", "avril", "mai", "juin"),
    *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
)
EPOCH: Final = date(1970, 1, 1)
"""Day 0 of matplotlib's dates."""

COLUMNS: Final = 3
DUE, RECEIVED, GAP = "#6b7280", "#1d4ed8", "#b45309"
STYLE: Final = {
    "svg.hashsalt": "allocator",
    "svg.fonttype": "path",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
}
"""The look; the salt keeps the names inside the file the same from one run to the next."""


def require() -> None:
    """Raise ``BadInput`` where matplotlib is not installed."""
    try:
        import matplotlib  # noqa: F401, PLC0415 - an extra
    except ImportError:
        message = (
            "il faut matplotlib : installez l'extra « images », par exemple pip install 'allocator[images]'"
        )
        raise BadInput([Fault("--image", None, None, message)]) from None


def write_picture(file: TextIO, instance: Instance, result: Replay, known: Course, title: str) -> None:
    """Write the picture of a replay as SVG: a panel a famille, and the contractual deviation.

    What is owed is pro-rata: a share of what came up so far, and of a volume or a report as much as of the period
    is gone. The same replay gives the same bytes.
    """
    import matplotlib  # noqa: PLC0415 - an extra
    from matplotlib.figure import Figure  # noqa: PLC0415

    due, gap = _prorata(instance, result, known)
    received = _received(instance, result)
    famille = np.array([FAMILLES.index(word) for word in instance.reservataires.famille], dtype=np.intp)
    owed = np.bincount(famille, weights=due[-1:].sum(axis=0), minlength=len(FAMILLES))
    shown = [int(number) for number in np.argsort(-owed, kind="stable") if owed[number] > 0]
    rows = -(-(len(shown) + 1) // COLUMNS)
    with matplotlib.rc_context(STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=(11, 0.9 + 2.5 * rows), layout="constrained")
        panels = figure.subplots(rows, COLUMNS, sharex=True, squeeze=False).ravel().tolist()
        for axes, number in zip(panels, shown, strict=False):
            members = famille == number
            heading = f"{TITRES[FAMILLES[number]]} ({_count(int(members.sum()), 'réservataire')})"
            _account(
                axes, heading, result.days, due[:, members].sum(axis=1), received[:, members].sum(axis=1)
            )
        _deviation(panels[len(shown)], result.days, gap)
        for axes in panels[len(shown) + 1 :]:
            axes.set_axis_off()
        for axes in panels[: len(shown) + 1]:
            _dated(axes, instance)
        _headed(figure, panels[0], instance, title)
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": "allocator"})


def _prorata(instance: Instance, result: Replay, known: Course) -> tuple[Floats, Floats]:
    """Return what each réservataire is owed at the end of each day, and how far the contractual cells are from it.

    Days × réservataires, and the sum of the deviations of contractuel and total cells a day, in dwellings.
    """
    promises = result.frame.promises
    kept = cells_of(instance, promises)
    contractual = np.array([sur in (CONTRACTUEL, TOTAL) for sur in known.cells.sur], dtype=bool)
    due = np.zeros((len(result.days), len(instance.reservataires)))
    gap = np.zeros(len(result.days))
    for day, assiette in enumerate(assiette_by_day(instance, result.days)):
        elapsed = result.frame.elapsed(result.days[day])
        so_far = replace(promises, fixed=promises.fixed * elapsed)
        due[day] = so_far.due(assiette)
        cible = so_far.cibles(assiette)[0][kept]
        gap[day] = np.abs(known.valeur[day] - cible)[contractual].sum()
    return due, gap


def _received(instance: Instance, result: Replay) -> NDArray[np.int64]:
    """Count what each réservataire received up to the end of each day, days × réservataires."""
    received = np.zeros((len(result.days), len(instance.reservataires)), dtype=np.int64)
    given = np.flatnonzero(result.decided >= 0)
    dates = instance.liberations.date[instance.liberations.en_flux[given]]
    np.add.at(received, (np.searchsorted(result.days, dates), result.decided[given]), 1)
    return np.cumsum(received, axis=0)


def _account(
    axes: "Axes", title: str, days: NDArray[np.datetime64], due: Floats, received: NDArray[np.int64]
) -> None:
    """Draw what a famille was owed and received."""
    axes.fill_between(days, due, received, color=RECEIVED, alpha=0.15, linewidth=0, step="post")
    axes.plot(
        days, due, color=DUE, linewidth=1.2, linestyle="--", drawstyle="steps-post", label="dû au prorata"
    )
    axes.plot(days, received, color=RECEIVED, linewidth=1.4, drawstyle="steps-post", label="reçu")
    axes.set_title(f"{title}\ndû {_nombre(due[-1], 1)}, reçu {_nombre(received[-1], 0)}")
    axes.set_ylabel("logements")
    axes.set_ylim(bottom=0)


def _deviation(axes: "Axes", days: NDArray[np.datetime64], gap: Floats) -> None:
    """Draw the sum of the contractual deviations."""
    axes.plot(days, gap, color=GAP, linewidth=1.4, drawstyle="steps-post")
    end = _nombre(gap[-1] if len(gap) else 0.0, 1)
    axes.set_title(f"Écarts contractuels au prorata\nquotas et totaux, en somme : {end}")
    axes.set_ylabel("logements")
    axes.set_ylim(bottom=0)


def _dated(axes: "Axes", instance: Instance) -> None:
    """Write the dates of the period in French, whatever the machine's language."""
    from matplotlib.dates import AutoDateLocator  # noqa: PLC0415 - an extra
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415

    length = instance.fin - instance.debut

    def text(value: float, _position: int | None) -> str:
        day = EPOCH + timedelta(days=int(value))
        month = MOIS[day.month - 1]
        if length > timedelta(days=400):
            return f"{month} {day.year}"
        return month if length > timedelta(days=100) else f"{day.day} {month}"

    axes.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=6))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(FuncFormatter(text))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.tick_params(labelbottom=True)
    axes.set_xlim((instance.debut - EPOCH).days, (instance.fin - EPOCH).days + 1)
    axes.grid(axis="y", linewidth=0.4, alpha=0.5)


def _headed(figure: "Figure", first: "Axes", instance: Instance, title: str) -> None:
    """Write the title, and the legend of the accounts where there is one."""
    period = f"du {instance.debut:%d/%m/%Y} au {instance.fin:%d/%m/%Y}"
    figure.suptitle(f"{instance.nom} — {title}, {period}", x=0.01, ha="left", weight="bold")
    handles, labels = first.get_legend_handles_labels()
    if handles:
        first.legend(handles, labels, loc="upper left", frameon=False)


def _nombre(value: float, decimals: int) -> str:
    return f"{value + 0.0:,.{decimals}f}".replace(",", "\u202f").replace(".", ",")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("s" if number > 1 else "")
