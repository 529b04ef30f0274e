"""Imports that a model puts before code that does not go to the top of the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fimls.actions.imports.rules import RULES
from fimls.actions.imports.statements import end_of, leading, statements

if TYPE_CHECKING:
    from fimls.actions.imports.rule import Import
    from fimls.text.language import Language

_ASIDE: Final = re.compile(r"\s*(?:#|//|package\s|'use strict'|\"use strict\"|$)")

# What belongs to the head of a file, and is there already.
_HEAD: Final = re.compile(r"package\s+[\w.]+;?\s*$|['\"]use strict['\"];?\s*$|#!")


def lifted(code: str, language: Language) -> tuple[tuple[Import, ...], str]:
    """The imports that some code begins with, and the code without them.

    The clause of the package that it repeats is taken away as well.
    """
    rule = RULES.get(language.id)
    if rule is None:
        return (), code
    lines = code.split("\n")
    if not any(line.strip() and not line[0].isspace() for line in lines):
        return (), code
    found = leading(lines, statements(lines, rule), rule)
    gone = {at for each in found for at in range(each.first, each.end)}
    gone |= {at for each in found if each.is_spec for at in _bracket(lines, each.first)}
    first = next(at for at, line in enumerate(lines) if line.strip())
    gone |= {first} if _HEAD.match(lines[first]) else set()
    if not gone:
        return (), code
    kept = "\n".join(line for at, line in enumerate(lines) if at not in gone).strip("\n")
    return tuple(each for statement in found for each in statement.imports), kept


def is_imports_only(code: str, language: Language) -> bool:
    """Whether there is nothing in some code but imports, and comments next to them."""
    rule = RULES.get(language.id)
    if rule is None:
        return False
    lines = code.split("\n")
    found = statements(lines, rule)
    within = {at for each in found for at in range(each.first, each.end)}
    within |= {at for each in found if each.is_spec for at in _bracket(lines, each.first)}
    rest = (line for at, line in enumerate(lines) if at not in within)
    return bool(found) and all(_ASIDE.match(line) for line in rest)


def imported_names(code: str, language: Language) -> tuple[str, ...]:
    """The names that the imports of some code bring in, in their order."""
    rule = RULES.get(language.id)
    if rule is None:
        return ()
    found = statements(code.split("\n"), rule)
    names = (rule.bound(each) for statement in found for each in statement.imports)
    return tuple(dict.fromkeys(name for name in names if name))


def _bracket(lines: list[str], spec: int) -> range:
    """The lines of the bracket that a line of Go's imports stands in."""
    first = max(at for at in range(spec) if lines[at].startswith("import"))
    return range(first, end_of(lines, first))
