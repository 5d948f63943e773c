"""What no file of an assiette can tell alone: versions, years of means, steps and their bodies."""

from allocator.assiette import parcours
from allocator.assiette.dossier.fichiers import Folder
from allocator.assiette.dossier.valeurs import DossierAssiette
from allocator.formats import assiette_schema as schemas
from allocator.formats.cells import quote
from allocator.formats.directory import Directory
from allocator.formats.faults import FaultLog


def refuse_incoherent(found: DossierAssiette, folder: Folder, directory: Directory, log: FaultLog) -> None:
    """Note what contradicts what between the files of an assiette."""
    _places_of_settings(found, folder, directory)
    _versions(found, folder, log)
    _years_of_means(found, folder, log)
    _agents(found, folder)
    _validations(found, folder, log)


def _places_of_settings(found: DossierAssiette, folder: Folder, directory: Directory) -> None:
    assert folder.keys is not None
    for place in found.reglages.methodes:
        if place and (fault := directory.place_fault(place)):
            folder.keys.fault(fault, "relocations", "territoire")
    for row, suppleant in enumerate(found.reglages.suppleants):
        if suppleant.territoire and (fault := directory.place_fault(suppleant.territoire)):
            folder.keys.fault(fault, "suppleant", row, "territoire")


def _agents(found: DossierAssiette, folder: Folder) -> None:
    assert folder.keys is not None
    if found.reservataires is None:
        return
    for holder in found.reglages.agents:
        if holder not in found.reservataires.id:
            folder.keys.fault(f"{quote(holder)} absent de reservataires.csv", "agents")


def _versions(found: DossierAssiette, folder: Folder, log: FaultLog) -> None:
    last = len(found.versions)
    for schema in (schemas.RELOCATIONS_ATTENDUES, schemas.EXCLUSIONS, schemas.VALIDATIONS):
        rows = folder.rows(schema, FaultLog())
        for row, cells in rows:
            if (cells["version"] or 1) > last:
                what = f"version {cells['version']} absente de {schemas.VERSIONS.file}, qui va jusqu'à {last}"
                rows.fault(row, "version", what, log)


def _years_of_means(found: DossierAssiette, folder: Folder, log: FaultLog) -> None:
    """Note the years that a mean asks for and of which nothing at all is known."""
    reglages = found.reglages
    years = [reglages.annee - back for back in range(reglages.annees, 0, -1)]
    methods = {reglages.methode, *reglages.methodes.values()}
    asks = [
        (schemas.RELOCATIONS_PASSEES, {row.annee for row in found.passees}, "moyenne" in methods),
        (
            schemas.ATTRIBUTIONS_PASSEES,
            {row.annee for row in found.attributions},
            any(line.volume is None for line in found.exclusions),
        ),
    ]
    for schema, known, asked in asks:
        missing = [str(year) for year in years if year not in known]
        if asked and missing:
            there = "aucune ligne" if schema.name in folder.tables else "fichier absent : rien"
            what = f"{there} pour {', '.join(missing)}, que la moyenne des {reglages.annees} dernières années demande"
            log.add(schema.file, None, None, what)


def _validations(found: DossierAssiette, folder: Folder, log: FaultLog) -> None:
    if not log:
        # the register can only be followed where its versions and steps are known
        rows = folder.rows(schemas.VALIDATIONS, log)
        for row, fault in parcours.faults(found):
            rows.fault(row, "etape", fault, log)
