"""Leases against radiations: what is right is never told, what is wrong always is."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.domain import Reservataires
from allocator.formats import BadInput
from allocator.ledger.daily.releve import build_releve
from allocator.ledger.importing import Correspondance, Radiation
from allocator.ledger.rapprochement.appariement import Voisins, match
from allocator.ledger.rapprochement.baux import Bail, baux
from allocator.ledger.rapprochement.extrait import read_radiations
from allocator.ledger.rapprochement.rapprocher import Cadre, Ecart, agrees, rapprocher
from tests.ledger.daily_desk import announced, opened, oriented, said, small

HOLDERS = Reservataires(
    ("etat", "als", "ville"), ("État", "ALS", "Ville"), ("etat", "action_logement", "commune"), (None,) * 3
)
CADRE = Cadre(date(2025, 1, 1), date(2025, 12, 31), 20, True)
COMMUNES = ("93048", "93066")

seeds = st.integers(min_value=0, max_value=10**6).map(random.Random)


def some_leases(rng: random.Random, number: int) -> list[Bail]:
    return [
        Bail(
            f"L{row}",
            date(2025, 1, 1) + timedelta(days=rng.randrange(365)),
            rng.choice(COMMUNES),
            rng.choice(["T2", "T3"]),
            rng.choice([(), *((name,) for name in HOLDERS.id)]),
        )
        for row in range(number)
    ]


def radiation_of(bail: Bail, number: int, **said: object) -> Radiation:
    """Return the radiation that agrees with a lease."""
    told = Radiation(
        number + 2, str(number), str(bail.date), bail.commune, bail.contingent, None, bail.typologie, None
    )
    return replace(told, **said)  # type: ignore[arg-type]


def told(ecarts: tuple[Ecart, ...]) -> list[tuple[str, str, str]]:
    return [
        (each.anomalie, each.liberation, "" if each.radiation is None else each.radiation.numero)
        for each in ecarts
    ]


@given(seeds, st.integers(0, 25), st.booleans())
@settings(deadline=None)
def test_radiations_that_agree_are_all_matched_whatever_their_order(
    rng: random.Random, number: int, named: bool
) -> None:
    leases = some_leases(rng, number)
    radiations = [
        radiation_of(bail, row, liberation=bail.liberation if named else None)
        for row, bail in enumerate(leases)
    ]
    rng.shuffle(radiations)
    assert rapprocher(leases, radiations, HOLDERS, CADRE) == ()


@given(seeds, st.integers(1, 25))
@settings(deadline=None)
def test_each_wrong_thing_is_told_once_where_radiations_name_their_dwelling(
    rng: random.Random, number: int
) -> None:
    leases, radiations, expected = some_leases(rng, number), [], set()
    for row, bail in enumerate(leases):
        right = radiation_of(bail, row, liberation=bail.liberation)
        what = rng.choice(["", "bail_sans_radiation", "radiation_sans_bail", "contingent", "date"])
        if what == "bail_sans_radiation":
            expected.add((what, bail.liberation, ""))
            continue
        radiations.append(right)
        if what == "radiation_sans_bail":
            radiations.append(replace(right, numero=f"{row}-bis", ligne=row + 100, liberation=f"X{row}"))
            expected.add((what, f"X{row}", f"{row}-bis"))
        elif what == "contingent":
            wrong = next(name for name in HOLDERS.id if name not in bail.designataires)
            radiations[-1] = replace(right, contingent=wrong)
            expected.add((what, bail.liberation, str(row)))
        elif what == "date":
            radiations[-1] = replace(right, date=str(bail.date + timedelta(days=21)))
            expected.add((what, bail.liberation, str(row)))
    found = told(rapprocher(leases, radiations, HOLDERS, CADRE))
    assert len(found) == len(expected)
    assert set(found) == expected


@given(seeds, st.integers(1, 15), st.integers(0, 5))
@settings(deadline=None)
def test_without_names_what_is_missing_and_what_is_too_many_is_counted(
    rng: random.Random, number: int, strangers: int
) -> None:
    leases = some_leases(rng, number)
    radiations = [radiation_of(bail, row) for row, bail in enumerate(leases)]
    lost = rng.randrange(number + 1)
    kept = rng.sample(radiations, number - lost)
    foreign = [Radiation(500 + n, f"X{n}", "2025-06-01", "75101", "als") for n in range(strangers)]
    found = rapprocher(leases, [*kept, *foreign], HOLDERS, CADRE)
    assert sum(each.anomalie == "bail_sans_radiation" for each in found) == lost
    assert sum(each.anomalie == "radiation_sans_bail" for each in found) == strangers
    assert len(found) == lost + strangers


def test_of_two_leases_near_enough_the_one_whose_contingent_agrees_is_taken() -> None:
    leases = [
        Bail("A", date(2025, 3, 3), "93048", "T3", ("als",)),
        Bail("B", date(2025, 3, 5), "93048", "T3", ("etat",)),
    ]
    radiations = [
        Radiation(2, "1", "2025-03-05", "93048", "als"),
        Radiation(3, "2", "2025-03-06", "93048", "etat"),
    ]
    assert rapprocher(leases, radiations, HOLDERS, CADRE) == ()
    (wrong,) = rapprocher(leases[:1], radiations[1:], HOLDERS, CADRE)
    assert (wrong.anomalie, wrong.journal, wrong.sne) == ("contingent", "als", "etat")


def test_the_nearest_is_left_to_another_where_both_can_be_right() -> None:
    leases = [
        Bail("A", date(2025, 3, 10), "93048", "T3", ("als",)),
        Bail("B", date(2025, 3, 25), "93048", "T3", ("als",)),
    ]
    # the first is nearer to B, which the second needs
    radiations = [
        Radiation(2, "1", "2025-03-20", "93048", "als"),
        Radiation(3, "2", "2025-04-10", "93048", "als"),
    ]
    assert rapprocher(leases, radiations, HOLDERS, CADRE) == ()


@given(seeds, st.integers(1, 5), st.integers(1, 5))
@settings(deadline=None)
def test_no_other_matching_tells_less(rng: random.Random, leases: int, radiations: int) -> None:
    """Against all matchings, one by one."""
    pairs = [
        Voisins(rng.random() < 0.4, rng.randrange(20), radiation, bail, bail % 3 > 0)
        for radiation in range(radiations)
        for bail in range(leases)
        if rng.random() < 0.6
    ]
    found = match(pairs)
    by_key = {(pair.radiation, pair.bail): pair for pair in pairs}
    assert len(set(found.values())) == len(found)
    assert merit([by_key[pair] for pair in found.items()]) == min(map(merit, matchings(pairs)))


def matchings(pairs: list[Voisins]) -> Iterator[list[Voisins]]:
    yield []
    for row, pair in enumerate(pairs):
        rest = [p for p in pairs[row + 1 :] if p.radiation != pair.radiation and p.bail != pair.bail]
        yield from ([pair, *others] for others in matchings(rest))


def merit(chosen: list[Voisins]) -> tuple[int, int]:
    """Return what a matching spares of what would be told, and how many it matches, both to be least."""
    return sum(pair.wrong - 1 - pair.missed for pair in chosen), -len(chosen)


def test_leases_of_other_days_are_not_missed_but_may_be_matched() -> None:
    leases = [
        Bail("A", date(2024, 12, 28), "93048", "T3", ("als",)),
        Bail("B", date(2026, 1, 3), "93048", "T3", ("als",)),
    ]
    assert rapprocher(leases, [], HOLDERS, CADRE) == ()
    radiations = [radiation_of(leases[0], 1, date="2025-01-02")]
    assert rapprocher(leases, radiations, HOLDERS, CADRE) == ()


def test_a_contingent_may_be_told_by_its_famille_and_the_bailleur_by_nothing() -> None:
    lease = Bail("A", date(2025, 3, 3), "93048", "T3", ("ville",))
    assert [agrees(lease, word, HOLDERS) for word in ("ville", "commune", "als", "")] == [
        True,
        True,
        False,
        False,
    ]
    kept = replace(lease, designataires=())
    assert [agrees(kept, word, HOLDERS) for word in ("", "bailleur", "ville")] == [True, True, False]
    assert agrees(replace(kept, connu=False), "ville", HOLDERS)


def test_the_leases_of_a_journal_have_who_designated(sqlite_file: str) -> None:
    day = "2025-03-01"
    signed = [step for name in "ABCD" for step in (said("attribution", name, day), said("bail", name, day))]
    more = [
        *(announced(name, day) for name in "ABCDE"),
        oriented("A", day, "als"),
        said("decline", "A", day),
        oriented("A", day, "ville", tour=2),
        oriented("B", day, None),
        said("statut", "C", day, statut="hors_assiette", categorie="mutation"),
        said("statut", "D", day, statut="hors_assiette", categorie="vente", contingent="etat"),
        oriented("E", day, "als"),
        *signed,
    ]
    with opened(sqlite_file, small(), more) as journal:
        found = baux(build_releve(journal.registre(), date(2025, 3, 14), 0))
    assert [(each.liberation, each.designataires, each.connu) for each in found] == [
        ("A", ("ville",), True),
        ("B", (), True),
        ("C", (), False),
        ("D", ("etat",), True),
    ]


def test_who_lost_its_flux_leaves_the_designation_to_the_prefet(sqlite_file: str) -> None:
    day = "2025-03-01"
    lignes = [{"territoire": "departement:93", "part": 40}]
    lost = said(
        "convention", "als/departement:93", "2025-01-02",
        reservataire="als", territoire="departement:93", lignes=lignes, limite="2025-01-31",
    )  # fmt: skip
    signed = said("signature", "etat/departement:93", "2025-01-01")
    life = [
        announced("A", day),
        oriented("A", day, "als"),
        said("attribution", "A", day),
        said("bail", "A", day),
    ]
    with opened(sqlite_file, small(), [lost, signed, *life]) as journal:
        (found,) = baux(build_releve(journal.registre(), date(2025, 3, 14), 0))
    assert found.designataires == ("als", "etat")


MAPPING = Correspondance(
    "radiations",
    {
        "numero": ("NUR",),
        "date": ("Le",),
        "commune": ("INSEE",),
        "contingent": ("Contingent",),
        "motif_radiation": ("Motif",),
    },
    traductions={
        "contingent": {"Etat prioritaires": "etat", "Bailleur": ""},
        "motif_radiation": {"M5": "autre"},
    },
    dates=("JJ/MM/AAAA",),
)


def test_an_extract_is_read_in_its_own_words(tmp_path: Path) -> None:
    path = tmp_path / "sne.csv"
    path.write_text(
        "NUR;Le;INSEE;Contingent;Motif\n"
        "1;01/03/2025;93048;Etat prioritaires;Attribution\n"
        "2;02/03/2025;93048;Bailleur;attribution\n"
        "3;03/03/2025;93048;action_logement;M5\n",
        encoding="utf-8",
    )
    found = read_radiations(path, MAPPING, HOLDERS)
    assert [(each.numero, each.date, each.contingent) for each in found] == [
        ("1", "2025-03-01", "etat"),
        ("2", "2025-03-02", None),
    ]


def test_every_fault_of_an_extract_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sne.csv"
    path.write_text(
        "NUR;Le;INSEE;Contingent;Motif\n1;31/02/2025;93048;als;bail\n1;01/03/2025;93048;Mairie;bail\n2;01/03/2025;;als;?\n",
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as bad:
        read_radiations(path, MAPPING, HOLDERS)
    assert [(fault.line, fault.column) for fault in bad.value.faults] == [
        (2, "Le"),
        (3, "NUR"),
        (4, "INSEE"),
        (4, "Motif"),
    ]
    with pytest.raises(BadInput, match="« radiations » était attendu"):
        read_radiations(path, replace(MAPPING, genre="issues"), HOLDERS)
