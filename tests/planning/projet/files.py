"""The files of a small projet, to be changed one by one."""

from collections.abc import Mapping
from pathlib import Path

FILES: Mapping[str, str] = {
    "projet.toml": 'nom = "Essai"\nsource = "tests"\npremiere_annee = 2026\nannees = 3\n',
    "territoires.csv": "commune,nom,epci,departement\n93048,Montreuil,200057875,93\n93001,Aubervilliers,200057867,93\n",
    "reservataires.csv": "id,nom,famille\netat,État,etat\nals,Action Logement,action_logement\nch,Hôpital,autre\n",
    "conventions.csv": (
        "reservataire,territoire,part,report,solde,de,a\n"
        "etat,departement:93,30,1.5,,,\n"
        "als,departement:93,40,,20,,2026\n"
        "als,departement:93,35,,30,2027,\n"
    ),
    "indicatifs.csv": "reservataire,dimension,modalite,part,de,a\nals,qpv,non,60,,2026\nals,qpv,non,70,2027,\n",
    "parc_classes.csv": (
        "commune,typologie,financement,qpv,logements,taux\n"
        "93048,T3,PLUS,non,1000,6\n"
        "93001,T2,PLAI,oui,500,8\n"
    ),
    "hors_assiette_prevu.csv": "annee,territoire,categorie,volume\n2027,commune:93048,mutation,12\n",
    "livraisons.csv": (
        "programme,commune,typologie,financement,qpv,logements,date,taux\n"
        "tilleuls,93048,T3,PLUS,non,100,2027-07-02,\n"
    ),
    "demolitions.csv": (
        "programme,commune,typologie,financement,qpv,logements,date,taux\nbarre,93001,T2,PLAI,oui,250,2028-01-01,\n"
    ),
    "annees_nommees.csv": "reservataire,annee,territoire,volume\nch,2027,commune:93048,1\n",
    "droits_acquis.csv": "reservataire,territoire,annee,nombre\nals,departement:93,2028,7\n",
}


def write(folder: Path, **changed: str | None) -> Path:
    """Write the files, some of them changed (``None``: left out); names without their ending."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        new = changed.get(name.partition(".")[0], text)
        if new is not None:
            (folder / name).write_text(new, encoding="utf-8")
    for stem, text in changed.items():
        if text is not None and not any(name.startswith(f"{stem}.") for name in FILES):
            (folder / f"{stem}.csv").write_text(text, encoding="utf-8")
    return folder
