"""The judges of chances: what is foretold looks at the past alone, and rows read back."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from allocator.drawing import draw
from benchmarks.risk_calibration import HEADER, Case, foretold_projet, judge_case, read
from tests.builders import same

CASE = Case(1, 2, "reference", "prorata")


def test_what_is_foretold_does_not_look_at_the_year_itself() -> None:
    instance = draw(replace(CASE.settings, size=60))
    moved = replace(
        instance,
        liberations=replace(instance.liberations, commune=np.zeros_like(instance.liberations.commune)),
    )
    assert same(foretold_projet(instance).offre, foretold_projet(moved).offre)
    assert same(foretold_projet(instance).saison, foretold_projet(moved).saison)


def test_rows_read_back(tmp_path: Path) -> None:
    rows = judge_case(CASE)
    assert rows == judge_case(CASE)
    path = tmp_path / "rows.csv"
    path.write_text(
        "\n".join([",".join(HEADER), *(",".join(map(str, row)) for row in rows)]), encoding="utf-8"
    )
    found = read(path)
    assert len(found["kept"]) == len(rows)
    assert set(found["kept"]) <= {0.0, 1.0}
