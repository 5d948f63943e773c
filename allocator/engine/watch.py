"""A watchdog: the allocation runs in a child process that a deadline or a signal can always end.

Solvers overrun their own time limits and cannot be interrupted from Python. The child sends each better standing
as it is reached; when the time runs out, or on Ctrl-C, it is killed with all that it started, and the last standing
that it sent is the answer.
"""

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from typing import Final

from allocator.engine.clock import Clock
from allocator.engine.solve import Listener, Options, Standing, Task, allocate, nothing

PATIENCE: Final = 3_600.0
"""Seconds of one wait for the child; the system counts them in a small integer of milliseconds."""

RESERVE: Final = 0.1
"""Share of the time that the child leaves to its end, so that it usually ends by itself."""


class StoppedError(Exception):
    """A signal asked the process to end."""


def allocate_watched(task: Task, options: Options, tell: Callable[[str], None]) -> tuple[Standing, bool]:
    """Solve a task in a child process; return the best standing, and whether the child came to its own end.

    Raises ``ChildError`` with its message where the child failed. Where processes cannot fork, the task is solved
    in this one, and the solver's own time limit is all there is.
    """
    if not hasattr(os, "fork"):
        return allocate(task, options, Listener(tell=tell)), True
    clock = Clock(options.seconds)
    receiver, sender = get_context("fork").Pipe(duplex=False)
    inner = replace(options, seconds=options.seconds * (1 - RESERVE))
    child = get_context("fork").Process(target=_child, args=(task, inner, sender, tell), daemon=False)
    best = nothing(task)
    with _signals_as_exceptions():
        child.start()
        sender.close()
        try:
            while True:
                if not receiver.poll(min(clock.remaining(), PATIENCE)):
                    if clock.remaining() > 0:
                        continue
                    return best, False
                message = receiver.recv()
                if isinstance(message, Standing):
                    best = message
                elif message is None:
                    return best, True
                else:
                    raise ChildError(str(message))
        except EOFError:
            raise ChildError("le calcul s'est arrêté sans réponse") from None
        except (StoppedError, KeyboardInterrupt):
            tell("interrompu : la meilleure répartition trouvée est écrite")
            return best, False
        finally:
            _end(child.pid)
            child.join()


class ChildError(Exception):
    """The child process failed; the message is its traceback or the lack of one."""


def _child(task: Task, options: Options, sender: Connection, tell: Callable[[str], None]) -> None:
    os.setsid()
    threading.Thread(target=_die_with_parent, daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    try:
        sender.send(allocate(task, options, Listener(sender.send, tell)))
        sender.send(None)
    except Exception:  # sent to the parent, which raises it
        import traceback  # noqa: PLC0415 - only on a failure

        sender.send(traceback.format_exc())


def _die_with_parent() -> None:
    """End the child and all that it started when its parent is gone without having said so."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.killpg(os.getpgrp(), signal.SIGKILL)


def _end(pid: int | None) -> None:
    """Kill a child and all that it started."""
    if pid is None:
        return
    # The child leads a group of its own only once it has said so; before that it is alone.
    for end in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError):
            end(pid, signal.SIGKILL)


@contextlib.contextmanager
def _signals_as_exceptions() -> Iterator[None]:
    def stop(number: int, frame: object) -> None:  # noqa: ARG001
        raise StoppedError

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
