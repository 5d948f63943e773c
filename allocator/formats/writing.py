"""Files that stand together, written so that no reader ever finds a mixture of old and new."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from allocator.formats.faults import BadInput, Fault
from allocator.formats.source import reason

Write = Callable[[TextIO], None]
"""Writes the content of one file."""


def of_bytes(data: bytes) -> Write:
    """Return what writes a file whose bytes are known: a workbook, a picture."""

    def write(file: TextIO) -> None:
        file.buffer.write(data)

    return write


def write_together(folder: Path, files: Mapping[str, Write], stale: Sequence[str] = ()) -> None:
    """Write files into a folder, created if need be; the last one is the seal of the others.

    All are first written aside; then the old seal is removed, the others take their places, and the new seal
    comes last. Interrupted anywhere, the folder holds the old files, or the new ones, or no seal.

    Parameters
    ----------
    folder
        Where the files go.
    files
        What writes each file, by name, in this order.
    stale
        Names of files to remove, which belong to what is replaced.

    Raises
    ------
    BadInput
        If the folder cannot be written.
    """
    with written_once_done(folder, files, stale):
        pass


@contextmanager
def written_once_done(folder: Path, files: Mapping[str, Write], stale: Sequence[str] = ()) -> Iterator[None]:
    """Write files as :func:`write_together` does, but let them take their places after what is done within.

    Where that fails, the folder keeps the old files: nothing is told that was not done.

    Raises
    ------
    BadInput
        If the folder cannot be written: before anything is done within, unless it fails at the very end.
    """
    *names, seal = files
    aside = {name: folder / f".{name}.{os.getpid()}.tmp" for name in files}
    try:
        with _told(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for name, write in files.items():
                with aside[name].open("w", encoding="utf-8", newline="") as file:
                    write(file)
        yield
        with _told(folder):
            for name in (seal, *stale):
                (folder / name).unlink(missing_ok=True)
            for name in (*names, seal):
                aside[name].replace(folder / name)
    finally:
        for path in aside.values():
            # where even this is refused, nothing could be left there
            with suppress(OSError):
                path.unlink(missing_ok=True)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        fault = Fault(str(folder), None, None, f"écriture impossible : {reason(failure)}")
        raise BadInput([fault]) from failure
