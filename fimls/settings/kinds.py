"""Kinds of setting values: what is accepted, from typed sources and from plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple


class Kind(NamedTuple):
    """What a setting's value may be.  (A named tuple takes a fifth of a dataclass's import time.)

    `expected` is half a sentence for the user: "a whole number from 1 to 4".
    `read` makes the value that fimls works with from what a typed source (JSON, TOML) gave, or
    None where that does not fit.  `from_text` makes of a plain text (environment, `--set`) what a
    typed source would have given.  `schema` has the kind's keywords of JSON schema.
    """

    expected: str
    read: Callable[[object], object | None]
    from_text: Callable[[str], object]
    schema: Mapping[str, object]


class Headers(Mapping[str, str]):
    """HTTP headers as the user gave them; hashable, and never printed with their values."""

    __slots__ = ("_pairs",)

    def __init__(self, pairs: Mapping[str, str] | None = None) -> None:
        self._pairs = dict(pairs or {})

    def __getitem__(self, name: str) -> str:
        return self._pairs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __hash__(self) -> int:
        return hash(frozenset(self._pairs.items()))

    def __repr__(self) -> str:
        return "Headers({" + ", ".join(f"{name!r}: ***" for name in self._pairs) + "})"


def whole(least: int, most: int, *, words: tuple[str, ...] = ()) -> Kind:
    """A whole number within bounds, or one of a few words."""

    def read(given: object) -> object | None:
        if isinstance(given, str):
            return given if given in words else None
        # 64.0 is taken for 64, because some editors' JSON knows only floating point.
        if isinstance(given, bool) or not isinstance(given, int | float):
            return None
        fits = least <= given <= most and given == int(given)
        return int(given) if fits else None

    named = "".join(f'"{word}" or ' for word in words)
    number = {"type": "integer", "minimum": least, "maximum": most}
    return Kind(
        f"{named}a whole number from {least} to {most}",
        read,
        _number,
        {"anyOf": [{"enum": list(words)}, number]} if words else number,
    )


def one_of(*words: str) -> Kind:
    """One of a few words."""
    return Kind(
        "one of " + ", ".join(f'"{word}"' for word in words),
        lambda given: given if isinstance(given, str) and given in words else None,
        str.strip,
        {"type": "string", "enum": list(words)},
    )


def _read_truth(given: object) -> object | None:
    """Booleans only: the 0 or 1 of a typed source is more likely a mistake."""
    return given if isinstance(given, bool) else None


def _read_text(given: object) -> object | None:
    return given.strip() or None if isinstance(given, str) else None


def _read_texts(given: object) -> object | None:
    if not isinstance(given, list | tuple):
        return None
    return tuple(given) if all(map(_read_text, given)) else None


def _read_headers(given: object) -> object | None:
    """Refuses line ends, with which a value could forge further headers."""
    if not isinstance(given, Mapping) or not all(given):
        return None
    parts = (*given.keys(), *given.values())
    fits = all(isinstance(part, str) and not {"\r", "\n"} & set(part) for part in parts)
    return Headers(given) if fits else None


def _read_duration(given: object) -> object | None:
    """Numbers stay numbers, because Ollama refuses a text without a unit."""
    if isinstance(given, str):
        given = _number(given)
    if isinstance(given, str):
        # The grammar of Go's `time.ParseDuration`, which Ollama reads `keep_alive` with.
        part = r"(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h)"
        return given.strip() if re.fullmatch(rf"[-+]?(?:{part})+", given.strip()) else None
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    return given if abs(given) < float("inf") else None


def _truth(text: str) -> object:
    words = {"true": True, "yes": True, "on": True, "1": True}
    words |= {"false": False, "no": False, "off": False, "0": False}
    return words.get(text.strip().lower(), text)


def _number(text: str) -> int | float | str:
    """The number that the text spells, or the text."""
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _json(text: str) -> object:
    """The JSON value that the text spells, or the text."""
    import json

    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value


def _list(text: str) -> object:
    """A JSON list, or items with commas between them."""
    if text.lstrip().startswith("["):
        return _json(text)
    return [item.strip() for item in text.split(",") if item.strip()]


_ITEM = {"type": "string", "minLength": 1}

TRUTH = Kind("true or false", _read_truth, _truth, {"type": "boolean"})
TEXT = Kind("a text that is not empty", _read_text, str.strip, _ITEM)
TEXTS = Kind("a list of texts", _read_texts, _list, {"type": "array", "items": _ITEM})
HEADERS = Kind(
    "an object of header names and texts",
    _read_headers,
    _json,
    {"type": "object", "additionalProperties": {"type": "string"}},
)
DURATION = Kind(
    'a number of seconds or a duration such as "30m"',
    _read_duration,
    str.strip,
    {"anyOf": [{"type": "number"}, _ITEM]},
)
