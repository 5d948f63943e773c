"""The letters that tell whom it concerns which clocks run and which are over: one a réservataire or delegate."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from string import Template

from allocator.domain.vocabulary import FINANCEMENTS, QPV, TYPOLOGIES
from allocator.ledger.echeances.delais import Delai
from allocator.ledger.echeances.gabarit import Gabarit
from allocator.ledger.state.registre import Registre


@dataclass(frozen=True, slots=True)
class Courrier:
    """A letter: who it is for (an identifier), the name of its file, its whole text."""

    acteur: str
    fichier: str
    texte: str


def courriers(
    registre: Registre, running: Sequence[Delai], jour: date, gabarit: Gabarit
) -> tuple[Courrier, ...]:
    """Return a letter for each actor that has a clock among those given, in the order of their first one.

    ``registre`` is the state that the clocks are of, with what it carries of addresses.
    """
    by_actor: dict[str, list[Delai]] = {}
    for each in running:
        by_actor.setdefault(each.acteur, []).append(each)
    names: dict[str, str] = {}
    for acteur in by_actor:
        names[acteur] = _file_name(acteur, set(names.values()))
    return tuple(
        Courrier(acteur, names[acteur], _letter(registre, acteur, clocks, jour, gabarit))
        for acteur, clocks in by_actor.items()
    )


def _file_name(acteur: str, taken: set[str]) -> str:
    stem = re.sub(r"[^\w-]+", "_", acteur) or "destinataire"
    name, number = f"{stem}.txt", 2
    while name in taken:
        name, number = f"{stem}-{number}.txt", number + 1
    return name


def _letter(registre: Registre, acteur: str, clocks: Sequence[Delai], jour: date, gabarit: Gabarit) -> str:
    said = {
        "bailleur": registre.nom,
        "destinataire": _name(registre, acteur),
        "date": f"{jour:%d/%m/%Y}",
        "nombre": str(len(clocks)),
        "logements": "\n".join(
            Template(gabarit.echu if each.reste < 0 else gabarit.logement).substitute(_words(registre, each))
            for each in clocks
        ),
    }
    objet, texte = (Template(text).substitute(said) for text in (gabarit.objet, gabarit.texte))
    return f"Objet : {objet}\n\n{texte}\n"


def _words(registre: Registre, delai: Delai) -> Mapping[str, str]:
    table, row = registre.liberations, delai.row
    words = {name: column[row] for name, column in table.complements.items()}
    # people read these
    words |= {name: words[name].replace(".", ",") for name in ("surface", "loyer") if name in words}
    words |= {
        "liberation": delai.liberation,
        "tour": str(delai.tour),
        "reservataire": _name(registre, delai.reservataire),
        "commune": registre.territoires.nom[table.commune[row]],
        "typologie": TYPOLOGIES[table.typologie[row]],
        "financement": FINANCEMENTS[table.financement[row]],
        "qpv": QPV[table.qpv[row]],
        "envoye": f"{delai.envoye:%d/%m/%Y}",
        "echeance": f"{delai.echeance:%d/%m/%Y}",
        "reste": str(delai.reste),
    }
    surface, loyer, residence, etage = (
        words.get(name, "") for name in ("surface", "loyer", "residence", "etage")
    )
    words["description"] = _listed(
        words["typologie"],
        words["financement"],
        f"{surface} m²" if surface else "",
        f"{loyer} € par mois" if loyer else "",
        "en QPV" if words["qpv"] == QPV[1] else "hors QPV",
    )
    words["lieu"] = _listed(
        words.get("adresse", ""), residence, f"étage {etage}" if etage else "", words["commune"]
    )
    return words


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _name(registre: Registre, identifier: str) -> str:
    holders = registre.reservataires
    return holders.nom[holders.id.index(identifier)] if identifier in holders.id else identifier
