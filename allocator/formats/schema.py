"""The columns of every file of the contract: one table that validates and that documents.

Source: the file contract, sections 1 and 5. Descriptions are French: they are published as Table Schema
(see :mod:`allocator.formats.table_schema`).
"""

from typing import Final, Literal, NamedTuple

from allocator.domain import vocabulary as words

Kind = Literal["text", "identifier", "code", "choice", "number", "whole", "date"]
"""How a cell is read; ``identifier`` and ``code`` are short, without control characters nor (code) spaces."""

DWELLINGS_MAX: Final = 1e9
"""No count of dwellings is larger: a slip of the keyboard is told, and sums stay exact."""


class Column(NamedTuple):
    """A column: a cell may be empty, and the column absent, unless ``required``."""

    name: str
    kind: Kind
    description: str
    required: bool = True
    unique: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    example: str = ""


class Schema(NamedTuple):
    """A file of the contract.

    ``name`` is its stem; ``limit`` is the size, in bytes, above which it is refused; where ``complete``, even
    the columns whose cells may be empty must be there.
    """

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = True
    limit: int = 64_000_000
    complete: bool = False

    @property
    def file(self) -> str:
        """Name of the CSV file."""
        return f"{self.name}.csv"

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)


TERRITOIRES: Final = Schema(
    "territoires",
    "Communes de l'instance",
    "Une ligne par commune : les codes par lesquels les autres fichiers la désignent.",
    (
        Column("commune", "code", "Code INSEE de la commune", unique=True, example="93048"),
        Column("nom", "text", "Nom de la commune", example="Montreuil"),
        Column("epci", "code", "SIREN de l'EPCI ou de l'EPT de la commune", example="200057875"),
        Column("departement", "code", "Code du département", example="93"),
        Column("zone", "choice", "Zone ABC de tension", required=False, choices=words.ZONES),
        Column(
            "tension",
            "number",
            "Demandes de logement pour une attribution",
            required=False,
            minimum=0,
            maximum=DWELLINGS_MAX,
            unit="demandes par attribution",
        ),
    ),
    ("commune",),
)

RESERVATAIRES: Final = Schema(
    "reservataires",
    "Réservataires",
    "Une ligne par titulaire de droits de réservation.",
    (
        Column("id", "identifier", "Identifiant du réservataire", unique=True, example="als"),
        Column("nom", "text", "Nom du réservataire", example="Action Logement Services"),
        Column("famille", "choice", "Famille de réservataires", choices=words.FAMILLES),
        Column(
            "petit",
            "choice",
            "Petit réservataire ; vide : le modèle en décide",
            required=False,
            choices=("oui", "non"),
        ),
    ),
    ("id",),
)

CONVENTIONS: Final = Schema(
    "conventions",
    "Promesses des conventions",
    "Une ligne par promesse : une part de l'assiette ou un volume, sur un territoire. "
    "Un seul de « part » et « volume » est donné.",
    (
        Column("reservataire", "identifier", "Identifiant dans reservataires.csv", example="als"),
        Column(
            "territoire",
            "code",
            "Territoire de la promesse : commune:CODE, epci:SIREN ou departement:CODE",
            example="departement:93",
        ),
        Column(
            "niveau",
            "choice",
            "Un quota pour tout le territoire, ou un pour chacune de ses communes ; "
            "vide : commune pour la famille etat, territoire pour les autres",
            required=False,
            choices=words.NIVEAUX,
        ),
        Column(
            "part",
            "number",
            "Part de l'assiette du territoire",
            required=False,
            minimum=0,
            maximum=100,
            unit="%",
            example="30",
        ),
        Column(
            "volume",
            "number",
            "Nombre de logements promis sur la période",
            required=False,
            minimum=0,
            maximum=DWELLINGS_MAX,
            unit="logements",
        ),
        Column(
            "report",
            "number",
            "Report des années antérieures, positif quand il est dû au réservataire ; vide : 0",
            required=False,
            minimum=-DWELLINGS_MAX,
            maximum=DWELLINGS_MAX,
            unit="logements",
        ),
        Column(
            "solde",
            "whole",
            "Nombre de droits restants, que le réservataire ne dépasse jamais dans le territoire ; "
            "vide : pas de borne",
            required=False,
            minimum=0,
            maximum=DWELLINGS_MAX,
            unit="logements",
        ),
    ),
    ("reservataire", "territoire"),
)

INDICATIFS: Final = Schema(
    "indicatifs",
    "Objectifs indicatifs",
    "Une ligne par objectif de répartition de ce qui est dû au réservataire. "
    "Les parts d'une dimension non croisée totalisent au plus 100 %, à 0,5 près.",
    (
        Column("reservataire", "identifier", "Identifiant dans reservataires.csv", example="als"),
        Column(
            "dimension",
            "code",
            "typologie, financement, qpv, epci ou commune ; plusieurs croisées par « + »",
            example="typologie+qpv",
        ),
        Column("modalite", "code", "Modalité de la dimension ; croisées par « + »", example="T4+non"),
        Column(
            "part",
            "number",
            "Part de ce qui est dû au réservataire",
            minimum=0,
            maximum=100,
            unit="%",
            example="12.5",
        ),
    ),
    ("reservataire", "dimension", "modalite"),
    required=False,
)

_LIBERATION_COLUMNS: Final = (
    Column("id", "identifier", "Identifiant de la libération", unique=True, example="2025-000123"),
    Column("date", "date", "Date de la libération", example="2025-03-14"),
    Column("commune", "code", "Code INSEE, présent dans territoires.csv", example="93048"),
    Column("typologie", "choice", "Nombre de pièces ; T6 : six et plus", choices=words.TYPOLOGIES),
    Column("financement", "choice", "Financement du logement", choices=words.FINANCEMENTS),
    Column(
        "qpv",
        "choice",
        "Logement en quartier prioritaire de la politique de la ville",
        choices=("oui", "non"),
    ),
    Column(
        "statut",
        "choice",
        "flux (par défaut) : réparti et compté ; hors_assiette ; stock : gardé en stock (défense, sécurité, "
        "santé) ; neuf : première mise en location",
        required=False,
        choices=words.STATUTS,
    ),
    Column(
        "construction",
        "whole",
        "Année de construction",
        required=False,
        minimum=1000,
        maximum=2999,
        example="1974",
    ),
    Column("surface", "number", "Surface habitable", required=False, minimum=0, maximum=1e6, unit="m²"),
    Column("loyer", "number", "Loyer mensuel hors charges", required=False, minimum=0, maximum=1e6, unit="€"),
    Column("residence", "text", "Résidence ou programme", required=False),
    Column("adresse", "text", "Adresse du logement", required=False),
    Column("disponible", "date", "Date de disponibilité", required=False, example="2025-04-01"),
)

LIBERATIONS: Final = Schema(
    "liberations",
    "Libérations de la période",
    "Une ligne par logement libéré entre le premier et le dernier jour de la période, inclus.",
    _LIBERATION_COLUMNS,
    ("id",),
    limit=1_000_000_000,
)

HISTORIQUE: Final = Schema(
    "historique",
    "Libérations des années antérieures",
    "Une ligne par logement libéré avant le premier jour de la période : ce sur quoi se fonde une prévision.",
    _LIBERATION_COLUMNS,
    ("id",),
    required=False,
    limit=1_000_000_000,
)

PREORIENTATIONS: Final = Schema(
    "preorientations",
    "Pré-orientations",
    "Une ligne par libération de statut flux, dans l'ordre de liberations.csv.",
    (
        Column("liberation", "identifier", "Identifiant dans liberations.csv", unique=True),
        Column(
            "reservataire",
            "identifier",
            "Identifiant dans reservataires.csv ; vide : le logement reste au bailleur",
            required=False,
        ),
    ),
    ("liberation",),
    limit=1_000_000_000,
    complete=True,
)

ECARTS: Final = Schema(
    "ecarts",
    "Écarts aux objectifs",
    "Une ligne par case : son objectif, ce qui est compté, et la différence.",
    (
        Column("reservataire", "identifier", "Identifiant dans reservataires.csv"),
        Column("sur", "choice", "Nature de la case", choices=words.SUR),
        Column(
            "territoire", "code", "Territoire, là où il y a lieu", required=False, example="departement:93"
        ),
        Column("modalite", "code", "Modalité, là où il y a lieu", required=False, example="T4+non"),
        Column("cible", "number", "Objectif", minimum=0, unit="logements"),
        Column("valeur", "number", "Nombre compté", minimum=0, unit="logements"),
        Column("manque", "number", "Ce qui manque à l'objectif", minimum=0, unit="logements"),
        Column("exces", "number", "Ce qui dépasse l'objectif", minimum=0, unit="logements"),
    ),
    (),
    limit=1_000_000_000,
    complete=True,
)

TABLES: Final = (TERRITOIRES, RESERVATAIRES, CONVENTIONS, INDICATIFS, LIBERATIONS, HISTORIQUE)
"""The tables of an instance, in the order of the contract."""

RESULTS: Final = (PREORIENTATIONS, ECARTS)
"""The tables of a result."""

COMPLEMENTS: Final = ("construction", "surface", "loyer", "residence", "adresse", "disponible")
"""Optional columns of libérations, carried through to reports as text."""
