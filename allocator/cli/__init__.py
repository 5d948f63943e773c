"""The command line: one file a command, each imported only when it is called."""

from importlib import import_module
from keyword import iskeyword
from typing import Final

import click

from allocator import __version__

SECTIONS: Final = {
    "Répartir une période": {
        "solve": "Répartit une période entière et prouve le résultat.",
        "check": "Vérifie un résultat sans rien reprendre du calcul.",
        "export": "Écrit le programme mathématique en MPS ou LP.",
        "simulate": "Rejoue une période jour après jour avec une règle quotidienne.",
        "instance": "Tire des instances sur des chiffres publics.",
    },
    "Passer du stock au flux": {
        "stock": "Fait l'état des lieux des droits de réservation.",
        "rotation": "Mesure la rotation par segment, et publie les taux dont on convient.",
        "convert": "Convertit les droits de réservation en droits uniques et en parts.",
        "rights": "Tient le registre des droits : acquis, consommés, expirés, soldes.",
        "assiette": "Établit l'assiette d'une année, étape par étape, et ce qui en est dû.",
        "first-letting": "Répartit en stock la première mise en location d'un programme.",
        "named-years": "Nomme les années où servir les petits réservataires.",
        "protocol": "Les réglages d'une région, ceux d'un bailleur, et ses dérogations.",
        "annex": "Écrit l'annexe des conventions de chaque réservataire.",
    },
    "Prévoir les années": {
        "project": "Réunit ce qui est convenu en un projet, et en tire une année.",
        "trajectory": "Planifie une à dix années, mois par mois, et dit ce qui ne peut être tenu.",
        "scenarios": "Compare des scénarios nommés des années à venir.",
        "risk": "Simule des années et dit la probabilité que chaque promesse soit tenue.",
    },
    "Chaque jour": {
        "orient": "Propose à qui orienter les libérations d'un jour, et dit pourquoi.",
        "init": "Ouvre le journal d'un bailleur.",
        "import": "Importe un extrait de progiciel dans le journal.",
        "today": "Propose à qui orienter ce qui attend, d'après le journal.",
        "decide": "Oriente des logements, comme proposé ou autrement.",
        "record": "Enregistre ce qui arrive à un logement.",
        "accounts": "Dit ce qui est dû, proposé, attribué et compté.",
        "deadlines": "Dit quels délais échoient, et écrit les courriers.",
    },
    "Chaque année": {
        "close-year": "Clôt une année : soldes reportés, droits utilisés.",
        "report": "Établit les documents dus aux réservataires et aux partenaires.",
        "chart": "Dessine l'année d'un journal.",
        "reconcile": "Rapproche le journal des radiations du SNE.",
        "journal": "Vérifie, exporte, importe et rejoue le journal.",
    },
}
"""The commands with what each is for, by the moment at which they serve."""

COMMANDS: Final = {name: text for section in SECTIONS.values() for name, text in section.items()}


class LazyGroup(click.Group):
    """A group that lists its commands without importing them: ``--help`` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return the command, or ``None`` where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        return load_command(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands from their one-line summaries."""
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()))


def load_command(name: str) -> click.Command:
    """Import and return a command of :data:`COMMANDS`; a module cannot have the name of a keyword."""
    stem = name.replace("-", "_")
    module = import_module(f"allocator.cli.{stem}{'_' if iskeyword(name) else ''}")
    command = getattr(module, f"{stem}_command")
    assert isinstance(command, click.Command)
    return command


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="allocator")
def main() -> None:
    """Gestion en flux des réservations de logements sociaux : répartir, prouver, vérifier."""
