"""The window: which lines around the hole the model sees.

The window is cut so that a server that keeps what it has read (the head of the last prompt) can use
it: its first line moves in steps, never by one line, and the text after the hole is short, because
in the order prefix-suffix-middle it is read again for every key (`ollama.md` §0.9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.context.secret_shapes import PEM_BEGIN
from fimls.context.secrets import clear_halves
from fimls.text.line_bounds import line_start, next_line

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

_PEM_BLOCK = re.compile(PEM_BEGIN)

# A line that is cut may be cut within a secret, which is told by what is beyond the cut.
_TELLING_CHARS = 2000

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
    # Halves of a long text are not copied to be looked at: of 20,000 lines that takes 0.3 ms.
    text = hole.preamble + hole.text if hole.preamble else hole.text
    offset = len(hole.preamble) + hole.offset
    start = _start(text, offset, budget.prefix_tokens, count, keep)
    end = _end(text, offset, budget, count)
    return _cleared(text, start, offset, end)


def in_key_block(text: str, offset: int) -> bool:
    """Whether the place is inside a PEM block, wherever that began."""
    first = max(0, offset - _LONGEST_KEY_CHARS)
    if text.rfind(_PEM_BEGIN, first, offset) < 0:
        return False
    begins = [match.start() for match in _PEM_BLOCK.finditer(text, first, offset)]
    return bool(begins) and text.rfind(_PEM_END, first, offset) < begins[-1]


def _start(text: str, offset: int, budget_tokens: int, count: Count, keep: int | None) -> int:
    """The offset where the window begins: a line start, but for lines longer than the budget."""
    starts, used = _line_starts_back(text, offset, budget_tokens, count)
    if not starts:
        # Not even the hole's own line fits: its end is what matters.
        return offset - _fitting(
            lambda size: text[offset - size : offset], offset, budget_tokens, count
        )
    if starts[-1] == 0:
        return 0
    if keep in starts and _is_enough(offset - keep, used[starts.index(keep)], budget_tokens):
        return keep
    first = text.count("\n", 0, starts[-1])
    for step in _STEPS_LINES:
        index = len(starts) - 1 - (-first % step)
        if index >= 0 and _is_enough(offset - starts[index], used[index], budget_tokens):
            return starts[index]
    return starts[-1]


def _is_enough(chars: int, tokens: int, budget_tokens: int) -> bool:
    """Whether a prefix is long enough to begin at a step: half of the budget, and a function."""
    if tokens >= budget_tokens * _ENOUGH_OF_BUDGET:
        return True
    # A small budget, of about three characters a token in code, has no room for that many.
    least = min(_LEAST_PREFIX_CHARS, budget_tokens * 3 // 2)
    return tokens * 2 >= budget_tokens and chars >= least


def _line_starts_back(
    text: str, offset: int, budget_tokens: int, count: Count
) -> tuple[list[int], list[int]]:
    """The starts of the last lines that fit, the last line first, with the tokens used so far."""
    starts: list[int] = []
    used: list[int] = []
    total, end = 0, offset
    while end >= 0:
        start = line_start(text, end)
        # A line of more bytes than the whole budget could have is not worth counting.
        if end - start > budget_tokens * _MOST_CHARS_PER_TOKEN:
            break
        total += count(text[start : min(end + 1, offset)])
        if total > budget_tokens:
            break
        starts.append(start)
        used.append(total)
        end = start - 1
    return starts, used


def _end(text: str, offset: int, budget: Budget, count: Count) -> int:
    """Where the first lines after the hole end that fit: whole lines, so that it does not move."""
    budget_tokens, most = budget.suffix_tokens, len(text)
    enough = most if budget.suffix_chars is None else min(offset + budget.suffix_chars, most)
    total, end = 0, offset
    while end < enough:
        stop = next_line(text, end)
        if stop - end > budget_tokens * _MOST_CHARS_PER_TOKEN:
            break
        total += count(text[end:stop])
        if total > budget_tokens:
            break
        end = stop
    if end > offset:
        return end
    return offset + _fitting(
        lambda size: text[offset : offset + size], most - offset, budget_tokens, count
    )


def _fitting(part: Callable[[int], str], most: int, budget_tokens: int, count: Count) -> int:
    """How many characters of a line fit that is longer than the budget, found by shortening."""
    size = min(most, budget_tokens * _MOST_CHARS_PER_TOKEN)
    while size and count(part(size)) > budget_tokens:
        size = size * 3 // 4
    return size


def _cleared(text: str, start: int, offset: int, end: int) -> Window:
    """The window without secrets, also without those that begin above it or lie across a cut."""
    if in_key_block(text, start):
        part = f"{_PEM_BEGIN}PRIVATE KEY-----\n{text[start:end]}"
        middle = len(part) - (end - offset)
        return Window(*clear_halves(part, 0, middle, len(part)), start)
    first = max(line_start(text, start), start - _TELLING_CHARS)
    is_whole = end == len(text) or text[end - 1 : end] == "\n"
    last = end if is_whole else min(next_line(text, end), end + _TELLING_CHARS)
    halves = clear_halves(text[first:last], start - first, offset - first, end - first)
    return Window(*halves, start)
