"""Prompt echo: a text that begins with what the model was shown is shown without it."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import dropwhile
from typing import TYPE_CHECKING

from fimls.completion.post.draft import cut_before, without_begin
from fimls.completion.post.landmarks import is_container, is_function
from fimls.completion.values import Reason, Skip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# A line begun that is shorter than this recurs by chance, as in `f(` + `f(x))`.
_LEAST_ECHO_CHARS = 6

# A word begun, of two characters at the least: one recurs by chance.
_WORD_BEGUN = re.compile(r"(?<![\w.])[^\W\d]\w+\Z")
_WORD_SAID = re.compile(r"[^\W\d]\w+")

# Lines of the prefix that the model may repeat, and how many make it certain that it does.
_MOST_LINES = 10
_LEAST_LINES = 2

_TELLING = re.compile(r"\w|\"\"\"|'''")

# A comment with the name of a file or language, as prompts have them above a snippet.
_PATH_LINE = re.compile(
    r"\s*(?:#|//|--|;|%|/\*|<!--)\s*(?:path|file|filename|language)\s*:\s*\S.*", re.IGNORECASE
)

# What stands in a file once, whatever line it is on.
_ONCE = re.compile(
    r"\s*(?:<\?php|#!|#include\b|package\b|import\b|from\b|using\b|namespace\b|use\b)"
)


def without_echo(lines: Sequence[str], site: Site) -> list[str]:
    """The lines of a text without those, at its begin, that only repeat the prompt."""
    kept = list(lines)
    while (shorter := _once_without(kept, site)) != kept:
        # What is repeated may be repeated once more.
        kept = shorter
    return kept


def _once_without(lines: list[str], site: Site) -> list[str]:
    named = _path_lines(lines, site)
    kept = without_begin(lines[named:], site) if named else list(lines)
    kept = _without_lines(kept, site)
    if kept and _repeats_begun(kept[0], site):
        kept[0] = _after_begun(kept[0], site)
    elif kept:
        kept[0] = _after_word(kept[0], site)
    return kept


def may_echo(lines: Sequence[str], site: Site) -> bool:
    """Whether whole lines that are still to come may show that these repeat the prompt."""
    said = [line.rstrip() for line in lines[_path_lines(lines, site) :] if line.strip()]
    above = site.above[-_MOST_LINES:]
    return bool(said) and any(
        list(above[-count:][: len(said)]) == said
        for count in range(max(_LEAST_LINES, len(said) + 1), len(above) + 1)
    )


def heard(lines: Sequence[str], site: Site) -> int | None:
    """After how many lines the prompt is said again as it tells of other files."""
    told = (at for at, line in enumerate(lines) if line.strip() in site.told)
    return next(told, None) if site.told else None


def apply(draft: Draft, site: Site) -> Draft | Skip:
    """Drops comments that name a file, and lines or a begin of a line that stand before the hole.

    What follows such a comment further down is dropped with it, and all where nothing else is said.
    """
    lines = without_echo(draft.text.split("\n"), site)
    again = heard(lines, site)
    text = "\n".join(lines) if again is None else cut_before(lines, again, site)
    if not text.strip() and not draft.is_empty:
        return Skip(Reason.ECHO)
    return replace(draft, text=text)


def _path_lines(lines: Sequence[str], site: Site) -> int:
    """How many lines at the begin, blank ones between them included, tell of other files."""
    count = 0
    if site.hole.language.prose:
        return count
    for at, line in enumerate(lines):
        if _PATH_LINE.fullmatch(line) or line.strip() in site.told:
            count = at + 1
        elif line.strip():
            break
    return count


def _without_lines(lines: list[str], site: Site) -> list[str]:
    """The lines without the longest begin that equals the last lines of the prefix."""
    at = [index for index, line in enumerate(lines) if line.strip()]
    said = [lines[index].rstrip() for index in at]
    above = site.above
    for count in range(min(len(above), len(said), _MOST_LINES), _LEAST_LINES - 1, -1):
        if list(above[-count:]) == said[:count] and _is_telling(said[:count]):
            return _after_lines(lines[at[count - 1] + 1 :], site)
    if above and said[:1] == [above[-1]] and _stands_once(said[0], site):
        return _after_lines(lines[at[0] + 1 :], site)
    return lines


def _after_lines(rest: list[str], site: Site) -> list[str]:
    """What comes after lines that were repeated."""
    if not site.starts_line:
        # The cursor stands at the end of the last of them: a line end leads on.
        return ["", *rest]
    if site.follows_blank:
        rest = list(dropwhile(lambda line: not line.strip(), rest))
    return without_begin(rest, site)


def _stands_once(line: str, site: Site) -> bool:
    """Whether nobody writes a line like this twice in a row."""
    return (
        _ONCE.match(line) is not None or is_container(line) or is_function(line, site.hole.language)
    )


def _is_telling(lines: Sequence[str]) -> bool:
    """Whether enough of the lines tell something: closing brackets recur everywhere."""
    return sum(1 for line in lines if _TELLING.search(line)) >= _LEAST_LINES


def _repeats_begun(line: str, site: Site) -> bool:
    """Whether a text's first line repeats what stands before the cursor, and goes on from there."""
    begun = site.hole.line_before
    if len(begun.strip()) < _LEAST_ECHO_CHARS:
        return False
    return line.lstrip().startswith(begun.lstrip()) and line.strip() != begun.strip()


def _after_begun(line: str, site: Site) -> str:
    return line.lstrip()[len(site.hole.line_before.lstrip()) :]


def _after_word(line: str, site: Site) -> str:
    """The line without the begin of the word that the author has begun, where it says that anew."""
    begun, said = _WORD_BEGUN.search(site.hole.line_before), _WORD_SAID.match(line)
    if begun is None or said is None or not said.group().startswith(begun.group()):
        return line
    if said.group() == begun.group() or begun.group() + said.group() in site.hole.text:
        return line
    return line[len(begun.group()) :]
