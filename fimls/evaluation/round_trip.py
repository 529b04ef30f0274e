"""What an editor waits for besides the model, in the real server: from a key to the answer.

A key is typed into a long file and asked about; both messages, the two processes and the connection
to the model are part of it, and only what the model itself took is taken off.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from fimls.evaluation.latency import Figure, spread
from fimls.evaluation.overhead import places_in
from fimls.evaluation.real_server import WITHOUT_MAP, serving
from fimls.evaluation.specimen import specimen
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.runner import Pace
from fimls.testing.speech import tokens_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fimls.evaluation.overhead import Place
    from fimls.evaluation.real_server import RealServer
    from fimls.testing.runner import Served

TARGETS_MS: Final[Mapping[int, float]] = {2_000: 10.0, 20_000: 20.0}
"""By the lines of a file, what the 95th percentile should be at the most (issue 5)."""

SERVED_TARGET_MS: Final = 3.0
"""The same where the text is there already, in files of any length."""

PLACES: Final = 60
"""How many places of a file are asked about."""

# Those at the beginning load what is loaded once, and are not counted.
_WARM_UP: Final = 6

COUNTED: Final = PLACES + _WARM_UP
"""How many of them there are in all."""

# Each token comes for itself, as a real model's does: hearing it takes 0.2 ms, while the next one
# is made.  Said all at once, they would be heard after the model's time.
_PACE: Final = Pace(write_tokens_per_s=500.0)

# An author who pauses for so long has the file parsed.
_PAUSE_S: Final = 0.45

_URI: Final = "file:///round-trip/module.py"


@dataclass(frozen=True, slots=True)
class Trip:
    """A key and its answer: milliseconds that the editor waited, without the model's.

    `worked_ms` is how long the server had a processor meanwhile, None where the system does not
    tell.
    """

    waited_ms: float
    worked_ms: float | None


@dataclass
class Trips:
    """Those into a file: to answers that the model was asked for, and to what was there already."""

    lines: int
    answers: list[Trip] = field(default_factory=list)
    served: list[Trip] = field(default_factory=list)

    def figures(self) -> list[Figure]:
        """What was waited for, beside the targets, and what the server worked for what it had."""
        target_ms = TARGETS_MS.get(self.lines)
        return [
            _waits(f"answer without the model, {self.lines} lines", self.answers, target_ms),
            _waits(f"served from a run, {self.lines} lines", self.served, SERVED_TARGET_MS),
            *_work(f"the server's work for that, {self.lines} lines", self.served),
        ]


def _waits(what: str, trips: Sequence[Trip], target_ms: float | None) -> Figure:
    return Figure(what, spread([trip.waited_ms for trip in trips]), target_ms)


def _work(what: str, trips: Sequence[Trip]) -> Iterator[Figure]:
    """None where the system tells nothing, or too little for a spread."""
    worked_ms = [trip.worked_ms for trip in trips if trip.worked_ms is not None]
    if len(worked_ms) > 1:
        yield Figure(what, spread(worked_ms))


async def measure(
    assignments: Sequence[str] = (),
    sizes: Sequence[int] = tuple(TARGETS_MS),
    places: int = PLACES,
    tell: Callable[[int], None] = lambda _places: None,
) -> list[Trips]:
    """Asks at places all over files of these sizes, in good and in broken text."""
    done, found = 0, []
    for lines in sizes:
        trips = Trips(lines)
        async with (
            FakeOllama(pace=_PACE) as ollama,
            serving(ollama.url, (WITHOUT_MAP, *assignments)) as server,
        ):
            await server.client.initialize()
            await server.settled()
            server.client.open(_URI, "python", "")
            traveller = _Traveller(server, ollama)
            for number, place in enumerate(_some(lines, places + _WARM_UP)):
                await traveller.ask(place, trips if number >= _WARM_UP else Trips(lines))
                done += 1
                tell(done)
        found.append(trips)
    return found


def _some(lines: int, count: int) -> list[Place]:
    """That many places, from all over the file and of all kinds."""
    every = list(places_in(specimen(lines)))
    # A step that is no multiple of four, so that lines and blocks, good and broken text take turns.
    step = max(1, len(every) // count) | 1
    return every[::step][:count]


class _Traveller:
    """Makes one trip after the other, each from a text that has been at rest."""

    def __init__(self, server: RealServer, ollama: FakeOllama) -> None:
        self._server = server
        self._ollama = ollama

    async def ask(self, place: Place, trips: Trips) -> None:
        """Types the last key before the place and asks, and types a key of what is shown."""
        text, at = place.text, place.offset - 1
        self._server.client.change(_URI, text[:at] + text[at + 1 :])
        await asyncio.sleep(_PAUSE_S)
        self._ollama.answer = place.said
        trip, shown = await self._key(at, text[at], explicit=True)
        if not shown:
            return
        trips.answers.append(trip)
        again, _shown = await self._key(at + 1, shown[0], explicit=False)
        document = {"textDocument": {"uri": _URI}}
        if (await self._server.client.request("fimls/explainLast", document))["served"]:
            trips.served.append(again)

    async def _key(self, offset: int, key: str, *, explicit: bool) -> tuple[Trip, str]:
        """A key and the question that goes with it; what is shown in the end."""
        client, seen = self._server.client, self._ollama.seen
        document = client.documents[_URI]
        # What the editor itself has to do is done before the clock is started.
        changes = [document.replace(offset, offset, key)]
        change = {"textDocument": document.versioned, "contentChanges": changes}
        question = {
            "textDocument": {"uri": _URI},
            "position": document.position(offset + len(key)),
            "context": {"triggerKind": 1 if explicit else 2},
        }
        before = len(seen.served)
        worked_s, began_s = self._server.worked_s(), time.perf_counter()
        client.notify("textDocument/didChange", change)
        result: Any = await client.send("textDocument/inlineCompletion", question)
        waited_s, end_s = time.perf_counter() - began_s, self._server.worked_s()
        items = result["items"] if result else []
        shown: str = items[0]["insertText"] if items else ""
        if explicit and len(seen.served) > before:
            waited_s -= _model_s(seen.served[before], shown)
        worked_ms = None if worked_s is None or end_s is None else 1000 * (end_s - worked_s)
        return Trip(1000 * waited_s, worked_ms), shown


def _model_s(served: Served[Any], shown: str) -> float:
    """How long it takes the model until it has said what is shown, and the next character."""
    tokens = min(tokens_in(shown) + 1, served.tokens)
    return _PACE.writing_s(tokens)
