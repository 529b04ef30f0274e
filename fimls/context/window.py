"""The window: which lines around the hole the model sees.

The window is cut so that a server that keeps what it has read (the head of the last prompt) can use
it: its first line moves in steps, never by one line, and the text after the hole is short, because
in the order prefix-suffix-middle it is read again for every key (`ollama.md` §0.9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.context.secrets import clear
from fimls.text.line_bounds import line_start

if TYPE_CHECKING:
    from collections.abc import Callable

    from fimls.text.cleared import Cleared
    from fimls.text.hole import Hole

    Count = Callable[[str], int]

# The window's first line is a multiple of the first of these that leaves at least half of the
# budget in use; the smaller ones are for files with very long lines.
_STEPS_LINES = (32, 8, 1)

# Runs of blanks reach this, ordinary text never does.
_MOST_CHARS_PER_TOKEN = 16

_PEM_BEGIN = "-----BEGIN "
_PEM_END = "-----END "

# An RSA key of 16,384 bits has 13,000, a PGP key ring with photographs some 50,000.  To search all
# that is before the cursor in 20,000 lines takes 0.1 ms, which each key would wait for.
_LONGEST_KEY_CHARS = 100_000

# A marker that is a whole string by itself is code that speaks of keys, not a key.
_PEM_BLOCK = re.compile(r"-----BEGIN [A-Z0-9 ]+-----(?![\"'])")


# A completion needs so much before the cursor, however far the first line has to move
# (`peer-bench.md` §5): a function or two.
_LEAST_PREFIX_CHARS = 1500

# Text of few characters a token, such as Chinese, has enough with so much of its budget in use.
_ENOUGH_OF_BUDGET = 0.75


@dataclass(frozen=True, slots=True)
class Budget:
    """How many tokens of text before and after the hole a prompt may hold.

    No line is added to a suffix of `suffix_chars`, where that is set.
    """

    prefix_tokens: int
    suffix_tokens: int
    suffix_chars: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The text around the hole that the model sees, cleared of secrets.

    It begins at the offset `start` of the preamble and the text.
    """

    prefix: Cleared
    suffix: Cleared
    start: int = 0


def cut(hole: Hole, budget: Budget, count: Count, *, keep: int | None = None) -> Window:
    """Cuts the window around a hole; `count` estimates tokens.

    It begins at `keep`, where the last one began, for as long as that is good enough: then the
    server knows all up to the hole.
    """
    before = hole.preamble + hole.prefix
    start = _start(before, budget.prefix_tokens, count, keep)
    suffix = _head(hole.suffix, budget, count)
    return Window(_clear_from(before, start), _clear_to(before, suffix), start)


def in_key_block(text: str, offset: int) -> bool:
    """Whether the place is inside a PEM block, wherever that began."""
    first = max(0, offset - _LONGEST_KEY_CHARS)
    if text.rfind(_PEM_BEGIN, first, offset) < 0:
        return False
    begins = [match.start() for match in _PEM_BLOCK.finditer(text, first, offset)]
    return bool(begins) and text.rfind(_PEM_END, first, offset) < begins[-1]


def _start(before: str, budget_tokens: int, count: Count, keep: int | None) -> int:
    """The offset where the window begins: a line start, but for lines longer than the budget."""
    starts, used = _line_starts_back(before, budget_tokens, count)
    if not starts:
        # Not even the hole's own line fits: its end is what matters.
        return _tail_start(before, budget_tokens, count)
    if starts[-1] == 0:
        return 0
    if keep in starts and _is_enough(len(before) - keep, used[starts.index(keep)], budget_tokens):
        return keep
    first = before.count("\n", 0, starts[-1])
    for step in _STEPS_LINES:
        index = len(starts) - 1 - (-first % step)
        if index >= 0 and _is_enough(len(before) - starts[index], used[index], budget_tokens):
            return starts[index]
    return starts[-1]


def _is_enough(chars: int, tokens: int, budget_tokens: int) -> bool:
    """Whether a prefix is long enough to begin at a step: half of the budget, and a function."""
    if tokens >= budget_tokens * _ENOUGH_OF_BUDGET:
        return True
    # A small budget, of about three characters a token in code, has no room for that many.
    least = min(_LEAST_PREFIX_CHARS, budget_tokens * 3 // 2)
    return tokens * 2 >= budget_tokens and chars >= least


def _line_starts_back(before: str, budget_tokens: int, count: Count) -> tuple[list[int], list[int]]:
    """The starts of the last lines that fit, the last line first, with the tokens used so far."""
    starts: list[int] = []
    used: list[int] = []
    total, end = 0, len(before)
    while end >= 0:
        start = line_start(before, end)
        # A line of more bytes than the whole budget could have is not worth counting.
        if end - start > budget_tokens * _MOST_CHARS_PER_TOKEN:
            break
        total += count(before[start : end + 1])
        if total > budget_tokens:
            break
        starts.append(start)
        used.append(total)
        end = start - 1
    return starts, used


def _tail_start(before: str, budget_tokens: int, count: Count) -> int:
    """Where the longest tail begins that fits, found by halving."""
    size = min(len(before), budget_tokens * _MOST_CHARS_PER_TOKEN)
    while size and count(before[len(before) - size :]) > budget_tokens:
        size = size * 3 // 4
    return len(before) - size


def _head(after: str, budget: Budget, count: Count) -> str:
    """The first lines after the hole that fit: whole lines, so that the end does not move."""
    budget_tokens, enough = budget.suffix_tokens, budget.suffix_chars
    total, end = 0, 0
    while end < (len(after) if enough is None else min(enough, len(after))):
        stop = after.find("\n", end)
        stop = len(after) if stop < 0 else stop + 1
        if stop - end > budget_tokens * _MOST_CHARS_PER_TOKEN:
            break
        total += count(after[end:stop])
        if total > budget_tokens:
            break
        end = stop
    return after[:end] if end else _short_head(after, budget_tokens, count)


def _short_head(after: str, budget_tokens: int, count: Count) -> str:
    size = min(len(after), budget_tokens * _MOST_CHARS_PER_TOKEN)
    while size and count(after[:size]) > budget_tokens:
        size = size * 3 // 4
    return after[:size]


def _clear_from(before: str, start: int) -> Cleared:
    """Clears the window's prefix, also of a key block that began above it."""
    if not in_key_block(before, start):
        return clear(before[start:])
    return clear(f"{_PEM_BEGIN}PRIVATE KEY-----\n{before[start:]}")


def _clear_to(before: str, suffix: str) -> Cleared:
    if not in_key_block(before, len(before)):
        return clear(suffix)
    return clear(f"{_PEM_BEGIN}PRIVATE KEY-----\n{suffix}")
