"""What the templates of prompts are filled with, as far as the document tells it.

The texts are as they stand in the document: whoever makes a prompt of them clears them first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fimls.actions.collect import Material
    from fimls.actions.place import Site

LINES_AROUND: Final = 60
"""Lines above and below a site that a model is shown: about a screen each, 600 tokens or so.

More of the file does not make small models better, and each token is read before the first comes.
"""

NAMES: Final = (
    *("language", "path", "code", "above", "below", "comment", "instruction", "scope"),
    *("diagnostics", "signatures", "context", "schema", "errors"),
)
"""All that a template may ask for; the last four come from elsewhere."""


def texts_of(material: Material, site: Site, lines: int = LINES_AROUND) -> dict[str, str]:
    """The texts by the names that templates have for them; "" for what is not there.

    `above` and `below` are whole lines, at most so many; with an instruction, `above` ends before
    its comment.
    """
    text, asked = material.text, material.instruction
    start, end = site.range
    first = asked.start if asked is not None else start
    last = site.until if site.is_below and site.until is not None else end
    code = "" if site.is_below else text[_line_start(text, start) : end]
    return {
        **dict.fromkeys(NAMES, ""),
        "language": material.language.name,
        "path": material.path,
        "code": code,
        "above": "\n".join(text[: max(0, _line_start(text, first) - 1)].split("\n")[-lines:]),
        "below": "\n".join(text[_next_line(text, last) :].split("\n")[:lines]).rstrip("\n"),
        "comment": "" if asked is None else text[_line_start(text, asked.start) : asked.end],
        "instruction": "" if asked is None else asked.words,
        "scope": "\n".join(scope.header for scope in reversed(material.scopes)),
        "diagnostics": _diagnostics(material),
    }


def _diagnostics(material: Material) -> str:
    """What was found wrong, a line each, with the line of the code that it is about."""
    found: list[str] = []
    for each in material.diagnostics:
        number = material.text.count("\n", 0, each.start) + 1
        line = material.text.split("\n")[number - 1].strip()
        by = f" ({' '.join(part for part in (each.source, each.code) if part)})"
        found.append(f"- `{line}`: {each.message}{by if each.source or each.code else ''}")
    return "\n".join(found)


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _next_line(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end + 1
