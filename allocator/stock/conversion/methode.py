"""How a conversion was made, in words, for whoever opens its workbook."""

from allocator.domain.french import short
from allocator.stock.conversion.etude import Etude
from allocator.stock.conversion.reglages import PARC


def methode(etude: Etude) -> list[tuple[str, str]]:
    """Return labels and texts."""
    lots, flux, reglages = etude.lots, etude.flux, etude.reglages
    denominateur = "le parc" if reglages.denominateur == PARC else "les logements en location"
    return [
        ("Dossier", f"{etude.dossier.nom}, {etude.dossier.bailleur}"),
        ("Empreinte du dossier", etude.dossier.sha256),
        ("Droits comptés au", f"{lots.jour:%d/%m/%Y}"),
        ("Choix de taux", ", ".join(conversion.choix.nom for conversion in etude.conversions)),
        ("Droits uniques", "somme des taux × durées restantes, plus un par droit simple non utilisé"),
        ("Durée restante", "années entières d'anniversaire en anniversaire, puis jours ÷ 365 ou 366"),
        ("Dernière attribution", "sa date ne compte pas"),
        ("Part", f"logements réservés ÷ {denominateur} du territoire"),
        ("Assiette d'une année", f"{short(float(flux.assiette))} logements"),
        (
            "Arrondi",
            "plus fort reste : organisme, puis réservataires, puis territoires ; à égalité, l'ordre du fichier",
        ),
        ("Source", "article R.441-5 du CCH ; concertation de 2021, thème 3"),
    ]
