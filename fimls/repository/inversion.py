"""How the names of a folder are put in order for the next start: file by file becomes name by name.

It is made of what the store has, and of nothing else: what somebody types, or an environment has,
is not in it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from fimls.repository.catalog import Catalog
from fimls.repository.content import DIGEST_BYTES
from fimls.repository.postings import pack

if TYPE_CHECKING:
    from pathlib import Path

# Another editor writes a batch in milliseconds.
_WAIT_S: Final = 5.0

# By path, so that the lists of entries are sorted by it.
_FILES: Final = """
SELECT path, digest, defined, used FROM files JOIN names USING (digest) ORDER BY path
"""


def invert(file: Path) -> None:
    """Writes the postings of a store anew: 2 s for two million names, in a worker.

    Where that cannot be done they stay as they are.
    """
    try:
        # Nothing is made where somebody has deleted it meanwhile.
        where = f"{file.as_uri()}?mode=rw"
        with closing(sqlite3.connect(where, timeout=_WAIT_S, uri=True)) as database:
            row = pack(_catalog(database))
            with database:
                marks = ", ".join("?" * len(row))
                database.execute(f"INSERT OR REPLACE INTO postings VALUES (1, {marks})", row)  # noqa: S608
    except (sqlite3.Error, OSError, ValueError, OverflowError, MemoryError):
        return


def _catalog(database: sqlite3.Connection) -> Catalog:
    catalog = Catalog()
    for path, digest, defined, used in database.execute(_FILES):
        is_text = isinstance(defined, str) and isinstance(used, str)
        if is_text and isinstance(digest, bytes) and len(digest) == DIGEST_BYTES:
            catalog.put(path, digest, defined, used)
    return catalog
