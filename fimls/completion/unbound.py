"""Names that the code below a hole uses, and that nothing above or below it gives a value to.

If there is such a name, the missing line is most likely the one that does.  Told by lines and
words, since a document with a hole in it is hardly ever in order; Python only.
"""

from __future__ import annotations

import builtins
import keyword
import re
from typing import TYPE_CHECKING, Final

from fimls.completion.post.site import width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fimls.text.hole import Hole

# Of the code below the hole so much is searched: some hundred lines, in under a millisecond.
_SEARCHED_CHARS: Final = 8000

# More names than these are no line's, but those of a file that is made elsewhere.
_MOST_NAMES: Final = 8

_LANGUAGES: Final = frozenset({"python"})

_WORDS: Final = frozenset((*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "self", "cls"))

_NAME: Final = r"[^\W\d]\w*"

# Strings and comments, within a line.
_QUOTED: Final = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|#.*")

# A name that is read: no attribute, no call (a function is no line's work), no argument's name; and
# no capital at its begin, since classes and constants come from elsewhere.
_USE: Final = re.compile(r"(?<![\w.])([a-z_]\w*)\b(?!\s*\()(?!\s*=(?!=))")

# What gives names a value: an assignment, and words that do, up to where they end.
_ASSIGNED: Final = re.compile(r"[\s(]*([\w\s,*]+)\)?\s*(?::[^=]+)?=(?!=)")
_GIVEN: Final = re.compile(
    r"\b(?:for\s+(.*?)\s+in\b|(?:as|def|class|import|global|nonlocal|lambda|case)\b(.*))"
    rf"|\b({_NAME})\s*:="
)

_LOOP: Final = re.compile(r"\s*(?:async\s+)?(?:for|while)\b")


def unbound(hole: Hole, column: int) -> tuple[str, ...]:
    """The names without a value, in the order of their use, where a line is due at a column."""
    if hole.language.id not in _LANGUAGES or "import *" in hole.prefix:
        return ()
    names = _used_first(_block(hole, column))
    above = hole.preamble + hole.prefix
    found = tuple(
        name for name in names if not _has(above, name) and not _is_global(hole.suffix, name)
    )
    return found if len(found) <= _MOST_NAMES else ()


def _block(hole: Hole, column: int) -> Iterator[str]:
    """The lines below, without strings and comments, as far as they are in the block."""
    text = hole.text[hole.offset : hole.offset + _SEARCHED_CHARS]
    for line in text.split("\n"):
        code = _QUOTED.sub('""', line)
        if code.strip() and width(code) < column:
            return
        yield code


def _used_first(lines: Iterable[str]) -> list[str]:
    """The names that are used before a line gives them a value, each once."""
    used: dict[str, None] = {}
    # What is given a value within a loop has none behind it where the loop was never entered.
    scopes: list[tuple[int, set[str]]] = [(-1, set())]
    for line in lines:
        if not line.strip():
            continue
        while width(line) <= scopes[-1][0]:
            scopes.pop()
        given = _given(line)
        known = given.union(*(names for _, names in scopes))
        used.update((name, None) for name in _USE.findall(line) if name not in known | _WORDS)
        if _LOOP.match(line):
            scopes.append((width(line), set()))
        scopes[-1][1].update(given)
    return list(used)


def _given(line: str) -> set[str]:
    """The names that a line gives a value to, or that are arguments in it."""
    assigned = _ASSIGNED.match(line)
    parts = [assigned.group(1)] if assigned else []
    parts += ["".join(each) for each in _GIVEN.findall(line)]
    return {name for part in parts for name in re.findall(_NAME, part)}


def _has(text: str, name: str) -> bool:
    return re.search(rf"\b{name}\b", text) is not None


def _is_global(suffix: str, name: str) -> bool:
    """Whether a definition, an import or a constant of the module further down is called so."""
    is_defined = rf"^(?:(?:async )?def|class) {name}\b|^(?:from|import)\b.*\b{name}\b|^{name}\b.*="
    return re.search(is_defined, suffix, re.MULTILINE) is not None
