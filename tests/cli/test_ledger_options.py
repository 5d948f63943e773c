"""How commands of the ledger end, told in one place; those of other rooms do not load a database."""

import subprocess
import sys

import pytest

from allocator.cli.ledger_options import ledger_exit_codes
from allocator.formats import BadInput, Fault
from allocator.ledger.events.event import Entree
from allocator.ledger.events.recording import EntriesRefused, Refus
from allocator.ledger.store.journal import Overtaken
from allocator.ledger.store.unavailable import Unavailable

LATE = Entree("bail", "L1", "2025-03-01", "A. Martin", {})


@pytest.mark.parametrize(
    ("raised", "code", "told"),
    [
        (EntriesRefused([Refus(0, LATE, "impossible")]), 2, "L1 : impossible\n"),
        (Overtaken("le journal a avancé"), 2, "le journal a avancé\n"),
        (BadInput([Fault("--bailleur", None, None, "inconnu")]), 2, "--bailleur: inconnu\n"),
        (Unavailable("disque plein"), 4, "disque plein\n"),
    ],
)
def test_each_failure_has_its_exit_code_and_its_sentence(
    raised: Exception, code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> int:
        raise raised

    with pytest.raises(SystemExit) as ended:
        ledger_exit_codes(command)()
    assert ended.value.code == code
    assert capsys.readouterr().err == told


def test_a_command_that_needs_no_database_loads_none() -> None:
    others = ("solve", "check", "orient", "simulate", "export", "instance")
    script = (
        "import sys\n"
        "from allocator.cli import load_command\n"
        f"for name in {others!r}: load_command(name)\n"
        "print(sorted({'sqlalchemy', 'alembic'} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
