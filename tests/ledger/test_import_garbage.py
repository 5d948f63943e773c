"""Whatever a file holds, each row is accepted or named, and nothing fails otherwise."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.formats import BadInput
from allocator.ledger.events.admission import faults
from allocator.ledger.importing import (
    GENRES,
    Correspondance,
    Noms,
    changes,
    facts,
    read_import,
    write_rejects,
)
from tests.ledger import erp

CELLS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
) | st.sampled_from(
    [
        "2025-03-14",
        "14/03/2025",
        "93048",
        "T3",
        "52",
        "PLS",
        "oui",
        "1",
        "-1",
        "1e9",
        "flux",
        "hors_assiette",
        '"',
        "a;b",
    ]
)
WIDTH = len(GENRES["annonces"].columns)


@given(
    rows=st.lists(
        st.lists(CELLS, min_size=WIDTH, max_size=WIDTH) | st.lists(CELLS, max_size=WIDTH + 2), max_size=4
    ),
    valid=st.integers(0, 2),
)
def test_every_row_is_accepted_or_named_and_what_is_accepted_the_journal_admits(
    rows: list[list[str]], valid: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("import")
    names = [column.name for column in GENRES["annonces"].columns]
    mapping = Correspondance("annonces", {name: (name,) for name in names}, dates=("JJ/MM/AAAA",))
    right = {"date": "2025-03-14", "commune": "93048", "typologie": "T3", "financement": "PLUS", "qpv": "non"}
    whole = [{"id": f"L{row}", "qpv_perimetre": "2024"} | right for row in range(valid)]
    content = erp.text([*rows, *([row.get(name, "") for name in names] for row in whole)], names)
    lecture = read_import(erp.write(folder / "x.csv", content, "utf-8"), mapping, Noms(communes={"93048"}))
    told = {fault.line for fault in lecture.fautes}
    accepted = {ligne.ligne for ligne in lecture.lignes}
    assert not told & accepted
    assert told | accepted == {line for line, _ in lecture.extrait.rows}
    assert len(accepted) >= valid
    apport = changes(facts(lecture.lignes, lecture.champs), {}, "import", date(2025, 12, 1))
    for entree in apport.entrees:
        assert faults(entree, {"93048"}, ()) == []

    write_rejects(lecture, folder / "rejets.csv")
    again = read_import(folder / "rejets.csv", mapping, Noms(communes={"93048"}))
    assert again.lignes == ()
    assert len({fault.line for fault in again.fautes}) == len(told)


@given(content=st.binary(max_size=60))
def test_no_bytes_at_all_make_the_reading_fail_otherwise_than_by_its_faults(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    mapping = Correspondance("issues", {name: (name,) for name in ("liberation", "date", "evenement")})
    for name in ("x.csv", "x.xlsx"):
        path = tmp_path_factory.mktemp("import") / name
        path.write_bytes(content)
        with pytest.raises(BadInput):
            read_import(path, mapping)
        path.write_bytes(b"liberation;date;evenement\n" + content)
        for codage in ("utf-8", "windows-1252"):
            try:
                read_import(path, replace(mapping, codage=codage))
            except BadInput as failure:
                assert failure.total > 0
