"""How many editors one server carries: recorded requests, replayed for a team of any size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.evaluation import scale_figures as figures
from fimls.evaluation.scale_author import MANNERS, record
from fimls.evaluation.scale_server import simulate
from fimls.evaluation.scale_speaker import Pace
from fimls.evaluation.scale_team import Team, arrivals
from fimls.evaluation.scale_trace import places
from fimls.evaluation.scale_waits import Wait, waits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from fimls.evaluation.scale_author import Burst
    from fimls.evaluation.scale_server import Run, Served, Server
    from fimls.evaluation.scale_waits import Waits
    from fimls.evaluation.typing_trace import Trace
    from fimls.settings import Settings

    Enough = Callable[["Row"], bool]

EDITORS: Final = (1, 5, 10, 20, 50, 100)
"""The sizes of teams that are looked at."""

FAST_S: Final = 0.3
"""An answer by then is as good as at once (evaluation.md §2.4: 200 ms aggravate)."""

# A team larger than this is not looked for.
_MOST_EDITORS: Final = 512


@dataclass(frozen=True, slots=True)
class Scene:
    """What is simulated: who types what, with which model, on which server.

    `manner` is a name of `MANNERS`; `recorded_at` is how fast the server is at which the requests
    are recorded, as a share of `server`'s speed.
    """

    traces: tuple[Trace, ...]
    settings: Settings
    server: Server
    typing: float = figures.TYPING_SHARE
    right: float = figures.RIGHT_SHARE
    seconds: float = figures.SECONDS
    seed: int = 0
    manner: str = "fimls"
    recorded_at: float = 1.0


@dataclass(frozen=True, slots=True)
class Stream:
    """The requests of one author while typing: means, and shares of the tokens of all prompts.

    `alike` is the share of a prompt that begins as the one before in the same burst; `left` the
    share of requests whose author lost interest before the model was done.
    """

    per_minute: float
    per_key: float
    prompt: float
    alike: float
    said: float
    left: float
    waited_s: float


@dataclass(frozen=True, slots=True)
class Row:
    """What a team of some size gets from a server.

    Times are seconds from the request's arrival at the server; None where so many are not answered
    at all.  `unanswered` is the share that was withdrawn before its first line.
    """

    editors: int
    requests_per_s: float
    first_p95_s: float | None
    line_p50_s: float | None
    line_p95_s: float | None
    whole_p95_s: float | None
    fast: float
    within_1_s: float
    unanswered: float
    found: float
    works: float


def recorded(scene: Scene) -> list[Burst]:
    """The bursts of all places of all traces."""
    server, share = scene.server, scene.recorded_at
    pace = Pace(share * server.read, share * server.write)
    return [
        record(place, scene.settings, pace, scene.right, scene.seed, MANNERS[scene.manner])
        for trace in scene.traces
        for place in places(trace, figures.PLACES, scene.seed)
    ]


def stream(bursts: Sequence[Burst]) -> Stream:
    """What the requests of some bursts have in common."""
    requests = [request for burst in bursts for request in burst.requests]
    prompts = sum(request.prompt for request in requests)
    return Stream(
        per_minute=60 * len(requests) / sum(burst.lasts_s for burst in bursts),
        per_key=len(requests) / sum(burst.keys for burst in bursts),
        prompt=prompts / len(requests),
        alike=sum(request.alike for request in requests) / prompts,
        said=sum(request.wants for request in requests) / len(requests),
        left=sum(request.left_s is not None for request in requests) / len(requests),
        waited_s=sum(request.waited_s for request in requests) / len(requests),
    )


def row(bursts: Sequence[Burst], scene: Scene, editors: int) -> Row:
    """What a team of that size gets."""
    # A few authors make few requests: they are watched for longer.
    seconds = max(scene.seconds, figures.AUTHOR_SECONDS / editors)
    team = Team(editors, scene.typing, seconds, scene.seed)
    return _row(simulate(arrivals(bursts, team), scene.server), team)


class Search:
    """Looks for the largest team that gets what it needs, and remembers what it has looked at."""

    def __init__(self, bursts: Sequence[Burst], scene: Scene) -> None:
        self.look: Callable[[int], Row] = lambda editors: row(bursts, scene, editors)
        self._rows: dict[int, Row] = {}

    def most(self, enough: Enough) -> int:
        """The size up to which it is enough, by doubling and halving, to a tenth.

        0 where it is not even for one author.
        """
        does, does_not = 0, 1
        while does_not < _MOST_EDITORS and enough(self._row(does_not)):
            does, does_not = does_not, 2 * does_not
        while does_not - does > max(1, does // 10):
            middle = (does + does_not) // 2
            does, does_not = (middle, does_not) if enough(self._row(middle)) else (does, middle)
        return does

    def _row(self, editors: int) -> Row:
        if editors not in self._rows:
            self._rows[editors] = self.look(editors)
        return self._rows[editors]


def _line_within(limit_s: float) -> Enough:
    return lambda found: found.line_p95_s is not None and found.line_p95_s <= limit_s


def _first_within(limit_s: float) -> Enough:
    return lambda found: found.first_p95_s is not None and found.first_p95_s <= limit_s


ENOUGH: Final[Mapping[str, Enough]] = {
    "first token 0.3 s": _first_within(0.3),
    "first line 0.5 s": _line_within(0.5),
    "first line 1 s": _line_within(1.0),
}
"""What a team may be said to need: 95 % of the requests get it within that time."""


def _row(run: Run, team: Team) -> Row:
    served = run.served
    firsts = _waits((each, each.first_s) for each in served)
    lines = _waits((each, each.line_s) for each in served)
    wholes = _waits((each, each.done_s) for each in served)
    count = max(1, len(served))
    return Row(
        editors=team.editors,
        requests_per_s=len(served) / team.seconds,
        first_p95_s=firsts.quantile(0.95),
        line_p50_s=lines.quantile(0.5),
        line_p95_s=lines.quantile(0.95),
        whole_p95_s=wholes.quantile(0.95),
        fast=lines.within(FAST_S),
        within_1_s=lines.within(1.0),
        unanswered=sum(each.line_s is None for each in served) / count,
        found=sum(each.found for each in served)
        / max(1, sum(each.found + each.read for each in served)),
        works=run.worked_s / team.seconds,
    )


def _waits(each: Iterable[tuple[Served, float | None]]) -> Waits:
    """The waits for something that came at a time, or did not before the author left."""
    return waits(
        Wait(end_s - served.arrival.at_s, came_s is not None)
        for served, came_s in each
        if (end_s := served.left_s if came_s is None else came_s) is not None
    )
