"""Lines of code: how far they are indented, and whether one goes on with another.

All of this is told from the lines as they stand, so it holds where a text does not parse, too.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Final

from fimls.syntax.kinds import LINE_COMMENTS
from fimls.text.shift import indentation

MOST_LOOKED_AT: Final = 1000
"""Lines on each side of a place that are looked at (1 µs each)."""

MOST_KEPT: Final = 80
MOST_KEPT_CHARS: Final = 4500
"""Lines and characters of them that are kept at the most: the parser takes 0.3 ms for these."""

# Tabs count as the next multiple of this many columns, as Python reads them.
_TAB_COLUMNS: Final = 8

# How far down lines are skipped (2 ns each, so 0.5 ms).
_MOST_CHARS: Final = 250_000

_WORDS: Final = (
    "end|fi|done|esac|else|elif|elsif|elseif|except|finally|catch|rescue|ensure|then|do|when|case"
    "|default|until"
)

# What begins a line that belongs to an earlier one of the same indentation.
_GOES_ON: Final = re.compile(rf"[)\]}}]|</|&&|\|\||\\|(?:{_WORDS}|where)\b")

# What of this ends a block, perhaps with one more to come.
_ENDS_BLOCK: Final = re.compile(rf"[)\]}}]|</|(?:{_WORDS})\b")

# Operators that begin a line in languages whose lines end where they like.
_OPERATOR: Final = re.compile(r"(?:\?\.|\.|\?|:|\||\+|=>|=|/(?![/*])|%|<<|>>)(?!\.\.)")

# What of this opens something again.
_REOPENS: Final = re.compile(
    r"[)\]}\s]*(?:else|elif|elsif|elseif|except|finally|catch|rescue|ensure|then|do|when|case"
    r"|default)\b|.*[({\[:]\s*$"
)

_BRACED: Final = frozenset(
    {"c", "cpp", "c_sharp", "java", "rust", "php", "javascript", "typescript", "tsx"}
)

# How a line ends that the next one may follow upon: where statements have an end mark ...
_ENDED: Final = re.compile(r"[;{}:,\]]$|\*/$|^\s*(?://|#|/?\*|@|\[)")

# ... and how one does that is certain to go on, where they have none.
_UNENDED: Final = re.compile(r"(?:[(\[\\=+&|?]|=>)$")

# A line of a comment that goes over several.
_COMMENT: Final = re.compile(r"/\*|\*/|\*(?:\s|$)")

_WORDY: Final = frozenset({"ruby", "lua", "bash", "sql", "html", "tsx", "javascript"})

# `public:`, `case A:`, `again:`.
_LABELLED: Final = _BRACED | {"go"}
_LABEL: Final = re.compile(r"(?:case\b.*|[\w ]+):$")

_PREPROCESSED: Final = frozenset({"c", "cpp", "c_sharp"})

_STATEMENTS_END: Final = frozenset({"c", "cpp", "c_sharp", "java", "rust", "php"})


def is_unfinished(line: str, following: str, grammar: str) -> bool:
    """Whether the statement of a line is not over at its end, so that the following line needs it.

    A brace on a line of its own opens what the line before it is about.
    """
    if grammar in _BRACED and following.strip() == "{":
        return _ENDED.search(line) is None or (grammar == "rust" and line.endswith(","))
    if grammar in _STATEMENTS_END:
        return _ENDED.search(line) is None
    if grammar == "css":
        return line.endswith(",") or following.strip() == "{"
    return grammar != "yaml" and _UNENDED.search(line) is not None


def is_aside(line: str, grammar: str) -> bool:
    """Whether a line may stand at any indentation: a comment, or one for a preprocessor."""
    mark = LINE_COMMENTS.get(grammar)
    visible = line.lstrip()
    if mark is not None and visible.startswith(mark):
        return True
    if grammar in _PREPROCESSED and visible.startswith("#"):
        return True
    return grammar in _BRACED and _COMMENT.match(visible) is not None


def is_label(line: str, grammar: str) -> bool:
    """Whether a line is a label, which may be less indented than what stands beside it."""
    return grammar in _LABELLED and _LABEL.match(line.lstrip()) is not None


def may_open(line: str, grammar: str) -> bool:
    """Whether what is deeper may belong to a line."""
    return grammar != "yaml" or ":" in line or line.lstrip().startswith("-")


def goes_on(line: str, grammar: str) -> bool:
    """Whether a line belongs to an earlier one of the same indentation."""
    visible = line.lstrip()
    if _GOES_ON.match(visible) is not None:
        return True
    return grammar in _BRACED and _OPERATOR.match(visible) is not None


def closes_by_words(head: str, grammar: str) -> bool:
    """Whether what some lines begin may be ended by a line that has no bracket."""
    if grammar == "python":
        return "try:" in head
    return grammar in _WORDY


def ends_block(line: str) -> bool:
    """Whether a line ends a block that an earlier one of the same indentation has begun."""
    return _ENDS_BLOCK.match(line.lstrip()) is not None


def reopens(line: str) -> bool:
    """Whether a line that ends a block begins another one."""
    return _REOPENS.match(line.strip()) is not None


def width(line: str, grammar: str = "") -> int:
    """The width of a line's indentation, in columns.

    An item of a YAML list counts as deeper than the key that it may stand right below.
    """
    blanks = indentation(line)
    visible = line[len(blanks) :]
    columns = len(blanks.expandtabs(_TAB_COLUMNS)) if "\t" in blanks else len(blanks)
    if visible.startswith(("* ", "*/")) or visible == "*":
        # It stands one to the right of what its comment belongs to.
        columns = max(0, columns - 1)
    is_item = grammar == "yaml" and (visible == "-" or visible.startswith("- "))
    return columns + is_item


def level_of(line: str, grammar: str) -> float:
    """The width of a line's indentation; more than that of any other for a blank one."""
    return width(line, grammar) if line.strip() else math.inf


def blanks_of(line: str, columns: int) -> str:
    """Blanks of which all lines that begin with them are at least as deep as a line counts."""
    blanks = indentation(line)
    return blanks + " " if columns > width(blanks) else blanks


def skip_above(text: str, start: int, blanks: str, most: int) -> int:
    """The begin of the topmost of the lines above one that begin with `blanks` or are empty.

    `start` is where that one begins; it is the answer if there are none.  `most` lines are skipped.
    """
    for _ in range(most):
        above = text.rfind("\n", 0, max(0, start - 1)) + 1
        if start == 0 or not (text.startswith(blanks, above) or above == start - 1):
            return start
        start = above
    return start


def skip_below(text: str, end: int, blanks: str) -> int:
    """The end of the last of the lines below one that begin with `blanks` or are empty.

    `end` is where that one ends; it is the answer if there are none.
    """
    found = _less_than(blanks).search(text, end, end + _MOST_CHARS)
    return found.start() if found else min(len(text), end + _MOST_CHARS)


@lru_cache(maxsize=64)
def _less_than(blanks: str) -> re.Pattern[str]:
    """Finds the end of a line after which one comes that does not begin with `blanks`."""
    return re.compile(rf"\n(?!{blanks}|\n|\Z)")
