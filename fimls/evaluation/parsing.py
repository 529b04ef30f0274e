"""Whether a whole file parses: by the language itself for Python, else by its grammar."""

from __future__ import annotations

import ast
import warnings

from fimls.syntax.tree import parse
from fimls.text.languages import language_of


def parses(text: str, language: str) -> bool | None:
    """Whether a text is a file of that language; None where nothing here can tell."""
    if language == "python":
        return _is_python(text)
    tree = parse(text, language_of(language).grammar)
    return None if tree is None else not tree.root.has_error


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            # What the compiler warns of is Python all the same.
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
