"""Every key of a TOML document is found on its line, however the document is written."""

import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from allocator.formats.toml_lines import Path, key_lines

DOCUMENT = '''\
# a comment with = and [brackets]
nom = "x"  # another = [one]
"clé entre guillemets" = 1.5
petits.seuil = 3
liste = [
    "a",  # with ] inside
    { b = 1, c.d = "}" },
    [1, 2],

]
texte = """
nom = "not a key"
[nor a table]
""" # after
autre = \'\'\'
"""also = "not"\'\'\'

[table."sous.table"]
quand = 2025-01-01 12:00:00

[[priorite]]
nom = "a"
[[priorite.objectif]]
sur = "total"
[[priorite.objectif]]
sur = "petit"
[[priorite]]
nom = "b"
[priorite.reglage]
fin = true
[[priorite.objectif]]
sur = "qpv"
'''


def test_keys_are_found_on_the_lines_where_they_stand() -> None:
    lines = key_lines(DOCUMENT)
    expected = {
        ("nom",): 2,
        ("clé entre guillemets",): 3,
        ("petits", "seuil"): 4,
        ("liste",): 5,
        ("liste", 0): 6,
        ("liste", 1): 7,
        ("liste", 1, "b"): 7,
        ("liste", 1, "c", "d"): 7,
        ("liste", 2, 1): 8,
        ("texte",): 11,
        ("autre",): 15,
        ("table", "sous.table"): 18,
        ("table", "sous.table", "quand"): 19,
        ("priorite",): 21,
        ("priorite", 0, "nom"): 22,
        ("priorite", 0, "objectif", 0, "sur"): 24,
        ("priorite", 0, "objectif", 1): 25,
        ("priorite", 0, "objectif", 1, "sur"): 26,
        ("priorite", 1): 27,
        ("priorite", 1, "reglage", "fin"): 30,
        ("priorite", 1, "objectif", 0, "sur"): 32,
    }
    assert {path: lines.get(path) for path in expected} == expected


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every value inside a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from paths(inner, (*path, key))


def test_exactly_the_paths_that_tomllib_finds_are_found() -> None:
    assert set(key_lines(DOCUMENT)) - {()} == set(paths(tomllib.loads(DOCUMENT)))


SCALARS = st.sampled_from(
    [
        "1",
        "-1.5e3",
        "true",
        "nan",
        '"a = [b]"',
        "'#'",
        '"""\n"x" = 1\n"""',
        "'''\n]\n'''",
        "2025-01-01",
        '"\\""',
    ]
)
KEYS = st.sampled_from(["a", "b-c", '"d e"', "'f.g'", "1", "a.b"])


def tables(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.lists(st.tuples(KEYS, values).map(" = ".join), max_size=3)
    return pairs.map(lambda found: "{ " + ", ".join(found) + " }")


def lists(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(values, max_size=3).map(lambda found: "[\n" + ",  # ]\n".join(found) + "\n]")


VALUES = st.recursive(SCALARS, lambda inner: tables(inner) | lists(inner), max_leaves=6)
LINES = st.lists(
    st.tuples(KEYS, VALUES).map(" = ".join)
    | st.sampled_from(["", "# x = [", "[t]", "[t.u]", "[[v]]", "[[v.w]]", '["y z"]', "[ v . x ]"]),
    max_size=12,
)


@given(LINES.map("\n".join))
def test_random_documents_are_followed_as_tomllib_does(text: str) -> None:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = key_lines(text)
    assert set(lines) - {()} == set(paths(values))
    assert max(lines.values()) <= text.count("\n") + 1
