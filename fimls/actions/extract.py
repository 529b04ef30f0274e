"""Code out of a model's answer, while it streams and at its end.

A model that is asked for code may give it plainly, in fences, between sentences, as a diff, after
thoughts or not at all.  What it means is told here; where it goes is another question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from fimls.actions.choosing import chosen, is_of
from fimls.actions.fences import Block, blocks_of, first_fence, is_bare_fence, may_become_fence
from fimls.actions.prose import is_prose, without_prose
from fimls.actions.thoughts import is_thinking, without_thoughts
from fimls.text.diff import is_diff
from fimls.text.lines import to_lf
from fimls.text.search_replace import is_search_replace
from fimls.text.unified import is_unified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.text.language import Language


class Form(StrEnum):
    """What an answer has."""

    CODE = "code"
    DIFF = "diff"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Extracted:
    """What an answer has: `text` is code, or a diff as `text/diff.py` reads it.

    `is_whole`: it has come to its end, as far as the answer shows; a fence that is not closed says
    that it has not, which models also forget.  `reason` tells where there is
    nothing, in words for the user.
    """

    form: Form
    text: str = ""
    is_whole: bool = True
    reason: str = ""


# What ends an answer and was not taken away by the server.
_CONTROL: Final = re.compile(r"(?:<\|[\w ]{1,40}\|>|</s>|<eos>|\[EOT\]|<EOT>)\Z")
_MOST_CONTROL_CHARS: Final = 44

# The marks between which Code Llama puts code, and those that others were taught.
_BRACKETED: Final = re.compile(
    r"^[ \t]*[\[<](/?)(PYTHON|CODE|GENERATEDCODE|SQL|BASH|ANSWER)[\]>][ \t]*$", re.MULTILINE
)

# The name of a language, alone on the first line, of a fence that has been lost.
_LOST_TAG: Final = re.compile(r"(?:python|typescript|javascript|go|rust|java|sql|bash|sh|json)")

# `12 | code`, as in a prompt with numbered lines.
_NUMBERED: Final = re.compile(r"[ \t]*(\d+)(?:[ \t]*\||:|\t)[ ]?")

# What prompts mark a place with, on lines of their own.
_PROMPT_MARKS: Final = (">>>", "<<<")

_DIFF_TAGS: Final = frozenset({"diff", "patch", "udiff"})


def extract(answer: str, language: Language, *, done: bool) -> Extracted:
    """The code of an answer in so far as it has come; the line that is being said does not count.

    `done`: nothing is to come any more.
    """
    said = without_thoughts(to_lf(answer))
    if not said.strip():
        is_lost = done and is_thinking(answer)
        reason = "The model has only thought, and not answered." if is_lost else _EMPTY
        return Extracted(Form.NOTHING, is_whole=done, reason=reason)
    said = _BRACKETED.sub(_as_fence, _without_control(said))
    lines = said.split("\n") if done else said.split("\n")[:-1]
    found = _diff_of(lines, language, done=done) or _code_of(lines, language, done=done)
    return found or Extracted(Form.NOTHING, is_whole=done, reason=_WORDS if done else _EMPTY)


_EMPTY: Final = "The model has said nothing."
_WORDS: Final = "The model has answered in words, without any code."


def _without_control(said: str) -> str:
    end = said.rstrip()
    found = _CONTROL.search(end, max(0, len(end) - _MOST_CONTROL_CHARS))
    return said if found is None else _without_control(end[: found.start()])


def _as_fence(found: re.Match[str]) -> str:
    # Which language it is stands in the document.
    return "```"


def _diff_of(lines: Sequence[str], language: Language, *, done: bool) -> Extracted | None:
    """The diff that an answer is, unless it has the code as well."""
    text = "\n".join(lines)
    if is_search_replace(text):
        return Extracted(Form.DIFF, text, done)
    if first_fence(lines) is None:
        return Extracted(Form.DIFF, text, done) if is_diff(text) else None
    blocks = blocks_of(lines)
    diffs = [each for each in blocks if each.tag in _DIFF_TAGS or is_unified(each.text)]
    code = [each for each in blocks if each not in diffs and each.tag and is_of(each, language)]
    if not diffs or code:
        return None
    is_whole = done or diffs[-1].is_closed
    return Extracted(Form.DIFF, "\n".join(each.text for each in diffs), is_whole)


def _code_of(lines: Sequence[str], language: Language, *, done: bool) -> Extracted | None:
    fence = first_fence(lines)
    if fence is None:
        block: Block | None = Block(_plain(lines, language), is_closed=done)
    elif _lacks_opening(lines, fence, language):
        block = Block(_plain(lines[:fence], language))
    else:
        block = chosen(blocks_of(lines), language)
    code = "" if block is None else _bare(block)
    if block is None or not code:
        return None
    return Extracted(Form.CODE, code, block.is_closed)


def _plain(lines: Sequence[str], language: Language) -> str:
    """The code of an answer that has no fence."""
    kept = without_prose(lines, language)
    if kept and _LOST_TAG.fullmatch(kept[0].strip().lower()) and len(kept) > 1:
        kept = kept[1:]
    text = "\n".join(kept).strip("\n")
    is_quoted = text[:1] == text[-1:] == "`" and text.count("`") == 2
    return text.strip("`") if is_quoted and "\n" not in text else text


def _lacks_opening(lines: Sequence[str], fence: int, language: Language) -> bool:
    """Whether the first fence ends code that began without one."""
    if not is_bare_fence(lines[fence]) or not without_prose(lines[:fence], language):
        return False
    before = [line for line in lines[:fence] if line.strip()]
    if is_prose(before[-1], language) or before[-1].rstrip().endswith(":"):
        # That introduces the code; none ends like this.
        return False
    after = [line for line in lines[fence + 1 :] if line.strip()]
    return first_fence(after) is None and (not after or is_prose(after[0], language))


def _bare(block: Block) -> str:
    """The code of a block without blank lines around it, and without numbers before its lines."""
    lines = [line for line in block.text.split("\n") if line.strip() not in _PROMPT_MARKS]
    if lines and not block.is_closed and may_become_fence(lines[-1]):
        del lines[-1]
    while lines and not lines[0].strip():
        del lines[0]
    while lines and not lines[-1].strip():
        del lines[-1]
    found = [_NUMBERED.match(line) for line in lines]
    numbers = [int(each[1]) for each in found if each is not None]
    if len(lines) < 2 or len(numbers) < len(lines) or numbers != _counted(numbers[0], len(lines)):
        return "\n".join(lines)
    return "\n".join(
        line[each.end() :] for line, each in zip(lines, found, strict=True) if each is not None
    )


def _counted(first: int, count: int) -> list[int]:
    return list(range(first, first + count))
