"""The author of a typing trace, in real time: presses the keys, pauses, takes a line."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from fimls.evaluation import typing_trace as rhythm
from fimls.evaluation.typing_steps import Act, left_after, right, steps
from fimls.evaluation.typing_timeline import Kind, Rest, Stop, Stroke, Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from fimls.evaluation.typing_editor import Editor
    from fimls.evaluation.typing_steps import Step
    from fimls.evaluation.typing_trace import Trace


class Author:
    """Types a trace in an editor; `timeline` is what was done when.

    A key comes `key_s` after the one before, the first one after a pause at its end.
    """

    def __init__(self, editor: Editor, trace: Trace, key_s: float, pause_s: float) -> None:
        self.timeline = Timeline(trace)
        self._editor = editor
        self._trace = trace
        self._key_s = key_s
        self._pause_s = pause_s
        self._last_s = time.monotonic()

    async def type(self, tell: Callable[[int], None]) -> None:
        """Does it all; `tell` is told the number of keys so far."""
        for step in steps(self._trace):
            await self._do(step)
            tell(sum(each.kind in (Kind.KEY, Kind.BACK) for each in self.timeline.strokes))
        self.timeline.sights = self._editor.screen.sights

    async def _do(self, step: Step) -> None:
        if step.act is Act.KEY:
            await self._press(step.text)
        elif step.act is Act.BACK:
            await self._until(self._last_s + self._key_s)
            self._note(self._editor.back(), Kind.BACK)
        elif step.act is Act.PAUSE:
            await self._rest(Rest.PAUSE, self._pause_s)
        else:
            await self._take(step.text)

    async def _press(self, text: str, kind: Kind = Kind.KEY) -> None:
        await self._until(self._last_s + self._key_s)
        self._note(self._editor.write(text), kind)

    async def _take(self, line: str) -> None:
        """Accepts what is right of the line on screen, and types what is missing of it."""
        shown = self._editor.screen.text
        many = min(right(shown, left_after(self._editor.typed, self._trace)), len(line))
        if many:
            self._note(self._editor.write(line[:many]), Kind.ACCEPT)
        for key in rhythm.keys(line[many:]):
            await self._press(key, Kind.BY_HAND)
        await self._rest(Rest.ACCEPTED if many == len(line) else Rest.BY_HAND, rhythm.REST_S)

    async def _rest(self, rest: Rest, seconds: float) -> None:
        until_s = self._last_s + seconds
        self.timeline.stops.append(Stop(rest, self._last_s, until_s, self._editor.typed))
        await self._until(until_s)

    def _note(self, at_s: float, kind: Kind) -> None:
        self._last_s = at_s
        self.timeline.strokes.append(Stroke(at_s, kind, self._editor.typed))

    async def _until(self, at_s: float) -> None:
        await asyncio.sleep(max(0.0, at_s - time.monotonic()))
