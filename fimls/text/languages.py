"""Languages by the id that an editor gives, by file name and by extension.

The rows are in `language_table.py`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fimls.text.language import Language
from fimls.text.language_table import ALIASES, ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LANGUAGES", "Language", "language_of", "language_of_grammar"]

LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType({row.id: row for row in ROWS})
"""Every language that fimls knows, by its language id."""


def language_of(language_id: str, path: str = "") -> Language:
    """The language of a document.

    A known id, or a name that an editor uses in its place, wins; else the name of the file
    decides, then its extension.  What is known by none of these is a language with that id of
    which nothing else is known, or plain text where there is no id either.
    """
    wanted = language_id.lower()
    known = LANGUAGES.get(ALIASES.get(wanted, wanted)) or _by_path(path)
    if known is not None:
        return known
    return Language(language_id, language_id) if language_id else LANGUAGES["plaintext"]


def language_of_grammar(grammar: str) -> Language:
    """The first language of the table with a grammar: the one that it was made for."""
    return _BY_GRAMMAR.get(grammar) or LANGUAGES["plaintext"]


def _by_path(path: str) -> Language | None:
    name = path.replace("\\", "/").rpartition("/")[2]
    if name in _BY_FILENAME:
        return _BY_FILENAME[name]
    stem, _, extension = name.rpartition(".")
    return _BY_EXTENSION.get(f".{extension.lower()}") if stem else None


_BY_FILENAME: Final = {name: row for row in ROWS for name in row.filenames}
_BY_EXTENSION: Final = {extension: row for row in ROWS for extension in row.extensions}
_BY_GRAMMAR: Final = {row.grammar: row for row in reversed(ROWS) if row.grammar is not None}
