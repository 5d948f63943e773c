"""The words of an annex, with the article of the CCH or the theme of the concertation that each comes from."""

from typing import Final

DEFINITIONS: Final = (
    (
        "Flux",
        "part annuelle des logements qui se libèrent dans le parc du bailleur, sur laquelle portent les réservations",
        "R.441-5 du CCH",
    ),
    (
        "Assiette",
        "relocations attendues de l'année, moins les logements hors assiette ; les premières mises en location n'y "
        "entrent pas",
        "R.441-5 du CCH ; thème 1",
    ),
    (
        "Hors assiette",
        "logements nécessaires aux mutations dans le parc du bailleur, au renouvellement urbain, aux copropriétés "
        "dégradées, à l'habitat indigne et aux ventes ; leurs attributions ne sont pas décomptées du flux",
        "R.441-5 du CCH ; thèmes 1-1 et 1-4",
    ),
    (
        "Droit de suite, droit simple",
        "réservation qui vaut à chaque libération jusqu'à son terme, ou une seule fois",
        "thème 3-1",
    ),
    (
        "Droit unique",
        "droit à un logement du flux, issu de la conversion : taux de rotation convenu × durée restante",
        "thème 3-1",
    ),
    (
        "Objectif contractuel",
        "ce qui engage : à la commune pour l'État et les communes, au département pour les autres",
        "thème 2-1",
    ),
    (
        "Objectif indicatif",
        "ce qui éclaire l'orientation (typologie, financement, QPV, EPCI ou EPT) sans engager",
        "thème 2-1",
    ),
    (
        "Proposition, attribution",
        "logement proposé au réservataire ; logement dont le bail est signé par un candidat qu'il a désigné",
        "R.441-5-1 du CCH ; thème 2-2",
    ),
    (
        "Gestion directe, déléguée",
        "le réservataire désigne les candidats, ou un délégataire le fait en son nom ; le décompte est le même",
        "thème 4-3",
    ),
    (
        "Bilan annuel",
        "logements proposés et attribués de l'année écoulée, adressés à tous les réservataires avant le 28 février",
        "R.441-5-1 du CCH",
    ),
    (
        "Revoyure",
        "date à laquelle les partenaires examinent à nouveau ces termes",
        "thème 2-2",
    ),
)
"""Term, definition, source."""
