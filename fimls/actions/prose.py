"""Prose: what models say around code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.text.language import Language

# How models begin to talk, whatever comes then.
_GREETING: Final = re.compile(
    r"\s*(?:Sure|Certainly|Of course|Absolutely|Okay|OK|Great|Here(?:'s|’s| is| are)|Below is"
    r"|I(?:'ve|’ve|'ll|’ll| have| will| am| cannot| can't| can|'m|’m)|Let me|Let's|Note(?: that)?:?"
    r"|This (?:code|function|query|script|method|version|implementation|change|will|is|uses)"
    r"|The (?:code|function|query|script|method|above|following|updated|corrected)|You can"
    r"|Explanation|In this|To use|Example usage|Output)\b"
)

# A sentence: words, more than two of them, and a mark at its end.
_SENTENCE: Final = re.compile(
    r"\s*(?:[-*•] |\d+[.)] )?[`*(]*[A-Z][\w'’`*-]*,? [\w\"'’`*(][^;{}=]*[.:!?][\"'`*)]*\s*"
)

# A heading or a bold line, as in Markdown.
_HEADING: Final = re.compile(r"\s*(?:#{1,6} [A-Z][\w' -]*:?|\*\*[^*]+\*\*:?)\s*")

# Languages in which a heading is a comment.
_HASHED: Final = "#"

# What no sentence has, and code does.
_CODE: Final = re.compile(
    r"[;{}]\s*$|^\s*(?:[@<]|//|--|/\*|\*/)|\w\(.*\)\s*[:{]?$|[^=!<>]=[^=]|:=|->"
)

# Where a sentence of its own is a line as good as any.
_WITH_SENTENCES: Final = frozenset(
    {"html", "xml", "xsl", "vue", "svelte", "astro", "yaml", "toml", "ini", "dockercompose"}
)


def is_prose(line: str, language: Language) -> bool:
    """Whether a line is said to a person; False where it may be code."""
    if not line.strip() or language.prose or language.id in _WITH_SENTENCES:
        return False
    if language.line_comment and line.lstrip().startswith(language.line_comment):
        # `# Explanation` is a comment to Python, and harmless.
        return False
    if _HEADING.fullmatch(line) and language.line_comment != _HASHED:
        return True
    is_greeting = _GREETING.match(line) is not None
    if is_greeting and line.rstrip()[-1:] in ".:!?":
        return True
    return _CODE.search(line) is None and (
        (is_greeting and len(line.split()) > 1)
        or (_SENTENCE.fullmatch(line) is not None and len(line.split()) > 2)
    )


def without_prose(lines: Sequence[str], language: Language) -> list[str]:
    """The lines without what is said before the code, and after a blank line below it."""
    first = 0
    while first < len(lines) and (not lines[first].strip() or is_prose(lines[first], language)):
        first += 1
    rest = list(lines[first:])
    end = _begin_of_talk(rest, language)
    return rest[:end]


def _begin_of_talk(lines: Sequence[str], language: Language) -> int:
    """Where the talk begins that goes on until the end; the number of lines if none does."""
    quoted = False
    for at, line in enumerate(lines):
        if not quoted and is_prose(line, language) and (at == 0 or not lines[at - 1].strip()):
            return at
        # Sentences within a documentation string are no talk.
        quoted ^= (line.count('"""') + line.count("'''")) % 2 == 1
        quoted = (quoted or "/*" in line) and "*/" not in line
    return len(lines)
