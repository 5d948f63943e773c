"""Where annexes are made from: an instance with what partners agreed beside it, or a bailleur's journal."""

from datetime import date
from pathlib import Path

import numpy as np

from allocator.domain import Comptage, Instance, Model
from allocator.formats import columns
from allocator.formats.assiette_results_schema import ASSIETTE
from allocator.formats.cells import quote
from allocator.formats.faults import FaultLog
from allocator.formats.table_file import read_table
from allocator.formats.toml_writer import toml_value
from allocator.ledger.accounts.regle_reader import read_regle
from allocator.ledger.accounts.regles import Regle, for_objet
from allocator.ledger.conventions.actes import regles_of
from allocator.ledger.conventions.seuils import read_seuils
from allocator.ledger.conventions.version import in_force
from allocator.ledger.daily.releve import Releve
from allocator.planning.annexe.matiere import Assiette, Matiere, Protocole, agreed, legal, observed
from allocator.planning.protocole.parametres import clauses_of
from allocator.planning.protocole.protocole import Resolu


def read_established(path: Path, instance: Instance) -> Assiette:
    """Return the assiette that ``allocator assiette build`` wrote, on the communes of an instance.

    Raises
    ------
    BadInput
        If the file is no such table, or has communes that the instance has not.
    """
    log = FaultLog()
    table = read_table(path, ASSIETTE, log)
    index = {code: row for row, code in enumerate(instance.territoires.commune)}
    rows = columns.references(table, "commune", index, "territoires.csv", log)
    counts = columns.numbers(table, "assiette", log)
    log.raise_if_any()
    by_commune = np.bincount(rows, counts, minlength=len(index)).astype(np.float64)
    return Assiette(by_commune, f"assiette établie pour {instance.debut.year} ({path.name})")


def of_instance(
    instance: Instance, model: Model, resolu: Resolu | None, assiette: Assiette | None, jour: date
) -> Matiere:
    """Return what annexes say of the promises of an instance.

    Clauses, rule of counting and thresholds are those of a protocole, where there is one; without it, counting is the
    model's, and the rest as shipped.

    Raises
    ------
    BadInput
        If the promises cannot stand together.
    """
    known = assiette or observed(instance)
    versions = agreed(instance, {} if resolu is None else clauses_of(resolu.values), instance.debut)
    shipped = Regle(model.comptage or Comptage(), read_regle().effets)
    regle = shipped if resolu is None else resolu.parametres.regle
    seuils = read_seuils() if resolu is None else resolu.parametres.seuils
    return Matiere(
        instance.nom if resolu is None else resolu.reglages.bailleur,
        instance,
        versions,
        {version.objet: regle for version in versions},
        known,
        legal(instance, versions, known, seuils, jour),
        None if resolu is None else _protocole(resolu),
        jour,
    )


def of_journal(releve: Releve, bailleur: str, assiette: Assiette | None) -> Matiere:
    """Return what annexes say of the conventions of a journal on the day of a releve."""
    instance, jour = releve.livre.exercice.instance, releve.jour
    objets = dict.fromkeys(version.objet for version in releve.versions)
    applied = (in_force([each for each in releve.versions if each.objet == objet], jour) for objet in objets)
    versions = tuple(version for version in applied if version is not None)
    defaut = Regle(releve.model.comptage or Comptage(), read_regle().effets)
    dated = regles_of(releve.registre.actes, releve.versions, defaut)
    regles = {}
    for version in versions:
        begun = [each.regle for each in for_objet(dated, version.objet) if each.effet <= jour]
        regles[version.objet] = begun[-1] if begun else defaut
    known = assiette or observed(instance)
    return Matiere(
        bailleur,
        instance,
        versions,
        regles,
        known,
        legal(instance, versions, known, read_seuils(), jour),
        None,
        jour,
    )


def _protocole(resolu: Resolu) -> Protocole:
    found = resolu.reglages.protocole
    told = []
    for each in resolu.reglages.derogations:
        if each.holds(resolu.jour):
            clause = found.clause(each.cle)
            titre = clause.titre if clause else quote(each.cle)
            regional = "—" if each.regional is None else toml_value(each.regional)
            told.append((titre, regional, toml_value(each.valeur), each.motif))
    return Protocole(found.nom, found.jour, tuple(told))
