"""SQL against the tables that there are: prepared by SQLite in memory, and never run.

What SQLite's dialect does not have is no error: then nothing is said at all.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.text.brackets import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What SQLite says of names; all else may be another dialect's way.
_UNKNOWN: Final = re.compile(
    r"no such (?P<what>table|column): (?P<name>.+)"
    r"|(?P<ambiguous>ambiguous column name: .+)"
    r"|table \S+ has no column named (?P<column>\S+)"
)

# Functions that other dialects have and SQLite has not: the rest of the query can still be checked.
_NO_FUNCTION: Final = re.compile(r"no such function: (\w+)")

# How many values a statement wants that numbers its parameters.
_VALUES: Final = re.compile(r"statement uses (\d+)")

# So often a statement is tried, each time with one function of another dialect made up.
_MOST_TRIES: Final = 16

# Words of other dialects that SQLite takes for columns.
_OF_OTHERS: Final = frozenset(
    {
        *("current_user", "session_user", "system_user", "user", "sysdate", "systimestamp"),
        *("localtime", "localtimestamp", "rownum", "level", "current_schema", "dual", "default"),
    }
)

# What is carried out: it defines something, and computes nothing.
_DEFINITION: Final = re.compile(
    r"create\s+(?:(?:temp|temporary)\s+)?(?:table\s+(?:if\s+not\s+exists\s+)?[^\s(]+\s*\("
    r"|view\s|(?:unique\s+)?index\s)|alter\s+table\s+[^\s;]+\s+(?:add|rename)\s",
    re.IGNORECASE,
)

# What is prepared.
_QUERY: Final = re.compile(r"(?:select|with|insert|update|delete|replace|values)\b", re.IGNORECASE)

_LEADING_COMMENTS: Final = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SqlVerdict:
    """What is wrong with statements by the names that they use.

    `is_checked`: all of them could be told about, and so could the schema.
    """

    errors: tuple[str, ...]
    is_checked: bool


def validate_sql(code: str, schema: str, first_line: int = 1) -> SqlVerdict:
    """Whether the tables and columns that statements use are those of a schema.

    `schema` are the statements that define these.  The code begins on `first_line`.
    """
    code, schema = map(_readable, (code, schema))
    with closing(sqlite3.connect(":memory:")) as database:
        tables = _define(database, schema)
        if not tables:
            return SqlVerdict((), is_checked=False)
        errors: list[str] = []
        is_checked = True
        for line, statement in _statements(code):
            if not _QUERY.match(statement):
                # A table that it defines itself may be used below.
                is_checked = _execute(database, statement) and is_checked
                continue
            said = _prepare(database, statement)
            error = _in_words(said, statement, line + first_line - 1, database)
            errors += [error] if error else []
            is_checked = is_checked and (not said or bool(error))
        return SqlVerdict(tuple(errors), is_checked)


def _readable(text: str) -> str:
    """The text as SQLite takes it: without a null character, and without half a character."""
    return text.replace("\0", " ").encode(errors="replace").decode()


def _define(database: sqlite3.Connection, schema: str) -> list[str]:
    """Makes the tables of a schema as far as SQLite can; their names."""
    for _, statement in _statements(schema):
        if not _execute(database, statement):
            for plain in (_plain_table(statement), *_plain_columns(statement)):
                _execute(database, plain)
    return _tables(database)


def _tables(database: sqlite3.Connection) -> list[str]:
    rows = database.execute("select name from sqlite_master where type in ('table', 'view')")
    return [str(name) for (name,) in rows]


def _execute(database: sqlite3.Connection, statement: str) -> bool:
    """Carries out a definition; nothing else is, since a statement may open files."""
    if not _DEFINITION.match(statement):
        return False
    try:
        database.execute(statement)
    except sqlite3.Error:
        return False
    return True


_COLUMN: Final = re.compile(r"\s*([`\"\[]?[A-Za-z_]\w*[`\"\]]?)\s")
_NO_COLUMN: Final = re.compile(
    r"\s*(?:primary|foreign|unique|constraint|check|key|index|exclude)\b", re.IGNORECASE
)
_TABLE: Final = re.compile(
    r"create\s+(?:temp\w*\s+)?table\s+(?:if\s+not\s+exists\s+)?([\w.`\"\[\]]+)\s*\((.*)\)",
    re.IGNORECASE | re.DOTALL,
)


def _plain_table(statement: str) -> str:
    """A table of another dialect with nothing but its name and those of its columns."""
    found = _TABLE.match(statement)
    if found is None:
        return ""
    parts = [f"{part} " for part in parts_of(found[2], "(", ")") if not _NO_COLUMN.match(part)]
    columns = [name[1] for name in map(_COLUMN.match, parts) if name]
    name = found[1].rpartition(".")[2]
    return f"create table {name} ({', '.join(columns)})"


_ALTERED: Final = re.compile(
    r"alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?(?P<name>[^\s;]+)\s", re.IGNORECASE
)
_ADDED: Final = re.compile(
    r"\badd\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?([`\"\[]?[A-Za-z_]\w*[`\"\]]?)",
    re.IGNORECASE,
)


def _plain_columns(statement: str) -> Iterator[str]:
    """The columns that a statement of another dialect adds to a table, one statement for each."""
    altered = _ALTERED.match(statement)
    for added in _ADDED.finditer(statement) if altered is not None else ():
        if altered is not None and not _NO_COLUMN.match(added[1]):
            name = altered["name"].rpartition(".")[2]
            yield f"alter table {name} add column {added[1]}"


def _prepare(database: sqlite3.Connection, statement: str) -> str:
    """What SQLite says of a statement, "" for nothing; `explain` makes it but does not run it."""
    values: Sequence[None] | dict[str, object] = _Any()
    for _ in range(_MOST_TRIES):
        try:
            database.execute(f"explain {statement}", values)
        except sqlite3.Error as error:
            missing, counted = _NO_FUNCTION.match(str(error)), _VALUES.search(str(error))
            if missing is not None:
                database.create_function(missing[1], -1, _nothing)
            elif counted is not None:
                values = [None] * int(counted[1])
            elif "Binding" in str(error):
                values = []
            else:
                return str(error)
        else:
            return ""
    return "too many functions"


class _Any(dict[str, object]):
    """A value for every parameter of a statement."""

    def __missing__(self, _name: str) -> object:
        return None


def _nothing(*_arguments: object) -> None:
    """Stands for a function of another dialect."""


def _in_words(said: str, statement: str, line: int, database: sqlite3.Connection) -> str | None:
    """What SQLite says as far as it is about names; None for all else."""
    found = _UNKNOWN.match(said)
    name = "" if found is None else (found["name"] or found["column"] or "")
    if found is None or name.lower() in _OF_OTHERS or any(sign in name for sign in "'\""):
        return None
    place = re.search(rf"\b{re.escape(name)}\b", statement, re.IGNORECASE) if name else None
    line += statement.count("\n", 0, place.start()) if place else 0
    if found["ambiguous"]:
        return f"Line {line}: {said}; say of which table it is."
    tables = _tables(database)
    if found["what"] == "table":
        is_qualified = "." in name
        known = f"There are: {', '.join(tables)}."
        return None if is_qualified else f"Line {line}: there is no table `{name}`. {known}"
    words = {word.lower() for word in re.findall(r"\w+", statement)}
    used = [each for each in tables if each.lower() in words]
    known = "; ".join(f"{each}({', '.join(_columns(database, each))})" for each in used)
    return f"Line {line}: there is no column `{name}`. There are: {known}."


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    rows = database.execute("select name from pragma_table_info(?)", (table,))
    return [str(name) for (name,) in rows]


def _statements(code: str) -> Iterator[tuple[int, str]]:
    """The statements of some code, and the lines that they begin on."""
    start = 0
    for end in [at + 1 for at, sign in enumerate(code) if sign == ";"] + [len(code)]:
        part = code[start:end]
        comments = _LEADING_COMMENTS.match(part)
        skipped = comments.end() if comments else 0
        if end < len(code) and not sqlite3.complete_statement(part):
            continue
        if part[skipped:].strip(" \n\t;"):
            yield code.count("\n", 0, start + skipped) + 1, part[skipped:].rstrip(" \n\t;")
        start = end
