"""Parts of pages that are made from the program itself, so that they cannot differ from it.

``table-schema NAME`` is the table of columns of a file of the contract; ``models`` describes each shipped
model; ``commands`` shows the help page of each command; ``results`` the tables of the benchmarks;
``room NAME`` every module of a package.
"""

import re
import tomllib
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import click
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from allocator.cli import COMMANDS, load_command
from allocator.formats.schema import Column
from allocator.formats.table_schema import PUBLISHED
from allocator.ledger.daily.choix import CHOIX
from allocator.ledger.importing import EXTRAITS

ROOT = Path(__file__).parent.parent.parent

SCHEMAS = (*PUBLISHED, *EXTRAITS.values(), CHOIX)

FAR = 1e6
WIDTH = 92


class TableSchema(SphinxDirective):
    """The columns of a file: name, whether it must be there, what it holds, what it means."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the title, the table and the link to the JSON file."""
        (schema,) = (each for each in SCHEMAS if each.name == self.arguments[0])
        rows = [
            f"| `{column.name}` | {_duty(column)} | {_content(column)} | {_escaped(column.description)} |"
            for column in schema.columns
        ]
        text = [
            f"{schema.description}" + ("" if schema.required else " Le fichier peut manquer."),
            "",
            "| colonne | présence | contenu | sens |",
            "|---|---|---|---|",
            *rows,
        ]
        return self.parse_text_to_nodes("\n".join(text))


def _duty(column: Column) -> str:
    if not column.required:
        return "facultative"
    return "obligatoire, sans doublon" if column.unique else "obligatoire"


def _content(column: Column) -> str:
    if column.choices:
        return ", ".join(f"`{choice}`" for choice in column.choices)
    words = {
        "text": "texte",
        "identifier": "identifiant",
        "code": "code",
        "number": "nombre",
        "whole": "nombre entier",
        "date": "date AAAA-MM-JJ",
        "choice": "",
    }[column.kind]
    unit = f" ({column.unit})" if column.unit else ""
    example = f", comme `{column.example}`" if column.example else ""
    return _escaped(f"{words}{_bounds(column)}{unit}{example}")


def _bounds(column: Column) -> str:
    """Return the bounds that mean something, not those that only stop slips of the keyboard."""
    low, high = column.minimum, column.maximum
    if low is None or low < -FAR:
        return ""
    return f" ≥ {low:g}" if high is None or high >= FAR else f" de {low:g} à {high:g}"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


class Models(SphinxDirective):
    """One section a shipped model: its title, its argument, its priorities in order."""

    def run(self) -> list[nodes.Node]:
        """Return the sections in the order of the models' names."""
        text = "\n\n".join(_model(path) for path in sorted((ROOT / "models").glob("*.toml")))
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def _model(path: Path) -> str:
    model = tomllib.loads(path.read_text(encoding="utf-8"))
    seuil = model.get("petits", {}).get("seuil")
    lines = [f"## `{model['nom']}` — {model['titre']}", "", model["description"].strip(), ""]
    if seuil is not None:
        lines += [f"Petits réservataires : moins de {_nombre(seuil)} logements dus sur la période.", ""]
    lines += [
        f"{number}. **{tier['nom']}** : {' ; '.join(_goal(goal) for goal in tier['objectif'])}"
        for number, tier in enumerate(model["priorite"], start=1)
    ]
    return "\n".join(lines)


def _goal(goal: dict[str, Any]) -> str:
    over = goal.get("exces", 0.0 if goal["sur"] == "petit" else 1.0)
    under, weight = goal.get("manque", 1.0), goal.get("poids", 1.0)
    norm = "le plus grand écart" if goal.get("norme") == "max" else "la somme des écarts"
    unit = "relatifs" if goal.get("unite") == "relatif" else "en logements"
    if goal.get("norme") == "max":
        unit = unit.replace("relatifs", "relatif")
    families = f", familles {', '.join(goal['familles'])}" if "familles" in goal else ""
    times = f", poids {_nombre(weight)}" if weight != 1 else ""
    weights = f"manque {_nombre(under)}, excès {_nombre(over)}{times}"
    return f"{norm} {unit} sur `{goal['sur']}` ({weights}{families})"


def _nombre(value: float) -> str:
    return f"{value:g}".replace(".", ",")


class Commands(SphinxDirective):
    """One section a command: its help page, as the program prints it."""

    def run(self) -> list[nodes.Node]:
        """Return the sections in the order of the program's own list."""
        text = []
        for name in COMMANDS:
            command = load_command(name)
            inner = getattr(command, "commands", {})
            pages = {f"{name} {part}": inner[part] for part in inner} or {name: command}
            text += [_help(title, page) for title, page in pages.items()]
        return self.parse_text_to_nodes("\n\n".join(text), allow_section_headings=True)


def _help(title: str, command: click.Command) -> str:
    context = click.Context(
        command, info_name=f"allocator {title}", terminal_width=WIDTH, max_content_width=WIDTH
    )
    return f"## `{title}`\n\n```text\n{command.get_help(context)}\n```"


class Results(SphinxDirective):
    """The tables that the benchmarks printed last, one section each."""

    def run(self) -> list[nodes.Node]:
        """Return the files of ``benchmarks/results`` by name, their headings one level down."""
        files = sorted((ROOT / "benchmarks" / "results").glob("*.md"))
        text = "\n\n".join(path.read_text(encoding="utf-8") for path in files)
        return self.parse_text_to_nodes(re.sub(r"(?m)^#", "##", text), allow_section_headings=True)


class Room(SphinxDirective):
    """Every module of a package, with its public members; those of the packages within it too."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the package, then one section a module, in the order of their names."""
        room = import_module(f"allocator.{self.arguments[0]}")
        text = [_automodule(room.__name__)]
        for module in walk_packages(room.__path__, f"{room.__name__}."):
            # what a package exports is told where it is; migrations are run by Alembic alone
            options = () if module.ispkg else ("members", "undoc-members")
            if ".migrations." not in module.name:
                text.append(f"## `{module.name}`\n\n{_automodule(module.name, *options)}")
        return self.parse_text_to_nodes("\n".join(text), allow_section_headings=True)


def _automodule(name: str, *options: str) -> str:
    lines = ["```{eval-rst}", f".. automodule:: {name}", *(f"   :{option}:" for option in options), "```", ""]
    return "\n".join(lines)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("table-schema", TableSchema)
    app.add_directive("models", Models)
    app.add_directive("commands", Commands)
    app.add_directive("results", Results)
    app.add_directive("room", Room)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
