"""French pages among English ones: their language is told to screen readers, their spaces do not break."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

FRENCH = ("officer/", "planner/")
TIED = re.compile(r" (?=[;:?!»%€])|(?<=«) ")


def _spaces(_app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Tie guillemets and high punctuation to their words, outside of code."""
    if not page.startswith(FRENCH):
        return
    for text in list(doctree.findall(nodes.Text)):
        literal = isinstance(text.parent, nodes.literal | nodes.literal_block | nodes.math)
        if not literal and TIED.search(text):
            text.parent.replace(text, nodes.Text(TIED.sub("\N{NO-BREAK SPACE}", text)))


def _language(_app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    context["language"] = "fr" if page.startswith(FRENCH) else "en"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register what is set page by page."""
    app.connect("doctree-resolved", _spaces)
    app.connect("html-page-context", _language)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
