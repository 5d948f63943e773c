"""The files of the daily life: what was decided, what is proposed, and how a replayed year went.

Descriptions are French, as in :mod:`allocator.formats.schema`.
"""

from typing import Final

from allocator.domain import vocabulary as words
from allocator.formats.schema import ECARTS, RESULTS, TABLES, Column, Schema

DECISIONS: Final = Schema(
    "decisions",
    "Décisions prises",
    "Une ligne par libération déjà décidée. Un logement qui est revenu a une ligne par réservataire qui l'a eu, dans "
    "l'ordre ; la dernière n'a pas d'issue s'il a été décidé de nouveau. « issue » et « issue_le » vont ensemble.",
    (
        Column("liberation", "identifier", "Identifiant dans liberations.csv"),
        Column(
            "reservataire",
            "identifier",
            "Identifiant dans reservataires.csv ; vide : le logement reste au bailleur",
            required=False,
        ),
        Column(
            "issue",
            "choice",
            "Comment la pré-orientation a fini ; vide : elle est en cours. Sauf après un bail, le logement revient",
            required=False,
            choices=words.ISSUES,
        ),
        Column("issue_le", "date", "Jour où cela s'est su", required=False, example="2025-07-02"),
    ),
    (),
    limit=1_000_000_000,
)
"""What ``orient`` is told of the days before."""

PROPOSITIONS: Final = Schema(
    "propositions",
    "Propositions du jour",
    "Une ligne par logement à orienter, dans l'ordre de liberations.csv ; se relit par --decisions.",
    (
        Column("liberation", "identifier", "Identifiant dans liberations.csv", unique=True),
        Column(
            "reservataire", "identifier", "Réservataire proposé ; vide : reste au bailleur", required=False
        ),
        Column("raison", "text", "Pourquoi, en une ou deux phrases"),
    ),
    ("liberation",),
)
"""What the officer reads and hands back."""

ALTERNATIVES: Final = Schema(
    "alternatives",
    "Autres choix",
    "Une ligne par autre choix, du moins coûteux au plus coûteux.",
    (
        Column("liberation", "identifier", "Identifiant dans liberations.csv"),
        Column("rang", "whole", "1 pour le moins coûteux", minimum=1),
        Column("reservataire", "identifier", "Réservataire ; vide : reste au bailleur", required=False),
        Column("borne", "number", "Perte minimale de l'objectif du plan, prouvée", minimum=0),
        Column("cout", "number", "Perte de l'objectif du plan, si elle a été calculée", required=False),
        Column(
            "priorites",
            "text",
            "Perte par priorité, dans l'ordre du modèle, séparées par + ; « impossible » si aucun plan ne le permet",
            required=False,
        ),
    ),
    ("liberation", "rang"),
)
"""Every other choice of the day with its cost."""

COURS: Final = Schema(
    "cours",
    "Cours de l'année",
    "Une ligne par case et par jour où elle compte un logement de plus ou de moins, et par case au dernier jour "
    "de chaque mois où un logement s'est libéré ou a changé de destinataire.",
    (Column("date", "date", "Jour, à la fin duquel on compte", example="2025-03-14"), *ECARTS.columns[:6]),
    (),
    limit=1_000_000_000,
    complete=True,
)
"""The columns of ``ecarts.csv`` up to the count, day by day."""

COMPTES: Final = Schema(
    "comptes",
    "Comptes des réservataires",
    "Une ligne par réservataire : ce qui lui a été proposé, comment cela a fini, et ce que cela compte.",
    (
        Column("reservataire", "identifier", "Identifiant dans reservataires.csv", unique=True),
        Column("du", "number", "Somme de ses objectifs contractuels", unit="logements"),
        Column("propositions", "whole", "Tours où un logement lui a été proposé"),
        Column("attributions", "whole", "Propositions qui ont fini par un bail"),
        Column("sans_candidat", "whole", "Propositions restées sans candidat"),
        Column("refus", "whole", "Propositions dont les candidats ont été écartés ou ont refusé"),
        Column("rendus", "whole", "Propositions qu'il a rendues"),
        Column("en_cours", "whole", "Propositions sans issue au dernier jour de la période"),
        Column("points_propositions", "number", "Points de ses propositions", unit="points"),
        Column("points_attributions", "number", "Points de ses attributions", unit="points"),
        Column("points", "number", "Points comptés en tout", unit="points"),
        Column("compte", "number", "Ce que la règle lui a compté au dernier jour", unit="logements"),
        Column("logements", "whole", "Logements signés ou en cours au dernier jour", unit="logements"),
    ),
    ("reservataire",),
    complete=True,
)
"""The accounts of a year replayed with outcomes."""

DAILY: Final = (DECISIONS, PROPOSITIONS, ALTERNATIVES, COURS, COMPTES)
"""The tables of the daily life."""

FILES: Final = (*TABLES, *RESULTS, *DAILY)
"""Every table that is read or written."""
