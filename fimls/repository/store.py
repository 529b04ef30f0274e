"""The index on disk: a database for each folder; whatever is wrong with it, nothing fails.

SQLite's own lock lets one write at a time and any number read beside it, so that two editors may
work on one folder; contents are known by their digest, so that both may write the same.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from contextlib import closing, suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fimls.repository.postings import Packed, Postings, unpack
from fimls.repository.worker import Stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fimls.repository.content import Content

FORMAT: Final = 2
"""Raised whenever a text is read in another way; what is older is not looked at any more."""

# How many folders are remembered: those used last.
_MOST_STORES: Final = 20

# Another editor writes a batch in milliseconds.
_WAIT_S: Final = 5.0

# Who opens a new store while another one does is sent away at once, without any waiting.
_ATTEMPTS: Final = 8

# What is no fault of a file: somebody else is at it, or there is no place, no right or no memory.
_NO_FAULT: Final = frozenset(
    {
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM),
        *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM),
    }
)

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, changed_ns INTEGER NOT NULL, digest BLOB
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS names (
    digest BLOB PRIMARY KEY, defined TEXT NOT NULL, used TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS contents (
    digest BLOB PRIMARY KEY, facts BLOB NOT NULL, text BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS postings (
    id INTEGER PRIMARY KEY, paths BLOB NOT NULL, digests BLOB NOT NULL, names BLOB NOT NULL,
    counts BLOB NOT NULL, numbers BLOB NOT NULL, checksum BLOB NOT NULL
);
"""
# `postings` are one row: whoever reads it has all of it from the same moment.

# A file whose content is lost has the size of what is not there, so that it is read again: another
# editor, which knew the file otherwise, may have dropped what it has again.
_FILES: Final = """
SELECT
    path,
    CASE WHEN digest IS NULL OR digest IN (SELECT digest FROM contents) THEN size ELSE -1 END,
    changed_ns,
    digest
FROM files
"""


class Row(NamedTuple):
    """A file as the store knows it; `digest` is None where it is not fit to be indexed."""

    path: str
    stamp: Stamp
    digest: bytes | None
    content: Content | None = None


class Names(NamedTuple):
    """The names of a content, with blanks between them."""

    defined: str
    used: str


def store_file(cache: Path, folder: str) -> Path:
    """Where the index of a folder is kept."""
    whole = os.path.realpath(folder)
    name = re.sub(r"[^\w.-]", "_", Path(whole).name)[:40] or "root"
    digest = blake2b(whole.encode(errors="surrogateescape"), digest_size=6).hexdigest()
    return cache / "index" / f"{name}-{digest}-v{FORMAT}.sqlite3"


def files_in(file: Path) -> int | None:
    """How many files a store knows; None where there is none, or it cannot be read."""
    if not file.is_file():
        return None
    try:
        with closing(_connect(file, _WAIT_S)) as database:
            query = "SELECT count(*) FROM files WHERE digest IS NOT NULL"
            return int(database.execute(query).fetchone()[0])
    except sqlite3.Error:
        return None


class Store:
    """The database of one folder.

    It is made anew where it is damaged, and kept in memory where it cannot be written to.  Reading
    gives nothing, and writing is in vain, where something goes wrong; `is_damaged` is set then.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.is_damaged = False
        self._writing = threading.Lock()
        self._reader, self._writer = self._opened()

    @property
    def is_kept(self) -> bool:
        """Whether it is on disk, and so still there after a restart."""
        return self._reader is not self._writer

    def files(self) -> list[Row]:
        """All files that are known, with their digests."""
        return _as_rows(self._read(_FILES, ()))

    def postings(self) -> Postings:
        """The files by name, as they were when that was last written."""
        rows = self._read(f"SELECT {', '.join(Packed._fields)} FROM postings", ())  # noqa: S608
        return unpack(rows[0]) if rows else Postings()

    def names_of(self, digests: Iterable[bytes]) -> dict[bytes, Names]:
        """The names of some contents, by digest; without those that are not here."""
        query = "SELECT digest, defined, used FROM names WHERE digest = ?"
        return _by_digest(row for digest in digests for row in self._read(query, (digest,)))

    def known(self, paths: Sequence[str]) -> list[Row]:
        """What is known of some files by now: another editor may have read them."""
        query = f"{_FILES} WHERE path = ?"
        return _as_rows(row for path in paths for row in self._read(query, (path,)))

    def has(self, digest: bytes) -> bool:
        """Whether a content is there."""
        return bool(self._read("SELECT 1 FROM contents WHERE digest = ?", (digest,)))

    def facts(self, digest: bytes) -> bytes | None:
        """The facts of a content, as they were packed."""
        return self._part("facts", digest)

    def text(self, digest: bytes) -> bytes | None:
        """The text of a content, as it was packed."""
        return self._part("text", digest)

    def put(self, rows: Iterable[Row]) -> bool:
        """Writes what is known of files, all of it or nothing; whether that went well."""
        rows = list(rows)
        contents = [row.content for row in rows if row.content is not None]
        return self._write(
            (
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                [(row.path, row.stamp.size, row.stamp.changed_ns, row.digest) for row in rows],
            ),
            (
                "INSERT OR REPLACE INTO names VALUES (?, ?, ?)",
                [(each.digest, each.defined, each.used) for each in contents],
            ),
            (
                "INSERT OR REPLACE INTO contents VALUES (?, ?, ?)",
                [(each.digest, each.facts, each.text) for each in contents],
            ),
        )

    def forget(self, paths: Iterable[str]) -> bool:
        """Forgets files."""
        return self._write(("DELETE FROM files WHERE path = ?", [(path,) for path in paths]))

    def prune(self) -> bool:
        """Drops the contents that no file has any more."""
        used = "(SELECT digest FROM files WHERE digest IS NOT NULL)"
        return self._write(
            (f"DELETE FROM names WHERE digest NOT IN {used}", [()]),  # noqa: S608
            (f"DELETE FROM contents WHERE digest NOT IN {used}", [()]),  # noqa: S608
        )

    def rebuild(self) -> None:
        """Begins anew, with nothing."""
        with self._writing:
            self._shut()
            _remove(self.file)
            self._reader, self._writer = self._opened()
            self.is_damaged = False

    def close(self) -> None:
        """Closes the database; reading gives nothing afterwards."""
        with self._writing:
            self._shut()

    def _shut(self) -> None:
        for connection in (self._reader, self._writer):
            with suppress(sqlite3.Error):
                connection.close()

    def _opened(self) -> tuple[sqlite3.Connection, sqlite3.Connection]:
        for _ in range(_ATTEMPTS):
            try:
                return self._on_disk()
            except sqlite3.Error as error:
                # The lowest byte is the kind, what is above tells of it in detail.
                fault = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
                if fault not in _NO_FAULT:
                    _remove(self.file)
                elif fault != sqlite3.SQLITE_BUSY:
                    break
            except OSError:
                break
        return _in_memory()

    def _on_disk(self) -> tuple[sqlite3.Connection, sqlite3.Connection]:
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # It holds what the user's files say, and is for nobody else to read.
        os.close(os.open(self.file, os.O_CREAT | os.O_RDWR, 0o600))
        os.utime(self.file)
        _forget_oldest(self.file)
        writer = _connect(self.file, _WAIT_S)
        try:
            writer.execute("PRAGMA journal_mode = WAL")
            writer.execute("PRAGMA synchronous = NORMAL")
            writer.executescript(_SCHEMA)
            writer.execute("SELECT count(*) FROM files").fetchone()
            # Who completes does not wait for a lock.
            return _connect(self.file, 0.0), writer
        except BaseException:
            writer.close()
            raise

    def _part(self, column: str, digest: bytes) -> bytes | None:
        query = f"SELECT {column} FROM contents WHERE digest = ?"  # noqa: S608  A literal's name.
        rows = self._read(query, (digest,))
        return rows[0][0] if rows and isinstance(rows[0][0], bytes) else None

    def _read(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        try:
            return self._reader.execute(query, values).fetchall()
        except sqlite3.OperationalError as error:
            self.is_damaged = self.is_damaged or "no such" in str(error)
        except (sqlite3.DatabaseError, OverflowError):
            self.is_damaged = True
        return []

    def _write(self, *statements: tuple[str, Sequence[tuple[object, ...]]]) -> bool:
        with self._writing:
            try:
                with self._writer:
                    for statement, rows in statements:
                        self._writer.executemany(statement, rows)
            except sqlite3.OperationalError as error:
                # Locked or full is not damaged, and is over some time.
                self.is_damaged = self.is_damaged or "no such" in str(error)
                return False
            except (sqlite3.DatabaseError, OverflowError, UnicodeError):
                self.is_damaged = True
                return False
        return True


def _as_rows(found: Iterable[tuple[Any, ...]]) -> list[Row]:
    return [Row(path, Stamp(size, ns), digest) for path, size, ns, digest in found]


def _by_digest(rows: Iterable[tuple[Any, ...]]) -> dict[bytes, Names]:
    """Names by digest, without what is no text."""
    return {
        digest: Names(defined, used)
        for digest, defined, used in rows
        if isinstance(defined, str) and isinstance(used, str)
    }


def _connect(file: Path | str, timeout_s: float) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=timeout_s, check_same_thread=False)


def _in_memory() -> tuple[sqlite3.Connection, sqlite3.Connection]:
    connection = _connect(":memory:", _WAIT_S)
    connection.executescript(_SCHEMA)
    return connection, connection


def _remove(file: Path) -> None:
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        with suppress(OSError):
            file.with_name(name).unlink()


def _forget_oldest(file: Path) -> None:
    """Removes what has not been used for longest, where there is much."""
    with suppress(OSError):
        found = [(each.stat().st_mtime_ns, each) for each in file.parent.glob("*.sqlite3")]
        for _, each in sorted(found, reverse=True)[_MOST_STORES:]:
            if each != file:
                _remove(each)
