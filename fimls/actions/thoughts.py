"""Thoughts: what a reasoning model says to itself is no part of its answer."""

from __future__ import annotations

import re
from typing import Final

_BEGIN: Final = re.compile(r"\s*<(think|thinking|thought|reasoning)>")

# Servers that put the begin into the prompt leave only the end in the answer, on a line of its own.
_END_LINE: Final = re.compile(r"^.*</(?:think|thinking|thought|reasoning)>[ \t]*$", re.MULTILINE)


def without_thoughts(answer: str) -> str:
    """The answer after its thoughts; "" while these go on."""
    begun = _BEGIN.match(answer)
    if begun is not None:
        _, end, rest = answer[begun.end() :].partition(f"</{begun[1]}>")
        return without_thoughts(rest) if end else ""
    if "</" not in answer:
        return answer
    last = None
    for found in _END_LINE.finditer(answer):
        if answer.count("```", 0, found.start()) % 2 == 0:
            last = found
    return answer if last is None else answer[last.end() :]


def is_thinking(answer: str) -> bool:
    """Whether nothing but thoughts has come so far."""
    return bool(answer.strip()) and not without_thoughts(answer).strip()
