"""A = L − H and what is due of it: the worked case by hand, and what holds of every assiette."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import ceil, floor

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.assiette.calcul import Assiette, build_assiette, build_dus
from allocator.assiette.calcul.avis import overdue
from allocator.assiette.dossier import DossierAssiette
from allocator.assiette.dossier.reglages import Plafond
from allocator.assiette.dossier.valeurs import Attendu, Exclusion, Passee, Version
from allocator.domain import Conventions
from allocator.formats.assiette_schema import CATEGORIES
from allocator.ledger.conventions.seuils import read_seuils
from allocator.ledger.events import natures

SEUILS = read_seuils()


def line(volume: float | None, place: str = "departement:93", **others: object) -> Exclusion:
    known: dict[str, object] = {
        "id": "ligne",
        "territoire": place,
        "categorie": "mutation",
        "operation": "",
        "mouvement": "interne",
        "annee": 2025,
        "volume": None if volume is None else Fraction(str(volume)),
        "document": "" if volume is None else "cus",
        "page": "",
    }
    return Exclusion(**(known | others))  # type: ignore[arg-type]


def with_lines(dossier: DossierAssiette, lines: Sequence[Exclusion]) -> Assiette:
    return build_assiette(replace(dossier, exclusions=tuple(lines)), 1)


def test_the_categories_are_those_of_the_journal() -> None:
    assert CATEGORIES == natures.CATEGORIES


def test_ten_thousand_dwellings_at_six_percent_less_ninety_are_510(dossier: DossierAssiette) -> None:
    found = build_assiette(dossier, 1)
    assert (sum(found.parc), sum(found.attendues), sum(found.exclues)) == (10_000, 600, 90)
    assert sum(found.logements) == 510


def test_of_510_the_state_is_due_153_of_which_25_at_most_for_its_agents(dossier: DossierAssiette) -> None:
    dues = {due.reservataire: due.du for due in build_dus(dossier, build_assiette(dossier, 1), SEUILS)}
    assert dues["etat"] + dues["etat_agents"] == 153
    assert dues["etat_agents"] == 25
    assert dues["als"] == 102


def test_a_line_without_a_document_is_the_mean_of_three_years_and_says_so(dossier: DossierAssiette) -> None:
    (indigne,) = [line for line in build_assiette(dossier, 1).lignes if line.id == "indigne"]
    assert indigne.retenu == Fraction(10 + 9 + 8, 3)
    assert indigne.source == "moyenne des attributions 2022–2024, à défaut de document"


def test_a_line_with_a_document_quotes_it_to_the_page(dossier: DossierAssiette) -> None:
    (anru,) = [line for line in build_assiette(dossier, 1).lignes if line.id == "la-noue"]
    assert anru.source == "Convention NPNRU La Noue, 15/03/2021, p. 27"


def test_only_the_sales_of_the_year_count_unless_the_horizon_is_longer(dossier: DossierAssiette) -> None:
    def sold(horizon: int) -> Fraction:
        regles = dict(dossier.reglages.regles)
        regles["vente"] = replace(regles["vente"], horizon=horizon)
        found = build_assiette(replace(dossier, reglages=replace(dossier.reglages, regles=regles)), 1)
        return sum((line.retenu for line in found.lignes if line.categorie == "vente"), Fraction(0))

    assert [sold(1), sold(2)] == [11, 26]


def test_mutations_from_other_bailleurs_are_followed_apart_unless_partners_agree(
    dossier: DossierAssiette,
) -> None:
    agreed = replace(dossier, reglages=replace(dossier.reglages, inter_bailleurs="deduites"))
    assert sum(build_assiette(dossier, 1).exclues) == 90
    assert sum(build_assiette(agreed, 1).exclues) == 98


def test_a_mean_of_past_relettings_stands_for_the_rate_where_the_territory_says_so(
    dossier: DossierAssiette,
) -> None:
    reglages = replace(dossier.reglages, methodes={"commune:93048": "moyenne"})
    found = build_assiette(replace(dossier, reglages=reglages), 1)
    assert list(found.attendues) == [290, 180, 120]


def test_the_narrowest_territory_with_a_method_decides(dossier: DossierAssiette) -> None:
    methods = {"commune:93048": "rotation", "departement:93": "moyenne"}
    past = (Passee(2024, 0, 999), Passee(2024, 2, 90))
    found = build_assiette(
        replace(dossier, passees=past, reglages=replace(dossier.reglages, methodes=methods)), 1
    )
    assert list(found.attendues) == [300, 0, 30]


def test_a_request_takes_nothing_out_until_it_is_accepted(dossier: DossierAssiette) -> None:
    (waiting,) = dossier.demandes
    refused = replace(waiting, decision="refusee", decide_par="Préfet", decide_le=date(2024, 12, 1))
    accepted = replace(refused, decision="acceptee")
    late = replace(accepted, decide_le=date(2025, 3, 1))
    for demande, excluded in ((waiting, 90), (refused, 90), (late, 90), (accepted, 102)):
        found = build_assiette(replace(dossier, demandes=(demande,)), 1)
        assert sum(found.exclues) == excluded
        assert any("relance-1" in text for text in found.avis) == (excluded == 90)


def test_a_revision_leaves_the_versions_before_it_as_they_were(dossier: DossierAssiette) -> None:
    before = build_assiette(dossier, 1)
    revised = replace(
        dossier,
        versions=(*dossier.versions, Version(2, date(2025, 7, 1), "revoyure", "OPH")),
        exclusions=(*dossier.exclusions, line(5, id="ventes", categorie="vente", document="plan", version=2)),
        attendus=(*dossier.attendus, Attendu(2, "", 2000, Fraction(5), 2)),
    )
    assert build_assiette(revised, 1).logements == before.logements
    assert sum(build_assiette(revised, 2).logements) == 510 + 6 - 20


def test_a_clause_de_revoyure_gone_by_is_told_until_a_version_has_seen_it(dossier: DossierAssiette) -> None:
    assert overdue(dossier, 1, date(2025, 6, 29)) == ()
    assert overdue(dossier, 1, date(2025, 7, 1)) == (
        "« Plan de vente 2024-2029 » est à revoir depuis le 30/06/2025",
    )


def test_what_is_not_expected_cannot_be_taken_out(dossier: DossierAssiette) -> None:
    found = with_lines(dossier, [line(200, "commune:93066")])
    assert [found.exclues[2], found.logements[2]] == [120, 0]
    assert found.depassements[0][1] == 80
    assert any("80 logement(s) de plus" in text for text in found.avis)


def test_a_source_that_the_category_does_not_expect_is_told(dossier: DossierAssiette) -> None:
    found = with_lines(dossier, [line(3, categorie="renouvellement_urbain")])
    assert any(
        "n'est pas de ceux qu'attend la catégorie renouvellement_urbain" in text for text in found.avis
    )


def test_past_attributions_that_no_line_covers_are_told(dossier: DossierAssiette) -> None:
    found = with_lines(dossier, [line(40)])
    assert any(
        "attribution(s) hors assiette par an, en moyenne, n'ont aucune ligne" in text for text in found.avis
    )


def test_a_cap_on_relettings_has_another_denominator_than_one_on_the_stock(dossier: DossierAssiette) -> None:
    def passed(plafond: Plafond) -> bool:
        return (
            build_assiette(replace(dossier, reglages=replace(dossier.reglages, plafond=plafond)), 1).plafond
            is not None
        )

    assert not passed(Plafond(Fraction(1)))  # 90 of 100
    assert not passed(Plafond(Fraction(15), "relocations"))  # 90 of 90
    assert passed(Plafond(Fraction(14), "relocations"))  # 90 of 84
    assert passed(Plafond(Fraction(1), "parc", 8_000))  # 90 of 80


PLACES = ("commune:93048", "commune:93008", "commune:93066", "epci:200057875", "departement:93")
LINES = st.lists(
    st.tuples(
        st.sampled_from(PLACES),
        st.sampled_from(CATEGORIES),
        st.decimals(0, 60, places=1, allow_nan=False).map(float),
    ),
    max_size=6,
)
STOCKS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 3000), st.decimals(0, 20, places=1).map(Fraction)), max_size=5
)


def drawn(
    dossier: DossierAssiette, lines: list[tuple[str, str, float]], stocks: list[tuple[int, int, Fraction]]
) -> DossierAssiette:
    return replace(
        dossier,
        exclusions=tuple(
            line(volume, place, id=str(number), categorie=kind)
            for number, (place, kind, volume) in enumerate(lines)
        ),
        attendus=tuple(
            Attendu(commune, str(number), parc, taux, 1)
            for number, (commune, parc, taux) in enumerate(stocks)
        ),
    )


@settings(deadline=None, max_examples=150)
@given(lines=LINES, stocks=STOCKS)
def test_every_assiette_closes(
    dossier: DossierAssiette, lines: list[tuple[str, str, float]], stocks: list[tuple[int, int, Fraction]]
) -> None:
    found = build_assiette(drawn(dossier, lines, stocks), 1)
    wanted = sum((each.retenu for each in found.lignes), Fraction(0))
    assert sum(found.exclues) + sum(number for _, number in found.depassements) == wanted
    assert all(rest >= 0 for rest in found.exacte)
    assert sum(found.logements) == floor(sum(found.exacte) + Fraction(1, 2))
    for number, rest in zip(found.logements, found.exacte, strict=True):
        assert floor(rest) <= number <= ceil(rest)


@settings(deadline=None, max_examples=100)
@given(
    lines=LINES,
    stocks=STOCKS,
    part=st.integers(0, 100),
    proteges=st.sets(st.sampled_from(CATEGORIES), max_size=2),
)
def test_a_cut_keeps_the_cap_and_the_protected(
    dossier: DossierAssiette,
    lines: list[tuple[str, str, float]],
    stocks: list[tuple[int, int, Fraction]],
    part: int,
    proteges: set[str],
) -> None:
    cap = Plafond(Fraction(part), "relocations", None, "ecreter", tuple(sorted(proteges)))
    base = drawn(dossier, lines, stocks)
    found = build_assiette(replace(base, reglages=replace(base.reglages, plafond=cap)), 1)
    volumes = {each.id: each.volume for each in found.lignes}
    firm = sum((each.retenu for each in found.lignes if each.categorie in proteges), Fraction(0))
    limit = max(sum(found.attendues, Fraction(0)) * part / 100, firm)
    assert sum((each.retenu for each in found.lignes), Fraction(0)) == min(
        limit, sum(volumes.values(), Fraction(0))
    )
    assert all(each.retenu == each.volume for each in found.lignes if each.categorie in proteges)


@settings(deadline=None, max_examples=150)
@given(
    lines=LINES,
    stocks=STOCKS,
    rows=st.lists(
        st.tuples(
            st.integers(0, 3),
            st.sampled_from(PLACES),
            st.sampled_from(("commune", "territoire")),
            st.integers(0, 300).map(lambda tenths: tenths / 10),
            st.integers(-1, 20),
        ),
        max_size=6,
        unique_by=lambda row: row[:2],
    ),
)
def test_every_due_is_its_share_rounded_and_keeps_the_caps(
    dossier: DossierAssiette,
    lines: list[tuple[str, str, float]],
    stocks: list[tuple[int, int, Fraction]],
    rows: list[tuple[int, str, str, float, int]],
) -> None:
    columns = list(zip(*rows, strict=True)) or [(), (), (), (), ()]
    conventions = Conventions(
        np.array(columns[0], np.int32),
        tuple(columns[1]),
        tuple(columns[2]),
        np.array(columns[3], np.float64),
        np.full(len(rows), np.nan),
        np.zeros(len(rows)),
        np.array(columns[4], np.int64),
    )
    base = replace(drawn(dossier, lines, stocks), conventions=conventions)
    found = build_assiette(base, 1)
    dues = build_dus(base, found, SEUILS)
    for due, (_, _, niveau, part, solde) in zip(dues, rows, strict=True):
        assert due.exact == Fraction(repr(part)) * due.assiette / 100
        assert due.du <= ceil(due.exact)
        capped = due.reservataire in {"etat", "etat_agents"} or 0 <= solde < due.exact
        assert due.du >= floor(due.exact) or capped
        assert due.du <= solde or solde < 0
        if niveau == "commune":
            assert sum(number for _, number in due.communes) == due.du
        if due.reservataire == "etat_agents" and part <= 5:
            assert due.du <= Fraction(5 * due.assiette, 100)
    whole = sum((due.exact for due in dues), Fraction(0))
    assert sum(due.du for due in dues) <= floor(whole + Fraction(1, 2))


def test_thirty_communes_at_a_third_of_a_dwelling_do_not_all_round_to_nothing(
    dossier: DossierAssiette,
) -> None:
    assert dossier.conventions is not None
    holders = replace(
        dossier.reservataires,  # type: ignore[type-var]
        id=("a", "b", "c"),
        nom=("A", "B", "C"),
        famille=("commune",) * 3,
        petit=(None,) * 3,
    )
    conventions = Conventions(
        np.arange(3, dtype=np.int32),
        PLACES[:3],
        ("territoire",) * 3,
        np.full(3, np.nan),
        np.full(3, 0.4),
        np.zeros(3),
        np.full(3, -1, np.int64),
    )
    base = replace(dossier, reservataires=holders, conventions=conventions)
    assert sum(due.du for due in build_dus(base, build_assiette(base, 1), SEUILS)) == 1
