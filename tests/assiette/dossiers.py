"""Folders that tests and pages use: an assiette of 10 000 dwellings, a need for relogements, a programme."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

TERRITOIRES: Final = """\
commune,nom,epci,departement
93048,Montreuil,200057875,93
93008,Bobigny,200057875,93
93066,Saint-Denis,200057867,93
"""

ASSIETTE: Final[Mapping[str, str]] = {
    "assiette.toml": """\
format = 1
nom = "Assiette 2025"
bailleur = "OPH d'essai"
annee = 2025
source = "CUS 2024, convention NPNRU"
agents = ["etat_agents"]             # les agents de l'État, jamais arrondis au-dessus de leurs 5 points

[relocations]
methode = "rotation"                 # ou "moyenne" ; une autre valeur par territoire :
annees = 3                           # années de toute moyenne
# [[relocations.territoire]]
# territoire = "epci:200057867"
# methode = "moyenne"

[[categorie]]
nom = "vente"
documents = ["plan_vente", "cus"]
revoyure = true                      # le plan doit dire quand il est revu
horizon = 1                          # années du plan comptées dans l'année : les ventes de l'année seule

[[categorie]]
nom = "renouvellement_urbain"
documents = ["convention_anru", "charte_relogement", "partage_relogements", "arbitrage"]

[plafond]
part = 2.0
denominateur = "parc"                # ou "relocations" ; logements = … pour le parc de tout l'organisme
effet = "avertir"                    # ou "refuser", ou "ecreter" (proteges = […])

[controle]
tolerance = 10.0                     # % de ce qui était annoncé
plancher = 2                         # logements

[[etape]]
nom = "bailleur"
organe = "Conseil d'administration"

[[etape]]
nom = "cil"
echelle = "epci"                     # une décision par EPCI ou EPT
organe = "CIL"

[[etape]]
nom = "departement"
echelle = "departement"
organe = "Préfet"

[[suppleant]]                        # la CIL d'Est Ensemble n'est pas encore installée
etape = "cil"
territoire = "epci:200057875"
organe = "CRHH"
fin = 2025-06-30

[revision]
etapes = ["bailleur", "departement"] # une révision ne repasse pas devant les CIL
""",
    "territoires.csv": TERRITOIRES,
    "reservataires.csv": """\
id,nom,famille,petit
etat,État (préfet),etat,non
etat_agents,État (agents),etat,non
als,Action Logement Services,action_logement,
montreuil,Ville de Montreuil,commune,
""",
    "conventions.csv": """\
reservataire,territoire,niveau,part,volume,report,solde
etat,departement:93,commune,25,,,
etat_agents,departement:93,territoire,5,,,
als,departement:93,territoire,20,,,
montreuil,commune:93048,territoire,10,,,
""",
    "relocations_attendues.csv": """\
commune,parc,taux
93048,5000,6
93008,3000,6
93066,2000,6
""",
    "relocations_passees.csv": """\
annee,commune,relocations
2022,93048,310
2023,93048,290
2024,93048,270
2022,93066,130
2023,93066,100
2024,93066,100
""",
    "documents.csv": """\
id,type,titre,date,reference,revoyure
cus,cus,CUS 2024-2029,2024-07-01,délibération 2024-31,
npnru,convention_anru,Convention NPNRU La Noue,2021-03-15,,
plan,plan_vente,Plan de vente 2024-2029,2024-07-01,annexe 4 de la CUS,2025-06-30
""",
    "exclusions.csv": """\
id,territoire,categorie,operation,mouvement,annee,volume,document,page
mutations,departement:93,mutation,,,,40,cus,12
mutations-autres,departement:93,mutation,,inter_bailleurs,,8,cus,13
la-noue,commune:93048,renouvellement_urbain,La Noue,,,30,npnru,27
ventes,departement:93,vente,,,,11,plan,3
ventes-2026,departement:93,vente,,,2026,15,plan,3
indigne,departement:93,habitat_indigne,,,,,,
""",
    "attributions_passees.csv": """\
annee,territoire,categorie,operation,mouvement,attributions,publics_prioritaires,eligibles_contingents,eligibles_als
2022,commune:93048,habitat_indigne,,,10,8,9,2
2023,commune:93066,habitat_indigne,,,9,9,9,1
2024,commune:93008,habitat_indigne,,,8,7,8,3
2024,departement:93,mutation,,,35,12,30,15
2024,commune:93048,renouvellement_urbain,La Noue,,22,9,20,11
2024,departement:93,vente,,,9,,,
""",
    "demandes.csv": """\
id,territoire,categorie,motif,volume,demandeur,demande_le,decision,decide_par,decide_le
relance-1,commune:93008,renouvellement_urbain,plan de relance,12,OPH d'essai,2024-11-04,,,
""",
}
"""40 + 30 + 11 + the mean of 10, 9 and 8: 90 dwellings out of 600, and 510 are left (worked case of formula 1)."""

REALISES: Final[Mapping[str, str]] = {
    "realises.csv": """\
territoire,categorie,operation,mouvement,logements
departement:93,mutation,,,43
commune:93048,renouvellement_urbain,La Noue,,30
departement:93,vente,,,19
commune:93008,habitat_indigne,,,9
departement:93,mutation,,inter_bailleurs,8
"""
}
"""A year in which more was sold than was announced."""

PARTAGE: Final[Mapping[str, str]] = {
    "partage.toml": """\
format = 1
nom = "Relogements NPNRU 2025"
annee = 2025

[demolisseur]
part = 40.0          # % de son besoin que le démolisseur prend d'abord ; 0 : comme les autres

[interdepartemental]
mode = "en_dernier"  # ou "jamais", ou "ensemble"
part_max = 25.0      # % d'un besoin qui peut quitter son département

[plafond]
part = 15.0          # % de ses relocations qu'un bailleur ne dépasse pas, sauf arbitrage
""",
    "besoins.csv": """\
operation,demolisseur,departement,logements,document
La Noue,oph-a,93,60,"Convention NPNRU La Noue, p. 27"
Les Tours,esh-b,94,20,"Charte de relogement, p. 4"
""",
    "bailleurs.csv": """\
bailleur,departement,relocations,coefficient,participe
oph-a,93,300,,
esh-b,93,200,,
esh-c,93,100,0.5,
esh-b,94,250,,
esh-c,94,150,,
""",
    "arbitrages.csv": """\
operation,bailleur,departement,logements,par,le,reference
La Noue,esh-b,93,18,Préfet de la Seine-Saint-Denis,2025-01-20,courrier n° 12
""",
}
"""Two operations, three bailleurs in two départements, one part fixed by the préfet."""

PROGRAMME: Final[Mapping[str, str]] = {
    "programme.toml": """\
format = 1
nom = "Les Tilleuls"
bailleur = "OPH d'essai"
livraison = 2025-09-01

[commission]
seuil = 10                         # logements à partir desquels elle se réunit
nom = "commission de coordination"
sinon = "examen par le bailleur avec la ville"

[relogements]
part = 20.0                        # % des logements, gardés hors flux
reservataire = "relogements"
""",
    "territoires.csv": TERRITOIRES,
    "reservataires.csv": """\
id,nom,famille,petit
etat,État (préfet),etat,
als,Action Logement Services,action_logement,
montreuil,Ville de Montreuil,commune,
defense,Ministère des Armées,etat,
relogements,Relogements NPNRU,autre,
""",
    "logements_livres.csv": "logement,commune,typologie,financement,qpv,surface,loyer,adresse,construction\n"
    + "".join(
        f"TIL-{number:02},93048,{kind},{loan},non,{size},{rent},1 rue des Tilleuls,2025\n"
        for number, (kind, loan, size, rent) in enumerate(
            [
                ("T1", "PLAI", 28, 6.4),
                ("T2", "PLAI", 45, 6.2),
                ("T2", "PLUS", 46, 7.1),
                ("T2", "PLUS", 44, 7.1),
                ("T3", "PLAI", 62, 6.0),
                ("T3", "PLUS", 64, 6.9),
                ("T3", "PLUS", 63, 6.9),
                ("T3", "PLS", 66, 10.3),
                ("T4", "PLAI", 79, 5.9),
                ("T4", "PLUS", 80, 6.7),
                ("T4", "PLS", 82, 9.9),
                ("T5", "PLUS", 96, 6.5),
            ],
            start=1,
        )
    ),
    "droits_du_programme.csv": """\
reservataire,logements,origine,en_stock
etat,4,contingent,
als,3,financement,
montreuil,2,garantie,
defense,1,autre,oui
""",
    "indicatifs.csv": """\
reservataire,dimension,modalite,part
etat,financement,PLAI,75
als,typologie,T3,67
als,financement,PLUS,67
montreuil,typologie,T2,50
montreuil,typologie,T4,50
relogements,typologie,T4,100
""",
}
"""Twelve dwellings, ten rights, two kept for relogements."""


def write(folder: Path, files: Mapping[str, str], **others: str) -> Path:
    """Write a folder; ``others`` replace files by stem (``exclusions=…``), an empty text leaves one out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        told = others.get(name.partition(".")[0], text)
        if told:
            (folder / name).write_text(told, encoding="utf-8")
    return folder
