"""A server in the test's own process whose actions are done by a model in the test's hands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from fimls.lsp.engine import Engine
from fimls.models.protocol import Capabilities, End, Piece
from fimls.models.slot import Slot
from fimls.testing.scripted import ScriptedModel
from tests.lsp.fakes import Workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fimls.completion.completer import Completer
    from fimls.errors import ModelError
    from fimls.lsp.engine import Wiring
    from fimls.models.protocol import Model
    from fimls.models.session import Session
    from fimls.models.status import Status
    from fimls.settings import Effect, Settings

Scripted = ScriptedModel[Piece, Capabilities]


@dataclass
class ActingSession:
    """Has the model, or the reason why there is none."""

    model: Model | Status
    failures: list[ModelError] = field(default_factory=list)

    def start(self) -> None: ...

    async def restart(self) -> None: ...

    async def settled(self) -> Model | Status:
        return self.model

    def failed(self, error: ModelError, _model: Model) -> None:
        self.failures.append(error)

    async def close(self) -> None: ...


@dataclass
class ActingCompleter:
    """Completes nothing, and has a slot."""

    slot: Slot = field(default_factory=Slot)

    def opened(self, _snap: object) -> None: ...

    def changed(self, _snap: object) -> None: ...

    def closed(self, _uri: str) -> None: ...

    async def configure(self, _settings: Settings, _effects: frozenset[Effect]) -> None: ...

    async def close(self) -> None:
        await self.slot.close()


class ActingWorkshop(Workshop):
    """Makes engines with a model that answers as `model.answer` says."""

    def __init__(self) -> None:
        super().__init__()
        self.model: Scripted = ScriptedModel(
            Piece, Piece("", end=End.STOP), Capabilities(None, 4096, can_chat=True)
        )
        self.acting = ActingSession(self.model)

    def load(self) -> Callable[[Wiring], Engine]:
        """Stands in for `fimls.lsp.engine.load`."""
        session = cast("Session", self.acting)
        return lambda _wiring: Engine(cast("Completer", ActingCompleter()), session)


async def chosen(
    _settings: Settings, _environ: Mapping[str, str], completion: Model | Status
) -> Model | Status:
    """Chooses the model of completions for actions."""
    return completion
