"""The legal guards: each threshold just kept and just broken, by hand."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allocator.domain import Instance
from allocator.formats import BadInput
from allocator.ledger.conventions.exercice import exercice
from allocator.ledger.conventions.gardes import Alerte, gardes
from allocator.ledger.conventions.seuils import Seuil, at, read_seuils
from allocator.ledger.conventions.version import Derogation, Ligne, Version
from tests.builders import Commune, Holder, Wish, make_instance

DAY = date(2025, 6, 1)
D93 = "departement:93"
COMMUNES = (Commune("93048", epci="e", nom="Montreuil"), Commune("93001", epci="e", nom="Aubervilliers"))
HOLDERS = (
    Holder("etat", "etat"),
    Holder("als", "action_logement"),
    Holder("ville", "commune"),
    Holder("ept", "epci"),
)
ASSIETTE, HORS_QPV = np.array([60.0, 40.0]), np.array([30.0, 0.0])
SIGNED = date(2024, 1, 1)


def signed(holder: str, territoire: str, part: float | None = None, **fields: Any) -> Version:
    lignes = fields.pop("lignes", (Ligne(territoire, part=part),))
    return Version(holder, territoire, SIGNED, lignes, **{"signature": SIGNED, **fields})


def state(part: float = 30.0, **fields: Any) -> Version:
    return signed("etat", D93, part, **fields)


def instance(*wishes: Wish) -> Instance:
    return make_instance(communes=COMMUNES, holders=HOLDERS, promises=(), releases=(), wishes=wishes)


def told(
    *versions: Version,
    day: date = DAY,
    seuils: tuple[Seuil, ...] = read_seuils(),
    wishes: tuple[Wish, ...] = (),
    assiette: np.ndarray = ASSIETTE,
    hors_qpv: np.ndarray = HORS_QPV,
) -> list[Alerte]:
    known = exercice(instance(*wishes), versions, {})
    return list(gardes(known, versions, day, assiette, hors_qpv, seuils))


def kinds(found: list[Alerte]) -> list[tuple[str, str, str]]:
    return [(alerte.gravite, alerte.seuil, alerte.territoire) for alerte in found]


def test_conventions_within_the_law_give_no_alert() -> None:
    assert told(state(agents=5.0), signed("als", D93, 50.0), signed("ville", "commune:93048", 20.0)) == []


def test_the_state_has_thirty_percent_at_most() -> None:
    found = told(state(30.5))
    assert kinds(found) == [("erreur", "etat", D93)]
    assert found[0].message == (
        "l'État a 30,5 % du flux du département 93, 30 % au plus (R.441-5-2, I, du CCH)"
    )


def test_volumes_are_a_share_of_the_flux_expected() -> None:
    assert told(state(lignes=(Ligne(D93, volume=30.0),))) == []
    # a forecast may be wrong: what only a volume breaks is no error, what a part breaks by itself is
    assert kinds(told(state(lignes=(Ligne(D93, volume=31.0),)))) == [("avertissement", "etat", D93)]
    both = (Ligne(D93, part=31.0), Ligne("commune:93048", volume=1.0))
    assert kinds(told(state(lignes=both)))[0] == ("erreur", "etat", D93)
    # where nothing is expected, parts alone tell
    assert kinds(told(state(31.0), assiette=np.zeros(2), hors_qpv=np.zeros(2))) == [("erreur", "etat", D93)]


def test_a_dated_derogation_of_a_year_at_most_lifts_the_thirty_percent() -> None:
    year = Derogation(date(2025, 1, 1), date(2025, 12, 31), "arrêté 2025-12")
    assert told(state(40.0, derogation=year)) == []
    assert kinds(told(state(40.0, derogation=year), day=date(2024, 12, 31)))[0] == ("erreur", "etat", D93)
    longer = Derogation(date(2025, 1, 1), date(2026, 1, 1), "arrêté 2025-12")
    found = told(state(40.0, derogation=longer))
    assert [alerte.message for alerte in found] == [
        "la dérogation du 01/01/2025 au 01/01/2026 dépasse un an (R.441-5-2, I, du CCH)"
    ]


def test_agents_have_five_points_of_the_thirty() -> None:
    assert told(state(agents=5.0)) == []
    assert kinds(told(state(agents=5.5))) == [("erreur", "agents", D93)]
    found = told(state(4.0, agents=5.0))
    assert kinds(found) == [("erreur", "agents", D93)]
    assert "dépassent la part de l'État" in found[0].message


def test_the_share_of_the_state_is_the_same_in_every_commune_unless_agreed_otherwise() -> None:
    uneven = state(lignes=(Ligne("commune:93048", part=40.0), Ligne("commune:93001", part=15.0)))
    found = told(uneven)
    assert kinds(found) == [("avertissement", "uniforme", D93)]
    assert found[0].message == (
        "l'État a 40 % du flux de Montreuil et 15 % de celui de Aubervilliers : sans clause contraire, "
        "sa part est la même dans chaque commune du 93 (R.441-5-2, II, du CCH)"
    )
    # a commune that is left out, or that has a volume beside the share of all
    assert kinds(told(state(lignes=(Ligne("commune:93048", part=30.0),)))) == [
        ("avertissement", "uniforme", D93)
    ]
    both = (Ligne(D93, part=20.0), Ligne("commune:93001", volume=1.0))
    assert ("avertissement", "uniforme", D93) in kinds(told(state(lignes=both)))
    # line by line, but the same; and where nothing comes free there is no share
    same = (Ligne("commune:93048", part=30.0), Ligne("commune:93001", part=30.0))
    assert told(state(lignes=same)) == []
    assert told(state(lignes=same[:1]), assiette=np.array([60.0, 0.0])) == []
    wider = tuple(
        replace(seuil, valeur=25.0) if seuil.nom == "uniforme" else seuil for seuil in read_seuils()
    )
    assert told(uneven, seuils=wider) == []


def test_outside_the_qpv_the_denominator_is_a_setting() -> None:
    # a uniform share: 30 % of the préfet's dwellings are outside, and it has 30 % of the flux outside
    by_flux = tuple(
        Seuil(s.nom, s.article, s.valeur, s.gravite, s.debut, s.fin, "flux") for s in read_seuils()
    )
    assert told(state(30.0)) == []
    assert told(state(30.0), seuils=by_flux) == []
    less = told(state(25.0), seuils=by_flux)
    assert kinds(less) == [("avertissement", "hors_qpv", D93)]
    assert "le préfet a 25 % du flux hors QPV" in less[0].message
    assert told(state(25.0)) == []
    wish = (Wish("etat", "qpv", "non", 20),)
    assert kinds(told(state(30.0), wishes=wish)) == [("avertissement", "hors_qpv", D93)]
    assert told(state(30.0), wishes=(Wish("etat", "qpv", "non", 30),)) == []


def test_guarantee_rights_above_twenty_percent_only_warn() -> None:
    town = signed("ville", "commune:93048", 30.0, garantie=15.0)
    assert told(state(), town, signed("ept", "epci:e", 5.0, garantie=5.0)) == []
    found = told(state(), town, signed("ept", "epci:e", 10.0, garantie=6.0))
    assert kinds(found) == [("avertissement", "garantie", "commune:93048")]
    assert "21 % du flux de Montreuil, 20 % au plus" in found[0].message
    # Action Logement guarantees nothing
    assert told(state(), signed("als", D93, 30.0, garantie=25.0)) == []


def test_nothing_is_promised_twice() -> None:
    town, others = signed("ville", "commune:93048", 20.0), signed("als", D93, 50.0)
    assert told(state(), town, others) == []
    found = told(state(), town, others, signed("ept", "epci:e", lignes=(Ligne("epci:e", volume=10.0),)))
    # 100 % in parts, and ten dwellings of a hundred beside them
    assert set(kinds(found)) == {
        ("avertissement", "total", "commune:93048"),
    }
    assert "promettent 110 % du flux de Montreuil, 100 % au plus" in found[0].message
    more = signed("als", D93, 50.5)
    assert kinds(told(state(), town, more)) == [("erreur", "total", "commune:93048")]


def test_what_share_a_volume_is_cannot_be_told_where_nothing_is_expected() -> None:
    owed = signed("ept", "epci:e", lignes=(Ligne("epci:e", volume=24.0), Ligne("commune:93048", volume=6.0)))
    nothing = np.zeros(2)
    (found,) = told(state(), owed, assiette=nothing, hors_qpv=nothing)
    assert kinds([found]) == [("avertissement", "prevision", D93)]
    assert "30 logements par an sont promis là où aucun n'est prévu" in found.message
    assert "%" not in found.message
    # in a commune of a département where others are expected
    (found,) = told(state(), owed, assiette=np.array([0.0, 100.0]), hors_qpv=nothing)
    assert kinds([found]) == [("avertissement", "prevision", "commune:93048")]
    assert found.message.startswith("6 logements par an")


def test_what_is_unsigned_after_its_date_goes_to_the_prefet() -> None:
    late = signed("als", D93, 50.0, signature=None, limite=date(2025, 3, 31))
    assert told(state(), late, day=date(2025, 3, 31)) == []
    found = told(state(), late)
    assert kinds(found) == [("avertissement", "signature", D93)]
    assert found[0].message == "la convention de als n'est pas signée : son flux va au préfet"


def test_a_state_without_convention_is_served_by_arrete() -> None:
    (found,) = told(signed("als", D93, 50.0))
    assert (
        found.message
        == "l'État n'a pas de convention dans le 93 : le préfet règle par arrêté (R.441-5-2, IV)"
    )
    unsigned = state(signature=None, limite=date(2025, 3, 31))
    assert kinds(told(unsigned)) == [("avertissement", "signature", D93)]
    assert told(state(signature=None, acte="arrete")) == []


def test_errors_come_first() -> None:
    found = told(signed("als", D93, 120.0), signed("ville", "commune:93048", 1.0, garantie=30.0))
    assert [alerte.gravite for alerte in found] == ["erreur", "erreur", "avertissement", "avertissement"]


def test_thresholds_hold_on_their_days_only(tmp_path: Path) -> None:
    path = tmp_path / "seuils.toml"
    entry = '[[seuil]]\nnom = "etat"\narticle = "R"\nvaleur = {}\ngravite = "erreur"\ndebut = "{}"\n'
    first = entry.format(30, "2020-02-22") + 'fin = "2025-12-31"\n'
    path.write_text("format = 1\n" + first + entry.format(25, "2026-01-01"), encoding="utf-8")
    seuils = read_seuils(path)
    days = (date(2020, 2, 21), date(2025, 12, 31), date(2026, 1, 1))
    found = [at(seuils, "etat", day) for day in days]
    assert [seuil.valeur if seuil else None for seuil in found] == [None, 30, 25]
    path.write_text("format = 1\n" + first + entry.format(25, "2025-12-31"), encoding="utf-8")
    with pytest.raises(BadInput, match=r"seuils\.toml:9: seuil\[2\]: un autre seuil « etat »"):
        read_seuils(path)
    path.write_text("format = 1\n" + entry.format(-3, "hier") + 'fin = ""\n', encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_seuils(path)
    assert [fault.line for fault in refused.value.faults] == [5, 7, 8]
