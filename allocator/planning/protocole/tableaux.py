"""The settings of a bailleur, and its derogations, as tables."""

from allocator.formats.protocole_schema import DEROGATIONS, ORIGINES, REGLAGES
from allocator.formats.tableau import Tableau
from allocator.formats.toml_lines import Path
from allocator.formats.toml_writer import toml_value
from allocator.planning.protocole.chemins import at, leaves, within
from allocator.planning.protocole.protocole import Resolu


def reglages_tableau(resolu: Resolu) -> Tableau:
    """Return the settings in force, in the order of the protocole."""
    rows = []
    for cle, place, value in leaves(resolu.values):
        clause = resolu.reglages.protocole.clause(cle)
        rows.append(
            (
                cle,
                toml_value(value),
                _origine(resolu, place),
                clause.titre if clause else "",
                clause.source if clause else "",
            )
        )
    return Tableau(REGLAGES, tuple(rows))


def derogations_tableau(resolu: Resolu) -> Tableau:
    """Return the derogations, those that do not hold on the day too."""
    protocole = resolu.reglages.protocole
    rows = []
    for each in resolu.reglages.derogations:
        clause = protocole.clause(each.cle)
        rows.append(
            (
                each.cle,
                clause.titre if clause else "",
                "" if each.regional is None else toml_value(each.regional),
                toml_value(each.valeur),
                each.motif,
                str(each.debut),
                str(each.fin or ""),
                "oui" if each.holds(resolu.jour) else "non",
            )
        )
    return Tableau(DEROGATIONS, tuple(rows))


def _origine(resolu: Resolu, place: Path) -> str:
    region, bailleur, derogation = ORIGINES
    if any(each.holds(resolu.jour) and within(each.place, place) for each in resolu.reglages.derogations):
        return derogation
    return bailleur if at(resolu.reglages.protocole.values, place) is None else region
