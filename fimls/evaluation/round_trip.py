"""What an editor waits for besides the model, in the real server: from a key to the answer.

A key is typed into a long file and asked about; both messages, the two processes and the connection
to the model are part of it, and only what the model itself took is taken off: from the moment that
it had the request until it had said what the answer was made of.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from fimls.evaluation.latency import Figure, spread
from fimls.evaluation.overhead import places_in
from fimls.evaluation.real_server import WITHOUT_MAP, serving
from fimls.evaluation.specimen import specimen
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.runner import Outcome, Pace
from fimls.text.sharing import shared, shared_end

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

# Each token comes for itself, as a real model's does, and as quickly as one of 7B writes on a good
# GPU: it is heard while the next one is made.  Said all at once, they would be heard after the
# model's time; said faster than they are heard, what is late would count as the model's time.
_PACE: Final = Pace(write_tokens_per_s=200.0)

# An author who pauses for so long has the file parsed.
_PAUSE_S: Final = 0.45

# How far apart keys are while somebody types, as in the traces: meanwhile the model is asked ahead.
_KEY_S: Final = 0.12

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
            server.client.open(_URI, "python", specimen(lines).text)
            traveller = _Traveller(server, ollama)
            for number, place in enumerate(_some(lines, places + _WARM_UP)):
                await traveller.ask(place, trips if number >= _WARM_UP else Trips(lines))
                done += 1
                tell(done)
        found.append(trips)
    return found


def spoken_s(served: Served[Any], heard: str) -> float:
    """How long it took the model from the request until it had said what was heard of it.

    Where that is all, and it was not cut short, its word that this was all is a part of it.
    """
    times = served.written_at_s
    if not (heard and times):
        return 0.0
    if served.outcome is Outcome.DONE and len(heard) >= len(served.written):
        return times[-1][1] - served.arrived_s
    said_s = (when for length, when in times if length >= len(heard))
    return next(said_s, times[-1][1]) - served.arrived_s


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
        self._edit(text[:at] + text[at + 1 :])
        await asyncio.sleep(_PAUSE_S)
        self._ollama.answer = place.said
        before = len(self._ollama.seen.served)
        trip, shown = await self._key(at, text[at], explicit=True)
        if not shown:
            return
        told, served = await self._explained(), self._ollama.seen.served[before:]
        heard = () if told["served"] else (attempt["raw"] for attempt in told["attempts"])
        model_s = sum(map(spoken_s, served, heard))
        trips.answers.append(replace(trip, waited_ms=trip.waited_ms - 1000 * model_s))
        await asyncio.sleep(_KEY_S)
        again, _shown = await self._key(at + 1, shown[0], explicit=False)
        if (await self._explained())["served"]:
            trips.served.append(again)

    def _edit(self, text: str) -> None:
        """Makes it the document's text, by one change of what differs, as editors tell of it."""
        old = self._server.client.documents[_URI].text
        start = shared(old, text)
        same = shared_end(old, text, min(len(old), len(text)) - start)
        end = len(old) - same
        self._server.client.replace(_URI, start, end, text[start : len(text) - same])

    async def _explained(self) -> Mapping[str, Any]:
        """How the last answer came about."""
        document = {"textDocument": {"uri": _URI}}
        told: Mapping[str, Any] = await self._server.client.request("fimls/explainLast", document)
        return told

    async def _key(self, offset: int, key: str, *, explicit: bool) -> tuple[Trip, str]:
        """A key and the question that goes with it; what is shown in the end."""
        client = self._server.client
        document = client.documents[_URI]
        # What the editor itself has to do is done before the clock is started.
        changes = [document.replace(offset, offset, key)]
        change = {"textDocument": document.versioned, "contentChanges": changes}
        question = {
            "textDocument": {"uri": _URI},
            "position": document.position(offset + len(key)),
            "context": {"triggerKind": 1 if explicit else 2},
        }
        worked_s, began_s = self._server.worked_s(), time.perf_counter()
        client.notify("textDocument/didChange", change)
        result: Any = await client.send("textDocument/inlineCompletion", question)
        waited_s, end_s = time.perf_counter() - began_s, self._server.worked_s()
        items = result["items"] if result else []
        shown: str = items[0]["insertText"] if items else ""
        worked_ms = None if worked_s is None or end_s is None else 1000 * (end_s - worked_s)
        return Trip(1000 * waited_s, worked_ms), shown
