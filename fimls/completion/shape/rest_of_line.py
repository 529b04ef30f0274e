"""What stands after the cursor on its line: whether a completion before it would split code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fimls.syntax.scopes import Kind

if TYPE_CHECKING:
    from fimls.completion.shape.place import Place

# What counts of a line on each side of the cursor: more than a person writes in one.
_NEAR_CHARS: Final = 200

# What editors close by themselves, and the punctuation that ends or opens something: brackets,
# quotes, tags, comments, blocks of templates, the line's continuation.
_CLOSERS: Final = re.compile(
    r"(?:[\s)>}\]\"'`|;,:.]|=>|->|</[\w:.-]*>|/>|\*/|--\]\]|-->|[%?]>|%\}|=\))*[{(]?\s*\\?\s*"
)

# Only what closes: lines may be put before it.
_ONLY_CLOSERS: Final = re.compile(r"[\s)}\];,]*")

# What an operand has to follow: an opener, a comma, an operator, a keyword.
_WANTS: Final = re.compile(
    r"(?:[(\[{<,|]|[-+*/%&|^<>=!:?~]=?\s|=|&&|\|\||\?\?|[\"'`]"
    r"|\b(?:return|yield|await|in|if|elif|elsif|while|until|unless|and|or|not|is|else|case|when"
    r"|where|throw|raise|new|del|assert|select|from|set|values|by|on|having|import|let|const|var)"
    r"(?=\s))\s*\Z",
    re.IGNORECASE,
)

# What an operand has to stand before, so that nothing is split where one is missing.
_WANTED_BEFORE: Final = re.compile(
    r"\s*(?:[)\]}>,;|]|[\"'`])|\s+(?:[-+*/%&|^<>=!?:]|&&|\|\|)[=<>]?\s"
    r"|\s+(?:for|if|else|and|or|not in|in|is|as|then|do|of|from|where|order|group|having|limit"
    r"|values|set|on|join)\b",
    re.IGNORECASE,
)

_QUOTES: Final = ('"""', "'''", '"', "'", "`")


def splits(place: Place) -> bool:
    """Whether what follows the cursor on its line is code that a completion would split.

    Not before code at the start of its line: there a text goes above it.  Not where the string or
    the interpolation that the cursor is in ends, and not where an operand is missing.
    """
    rest = place.hole.line_after[: _NEAR_CHARS + 1]
    if place.starts_line or _is_harmless(rest, place):
        return False
    if place.kind is Kind.STRING:
        return not _ends_string(rest, place)
    return place.kind is Kind.COMMENT or not (
        _ends_interpolation(rest, place) or _is_operand_missing(rest, place)
    )


def only_closes(line_after: str) -> bool:
    """Whether nothing but closers stands there, which lines may be put before."""
    return len(line_after) <= _NEAR_CHARS and _ONLY_CLOSERS.fullmatch(line_after) is not None


def _is_harmless(rest: str, place: Place) -> bool:
    if len(rest) > _NEAR_CHARS:
        return False
    if _CLOSERS.fullmatch(rest):
        return True
    if place.kind is not Kind.CODE:
        return False
    return any(_CLOSERS.fullmatch(code) for code in _before_comments(rest, place))


def _before_comments(rest: str, place: Place) -> list[str]:
    """What stands before the comment at the line's end, if there is one."""
    language = place.language
    found = [language.line_comment or "", *(language.block_comment or ())[:1]]
    return [rest[: rest.index(mark)] for mark in found if mark and mark in rest]


def _ends_string(rest: str, place: Place) -> bool:
    """Whether the string that the cursor is in ends right there."""
    quote = next((quote for quote in _QUOTES if rest.startswith(quote)), "")
    after = place.hole.offset + len(quote)
    return bool(quote) and place.kind_at(after) is not Kind.STRING


def _ends_interpolation(rest: str, place: Place) -> bool:
    """Whether code within a string, or within the text of a template, ends right there."""
    blanks = len(rest) - len(rest.lstrip())
    if rest.startswith(("}}", "%}"), blanks):
        before = place.hole.line_before[-_NEAR_CHARS:]
        return max(before.rfind("{{"), before.rfind("{%")) > max(
            before.rfind("}}"), before.rfind("%}")
        )
    if not rest.startswith(("}", ")"), blanks):
        return False
    return place.kind_at(place.hole.offset + blanks + 1) is Kind.STRING


def _is_operand_missing(rest: str, place: Place) -> bool:
    before = place.hole.line_before[-_NEAR_CHARS:]
    if before.endswith(">") and rest.lstrip().startswith("</"):
        # Between two tags.
        return True
    return _WANTS.search(before) is not None and _WANTED_BEFORE.match(rest) is not None
