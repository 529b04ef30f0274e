"""Elisions: code that a model leaves out and stands a remark for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fimls.text.language import Language

# What is said in place of code, behind any mark of a comment.
_ELISION: Final = re.compile(
    r"\s*(?:#|//|--|/\*|\{/\*|<!--|\*)\s*(?:"
    r"(?:\.\.\.|…)\s*(?:$|\W*$|.*\b(?:rest|existing|previous|remaining|other|more|same|unchanged"
    r"|omitted|code)\b)"
    r"|\(?(?:the )?(?:rest|remainder) of (?:the|your|this)\b"
    r"|(?:the )?(?:existing|previous|original|remaining|other) (?:code|methods?|functions?|lines)\b"
    r"|.*\b(?:rest|code|function|method|class|implementation)\b.*"
    r"\b(?:remains?|is|are|stays?) (?:the same|unchanged)\b"
    r"|(?:your|add|put|insert|write) (?:your |the )?(?:own )?(?:code|logic|implementation)"
    r" (?:here|goes)\b"
    r"|(?:same|unchanged) as (?:before|above)\W*$"
    r"|todo:? implement\b"
    r").*",
    re.IGNORECASE,
)

# Dots alone say the same; they are a statement of Python.
_DOTS: Final = re.compile(r"\s*(?:\.\.\.|…)\s*")


def elision_in(code: str, text: str, language: Language) -> str | None:
    """The first line of some code that stands for code left out, if the text has it not itself."""
    own = {line.strip() for line in text.split("\n")}
    for line in code.split("\n"):
        is_dots = language.id != "python" and _DOTS.fullmatch(line)
        if (is_dots or _ELISION.fullmatch(line)) and line.strip() not in own:
            return line.strip()
    return None
