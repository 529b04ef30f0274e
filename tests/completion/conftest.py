"""A desk to test the engine at: real documents, a scripted model, a clock in the hand."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from fimls.completion.completer import Completer
from fimls.completion.maps import here
from fimls.completion.values import Ask
from fimls.documents.store import Documents
from fimls.models.families import FAMILIES
from fimls.models.protocol import Capabilities, End, Piece
from fimls.models.session import Session
from fimls.settings import CompletionSettings, Settings
from fimls.testing.clock import VirtualClock
from fimls.testing.marks import marked
from fimls.testing.scripted import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fimls.completion.values import Answer, SelectedItem
    from fimls.context.place import Place
    from fimls.models.status import Status

URI = "file:///project/a.py"

# A request that nobody has asked for would have to be told apart in every test.
NOT_AHEAD = Settings(completion=CompletionSettings(speculate="off"))

CODE_LLAMA = Capabilities(family=FAMILIES["codellama"], context_tokens=4096)


@dataclass
class Desk:
    """An editor, a server and a model in one process, on one clock."""

    clock: VirtualClock
    model: ScriptedModel[Piece, Capabilities]
    documents: Documents = field(default_factory=Documents)
    settings: Settings = field(default_factory=lambda: NOT_AHEAD)
    more: list[tuple[str, int]] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    found: Any = None
    places: dict[str, Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.session = Session(
            self.settings, self.clock, {}, self.statuses.append, choose=self._choose
        )
        self.completer = Completer(
            self.settings,
            self.session,
            self.clock,
            self.documents.is_current,
            lambda uri, version: self.more.append((uri, version)),
            self.places.get,
            # A thread knows nothing of the clock.
            here,
        )

    async def _choose(self, *_asked: object) -> Any:
        return self.model if self.found is None else self.found

    def open(self, picture: str, uri: str = URI, language: str = "python") -> int:
        """Opens or changes a document as the picture shows; returns the cursor's offset."""
        drawn = marked(picture)
        snap = self.documents.at(uri)
        if snap is None:
            self.documents.open(uri, language, 1, drawn.text)
        else:
            self.documents.change(uri, snap.version + 1, [(None, drawn.text)])
            moved = self.documents.at(uri)
            assert moved is not None
            self.completer.changed(moved)
        return drawn.offset

    def ask(
        self,
        picture: str,
        *,
        explicit: bool = False,
        uri: str = URI,
        language: str = "python",
        selected: SelectedItem | None = None,
    ) -> asyncio.Task[Answer]:
        """Makes the document look like the picture and asks for a completion at its cursor."""
        offset = self.open(picture, uri, language)
        snap = self.documents.at(uri)
        assert snap is not None
        question = Ask(snap, snap.hole_at(offset), explicit=explicit, selected=selected)
        return asyncio.ensure_future(self.completer.complete(question))

    async def answer(self, picture: str, **how: Any) -> Answer:
        """The answer, with time passing as it must."""
        return await self.clock.drive(self.ask(picture, **how))

    def script(self, *steps: Any) -> None:
        """What the model says from now on."""
        self.model.answer = list(steps)

    def becomes(self, **changes: Any) -> None:
        """Gives the model other capabilities, before it is first asked."""
        self.model.capabilities = replace(self.model.capabilities, **changes)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    clock = VirtualClock(start=1000.0)
    model = ScriptedModel(Piece, Piece("", end=End.STOP), CODE_LLAMA, clock=clock)
    made = Desk(clock, model)
    yield made
    await clock.drive(made.completer.close())
    await clock.drive(made.session.close())
    assert model.open == 0, "a connection to the model was left open"
