"""A typing trace: a file with a hole, what is typed into it, and at which rhythm.

The rhythm is that of the project's typing traces: 120 ms a key, three slips, a pause after every
25 keys, and at some pauses the first line of what is shown is accepted.
"""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from fimls.errors import InputError
from fimls.text.languages import language_of
from fimls.text.line_bounds import line_start
from fimls.text.lines import to_lf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEYS: Final = 150
"""Keys of a burst of typing, those of its slips included."""

KEY_S: Final = 0.12
"""Seconds between two keys."""

SLIPS: Final = frozenset({12, 62, 112})
"""The keys at which two wrong letters are typed, and deleted again."""

SLIP: Final = "qz"
"""The wrong letters."""

PAUSE_EVERY: Final = 25
"""Keys between two pauses."""

PAUSE_S: Final = 1.5
"""Seconds of such a pause."""

ACCEPTING_PAUSES: Final = frozenset({2, 3, 5})
"""The pauses, counted from 1, at which the author takes the first line shown if it is right."""

REST_S: Final = 0.6
"""Seconds that the author rests after taking a line."""

MIDDLE_CHARS: Final = 700
"""As much text as 150 keys come to, with what is taken at the pauses."""

# An end of line with the indentation after it is one key: editors indent by themselves.
_KEY = re.compile(r"\n[ \t]*|.", re.DOTALL)

_FIELDS: Final = ("path", "language", "before", "middle", "after")


@dataclass(frozen=True, slots=True)
class Trace:
    """A file is `before` and `after` with the cursor between them; `middle` is typed there."""

    path: str
    language: str
    before: str
    middle: str
    after: str


def read(path: Path, line: int | None = None) -> Trace:
    """A trace from a JSON file with the five fields, or one made of any file of code.

    Of such a file a part is missing, from `line` on, counted from 1: by default from its middle.
    Raises `InputError` for a file that is neither.
    """
    trace = _stored(path) if path.suffix == ".json" else _made(path, line)
    if not trace.middle.strip():
        raise InputError(f"{path} is no typing trace: nothing is typed")
    return trace


def write(trace: Trace, path: Path) -> None:
    """Keeps a trace, so that it can be played again; raises `InputError` where that fails."""
    try:
        path.write_text(json.dumps(asdict(trace), ensure_ascii=False, indent=0) + "\n", "utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error}") from None


def _stored(path: Path) -> Trace:
    try:
        data = json.loads(path.read_bytes())
        return Trace(*(str(data[field]) for field in _FIELDS))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is no typing trace: {error}") from None


def _made(path: Path, line: int | None) -> Trace:
    try:
        text = to_lf(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be typed: {error}") from None
    whole = Trace(path.name, language_of("", path.name).id, text, "", "")
    if line is None:
        return holed(whole, len(text) // 2)
    lines = text.split("\n")
    if not 0 < line <= len(lines):
        raise InputError(f"{path} has no line {line}")
    return holed(whole, len("\n".join(["", *lines[: line - 1]])))


def bundled() -> Trace:
    """A trace that is always there: a file of fimls itself, with a part of it missing."""
    from fimls.completion import runs

    text = inspect.getsource(runs)
    return holed(Trace("runs.py", "python", text, "", ""), len(text) // 2)


def keys(text: str) -> Iterator[str]:
    """What each key puts into the text."""
    return (match[0] for match in _KEY.finditer(text))


def first_line(text: str) -> str:
    """A text to the end of its first line that is not blank, without that end."""
    blank = len(text) - len(text.lstrip())
    end = text.find("\n", blank)
    return text if end < 0 else text[:end]


def holed(whole: Trace, start: int) -> Trace:
    """The same file with the hole where the text of the line at `start` begins."""
    text = whole.before
    start = line_start(text, start)
    start += len(text[start:]) - len(text[start:].lstrip())
    end = text.find("\n", start + MIDDLE_CHARS)
    end = len(text) if end < 0 else end
    return Trace(whole.path, whole.language, text[:start], text[start:end], text[end:])
