"""The argument of an action's command: read, or refused with what was expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fimls.text.positions import Position, Range

EXPECTED: Final = (
    'expected [{"uri": text, "range": {"start": {"line", "character"}, "end": …},'
    ' "version"?: number, "instruction"?: text, "diagnostic"?: text or a diagnostic}]'
)
"""What the commands take (contract §4)."""


@dataclass(frozen=True, slots=True)
class Told:
    """A diagnostic in an argument; without a `range` it is about that of the action."""

    message: str
    range: Range | None = None
    source: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Argument:
    """What a client has run an action with; `version` is None where it does not matter."""

    uri: str
    range: Range
    version: int | None = None
    instruction: str = ""
    diagnostic: Told | None = None


def argument_of(given: Sequence[object]) -> Argument | str:
    """Reads the arguments of a command; in words what is wrong with them."""
    fields = given[0] if len(given) == 1 else None
    if not isinstance(fields, Mapping):
        return EXPECTED
    uri, where = fields.get("uri"), _range(fields.get("range"))
    version, instruction = fields.get("version"), fields.get("instruction") or ""
    if not isinstance(uri, str) or where is None or not isinstance(instruction, str):
        return EXPECTED
    if not isinstance(version, int | None) or isinstance(version, bool):
        return EXPECTED
    told = _diagnostic(fields.get("diagnostic"))
    return told if isinstance(told, str) else Argument(uri, where, version, instruction, told)


def _diagnostic(given: object) -> Told | str | None:
    if given is None:
        return None
    if isinstance(given, str):
        return Told(given)
    message = given.get("message") if isinstance(given, Mapping) else None
    if not isinstance(given, Mapping) or not isinstance(message, str):
        return EXPECTED
    source, code = given.get("source"), given.get("code")
    return Told(
        message,
        _range(given.get("range")),
        source if isinstance(source, str) else "",
        str(code) if isinstance(code, str | int) else "",
    )


def _range(given: object) -> Range | None:
    if not isinstance(given, Mapping):
        return None
    start, end = _position(given.get("start")), _position(given.get("end"))
    return None if start is None or end is None else Range(start, end)


def _position(given: object) -> Position | None:
    if not isinstance(given, Mapping):
        return None
    line, character = given.get("line"), given.get("character")
    if not isinstance(line, int) or not isinstance(character, int):
        return None
    return Position(line, character)
