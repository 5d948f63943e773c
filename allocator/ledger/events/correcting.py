"""A correction taken in: all that is known of its object is folded again, and has to hold."""

from allocator.formats.cells import quote
from allocator.ledger.events.admission import contents_faults
from allocator.ledger.events.batch import Connu, Lot
from allocator.ledger.events.closed import CLOTURE, closed_through, first_day
from allocator.ledger.events.corrections import CORRECTION
from allocator.ledger.events.dossier import Dossier
from allocator.ledger.events.event import Contenu, Event
from allocator.ledger.events.fold import fold
from allocator.ledger.events.natures import NATURES
from allocator.ledger.events.transitions import Refused


def correct(event: Event, known: Connu, lot: Lot) -> None:
    """Fold again all that is known of the object of a correction.

    Raises
    ------
    Refused
        If it corrects nothing, or what was recorded since could not follow what it makes of the past.
    """
    said, history = event.contenu, known.histoires[event.objet]
    target = next((each for each in history if each.rang == said["de"]), None)
    if target is None:
        raise Refused(
            f"correction impossible : aucun événement {said['de']} ne porte sur {quote(event.objet)}"
        )
    what = f"correction de l'événement {target.rang} ({NATURES[target.nature].titre}) impossible"
    if wrong := _correction_faults(event.contenu, target, known):
        raise Refused(f"{what} : {' ; '.join(wrong)}")
    if closed := _closed(event, target, known):
        raise Refused(f"{what} : {closed}")
    if said.get("contenu") is not None:
        check_acte(target.nature, target.objet, said["contenu"], known)
    try:
        folded = fold([*history, event])
    except Refused as why:
        raise Refused(f"{what}, la suite ne tiendrait plus : {why}") from why
    if event.objet in known.dossiers:
        left = folded.dossiers.get(event.objet)
        lot.dossiers[event.objet] = left
        known.dossiers[event.objet] = left or Dossier(event.objet)
    elif not any(acte.nature == "convention" for acte in folded.actes):
        known.conventions.discard(event.objet)
    if not event.objet:
        known.clos = closed_through(folded.actes)
    lot.actes = [acte for acte in lot.actes if acte.objet != event.objet]
    lot.repris[event.objet] = list(folded.actes)


def _correction_faults(said: Contenu, target: Event, known: Connu) -> list[str]:
    annuls = bool(said.get("annule"))
    changes = said.get("contenu") is not None or said.get("effet") is not None
    if annuls == changes:
        return ["« annule », ou bien « contenu » ou « effet », était attendu"]
    if target.nature == "ouverture":
        return ["une ouverture ne se corrige que par une nouvelle ouverture"]
    if target.nature == "purge":
        return ["une purge ne se corrige pas"]
    if target.nature == CORRECTION and changes:
        return ["une correction s'annule ; l'événement d'origine se corrige de nouveau"]
    if said.get("contenu") is None:
        return []
    return contents_faults(target.nature, said["contenu"], known.communes, known.reservataires)


def _closed(event: Event, target: Event, known: Connu) -> str:
    """Return what keeps a correction from touching a year that is closed, or nothing."""
    said, history = event.contenu, known.histoires[event.objet]
    while target.nature == CORRECTION:
        # to annul a correction changes what it corrects
        target = next(each for each in history if each.rang == target.contenu["de"])
    corrections = [each.contenu for each in (*history, event) if each.nature == CORRECTION]
    versions = [each for each in corrections if each["de"] == target.rang]
    days = [
        first_day(target.nature, each.get("effet") or target.effet, each.get("contenu") or target.contenu)
        for each in (*versions, {})
    ]
    if min(event.effet, *days) > known.clos or (said.get("apres_cloture") and said.get("motif")):
        return ""
    return (
        f"l'année est close jusqu'au {known.clos} ; une correction qui y touche dit pourquoi (motif) et le reconnaît "
        "(apres_cloture)"
    )


def check_acte(nature: str, objet: str, contenu: Contenu, known: Connu) -> None:
    """Hold an act against its object and the acts before it.

    Raises
    ------
    Refused
        If it is about another convention than it says, or one that is not recorded.
    """
    if nature == "convention":
        expected = f"{contenu['reservataire']}/{contenu['territoire']}"
        if objet != expected:
            raise Refused(f"l'objet de cette convention est {quote(expected)}")
    elif nature == CLOTURE and objet:
        raise Refused("une clôture n'a pas d'objet : elle clôt tout le journal")
    elif nature == "signature" and objet not in known.conventions:
        raise Refused(f"signature impossible : aucune convention {quote(objet)} n'est enregistrée")
