"""What may be found of a right, as data: how grave it is, what is said of it and what is to be done."""

from typing import Final, NamedTuple

from allocator.formats.etat_des_lieux_schema import GRAVITES

BLOQUANTE, A_PRECISER, INFORMATION = GRAVITES


class Constat(NamedTuple):
    """A kind of finding: ``colonne`` is the one to correct; ``texte`` may have ``{n}`` and ``{m}``."""

    code: str
    gravite: str
    colonne: str
    texte: str
    a_faire: str


CONSTATS: Final = {
    constat.code: constat
    for constat in (
        Constat(
            "fin_inconnue",
            BLOQUANTE,
            "fin",
            "fin du droit de suite inconnue : sa durée restante ne se calcule pas",
            "retrouver l'acte de réservation et donner la date de fin",
        ),
        Constat(
            "nombre_inconnu",
            BLOQUANTE,
            "nombre",
            "nombre de logements réservés dans le programme inconnu : il compte pour zéro",
            "retrouver l'acte de réservation et donner le nombre",
        ),
        Constat(
            "nombre_excessif",
            BLOQUANTE,
            "nombre",
            "{n} logements réservés dans un programme qui en a {m}",
            "corriger le nombre, ou compléter le programme dans parc.csv",
        ),
        Constat(
            "programme_surreserve",
            BLOQUANTE,
            "nombre",
            "les droits ouverts sur ce programme réservent {n} logements, et il en a {m}",
            "dire lequel des droits est à réduire ou a pris fin",
        ),
        Constat(
            "double",
            BLOQUANTE,
            "logement",
            "un autre droit porte sur ce logement en même temps",
            "dire lequel des deux vaut, et jusqu'à quand",
        ),
        Constat(
            "programme_inconnu",
            A_PRECISER,
            "residence",
            "programme absent de parc.csv dans cette commune",
            "écrire la résidence comme dans parc.csv, ou y ajouter ses logements",
        ),
        Constat(
            "origine_inconnue",
            A_PRECISER,
            "origine",
            "origine du droit inconnue : le plafond des garanties d'emprunt ne se vérifie pas",
            "dire ce dont le droit est la contrepartie",
        ),
        Constat(
            "debut_inconnu",
            A_PRECISER,
            "debut",
            "début du droit inconnu",
            "donner la date de l'acte de réservation",
        ),
        Constat(
            "utilise_sans_objet",
            A_PRECISER,
            "utilise",
            "droit de suite marqué comme utilisé : cela ne vaut que d'un droit simple",
            "corriger la nature, ou vider la colonne",
        ),
        *(
            Constat(
                f"{column}_inconnu{ending}",
                gravity,
                column,
                f"{words} : le droit suivra le taux d'un segment plus large",
                "compléter parc.csv, ou la ligne du droit sur un programme",
            )
            for column, ending, gravity, words in (
                ("typologie", "e", A_PRECISER, "typologie inconnue"),
                ("financement", "", A_PRECISER, "financement inconnu"),
                ("qpv", "", A_PRECISER, "situation en QPV inconnue"),
                ("surface", "e", INFORMATION, "surface inconnue"),
                ("loyer", "", INFORMATION, "loyer inconnu"),
            )
        ),
        Constat(
            "a_venir",
            INFORMATION,
            "debut",
            "le droit commence après la date de l'état des lieux",
            "rien, si la date est juste",
        ),
        Constat(
            "echu",
            INFORMATION,
            "fin",
            "le droit a pris fin avant la date de l'état des lieux : il ne compte plus",
            "rien, sauf si un acte l'a prolongé : donner alors la nouvelle date",
        ),
        Constat(
            "consomme",
            INFORMATION,
            "utilise",
            "droit simple déjà utilisé : il ne compte plus",
            "rien, si l'attribution est avérée",
        ),
        Constat(
            "hors_location",
            INFORMATION,
            "logement",
            "le logement n'est pas en location (travaux, vente, démolition…)",
            "convenir de ce que devient le droit",
        ),
        Constat(
            "parc_incomplet",
            A_PRECISER,
            "",
            "logements du parc sans {m} : {n}",
            "compléter parc.csv",
        ),
    )
}
"""By code, the gravest first."""
