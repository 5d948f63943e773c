"""A database that refuses: a French message that names it, and nothing lost of what was recorded."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from allocator.ledger.store.journal import Journal, open_journal
from allocator.ledger.store.unavailable import Unavailable
from tests.ledger.lives import BAILLEUR, OUVERTURE, liberation
from tests.ledger.officers import all_said, at_work, life, named

NOBODY = 65534


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """Yield a folder on a disk of three megabytes."""
    with TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder]
        if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("only an administrator mounts a small disk")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def grow_until_refused(journal: Journal, officer: str) -> tuple[int, str]:
    """Record lives until the database refuses; return the last acknowledged rang and the message."""
    last, number = journal.tete.rang, 0
    while True:
        number += 1
        try:
            last = journal.append(named(officer, life(f"{officer}-{number}") * 1))[-1].rang
        except Unavailable as why:
            return last, str(why)


def test_a_full_disk_is_told_and_loses_nothing(small_disk: Path) -> None:
    path = small_disk / "journal.db"
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"\0" * 1_000_000)
    with open_journal(str(path), BAILLEUR, create=True) as journal:
        journal.append([OUVERTURE])
        last, why = grow_until_refused(journal, "A. Martin")
        assert why == f"{path} : disque plein. Rien n'a été enregistré."
        assert last > 50
        assert journal.tete.rang == last
        assert journal.verify()
        ballast.unlink()
        assert journal.append([liberation("enfin")])[0].rang == last + 1
    with open_journal(str(path), BAILLEUR) as journal:
        assert journal.tete.rang == last + 1
        assert journal.verify()


def test_a_database_that_another_program_holds_is_told_after_the_wait(sqlite_file: str) -> None:
    with open_journal(sqlite_file, BAILLEUR, create=True, wait=0.1) as journal:
        journal.append([OUVERTURE])
        other = sqlite3.connect(sqlite_file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="occupée par un autre poste"):
            journal.append([liberation()])
        assert journal.tete.rang == 1
        other.rollback()
        other.close()
        assert journal.append([liberation()])[0].rang == 2


def test_a_journal_that_another_transaction_holds_is_told_after_the_wait(database: str) -> None:
    if "?" not in database:
        return
    with open_journal(database, BAILLEUR, create=True, wait=0.1) as journal:
        journal.append([OUVERTURE])
        with psycopg.connect(database) as other:
            other.execute("SELECT * FROM bailleurs FOR UPDATE")
            with pytest.raises(Unavailable, match="occupée par un autre poste"):
                journal.append([liberation()])
        assert journal.append([liberation()])[0].rang == 2


def test_a_server_that_went_away_is_told(database: str) -> None:
    if "?" not in database:
        return
    with open_journal(database, BAILLEUR, create=True) as journal:
        journal.append([OUVERTURE])
        with psycopg.connect(database, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            )
        with pytest.raises(Unavailable, match=r"serveur de base de données arrêté|connexion"):
            journal.append([liberation()])
        assert journal.append([liberation()])[0].rang == 2


def as_nobody(path: str, pipe: Connection) -> None:
    """Try to write as somebody who may only read."""
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    try:
        with open_journal(path, BAILLEUR) as journal:
            journal.append([liberation()])
    except Unavailable as why:
        pipe.send(str(why))


@pytest.mark.parametrize("folder_mode", [0o555, 0o755])
def test_a_database_that_may_not_be_written_is_told(folder_mode: int) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "journal.db"
        with open_journal(str(path), BAILLEUR, create=True) as journal:
            journal.append([OUVERTURE])
        path.chmod(0o444)
        folder.chmod(folder_mode)
        process, pipe = at_work(as_nobody, str(path))
        (why,) = all_said(pipe)
        process.join()
        folder.chmod(0o755)
        assert why.startswith(f"{path} : base de données ")
        assert "en lecture seule" in why or "impossible à ouvrir" in why
        with open_journal(str(path), BAILLEUR) as journal:
            assert journal.tete.rang == 1


def test_what_is_no_journal_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="journal absent, à ouvrir par « allocator init »"):
        open_journal(str(tmp_path / "absent.db"), BAILLEUR)
    text = tmp_path / "texte.db"
    text.write_text("ceci n'est pas une base " * 100)
    with pytest.raises(Unavailable, match="ce fichier n'est pas une base SQLite"):
        open_journal(str(text), BAILLEUR)
    empty = tmp_path / "vide.db"
    sqlite3.connect(empty).close()
    empty.touch()
    with pytest.raises(Unavailable, match="journal absent"):
        open_journal(str(empty), BAILLEUR)
    with pytest.raises(Unavailable, match="impossible à ouvrir"):
        open_journal(str(tmp_path / "nulle part" / "journal.db"), BAILLEUR, create=True)
    with pytest.raises(Unavailable, match="base de données inconnue, attendu SQLite ou PostgreSQL"):
        open_journal("mysql://host/journal", BAILLEUR)
    with pytest.raises(Unavailable, match="adresse de base de données illisible"):
        open_journal("://", BAILLEUR)
    with pytest.raises(Unavailable, match="connexion à la base de données impossible ou perdue"):
        open_journal(f"postgresql:///journal?host={tmp_path}", BAILLEUR, create=True)


def test_a_damaged_file_is_told(sqlite_file: str) -> None:
    with open_journal(sqlite_file, BAILLEUR, create=True) as journal:
        journal.append([OUVERTURE, *(liberation(f"L{number}") for number in range(200))])
    copy = Path(sqlite_file)
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) // 2])
    with (
        pytest.raises(Unavailable, match="base de données endommagée"),
        open_journal(sqlite_file, BAILLEUR) as journal,
    ):
        list(journal.events())
    shutil.rmtree(copy.parent, ignore_errors=True)
