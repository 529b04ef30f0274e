"""Runs actions on pictures with a model that says what a test tells it to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fimls.actions.collect import Diagnostic
from fimls.actions.request import Name, Request
from fimls.actions.run import Env, run
from fimls.actions.watching import Watcher
from fimls.context.place import Place
from fimls.documents.snapshot import Snapshot
from fimls.evaluation.context_view import MemoryView
from fimls.models.chat_keeping import ChatKeeper
from fimls.models.protocol import Capabilities, End, Piece
from fimls.models.slot import Slot
from fimls.settings import Settings
from fimls.testing.clock import VirtualClock
from fimls.testing.marks import marked
from fimls.testing.scripted import ScriptedModel
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fimls.actions.request import Result
    from fimls.models.protocol import Model
    from fimls.models.status import Status
    from fimls.testing.scripted import Answer, Script

CHAT = Capabilities(None, 4096, can_chat=True)
BASE = Capabilities(None, 4096)

Scripted = ScriptedModel[Piece, Capabilities]


def model_that(
    answer: str | Script | Answer, capabilities: Capabilities = CHAT, name: str = "scripted"
) -> Scripted:
    """A model that answers like this."""
    return ScriptedModel(Piece, Piece("", end=End.STOP), capabilities, answer, name=name)


@dataclass
class Stage:
    """What actions run on; `words` and `texts` are what was said on the way."""

    chat: Model | Status
    completion: Model | Status | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    prompts: Path | None = None
    settings: Settings = field(default_factory=Settings)
    slot: Slot = field(default_factory=Slot)
    words: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def env(self) -> Env:
        """What an action runs in."""
        clock = VirtualClock()

        async def completion() -> Model | Status:
            return self.chat if self.completion is None else self.completion

        async def choose(_settings: object, _environ: object, _model: object) -> Model | Status:
            return self.chat

        keeper = ChatKeeper(self.settings, clock, {}, completion, choose)
        place = Place(MemoryView("/project", dict(self.files)), "here") if self.files else None
        return Env(self.settings, keeper, self.slot, clock, place, self.prompts)

    async def run(self, request: Request) -> Result:
        """What comes of an action."""
        return await run(request, self.env(), Watcher(self.words.append, self.texts.append))


def request_for(
    picture: str,
    name: Name,
    language: str = "python",
    *,
    instruction: str = "",
    diagnostic: str = "",
    uri: str = "file:///project/here",
) -> Request:
    """An action at the cursor, or over the selection between `├` and `┤`."""
    said = marked(picture)
    start, end = said.offset, said.offset + len(said.inserted)
    snap = Snapshot(uri, 1, language_of(language), uri.rpartition("/")[2], said.result)
    found = (Diagnostic(start, end, diagnostic),) if diagnostic else ()
    return Request(name, snap, start, end, instruction, found)
