"""A desk: an editor with one document, the completer that the server has, and an instant model."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from fimls.clock import SystemClock, busy_s
from fimls.completion.completer import Completer
from fimls.completion.values import Ask
from fimls.documents.store import Documents
from fimls.models.families import FAMILIES
from fimls.models.protocol import Capabilities, End, Piece
from fimls.models.session import Session
from fimls.testing.scripted import ScriptedModel
from fimls.text.positions import Range

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Mapping

    from fimls.completion.trace import Trace
    from fimls.documents.snapshot import Snapshot
    from fimls.models.protocol import Model
    from fimls.models.session import Choose
    from fimls.models.status import Status
    from fimls.settings import Settings

_URI: Final = "file:///overhead/module.py"

# As the model of most users.
_CONTEXT_TOKENS: Final = 4096


@asynccontextmanager
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    """A desk with these settings; all that is under way is ended when it is left."""
    model = _instant_model()
    clock = SystemClock()
    documents = Documents(busy_s=busy_s)
    session = Session(settings, clock, {}, _ignore, choose=_choosing(model))
    completer = Completer(settings, session, clock, documents.is_current)
    try:
        yield Desk(documents, completer, model)
    finally:
        await completer.close()
        await session.close()


class Desk:
    """An editor with one document, a completer, and what the model is to say next."""

    def __init__(
        self, documents: Documents, completer: Completer, model: ScriptedModel[Piece, Capabilities]
    ) -> None:
        self._documents = documents
        self._completer = completer
        self._model = model
        self._version = 0
        self.open("")

    @property
    def snap(self) -> Snapshot:
        """The document as it is now."""
        snap = self._documents.at(_URI)
        if snap is None:
            raise ValueError("the document is not open")
        return snap

    def says(self, answer: str) -> None:
        """What the model says when it is asked next."""
        self._model.answer = answer

    def open(self, text: str, language: str = "python") -> None:
        """Opens the document anew: nothing is known about it."""
        self.forget()
        self._documents.open(_URI, language, self._version, text)

    def forget(self) -> None:
        """Forgets what the model has said."""
        self._completer.closed(_URI)

    def change(self, text: str) -> Snapshot:
        """Puts another text in the place of all of it."""
        return self._change(None, text)

    async def ask(self, offset: int) -> Trace:
        """The request that an editor makes with the cursor at an offset."""
        return await self._completer.traced(Ask(self.snap, self.snap.hole_at(offset)))

    async def type(self, offset: int, key: str) -> Trace:
        """A key at an offset, and the request that an editor makes then."""
        place = self.snap.lines.position(offset, self._documents.encoding)
        self._change(Range(place, place), key)
        return await self.ask(offset + len(key))

    def _change(self, span: Range | None, text: str) -> Snapshot:
        self._version += 1
        self._documents.change(_URI, self._version, [(span, text)])
        self._completer.changed(self.snap)
        return self.snap


def _instant_model() -> ScriptedModel[Piece, Capabilities]:
    abilities = Capabilities(FAMILIES["codellama"], _CONTEXT_TOKENS)
    return ScriptedModel(Piece, Piece("", end=End.STOP), abilities)


def _choosing(model: ScriptedModel[Piece, Capabilities]) -> Choose:
    async def choose(
        _settings: Settings, _environ: Mapping[str, str], _unfit: Collection[str]
    ) -> Model | Status:
        return model

    return choose


def _ignore(_status: Status) -> None:
    return None
