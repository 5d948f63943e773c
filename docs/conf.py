"""The documentation: Sphinx with MyST; every warning is an error, and no page calls another host."""

import sys
from pathlib import Path
from typing import Any

from sphinx.util.nodes import make_refnode

import allocator

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "allocator"
author = "The allocator contributors"
project_copyright = "The allocator contributors, Apache-2.0"
version = release = allocator.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "french", "generated", "mathml"]
exclude_patterns = ["_build", "_ext"]
myst_enable_extensions = ["dollarmath", "amsmath", "deflist"]
myst_heading_anchors = 3
smartquotes = False

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
napoleon_google_docstring = False
napoleon_use_rtype = False
html_math_renderer = "mathml"
html_theme = "furo"
html_title = f"allocator {release}"
html_copy_source = False
html_show_sphinx = False

# Names of other projects, whose documentation would have to be fetched to be linked, and private ones.
nitpick_ignore_regex = [
    ("py:.*", r"_\w+"),
    (
        "py:.*",
        r"(numpy|np|NDArray|datetime|date|pathlib|collections|concurrent|typing|enum|fractions|Fraction|string|alt|sqlalchemy|alembic)\b.*",
    ),
    ("py:.*", r"(dict|tuple)\[.*"),
    ("py:class", r"(allocator\.[\w.]+\.)?(P|R|Row|Plot)"),  # type variables and aliases
    ("py:.*", r"(Path|Callable|Mapping|Sequence|Iterator|Iterable|Final|Enum|Exception|ValueError)"),
]


def _plain(_app: object, what: str, _name: str, _obj: object, _options: object, lines: list[str]) -> None:
    """Keep napoleon from taking what precedes a colon for the type of a constant."""
    if what in ("data", "attribute", "property"):
        lines.insert(0, "\\ ")


def _by_last_name(app: Any, env: Any, node: Any, content: Any) -> Any:
    """Find what a docstring names without its module: the only one of that name, or the one that its module has."""
    if node["refdomain"] != "py":
        return None
    domain = env.get_domain("py")
    fitting = [name for name in domain.objects if name.endswith("." + node["reftarget"])]
    if len(fitting) > 1 and (meant := _value(node.get("py:module", ""), node["reftarget"])) is not None:
        fitting = [name for name in fitting if _value(*name.rpartition(".")[::2]) is meant]
    if len(fitting) != 1:
        return None
    found = domain.objects[fitting[0]]
    return make_refnode(app.builder, node["refdoc"], found.docname, found.node_id, content, fitting[0])


def _value(module: str, name: str) -> Any:
    return getattr(sys.modules.get(module), name, None)


def setup(app: Any) -> None:
    """Register what autodoc needs."""
    app.connect("missing-reference", _by_last_name)
    app.connect("autodoc-process-docstring", _plain, priority=400)
