"""Files to bytes and bytes to UTF-8, with the faults of each."""

import errno
from os import fstat
from pathlib import Path
from typing import Final

from allocator.formats.faults import FaultLog

_BOM: Final = b"\xef\xbb\xbf"

_REASONS: Final = {
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EROFS: "système de fichiers en lecture seule",
    errno.ENOSPC: "disque plein",
    errno.ENOTDIR: "un fichier tient lieu de dossier dans ce chemin",
    errno.EISDIR: "un dossier porte ce nom, un fichier était attendu",
    errno.EEXIST: "un fichier porte ce nom, un dossier était attendu",
    errno.ENOENT: "fichier absent",
    errno.ENAMETOOLONG: "nom trop long",
}


def reason(failure: OSError) -> str:
    """Return why the system refused, in French where it is a common case."""
    return _REASONS.get(failure.errno or 0, failure.strerror or str(failure))


def read_bytes(path: Path, limit: int, log: FaultLog) -> bytes | None:
    """Return the content of a file, or ``None`` with the fault noted.

    ``limit`` is the largest size read, in bytes.
    """
    try:
        with path.open("rb") as file:
            # a file that is too large is not even read
            fits = fstat(file.fileno()).st_size <= limit
            data = file.read() if fits else b""
    except OSError as failure:
        log.add(path.name, None, None, reason(failure))
        return None
    if not fits or len(data) > limit:
        log.add(path.name, None, None, f"fichier trop gros, {limit // 1_000_000} Mo au plus étaient attendus")
        return None
    return data


def as_text(data: bytes, file: str, log: FaultLog) -> bytes | None:
    """Return the bytes of a text without byte order mark, or ``None`` where it is no text.

    What is not UTF-8 is noted and left: to be read with ``errors="replace"``, so that the file's other faults
    are found too.
    """
    offset = data.find(b"\0")
    if offset >= 0:
        utf16 = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
        what = "fichier en UTF-16" if utf16 else "octet nul, ce n'est pas un fichier de texte"
        log.add(file, line_at(data, offset), None, f"{what} : un texte en UTF-8 était attendu")
        return None
    try:
        data.decode()
    except UnicodeDecodeError as wrong:
        what = f"octet 0x{data[wrong.start]:02X} illisible en UTF-8"
        expected = "enregistrez le fichier en UTF-8 (« CSV UTF-8 » dans un tableur)"
        log.add(file, line_at(data, wrong.start), None, f"{what} : {expected}")
    return data.removeprefix(_BOM)


def line_at(data: bytes, offset: int) -> int:
    """Return the line, from 1, of a position in a file whose lines end with LF, CRLF or CR."""
    return 1 + (data.count(b"\n", 0, offset) or data.count(b"\r", 0, offset))
