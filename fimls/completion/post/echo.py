"""Prompt echo: a text that begins with what the model was shown is shown without it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.completion.post.draft import without_begin
from fimls.completion.values import Reason, Skip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# A line begun that is shorter than this recurs by chance, as in `f(` + `f(x))`.
_LEAST_ECHO_CHARS = 6

# Lines of the prefix that the model may repeat, and how many make it certain that it does.
_MOST_LINES = 10
_LEAST_LINES = 2

# A comment with the name of a file or language, as prompts have them above a snippet.
_PATH_LINE = re.compile(
    r"\s*(?:#|//|--|;|%|/\*|<!--)\s*(?:path|file|filename|language)\s*:\s*\S.*", re.IGNORECASE
)


def without_echo(lines: Sequence[str], site: Site) -> list[str]:
    """The lines of a text without those, at its begin, that only repeat the prompt."""
    named = _path_lines(lines, site)
    kept = without_begin(lines[named:], site) if named else list(lines)
    kept = _without_lines(kept, site)
    if kept and _repeats_begun(kept[0], site):
        kept[0] = _after_begun(kept[0], site)
    return kept


def may_echo(lines: Sequence[str], site: Site) -> bool:
    """Whether whole lines that are still to come may show that these repeat the prompt."""
    said = [line.rstrip() for line in lines[_path_lines(lines, site) :] if line.strip()]
    above = site.above[-_MOST_LINES:]
    return bool(said) and any(
        list(above[-count:][: len(said)]) == said
        for count in range(max(_LEAST_LINES, len(said) + 1), len(above) + 1)
    )


def apply(draft: Draft, site: Site) -> Draft | Skip:
    """Drops comments that name a file, and lines or a begin of a line that stand before the hole.

    Dropped whole where nothing else is said.
    """
    lines = draft.text.split("\n")
    text = "\n".join(without_echo(lines, site))
    if not text.strip() and not draft.is_empty:
        return Skip(Reason.ECHO)
    return replace(draft, text=text)


def _path_lines(lines: Sequence[str], site: Site) -> int:
    """How many lines at the begin, blank ones between them included, name a file."""
    count = 0
    if site.hole.language.prose:
        return count
    for at, line in enumerate(lines):
        if _PATH_LINE.fullmatch(line):
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
            rest = lines[at[count - 1] + 1 :]
            # The cursor stands at the end of a line that is repeated: a line end leads on.
            return without_begin(rest, site) if site.starts_line else ["", *rest]
    return lines


def _is_telling(lines: Sequence[str]) -> bool:
    """Whether enough of the lines have words: closing brackets recur everywhere."""
    return sum(1 for line in lines if re.search(r"\w", line)) >= _LEAST_LINES


def _repeats_begun(line: str, site: Site) -> bool:
    """Whether a text's first line repeats what stands before the cursor, and goes on from there."""
    begun = site.hole.line_before
    if len(begun.strip()) < _LEAST_ECHO_CHARS:
        return False
    return line.lstrip().startswith(begun.lstrip()) and line.strip() != begun.strip()


def _after_begun(line: str, site: Site) -> str:
    return line.lstrip()[len(site.hole.line_before.lstrip()) :]
