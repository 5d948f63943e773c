"""Rates of how pre-orientations end: read whole, every mistake with its line."""

from pathlib import Path

import numpy as np
import pytest

from allocator.domain.vocabulary import ECHECS
from allocator.formats import BadInput
from allocator.policies.replaying.aleas import SHIPPED, Aleas, Cas, read_aleas
from allocator.policies.replaying.outcomes import build_outcomes
from tests.builders import Holder, make_instance

VALID = """\
format = 1
titre = "Essai"
tours = 3
[delais]
bail = 60
sans_candidat = 30
refus = 45
rendu = 7
[taux]
refus = 0.2
[[cas]]
famille = "etat"
qpv = "oui"
refus = 1.5
[[cas]]
reservataire = "als"
sans_candidat = 2
rendu = 0
"""


def read(text: str, folder: Path) -> Aleas:
    path = folder / "a.toml"
    path.write_text(text, encoding="utf-8")
    return read_aleas(path, ("etat", "als"))


def test_a_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    assert read(VALID, tmp_path) == Aleas(
        tours=3,
        delais=(30, 45, 7, 60),
        taux=(0.0, 0.2, 0.0),
        cas=(
            Cas((1.0, 1.5, 1.0), "", "etat", "", "", "oui"),
            Cas((2.0, 1.0, 0.0), "als", "", "", "", ""),
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("format = 1", "format = 2", "1: format: « 2 » inconnu, attendu 1"),
        ("tours = 3\n", "", "1: tours: clé obligatoire absente"),
        ("tours = 3", "tours = 0", "3: tours: 0 hors limites, attendu un entier de 1 à 100"),
        ("tours = 3", "tours = 1.5", "3: tours: 1.5 hors limites, attendu un entier de 1 à 100"),
        ("bail = 60", "bail = 0", "5: delais.bail: 0 hors limites, attendu un entier de 1 à 3660"),
        ("rendu = 7", "rendue = 7", "4: delais.rendu: clé obligatoire absente"),
        ("[taux]\nrefus = 0.2\n", "", "1: taux: table [taux] obligatoire absente"),
        ("refus = 0.2", "refus = -0.2", "10: taux.refus: « -0.2 » hors limites, attendu un nombre fini ≥ 0"),
        ("refus = 0.2", "refus = 0.8\nrendu = 0.3", "9: taux: les taux font 1.1 en somme, 1 au plus"),
        ("refus = 0.2", "bail = 0.2", "10: taux.bail: clé inconnue"),
        ('"etat"', '"prefet"', "12: cas[1].famille: « prefet » inconnu, attendu etat"),
        ('"als"', '"cdc"', "16: cas[2].reservataire: « cdc » absent de reservataires.csv"),
        ("refus = 1.5\n", "", "11: cas[1]: un facteur était attendu"),
        ('reservataire = "als"\n', "", "15: cas[2]: un cas se désigne par reservataire"),
        ('reservataire = "als"', 'famille = "etat"\nqpv = "oui"', "15: cas[2]: cas donné deux fois"),
        ("[taux]", "[taux", "9: ce n'est pas du TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert old in VALID
    with pytest.raises(BadInput) as bad:
        read(VALID.replace(old, new, 1), tmp_path)
    assert any(line.startswith(f"a.toml:{told}") for line in bad.value.render().splitlines())


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="absent"):
        read_aleas(tmp_path / "rien.toml", ())


def test_the_shipped_rates_are_marked_as_assumptions_and_balanced() -> None:
    """Cases lie on both sides of the ordinary rates: an equal mix of everything signs about as often."""
    assert "HYPOTHÈSES" in SHIPPED.read_text(encoding="utf-8")
    aleas = read_aleas(SHIPPED, ())
    holders = [Holder(famille, famille) for famille in ("etat", "action_logement", "commune", "employeur")]
    until = build_outcomes(aleas, make_instance(holders=holders, promises=()), 0).until
    assert until.shape[-1] == len(ECHECS)
    # dwellings of two, three and four rooms, PLAI and PLUS
    assert abs((1 - until[:, 1:4, :2, :, -1]).mean() - aleas.bail) < 0.02
    assert np.all(np.diff(until, axis=-1) >= 0)
