"""``allocator assiette``: what the shares of a year apply to, from announcement to consolidation."""

import click

from allocator.cli.assiette_announce import consolidate_command, previsionnel_command
from allocator.cli.assiette_build import build_command
from allocator.cli.assiette_check import check_command
from allocator.cli.assiette_decide import revise_command, validate_command
from allocator.cli.assiette_init import init_command
from allocator.cli.assiette_share import share_command


@click.group(name="assiette")
def assiette_command() -> None:
    """Établit l'assiette d'une année : ce qui est attendu, moins ce que la loi exclut, validé étape par étape."""


for command in (
    init_command,
    build_command,
    validate_command,
    revise_command,
    check_command,
    share_command,
    previsionnel_command,
    consolidate_command,
):
    assiette_command.add_command(command)
