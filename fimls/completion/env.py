"""What a completion is made with, and the question as it is worked on."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING
from weakref import WeakSet

from fimls.completion.pace import Pace
from fimls.completion.post import Site
from fimls.completion.power import Power
from fimls.completion.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Hashable

    from fimls.clock import Clock
    from fimls.completion.debounce import Rhythm
    from fimls.completion.maps import Around, Maps
    from fimls.completion.prompt import Prompt, Way
    from fimls.completion.runs import Runs
    from fimls.completion.values import Ask, Shape
    from fimls.documents.snapshot import Snapshot
    from fimls.models.protocol import Model
    from fimls.models.session import Session
    from fimls.models.slot import Slot, Stream
    from fimls.settings import Settings
    from fimls.syntax.tree import Tree
    from fimls.text.hole import Hole


@dataclass
class Env:
    """What the engine works with besides the question; `settings` may be replaced.

    `is_current` tells whether a document is still as a snapshot has it; `on_more` is called with
    URI and version when there is more to show than was given.  `bells` are rung when a document
    moves on: those of each document with open questions, in the order of asking.  `narrow` are the
    models that have refused a prompt as too long; they are given half as much from then on.
    `windows` is where the last prompt for a document began, `readings` the last one for each that
    is only to be read, `pace` how fast the model writes, `reading` what its server has read, and
    `power` what this machine runs on.  `maps` are what the prompts of each document show of the
    repository.
    """

    settings: Settings
    session: Session
    slot: Slot
    runs: Runs
    rhythm: Rhythm
    clock: Clock
    is_current: Callable[[Snapshot], bool]
    on_more: Callable[[str, int], None]
    maps: Maps
    bells: dict[str, list[asyncio.Event]] = field(default_factory=dict)
    idents: count[int] = field(default_factory=lambda: count(1))
    narrow: WeakSet[Model] = field(default_factory=WeakSet)
    windows: dict[str, int] = field(default_factory=dict)
    readings: dict[str, Stream] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)
    reading: Reading = field(default_factory=Reading)
    power: Power = field(default_factory=Power)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _only: dict[Hashable, asyncio.Task[None]] = field(default_factory=dict)

    def begins(self, uri: str, prompt: Prompt) -> None:
        """Notes where the window of a document's last prompt began."""
        if prompt.begins is not None:
            self.windows[uri] = prompt.begins

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Starts a task that outlives its question, and holds it until it is done."""
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def spawn_only(self, key: Hashable, work: Coroutine[object, object, None]) -> None:
        """As `spawn`, in the place of the last task of that key: there is one for each at most."""
        if (last := self._only.get(key)) is not None:
            last.cancel()
        task = self._only[key] = self.spawn(work)
        task.add_done_callback(lambda done: self._forget(key, done))

    def _forget(self, key: Hashable, task: asyncio.Task[None]) -> None:
        if self._only.get(key) is task:
            del self._only[key]


@dataclass(frozen=True)
class Question:
    """An ask as it is worked on: with the selected list item, if any, as if it were accepted.

    `until_s` is when its time is over, whatever is tried for it until then.  `ahead_of` is the hole
    that is there really, where the model is asked ahead, as if the text up to `hole` were typed.
    `typed` has been typed since at `hole`, of what was shown there.  `around` is what its prompts
    show of other files.  `prompts` are those that have been made for
    it, by the way and whether they are halved; None for one that there is not.
    """

    ask: Ask
    hole: Hole
    tree: Tree | None
    shape: Shape
    model: Model
    until_s: float
    ahead_of: Hole | None = None
    around: Around | None = None
    typed: str = ""
    prompts: dict[tuple[Way, bool], Prompt | None] = field(
        default_factory=dict, compare=False, repr=False
    )

    @cached_property
    def site(self) -> Site:
        """What the model's text is fitted to."""
        told = frozenset[str]() if self.around is None else self.around.lines
        return Site(self.hole, self.tree, self.shape, told)


def until_s(env: Env) -> float:
    """When the time of a question is over that begins now."""
    return env.clock.now() + env.settings.completion.timeout_ms / 1000


class Patience:
    """The two limits of a question's wait; each rings the bell when it is reached.

    `early` is true once whole lines that fit are shown although the rest is not there, `over` once
    the question has waited as long as it may.  Time runs from when `begin` is first called.
    """

    def __init__(
        self, env: Env, question: Question, bell: asyncio.Event, show_early_s: float
    ) -> None:
        self.early = False
        self.over = False
        self._clock = env.clock
        # Not the question itself: it has the whole text, and would stay as long as the timer.
        self._until_s = question.until_s
        self._show_early_s = math.inf if question.ask.explicit else show_early_s
        self._bell = bell
        self._timer: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Starts the timer, if it does not run; who is answered at once needs none."""
        if self._timer is None:
            self._timer = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        clock = self._clock
        left_s = max(0.0, self._until_s - clock.now())
        early_s = min(self._show_early_s, left_s)
        await clock.sleep(early_s)
        self.early = True
        self._bell.set()
        await clock.sleep(left_s - early_s)
        self.over = True
        self._bell.set()

    def end(self) -> None:
        """Stops the timer."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
