"""What the templates of prompts are filled with, as far as the document tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.context.secrets import clear
from fimls.context.window import in_key_block
from fimls.text.line_bounds import line_end, line_start, next_line

if TYPE_CHECKING:
    from fimls.actions.collect import Material
    from fimls.actions.place import Site
    from fimls.text.cleared import Cleared

LINES_AROUND: Final = 60
"""Lines above and below a site that a model is shown: about a screen each, 600 tokens or so.

More of the file does not make small models better, and each token is read before the first comes.
"""

NAMES: Final = (
    *("language", "path", "code", "above", "below", "comment", "instruction", "scope"),
    *("diagnostics", "signatures", "context", "schema", "parts", "errors"),
)
"""All that a template may ask for; the last five come from elsewhere."""


def texts_of(material: Material, site: Site, lines: int = LINES_AROUND) -> dict[str, str]:
    """The texts by the names that templates have for them; "" for what is not there.

    `above` and `below` are whole lines, at most so many; with an instruction, `above` ends before
    its comment.
    """
    asked = material.instruction
    spans = _spans(material, site, lines)
    return {
        **dict.fromkeys(NAMES, ""),
        **{name: material.text[start:end] for name, (start, end) in spans.items()},
        "language": material.language.name,
        "path": material.path,
        "instruction": "" if asked is None else asked.words,
        "scope": "\n".join(scope.header for scope in reversed(material.scopes)),
        "diagnostics": _diagnostics(material),
    }


def cleared_texts(material: Material, site: Site, lines: int = LINES_AROUND) -> dict[str, Cleared]:
    """The same, without any secret: also none that has begun above what is shown."""
    starts = {name: start for name, (start, _) in _spans(material, site, lines).items()}
    return {
        name: cleared_part(material.text, starts[name], part) if name in starts else clear(part)
        for name, part in texts_of(material, site, lines).items()
    }


def cleared_part(text: str, start: int, part: str) -> Cleared:
    """A part of a text that begins at an offset, without secrets; it may be within a key block."""
    if in_key_block(text, start):
        return clear(f"-----BEGIN PRIVATE KEY-----\n{part}")
    return clear(part)


def _spans(material: Material, site: Site, lines: int) -> dict[str, tuple[int, int]]:
    """Where the texts stand that are parts of the document."""
    text, asked = material.text, material.instruction
    start, end = site.range
    first = line_start(text, start if asked is None else asked.start)
    above = max(0, first - 1)
    below = next_line(text, end if site.until is None or not site.is_below else site.until)
    spans = {
        "code": (line_start(text, start), end),
        "above": (_lines_back(text, above, lines), above),
        "below": (below, below + len(_lines_on(text, below, lines).rstrip("\n"))),
        "comment": (0, 0) if asked is None else (first, asked.end),
    }
    return {**spans, "code": (end, end)} if site.is_below else spans


def _lines_back(text: str, end: int, lines: int) -> int:
    """Where the last lines before an offset begin."""
    start = end + 1
    for _ in range(lines):
        start = line_start(text, max(0, start - 1))
        if not start:
            break
    return min(start, end)


def _lines_on(text: str, start: int, lines: int) -> str:
    """The first lines from an offset on."""
    end = start
    for _ in range(lines):
        end = next_line(text, end)
    return text[start:end]


def _diagnostics(material: Material) -> str:
    """What was found wrong, a line each, with the line of the code that it is about."""
    found: list[str] = []
    for each in material.diagnostics:
        start = line_start(material.text, each.start)
        line = material.text[start : line_end(material.text, start)].strip()
        by = f" ({' '.join(part for part in (each.source, each.code) if part)})"
        found.append(f"- `{line}`: {each.message}{by if each.source or each.code else ''}")
    return "\n".join(found)
