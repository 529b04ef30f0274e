"""The model of the actions, kept for a session: chosen at its first use, and looked at again.

It is often that of completions itself, which belongs to its own session and is left alone here.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from fimls.errors import ModelError, ModelFailed
from fimls.models.chat_choice import choose_chat
from fimls.models.choose import choose
from fimls.models.session import LOOK_EVERY_S
from fimls.models.single_flight import SingleFlight
from fimls.models.standing import about
from fimls.models.status import State, Status, fault_of, status_of
from fimls.models.warming import warmed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fimls.clock import Clock
    from fimls.models.protocol import Model
    from fimls.settings import Settings

_log = logging.getLogger(__name__)

Completion = Callable[[], Awaitable["Model | Status"]]
"""Gives the model of completions, loaded, or says why there is none."""

Choose = Callable[["Settings", Mapping[str, str], "Model | Status"], Awaitable["Model | Status"]]

Tell = Callable[[ModelError, "Model"], None]
"""Told which model has failed, and how."""


def _ignore(_error: ModelError, _model: Model) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Found:
    """The model that follows instructions, and that of completions; or why there is none."""

    chat: Model | Status
    completion: Model | Status


class ChatKeeper:
    """Keeps the model of the actions.

    Looking for it and loading it are tasks of its own, which whoever waits for them may be
    cancelled without harm to: cancelling a load aborts it.  A model that another one has replaced
    is closed when nobody uses it any more.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        environ: Mapping[str, str],
        completion: Completion,
        choose: Choose | None = None,
        on_failed: Tell = _ignore,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._environ = environ
        self._completion = completion
        self._choose = choose_chat if choose is None else choose
        self._on_failed = on_failed
        self._found: Found | None = None
        self._own: Model | None = None
        self._looked_at = 0.0
        self._looking: SingleFlight[Found | None] = SingleFlight("looking for a model of actions")
        self._users: Counter[int] = Counter()
        self._retired: list[Model] = []

    @asynccontextmanager
    async def held(self) -> AsyncIterator[Found]:
        """The models to use up to the end of the block; loaded where they are there."""
        found = await self._ready()
        model = found.chat
        self._users[id(model)] += 1
        try:
            yield found
        finally:
            self._users[id(model)] -= 1
            await self._close_retired()

    def why_not(self, *, completes: bool) -> str | None:
        """Why there is no model, as the last look has found; None where one is there or nobody
        has looked.  `completes`: one that only completes will do.
        """
        found = self._found
        if found is None or not isinstance(found.chat, Status):
            return None
        if completes and not isinstance(found.completion, Status):
            return None
        return found.chat.message

    def failed(self, error: ModelError, model: Model) -> None:
        """Told by whoever asked a model in vain: it is looked for anew."""
        self._on_failed(error, model)
        self._found = None
        if model is self._own and fault_of(error, model.backend).gives_up:
            self._retire()

    async def configure(self, settings: Settings) -> None:
        """Works with other settings, which may mean another model."""
        if settings != self._settings:
            self._settings, self._found = settings, None
            self._retire()
            await self._close_retired()

    async def close(self) -> None:
        """Ends everything under way, and closes what is not that of completions."""
        await self._looking.give_up()
        self._found = None
        self._retire()
        self._users.clear()
        await self._close_retired()

    async def _ready(self) -> Found:
        completion = await self._completion()
        if self._found is not None and not self._is_due(self._found, completion):
            return self._found
        found = None
        while found is None:
            try:
                found = await self._looking.join(partial(self._look, completion))
            except ModelError as error:
                # The model is being restarted.
                return Found(status_of(error, about=_unknown(self._settings)), completion)
        return found

    def _is_due(self, found: Found, completion: Model | Status) -> bool:
        """Whether to look again: an action is asked for by hand, so that why there was no model is
        always looked at anew."""
        if isinstance(found.chat, Status) or found.completion is not completion:
            return True
        return self._clock.now() - self._looked_at >= LOOK_EVERY_S

    async def _look(self, completion: Model | Status) -> Found | None:
        """What there is; None where other settings have come meanwhile, which may mean another."""
        settings = self._settings
        self._looked_at = self._clock.now()
        chat = await self._chosen(settings, completion)
        if not isinstance(chat, Status) and chat is not completion:
            chat = await self._taken(chat)
        if chat is not self._own:
            self._retire()
        if not isinstance(chat, Status) and chat is not completion:
            self._own = chat
        self._found = Found(chat, completion) if settings is self._settings else None
        await self._close_retired()
        return self._found

    async def _chosen(self, settings: Settings, completion: Model | Status) -> Model | Status:
        try:
            return await self._choose(settings, self._environ, completion)
        except Exception as error:  # noqa: BLE001  An action says why, whatever a backend does.
            _log.exception("looking for a model of actions failed")
            surprise = ModelFailed(f"{type(error).__name__}: {error}")
            return status_of(surprise, about=_unknown(settings))

    async def _taken(self, model: Model) -> Model | Status:
        """The model, loaded; the one that is kept where it is the same."""
        if self._own is not None and _is_same(self._own, model):
            await model.close()
            return self._own
        try:
            error = await warmed(model)
        except asyncio.CancelledError:
            await model.close()
            raise
        if error is None:
            return model
        await model.close()
        return status_of(error, about=about(model))

    def _retire(self) -> None:
        if self._own is not None:
            self._retired.append(self._own)
            self._own = None

    async def _close_retired(self) -> None:
        unused = [model for model in self._retired if not self._users[id(model)]]
        self._retired = [model for model in self._retired if self._users[id(model)]]
        for model in unused:
            await model.close()


def _unknown(settings: Settings) -> Status:
    """What a status is about where not even the model is known."""
    return Status(State.ERROR, settings.backend, settings.chat_model, settings.host)


def _is_same(one: Model, other: Model) -> bool:
    return (one.backend, one.host, one.name) == (other.backend, other.host, other.name)


@asynccontextmanager
async def chat_once(
    settings: Settings, clock: Clock, environ: Mapping[str, str]
) -> AsyncIterator[ChatKeeper]:
    """A keeper for a single action, as on the command line; everything is closed at the end.

    The model of completions is chosen and not loaded: it may not be needed.
    """
    completion = await _chosen_for_completion(settings, environ)

    async def given() -> Model | Status:
        return completion

    keeper = ChatKeeper(settings, clock, environ, given, _loaded_choice)
    try:
        yield keeper
    finally:
        await keeper.close()
        if not isinstance(completion, Status):
            await completion.close()


async def _loaded_choice(
    settings: Settings, environ: Mapping[str, str], completion: Model | Status
) -> Model | Status:
    """The choice; where it is the model of completions, nobody else has loaded that."""
    chat = await choose_chat(settings, environ, completion)
    if isinstance(chat, Status) or chat is not completion:
        return chat
    error = await warmed(chat)
    return chat if error is None else status_of(error, about=about(chat))


async def _chosen_for_completion(settings: Settings, environ: Mapping[str, str]) -> Model | Status:
    try:
        return await choose(settings, environ)
    except ModelError as error:
        unknown = Status(State.ERROR, settings.backend, settings.model, settings.host)
        return status_of(error, about=unknown)
