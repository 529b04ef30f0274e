"""Reads values out of JSON that somebody else wrote: what has the wrong shape is as if absent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence


def parsed(text: str | bytes) -> object:
    """The JSON value of a text, or None where it is none."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        # Brackets within brackets, by the thousand, are no answer either.
        return None
    return value


def mapping(value: object) -> Mapping[str, object]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: object) -> Sequence[object]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else ()


def text(value: object) -> str:
    """The value if it is a string, else ""."""
    return value if isinstance(value, str) else ""


def whole(value: object) -> int:
    """The value if it is a whole number, else 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
