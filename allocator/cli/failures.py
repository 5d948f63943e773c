"""From exceptions to exit codes: the one place that decides what a user sees of a failure.

Exit codes are those of the file contract, section 5: 0 done, 1 disagreement, 2 bad input or usage, 3 stopped
with a feasible answer, 4 internal failure.
"""

import functools
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final, ParamSpec

import click

from allocator.formats import BadInput
from allocator.solvers.program import SolverUnavailable

P = ParamSpec("P")

DONE: Final = 0
DISAGREEMENT: Final = 1
BAD_INPUT: Final = 2
STOPPED: Final = 3
INTERNAL: Final = 4


def exit_codes(command: Callable[P, int]) -> Callable[P, None]:
    """Turn a function that returns an exit code into one that ends the process with it.

    Bad input is listed on standard error; anything unexpected is told in one line, with the log's path.
    """

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = command(*args, **kwargs)
        except BadInput as bad:
            click.echo(bad.render(), err=True)
            code = BAD_INPUT
        except SolverUnavailable as missing:
            click.echo(f"--solver : {missing}", err=True)
            code = BAD_INPUT
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort):
            click.echo("Interrompu.", err=True)
            code = STOPPED
        except Exception as failure:
            click.echo(f"Erreur interne : {type(failure).__name__}. Détails dans {_log()}", err=True)
            code = INTERNAL
        sys.exit(code)

    return run


def _log() -> Path:
    with tempfile.NamedTemporaryFile(
        "w", prefix="allocator-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        traceback.print_exc(file=log)
    return Path(log.name)
