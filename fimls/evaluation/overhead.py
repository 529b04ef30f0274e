"""The time that a completion takes besides the model's: measured with a model that takes none.

Each request follows one key typed into a file of 2,000 lines, at places all over it, in good and
in broken text, through the same completer that the server has.  The syntax gate, and how long the
event loop is held, are measured in a file ten times as long as well, and in other languages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from fimls.completion.values import Completion
from fimls.evaluation import gating, holds
from fimls.evaluation.desk import desk
from fimls.evaluation.latency import Figure, spread
from fimls.evaluation.specimen import BREAKS, specimen
from fimls.evaluation.volume import functions, languages, volume
from fimls.syntax.kinds import LINE_COMMENTS
from fimls.text.lines import CRLF, LF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fimls.evaluation.desk import Desk
    from fimls.evaluation.specimen import Function, Specimen
    from fimls.evaluation.volume import Volume
    from fimls.settings import Settings

LINES: Final = 2000
"""The size of the file (issue 2)."""

# Grammars are loaded and code is warm after these; they are not counted.
_WARM_UP: Final = 12

# What Code Llama says at its end.
_END_MARKER: Final = " <EOT>"

# How many times as long the second file is: 20,000 lines (issue 4).
_LARGE: Final = 10

GATED: Final = languages()
"""Languages in which the gate is measured, in a long file."""

HELD: Final = ("typescript", "rust", "cpp", "ruby", "lua")
"""Languages in which it is measured how long the loop is held, Python besides.

Their parsers take long where a text is at fault.  The files are as Windows has them, with CRLF, and
with characters of four bytes.
"""

# Places in each of the other languages.
_FEW_PLACES: Final = 6

_OWL: Final = "\N{OWL}"

_TARGETS_MS: Final[Mapping[str, float]] = {
    "served from a run": 3.0,
    "shape, window and prompt": 3.0,
    "filters and gate": 15.0,
    "gate": 10.0,
    "all filters": 12.0,
    "loop held": 15.0,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A request to be made: the text as it is then, where the cursor is, and what the model says.

    The character before the cursor has just been typed.
    """

    kind: str
    text: str
    offset: int
    said: str


class _Hole(NamedTuple):
    """What is missing of the file, as offsets in it, and what the model says there."""

    start: int
    end: int
    said: str


@dataclass
class Measured:
    """The times of all requests, in milliseconds, by what was measured."""

    times_ms: dict[str, list[float]] = field(default_factory=dict)
    answered: int = 0
    asked: int = 0

    def add(self, what: str, time_ms: float) -> None:
        """Adds a time."""
        self.times_ms.setdefault(what, []).append(time_ms)

    def figures(self) -> list[Figure]:
        """All figures, each beside its target, in the order of the targets."""
        return [
            Figure(what, spread(self.times_ms[what]), target)
            for name, target in _TARGETS_MS.items()
            for what in sorted(self.times_ms)
            if what.startswith(name)
        ]


async def measure(settings: Settings, lines: int) -> Measured:
    """Makes all requests with these settings, in files of about that many lines, and ten times."""
    measured = Measured()
    async with desk(settings) as author:
        places = list(places_in(specimen(lines)))
        for place in places[:_WARM_UP]:
            await _request(author, place, Measured())
        # The runs that were kept would serve the same places again.
        author.forget()
        for place in places:
            await _request(author, place, measured)
    for size in (lines, lines * _LARGE):
        _time_gate(measured, functions(size), gating.PLACES, f"{size} lines")
        await _time_loop(measured, settings, functions(size), LF, f"{size} lines")
    large = lines * _LARGE
    for language in GATED:
        file = volume(language, large)
        _time_gate(measured, file, _FEW_PLACES, f"{large} lines, languages: {len(GATED)}")
    for language in HELD:
        remark = f"{LINE_COMMENTS[language]} {_OWL}\n"
        file = volume(language, large, remark)
        of_what = f"{large} lines, languages: {len(HELD)}, CRLF and {_OWL}"
        await _time_loop(measured, settings, file, CRLF, of_what)
    return measured


def _time_gate(measured: Measured, file: Volume, places: int, of_what: str) -> None:
    for what, time_ms in gating.times(file, places):
        measured.add(f"{what}, {of_what}", time_ms)


async def _time_loop(
    measured: Measured, settings: Settings, file: Volume, eol: str, of_what: str
) -> None:
    async for what, time_ms in holds.times(settings, file, eol):
        measured.add(f"{what}, {of_what}", time_ms)


async def _request(author: Desk, place: Place, measured: Measured) -> None:
    """Makes one request, and another one after the first key of what was shown."""
    key = place.text[place.offset - 1]
    snap = author.change(place.text[: place.offset - 1] + place.text[place.offset :])
    # The text without its last key has been asked about already: its tree is there.
    while snap.settle():
        pass
    author.says(place.said)
    trace = await author.type(place.offset - 1, key)
    measured.asked += 1
    stages = trace.stages_ms
    if not trace.served:
        # All that is done before the model is asked, the search in what it has said included.
        before_ms = sum(stages.values()) - stages["listen"]
        measured.add("shape, window and prompt", before_ms)
        measured.add(f"filters and gate: {place.kind}", stages["listen"])
    if not isinstance(trace.answer, Completion):
        return
    measured.answered += 1
    again = await author.type(place.offset, trace.answer.text[0])
    if again.served:
        measured.add("served from a run", sum(again.stages_ms.values()))


def places_in(file: Specimen) -> Iterator[Place]:
    """All requests: a block and a line of each function, in good text and in broken text."""
    for n in range(1, len(file.functions)):
        above, function = file.functions[n - 1], file.functions[n]
        for line in ("", BREAKS[n % len(BREAKS)]):
            yield _place("blocks", file.text, above, line, _first_line(file, function))
            yield _place("lines", file.text, above, line, _some_line(file, function, n))


def _place(kind: str, text: str, above: Function, line: str, hole: _Hole) -> Place:
    """The text with the hole, and with a line that breaks it at the end of the function above."""
    holed = text[: hole.start] + text[hole.end :]
    broken = holed[: above.end] + line + holed[above.end :]
    return Place(kind, broken, hole.start + len(line), hole.said)


def _first_line(file: Specimen, function: Function) -> _Hole:
    """The whole body is missing but for its first indentation; the model says it."""
    start = function.start + len("    ")
    end = function.end - 1
    return _Hole(start, end, file.text[start:end] + _END_MARKER)


def _some_line(file: Specimen, function: Function, n: int) -> _Hole:
    """The second half of a line is missing; the model says it and goes on."""
    body = file.text[function.start : function.end].splitlines(keepends=True)
    chosen = n % len(body)
    line_start = function.start + sum(map(len, body[:chosen]))
    start = line_start + len(body[chosen]) // 2
    end = line_start + len(body[chosen]) - 1
    return _Hole(start, end, file.text[start : function.end] + _END_MARKER)
