"""The état des lieux as people read it in a terminal."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from allocator.cli.text_table import figure, text_table
from allocator.formats.etat_des_lieux_schema import GRAVITES
from allocator.stock.dossier import Dossier
from allocator.stock.dossier.ouverts import consommes, echus, ouverts
from allocator.stock.etat_des_lieux.constats import Constat
from allocator.stock.etat_des_lieux.incompletudes import Incompletude
from allocator.stock.etat_des_lieux.reponses import CONTESTEE, ETATS, SANS_REPONSE, Reponse

SHOWN: Final = 3
"""Rights that are named for each kind of finding; the table names all."""


def check_page(dossier: Dossier, found: Sequence[Incompletude]) -> str:
    """Return what is to be settled, by réservataire, the gravest first: how many lines, and what to do."""
    droits, names = dossier.droits, dossier.reservataires.nom
    blocks = [_head(dossier)]
    for holder in [*range(len(names)), -1]:
        mine = [one for one in found if _holder(dossier, one) == holder]
        if not mine:
            continue
        title = "Bailleur" if holder < 0 else names[holder]
        lines = [f"{title} : {_counted(len(mine), 'constat')}"]
        for constat, of_kind in _by_kind(mine):
            said = of_kind[0].texte if len({one.texte for one in of_kind}) == 1 else _general(of_kind)
            where = ", ".join(droits.droit[one.droit] for one in of_kind[:SHOWN] if one.droit >= 0)
            more = f" … et {len(of_kind) - SHOWN} de plus" if len(of_kind) > SHOWN and where else ""
            lines.append(f"  [{constat.gravite}] {said}{f' ({where}{more})' if where else ''}")
            lines.append(f"    → {constat.a_faire}")
        blocks.append("\n".join(lines))
    if len(blocks) == 1:
        blocks.append("Rien ne manque et rien ne se contredit.")
    return "\n\n".join(blocks)


def answers_page(dossier: Dossier, answers: Mapping[int, Reponse]) -> str:
    """Return how many lines each réservataire confirmed or contested, and what is contested."""
    holders = dossier.reservataires.id
    counts: Counter[tuple[int, str]] = Counter()
    for row, holder in enumerate(dossier.droits.reservataire.tolist()):
        counts[holder, answers[row].etat if row in answers else SANS_REPONSE] += 1
    rows = [["réservataire", "droits", *(f"{etat}s" if etat != SANS_REPONSE else etat for etat in ETATS)]]
    for holder in sorted({holder for holder, _ in counts}):
        found = [counts[holder, etat] for etat in ETATS]
        rows.append([holders[holder], *map(figure, (sum(found), *found))])
    contested = [
        f"  {dossier.droits.droit[row]} ({holders[int(dossier.droits.reservataire[row])]}, {answer.date:%d/%m/%Y}, "
        f"{answer.par}) : {answer.motif}"
        for row, answer in sorted(answers.items())
        if answer.etat == CONTESTEE
    ]
    head = f"{dossier.bailleur} — réponses à l'état des lieux du {dossier.date:%d/%m/%Y}"
    page = f"{head}\n\n{text_table(rows, 1)}"
    return page + ("\n\nLignes contestées :\n" + "\n".join(contested) if contested else "")


def synthesis_page(dossier: Dossier) -> str:
    """Return the dwellings that each réservataire's open rights reserve, by nature, and their share of the stock."""
    droits, live = dossier.droits, ouverts(dossier)
    suite = np.array([nature == "suite" for nature in droits.nature], bool)
    rows = [["réservataire", "logements réservés", "droits de suite", "droits simples", "part du parc %"]]
    for holder, name in enumerate(dossier.reservataires.nom):
        mine = live & (droits.reservataire == holder)
        every, lasting = int(droits.nombre[mine].sum()), int(droits.nombre[mine & suite].sum())
        share = 100.0 * every / len(dossier.parc) if len(dossier.parc) else None
        rows.append([name, *map(figure, (every, lasting, every - lasting)), figure(share, 2)])
    return f"{_head(dossier)}\n\n{text_table(rows, 1)}"


def _head(dossier: Dossier) -> str:
    parc, droits = dossier.parc, dossier.droits
    return (
        f"{dossier.bailleur} — état des lieux au {dossier.date:%d/%m/%Y}\n"
        f"{_counted(len(parc), 'logement')}, dont {figure(int(parc.en_location.sum()))} en location ; "
        f"{_counted(len(droits), 'droit')}, dont {figure(int(ouverts(dossier).sum()))} ouverts, "
        f"{figure(int(echus(dossier).sum()))} échus et {figure(int((consommes(dossier) & ~echus(dossier)).sum()))} "
        "utilisés"
    )


def _holder(dossier: Dossier, one: Incompletude) -> int:
    return -1 if one.droit < 0 else int(dossier.droits.reservataire[one.droit])


def _by_kind(found: Sequence[Incompletude]) -> list[tuple[Constat, list[Incompletude]]]:
    """Return findings by kind, the gravest first; those of the register stay one by one."""
    kinds: dict[tuple[str, str], list[Incompletude]] = {}
    for one in found:
        kinds.setdefault((one.constat.code, one.texte if one.droit < 0 else ""), []).append(one)
    groups = [(group[0].constat, group) for group in kinds.values()]
    return sorted(groups, key=lambda pair: GRAVITES.index(pair[0].gravite))


def _general(found: Sequence[Incompletude]) -> str:
    """Return what several findings of one kind say: the first, and how many there are."""
    return f"{found[0].texte}, et {len(found) - 1} autre(s) de même nature"


def _counted(count: int, noun: str) -> str:
    return f"{figure(count)} {noun}{'s' if count > 1 else ''}"
