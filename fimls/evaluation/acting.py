"""What actions cost besides the model, in the real server: listing them, and carrying one out.

Each trip follows one key typed into a file of 2,000 lines.  The fake model says all of its answer
at once, and what it took for that is taken off.  Besides what the editor waits for it is counted
how long the server had a processor, which is the same whatever else the machine does.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from fimls.evaluation.latency import Figure, spread
from fimls.evaluation.real_server import WITHOUT_MAP, serving
from fimls.evaluation.specimen import specimen
from fimls.testing.fake_ollama import FakeOllama

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

    from fimls.evaluation.real_server import RealServer
    from fimls.evaluation.specimen import Function

LINES: Final = 2_000
"""The size of the file (issue 7)."""

PLACES: Final = 60
"""How many functions of it are acted on."""

WARM_UP: Final = 6
"""How many come before them, which load what is loaded once and are not counted."""

TARGETS_MS: Final[Mapping[str, float]] = {
    "listing at a cursor": 10.0,
    "listing over a selection": 10.0,
    "explain": 50.0,
    "generate": 50.0,
}
"""What the 95th percentile should be at the most (issue 7)."""

_MODELS: Final = ("codellama:7b-code", "codellama:7b-instruct")
_COMMENT: Final = "    # what the rows of one kind come to\n"
_EXPLANATION: Final = "It sums up the rows of one kind.\n"
_FENCE: Final = "```"

# An author who pauses for so long has the file parsed.
_PAUSE_S: Final = 0.45

_URI: Final = "file:///acting/module.py"


T = TypeVar("T")


@dataclass
class Acted:
    """The times of all trips, in milliseconds, by what was done.

    `waited_ms` is what the editor waited without the model, `worked_ms` what the server worked;
    there is none of that where the system does not tell.
    """

    waited_ms: dict[str, list[float]] = field(default_factory=dict)
    worked_ms: dict[str, list[float]] = field(default_factory=dict)

    def add(self, what: str, waited_s: float, worked_s: float | None) -> None:
        """Adds a trip."""
        self.waited_ms.setdefault(what, []).append(1000 * waited_s)
        if worked_s is not None:
            self.worked_ms.setdefault(what, []).append(1000 * worked_s)

    def figures(self) -> list[Figure]:
        """All figures, each beside its target, in the order of the targets; then the work."""
        waits = [
            Figure(what, spread(self.waited_ms[what]), target)
            for what, target in TARGETS_MS.items()
        ]
        return [
            *waits,
            *(
                Figure(f"work: {what}", spread(self.worked_ms[what]))
                for what in TARGETS_MS
                if what in self.worked_ms
            ),
        ]


@dataclass(frozen=True, slots=True)
class _Place:
    """A file with a comment in the place of a function's body, which is what the model says.

    `comment` is the offset of the comment, `function` that of the function's first line.
    """

    text: str
    function: int
    comment: int
    said: str


async def measure(
    assignments: Sequence[str] = (),
    lines: int = LINES,
    places: int = PLACES,
    tell: Callable[[int], None] = lambda _places: None,
) -> Acted:
    """Lists actions and carries them out, at places all over a file of about that many lines."""
    acted = Acted()
    async with (
        FakeOllama(models=_MODELS) as ollama,
        serving(ollama.url, (WITHOUT_MAP, *assignments)) as server,
    ):
        await server.client.initialize()
        await server.settled()
        server.client.open(_URI, "python", "")
        actor = _Actor(server, ollama)
        for number, place in enumerate(_some(lines, places + WARM_UP)):
            await actor.act(place, acted if number >= WARM_UP else Acted())
            tell(number + 1)
    return acted


def _some(lines: int, count: int) -> Iterator[_Place]:
    """That many places, from all over the file."""
    file = specimen(lines)
    step = max(1, len(file.functions) // count)
    for function in file.functions[::step][:count]:
        yield _place(file.text, function)


def _place(text: str, function: Function) -> _Place:
    body = text[function.start : function.end]
    holed = text[: function.start] + _COMMENT + text[function.end :]
    said = f"Here it is:\n\n{_FENCE}python\n{body}{_FENCE}\n"
    comment = function.start + len(_COMMENT) - 1
    return _Place(holed, text.rfind("\n", 0, function.start - 1) + 1, comment, said)


class _Actor:
    """Makes one trip after the other, each from a text that has been at rest."""

    def __init__(self, server: RealServer, ollama: FakeOllama) -> None:
        self._server = server
        self._client = server.client
        self._ollama = ollama

    async def act(self, place: _Place, acted: Acted) -> None:
        """Types a key of the comment, lists what can be done there, and does it."""
        self._client.change(_URI, place.text[: place.comment - 1] + place.text[place.comment :])
        await asyncio.sleep(_PAUSE_S)
        self._client.insert(_URI, place.comment - 1, place.text[place.comment - 1])
        at_cursor = await self._listed(place.comment, place.comment, acted, "at a cursor")
        selected = await self._listed(place.function, place.comment, acted, "over a selection")
        await self._done("explain", selected, _EXPLANATION, acted)
        await self._done("generate", at_cursor, place.said, acted)

    async def _listed(self, start: int, end: int, acted: Acted, where: str) -> Mapping[str, Any]:
        """The commands of the actions there, by their names."""
        actions = await self._timed(
            f"listing {where}", self._client.code_actions(_URI, start, end), acted
        )
        return {each["command"]["command"]: each["command"] for each in actions}

    async def _done(self, name: str, commands: Mapping[str, Any], said: str, acted: Acted) -> None:
        self._ollama.answer = said
        await self._timed(name, self._client.run(commands[f"fimls.{name}"]), acted)

    async def _timed(self, what: str, asked: Awaitable[T], acted: Acted) -> T:
        """What is answered; its time is noted, without the model's."""
        served = self._ollama.seen.served
        before, worked_s, began_s = len(served), self._server.worked_s(), time.perf_counter()
        answer = await asked
        waited_s, end_s = time.perf_counter() - began_s, self._server.worked_s()
        model_s = sum(each.busy_s for each in served[before:])
        own_s = None if worked_s is None or end_s is None else end_s - worked_s
        acted.add(what, waited_s - model_s, own_s)
        return answer
