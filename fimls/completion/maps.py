"""The maps: what the prompts of each file show of the repository, and when that changes.

It stands at the head of the prompt, where a change makes a server read everything anew.  So a map
is made when its file is entered, kept while there is something typed, and looked at again when the
author pauses (contract §5).  Making one takes some milliseconds, for which a thread has time and
the editor's loop has not; a kept one takes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from fimls.clock import within
from fimls.completion.prompt import rate_of, room_beside, window_at
from fimls.completion.surroundings import comment_for, comments, framing, told
from fimls.context.gather import gather
from fimls.context.keeping import settled
from fimls.text.tokens import count

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from fimls.clock import Clock
    from fimls.completion.values import Ask
    from fimls.context.gather import Gathered
    from fimls.context.place import Place
    from fimls.documents.snapshot import Snapshot
    from fimls.models.formats import Preface
    from fimls.models.protocol import Capabilities
    from fimls.settings import Settings
    from fimls.text.hole import Hole

    Look = Callable[[str], Place | None]
    Apart = Callable[[Callable[[], "Around"]], Awaitable["Around"]]

_log = logging.getLogger(__name__)

# The first question in a file waits so long for its map.  Who asks by a key waits longer than that
# for the model, and is better served with the names that it needs.
_PATIENCE_S: Final = 0.03
_PATIENCE_EXPLICIT_S: Final = 0.2

# The index does not know a longer file either, and its names would take too long to count.
_MOST_CHARS: Final = 512_000


async def here(work: Callable[[], Around]) -> Around:
    """Makes a map in this very thread, for whoever has no editor to keep waiting."""
    return work()


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """What the prompts of a file show of the repository, as a model of its kind is told of it.

    `lines` are the comments among it, which no completion is to repeat.
    """

    gathered: Gathered
    preface: Preface
    lines: frozenset[str]
    capabilities: Capabilities


@dataclass(frozen=True, slots=True)
class _Line:
    """The line that the author is on, and the document's version when they came to it."""

    start: int
    version: int

    @classmethod
    def of(cls, ask: Ask) -> _Line:
        """The line of a question, to which the author has come just now."""
        return cls(ask.hole.line_start, ask.snap.version)


class Maps:
    """The maps of the files that the author works in.

    `look` tells where a document lies, and `apart` does some work beside the event loop.
    """

    def __init__(self, look: Look, clock: Clock, apart: Apart = asyncio.to_thread) -> None:
        self._look = look
        self._clock = clock
        self._apart = apart
        self._kept: dict[str, Around] = {}
        self._lines: dict[str, _Line] = {}
        self._making: set[asyncio.Future[None]] = set()
        self._here: str | None = None
        self._is_entered = False

    def come(self, uri: str) -> None:
        """The author does something in a document."""
        if uri != self._here:
            self._here, self._is_entered = uri, True

    def kept(self, uri: str, capabilities: Capabilities, settings: Settings) -> Around | None:
        """What the prompts of a document show now; None for nothing."""
        around = self._kept.get(uri)
        if around is None or around.capabilities != capabilities:
            return None
        return around if budget_for(capabilities, settings) else None

    async def entered(
        self, ask: Ask, capabilities: Capabilities, settings: Settings
    ) -> Around | None:
        """As `kept`, for a question: in a file that has just been entered it is looked at anew.

        Where that takes too long, the next question has it.
        """
        uri, hole = ask.snap.uri, ask.hole
        self.come(uri)
        line = self._lines.get(uri)
        if line is None or line.start != hole.line_start:
            self._lines[uri] = _Line.of(ask)
        if self._is_entered:
            self._is_entered = False
            await self._within(
                _PATIENCE_EXPLICIT_S if ask.explicit else _PATIENCE_S,
                self._make(ask, capabilities, settings, lambda: True),
            )
        return self.kept(uri, capabilities, settings)

    async def foresee(
        self, ask: Ask, capabilities: Capabilities, settings: Settings, *, is_likely: bool
    ) -> None:
        """Makes the map of a document that has just been opened, before anybody asks.

        What a map of this file looks at is in memory then, for the first question to look anew.
        Prompts show this one until then if the first question is likely to be this one.
        """
        if is_likely:
            self._lines[ask.snap.uri] = _Line.of(ask)
        await self._make(ask, capabilities, settings, lambda: is_likely)

    async def renew(
        self,
        ask: Ask,
        capabilities: Capabilities,
        settings: Settings,
        is_current: Callable[[Snapshot], bool],
    ) -> None:
        """Looks at a document's map again, now that nobody types.

        On a line that something has been typed on it stays as it is, and so it does where somebody
        types before it is there.
        """
        if not is_current(ask.snap):
            return
        line = self._lines.setdefault(ask.snap.uri, _Line.of(ask))
        if (
            line.version == ask.snap.version
            or self.kept(ask.snap.uri, capabilities, settings) is None
        ):
            await self._make(ask, capabilities, settings, lambda: is_current(ask.snap))

    def drop(self, uri: str | None = None) -> None:
        """Forgets a document, or all."""
        for each in [uri] if uri is not None else list(self._lines):
            self._kept.pop(each, None)
            self._lines.pop(each, None)
        if uri is None or uri == self._here:
            self._here = None

    def close(self) -> None:
        """Waits for no map any longer."""
        for making in self._making:
            making.cancel()

    async def _within(self, limit_s: float, work: Coroutine[object, object, None]) -> None:
        """Waits for some work, but not longer than that; it goes on in any case."""
        making = asyncio.ensure_future(work)
        self._making.add(making)
        making.add_done_callback(self._making.discard)
        await within(self._clock, limit_s, making)

    async def _make(
        self,
        ask: Ask,
        capabilities: Capabilities,
        settings: Settings,
        is_wanted: Callable[[], bool],
    ) -> None:
        uri = ask.snap.uri
        budget_tokens = budget_for(capabilities, settings)
        place = self._look(uri) if budget_tokens and len(ask.hole.text) <= _MOST_CHARS else None
        if place is None:
            return
        last = self.kept(uri, capabilities, settings)
        task = _Task(place, ask.hole, capabilities, budget_tokens, settings.completion.max_tokens)
        try:
            found = await self._apart(partial(_made, task, last))
        except Exception:  # noqa: BLE001  The index is a help and no more.
            # The prompt does without; what is wrong with the index is mended there.
            _log.exception("the map of %s", place.path)
            return
        # The document may have been closed meanwhile.
        if uri in self._lines and is_wanted():
            self._kept[uri] = found


@dataclass(frozen=True, slots=True)
class _Task:
    """What a map is made from."""

    place: Place
    hole: Hole
    capabilities: Capabilities
    budget_tokens: int
    answer_tokens: int


def _made(task: _Task, last: Around | None) -> Around:
    """The map of a place: the last one, unless another is better by enough."""
    known, view = task.capabilities, task.place.view
    hole = replace(task.hole, path=task.place.path)
    fresh = _gathered(task, hole)
    found = settled(None if last is None else last.gathered, fresh, view)
    if last is not None and found.snippets == last.gathered.snippets:
        return replace(last, gathered=found)
    preface = told(found.snippets, hole, known, _name(view.folder))
    return Around(found, preface, comments(found.snippets, hole, known.family), known)


def _gathered(task: _Task, hole: Hole) -> Gathered:
    known, view = task.capabilities, task.place.view
    counted = partial(count, rate=rate_of(known))
    own, per_file = framing(hole, known, _name(view.folder), counted)
    return gather(
        view,
        hole,
        window_at(hole, known, task.answer_tokens),
        max(0, task.budget_tokens - own),
        counted,
        task.place.recent,
        comment=comment_for(known.family, hole.language),
        per_file=per_file,
    )


def budget_for(capabilities: Capabilities, settings: Settings) -> int:
    """The tokens that a map may have; 0 where the user or the model is to have none.

    A small model is at its best with the few lines around the hole (`embedded.md` §1.5).
    """
    if not settings.context.repo_map or capabilities.single_line:
        return 0
    room = room_beside(capabilities, settings.completion.max_tokens)
    return min(settings.context.repo_map_tokens, room)


def _name(folder: str) -> str:
    return folder.replace("\\", "/").rstrip("/").rpartition("/")[2]
