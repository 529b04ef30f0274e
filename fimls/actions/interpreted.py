"""What an interpreter says of a program that its grammar lets pass."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fimls.text.language import Language


def errors_of_interpreter(before: str, after: str, language: Language) -> tuple[str, ...]:
    """What Python's own parser says of a text, if it had nothing to say of the one before.

    The grammar reads any indentation without an error, which Python refuses.  Other languages are
    not told about here.  Nothing is run.
    """
    error = _error_of(after) if language.id == "python" else None
    return () if error is None or _error_of(before) is not None else (error,)


def _error_of(text: str) -> str | None:
    try:
        with warnings.catch_warnings():
            # A backslash that means nothing is no reason to refuse a text.
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        lines = text.split("\n")
        number = min(max(error.lineno or 1, 1), len(lines))
        return f"Line {number}: {error.msg} in `{lines[number - 1].strip()}`."
    except (ValueError, RecursionError, MemoryError):
        # It is too deep, or has characters that no program has; the grammar has had its say.
        return None
    return None
