"""The documentation: Sphinx with MyST; every warning is an error, and no page calls another host."""

import sys
from pathlib import Path
from typing import Any

import allocator

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "allocator"
author = "The allocator contributors"
project_copyright = "The allocator contributors, Apache-2.0"
version = release = allocator.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "mathml", "generated"]
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

# Names of other projects, whose documentation would have to be fetched to be linked.
nitpick_ignore_regex = [
    ("py:.*", r"(numpy|np|NDArray|datetime|date|pathlib|collections|concurrent|typing|enum)\b.*"),
    ("py:.*", r"(Path|Callable|Mapping|Sequence|Iterator|Iterable|Final|Enum|Exception|ValueError)"),
]

FRENCH = ("officer/", "planner/")


def _language(_app: object, page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Say to screen readers which pages are French."""
    context["language"] = "fr" if page.startswith(FRENCH) else "en"


def setup(app: Any) -> None:
    """Register what is set page by page."""
    app.connect("html-page-context", _language)
