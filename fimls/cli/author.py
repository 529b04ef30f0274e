"""The demo's author: types a scene, stops to think, takes what is offered where it was meant."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.cli.stage import Beat, Frame

if TYPE_CHECKING:
    from fimls.cli.editor import Editor, Ghost
    from fimls.cli.scenes import Scene
    from fimls.cli.stage import Stage

# What asks for a completion by hand in VS Code and in several plug-ins.
_KEY = "Alt+\\"


@dataclass(frozen=True, slots=True)
class Offer:
    """What came of one stop: `text` is None where nothing was shown, `accepted` what was taken.

    `line` and `column` are 1-based.  `explicit` tells that the author had to ask by the key; `ms`
    are the milliseconds that the server took, over both questions in that case.
    """

    path: str
    line: int
    column: int
    text: str | None
    explicit: bool
    accepted: str
    ms: float


class Author:
    """Writes scenes in an editor, on a stage."""

    def __init__(self, editor: Editor, stage: Stage, model: str) -> None:
        self._editor = editor
        self._stage = stage
        self._model = model
        self._accepted = 0

    async def write(self, scene: Scene) -> list[Offer]:
        """Writes all that is missing of a scene, and tells what was offered on the way."""
        self._editor.open(scene.path, scene.without, scene.start)
        at = scene.start
        offers: list[Offer] = []
        while at < scene.end:
            meant = scene.text[at : scene.end]
            taken = ""
            if at in scene.pauses:
                offers.append(await self._stop(meant))
                taken = _as_meant(offers[-1].accepted, meant)
            at += len(taken) or await self._type(meant)
        return offers

    async def _type(self, meant: str) -> int:
        """Types one key; an editor indents the new line by itself.  Returns how much that wrote."""
        size = 1
        if meant[0] == "\n":
            size += len(meant[1:]) - len(meant[1:].lstrip(" \t"))
        self._editor.type(meant[:size])
        await self._show(Beat.KEY)
        return size

    async def _stop(self, meant: str) -> Offer:
        """A stop: the editor asks by itself, and where nothing is shown the author asks."""
        where = self._frame()
        ghost, spent_ms = await self._ask(explicit=False)
        explicit = ghost is None
        if ghost is None:
            await self._show(Beat.NOTHING, says=f"not shown unasked: {_KEY} asks")
            ghost, more_ms = await self._ask(explicit=True)
            spent_ms += more_ms
        took = f"{spent_ms:.0f} ms{f', {_KEY}' if explicit else ''}"
        accepted = await self._decide(ghost, meant, took)
        text = None if ghost is None else ghost.text
        return Offer(where.path, where.line, where.column, text, explicit, accepted, spent_ms)

    async def _ask(self, *, explicit: bool) -> tuple[Ghost | None, float]:
        await self._show(Beat.ASK, says="…")
        began_s = time.perf_counter()
        ghost = await self._editor.ask(explicit=explicit)
        return ghost, (time.perf_counter() - began_s) * 1000

    async def _decide(self, ghost: Ghost | None, meant: str, took: str) -> str:
        """Shows what is offered, and takes as much of it as was meant; returns that."""
        if ghost is None:
            await self._show(Beat.NOTHING, says=f"{took}: nothing to show")
            return ""
        await self._show(Beat.SHOW, says=f"{took}: Tab accepts", ghost=ghost.text)
        accepted = in_common(ghost.text, meant)
        if not accepted:
            says = f"{took}: not meant, typed over"
            await self._show(Beat.TYPE_ON, says=says, ghost=ghost.text)
            return ""
        await self._editor.accept(ghost, accepted)
        self._accepted += 1
        says = f"{took}: accepted {'with Tab' if accepted == ghost.text else 'in part'}"
        await self._show(Beat.ACCEPT, says=says, fresh=len(accepted))
        return accepted

    async def _show(self, beat: Beat, *, says: str = "", ghost: str = "", fresh: int = 0) -> None:
        await self._stage.show(self._frame(says=says, ghost=ghost, fresh=fresh), beat)

    def _frame(self, *, says: str = "", ghost: str = "", fresh: int = 0) -> Frame:
        editor = self._editor
        done = f"{self._accepted} accepted · " if self._accepted else ""
        return Frame(
            editor.path, editor.text, editor.offset, ghost, fresh, done + self._model, says
        )


def in_common(ghost: str, meant: str) -> str:
    """The first lines of a ghost that are what was meant, trailing blanks aside; "" for none."""
    common = 0
    for offered, line in zip(ghost.split("\n"), meant.split("\n"), strict=False):
        if offered.rstrip() != line.rstrip():
            break
        common += 1
    taken = "\n".join(ghost.split("\n")[:common])
    return taken if taken.strip() else ""


def _as_meant(accepted: str, meant: str) -> str:
    """As many lines of what was meant as have been accepted."""
    return "\n".join(meant.split("\n")[: accepted.count("\n") + 1]) if accepted else ""
