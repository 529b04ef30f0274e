"""A fragment: the lines that a place in a text depends on, few enough to be parsed at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fimls.syntax.change import Change
from fimls.syntax.ends import brackets_below, closer_below, conditions
from fimls.syntax.lines_above import above
from fimls.syntax.lines_below import below
from fimls.text.line_bounds import line_end, line_start

# What a line, and the text that is put in it, have at the most.  Longer ones nobody has written,
# and a line is nowhere to be cut.
_MOST_CHARS: Final = 8000

# What a text in a grammar has to begin with to be code.
_LEADS: Final = {"php": "<?php"}


@dataclass(frozen=True, slots=True)
class Whole:
    """The text that a fragment is cut from; `has_error` unless it is known to be in order."""

    text: str
    grammar: str
    has_error: bool


@dataclass(frozen=True, slots=True)
class Fragment:
    """Some lines of a text, and the change to it as a change to them.

    `is_within`: it was taken to begin or end within a string or a comment.
    """

    text: str
    change: Change
    is_within: bool = False


def fragment_around(
    whole: Whole, change: Change, near_lines: int, *, as_code: bool = False
) -> Fragment | None:
    """The fragment for a change to a text, without the change; None where a line is too long.

    `near_lines` visible lines are kept on each side at the least, and more until nothing is torn.
    With `as_code` no line is taken to be in a string or a comment that begins further up.
    """
    text, grammar = whole.text, whole.grammar
    start, end = line_start(text, change.start), line_end(text, change.end)
    if end - start + len(change.text) > _MOST_CHARS:
        return None
    own = text[start:end]
    changed = text[start : change.start] + change.text + text[change.end : end]
    first = next((line for line in (own, *changed.split("\n")) if line.strip()), "")
    upper = above(text, start, first, grammar, near_lines, as_code=as_code)
    lines = (*upper.headers, *_some(upper.opener), *upper.near)
    head = "".join(f"{line}\n" for line in (*_lead(lines, grammar), *lines))
    lower = below(text, end, head, changed, grammar, near_lines)
    near = "\n".join((head + changed, *lower.near, ""))
    closer = "" if as_code else closer_below(near, text, lower.bottom, grammar)
    tail = "\n".join(("", *lower.near, *_some(closer), *lower.footers, ""))
    if lower.is_cut:
        tail += brackets_below(head, changed + tail, grammar) + "\n"
    ended, begun_count = conditions(head + changed + tail, grammar)
    head, tail = "#if 1\n" * ended + head, tail + "#endif\n" * begun_count
    moved = len(head) - start
    placed = Change(change.start + moved, change.end + moved, change.text)
    return Fragment(head + own + tail, placed, is_within=bool(upper.opener or closer))


def _some(line: str) -> tuple[str, ...]:
    return (line,) if line else ()


def _lead(lines: tuple[str, ...], grammar: str) -> tuple[str, ...]:
    lead = _LEADS.get(grammar, "")
    return () if any(lead in line for line in lines) else _some(lead)
