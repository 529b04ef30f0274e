"""The model of a session: found, loaded, shown in the status, looked for anew, exchanged.

Looking and loading are tasks of the session's own: whoever waits for them may be cancelled by the
next key without harm (cancelling a load aborts it: `ollama.md` §0.6).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from fimls.clock import within
from fimls.errors import ModelError, ModelFailed
from fimls.models import choose as choosing
from fimls.models.single_flight import SingleFlight
from fimls.models.standing import about as about_model
from fimls.models.standing import standing
from fimls.models.status import SWITCHED_OFF, State, Status, fault_of, status_of
from fimls.models.unfit import Unfit
from fimls.models.warming import warmed
from fimls.settings import Effect, Settings, effects

if TYPE_CHECKING:
    from fimls.clock import Clock
    from fimls.models.protocol import Model

Choose = Callable[[Settings, Mapping[str, str], Collection[str]], Awaitable["Model | Status"]]
"""Finds a model by settings and environment; the names are of models that could not be loaded."""

Better = Callable[
    [Settings, Mapping[str, str], "Model", Collection[str]], Awaitable["Model | None"]
]
"""Finds one that is preferred over the model in use; otherwise as `Choose`."""

LOOK_WAIT_S = 0.4
"""How long a request waits for a look: with no model it is answered in under 500 ms (contract)."""

LOOK_EVERY_S = 10.0
"""How often a condition that may end is looked at by itself (contract §2)."""

# A model that another has replaced is closed only then: a request that was given it a moment ago
# may still be about to use it, and none takes longer than its time-out (15 s).
_RETIRE_AFTER_S = 20.0

_log = logging.getLogger(__name__)


class Session:
    """Keeps one model ready for all requests of a session.

    `choose` finds the model, `better` one that is preferred over that; whoever chooses otherwise
    and gives no `better` of its own stays with what it has chosen.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        environ: Mapping[str, str],
        on_status: Callable[[Status], None],
        choose: Choose = choosing.choose,
        better: Better | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._environ = environ
        self._on_status = on_status
        self._unfit = Unfit(clock)
        self._choose = choose
        self._better = better or (choosing.better if choose is choosing.choose else _nothing)
        self._model: Model | None = None
        self._warm = False
        self._busy = False
        self._trouble: Status | None = None
        self._told: Status | None = None
        self._looked_at: float | None = None
        self._looking: SingleFlight[None] = SingleFlight("looking for a model")
        self._loading: SingleFlight[None] = SingleFlight("loading a model")
        self._moving: SingleFlight[None] = SingleFlight("looking for a better model")
        self._successor: Model | None = None
        self._retired: dict[asyncio.Task[None], Model] = {}

    @property
    def status(self) -> Status:
        """Where things stand."""
        if not self._settings.enabled:
            return SWITCHED_OFF
        if self._model is None:
            return self._trouble or Status(State.STARTING, message="looking for a model")
        if not self._warm:
            about = about_model(self._model)
            return replace(about, state=State.STARTING, message=f"loading {about.model}")
        ready = standing(self._model, self._settings, self._unfit.reason)
        if self._busy:
            return replace(ready, state=State.BUSY)
        return self._trouble or ready

    def start(self) -> None:
        """Begins to look for a model and to load it, without waiting."""
        if self._settings.enabled and self._model is None:
            self._look_anew(explicit=True)
        self._tell()

    async def ready(self, *, explicit: bool) -> Model | Status:
        """The loaded model, or why there is none.

        Waits for a look for `LOOK_WAIT_S` at the most, and for a load as long as it takes.
        """
        if not self._settings.enabled:
            return self.status
        if self._model is None:
            self._look_anew(explicit=explicit)
            await self._wait_for_look()
            # What has been found a moment ago is the best that there is.
            return await self._loaded(explicit=False)
        return await self._loaded(explicit=explicit)

    def at_once(self, *, explicit: bool) -> Model | None:
        """The loaded model, where nothing has to be waited for; else `ready` has to be asked.

        Nearly every key of a session comes here, and a task for it would take 0.2 ms.
        """
        if not (self._settings.enabled and self._warm):
            return None
        self._look_for_better(explicit=explicit)
        self._move()
        return self._model

    async def settled(self) -> Model | Status:
        """As `ready`, for callers who would rather wait for a look to end, however long."""
        self.start()
        await self._looking.ended()
        return await self._loaded(explicit=False)

    def look(self) -> None:
        """Told that a model may have come: looks for it at once, without waiting."""
        self._unfit.forget()
        self.start()
        if self._settings.enabled:
            self._look_for_better(explicit=True)

    def failed(self, error: ModelError, model: Model | None = None) -> None:
        """Told by whoever asked the model in vain; the status says so, by the kind of error.

        The fault of a `model` that has been replaced meanwhile is none of the present one's.
        """
        if self._model is None or model not in (None, self._model):
            return
        self._blame(self._model, error)
        self._tell()

    def worked(self) -> None:
        """Told when the model has answered: whatever was wrong is over."""
        if self._model is not None and self._trouble is not None:
            self._trouble = None
            self._tell()

    def busy(self, flag: bool) -> None:
        """Told when the model begins and ends to work on a request."""
        self._busy = flag
        self._move()
        self._tell()

    async def configure(self, settings: Settings) -> None:
        """Takes new settings; the model is looked for anew where they speak of it."""
        old, self._settings = self._settings, settings
        if Effect.RESTART_MODEL in effects(old, settings):
            await self.restart()
        elif settings.enabled:
            self.start()
        self._tell()

    async def restart(self) -> None:
        """Gives up the model and everything under way, and looks for one anew."""
        await self.close()
        self._unfit.forget()
        self._looked_at = None
        self.start()

    async def close(self) -> None:
        """Ends everything under way, and closes the model."""
        models = [*self._retired.values(), self._model, self._successor]
        retiring = list(self._retired)
        self._model = self._successor = self._trouble = None
        self._warm = False
        # All are cancelled before any is waited for: one that goes on meanwhile may find a model.
        ends = [each.give_up() for each in (self._looking, self._loading, self._moving)]
        for closing in retiring:
            closing.cancel()
        await asyncio.gather(*ends, *retiring, return_exceptions=True)
        for model in [model for model in models if model is not None]:
            await model.close()

    # Looking.

    def _look_anew(self, *, explicit: bool) -> None:
        if not self._looking.is_under_way and (explicit or self._is_due()):
            self._looking.begin(self._look)
        self._tell()

    def _is_due(self) -> bool:
        if self._looked_at is None:
            return True
        return self._clock.now() - self._looked_at >= LOOK_EVERY_S

    async def _wait_for_look(self) -> None:
        if (look := self._looking.task) is not None:
            await within(self._clock, LOOK_WAIT_S, look)

    async def _look(self) -> None:
        # From its beginning: what hangs has had its time when the look ends.
        self._looked_at = self._clock.now()
        found = await self._find()
        if isinstance(found, Status):
            self._trouble = found
        elif self._model is not None:
            # A better one has come into place meanwhile.
            await found.close()
        else:
            self._model, self._warm, self._trouble = found, False, None
            await self._loading.give_up()
            self._loading.begin(partial(self._warm_up, found))
        self._tell()

    async def _find(self) -> Model | Status:
        settings = self._settings
        about = Status(State.ERROR, settings.backend, settings.model, settings.host)
        try:
            return await self._choose(settings, self._environ, self._unfit.names)
        except ModelError as error:
            return status_of(error, about=about)
        except Exception as error:  # noqa: BLE001  The session goes on, whatever a backend does.
            _log.exception("looking for a model failed")
            return status_of(ModelFailed(f"{type(error).__name__}: {error}"), about=about)

    # Loading.

    async def _loaded(self, *, explicit: bool) -> Model | Status:
        if self._model is None:
            return self.status
        self._look_for_better(explicit=explicit)
        self._move()
        await self._loading.ended()
        return self._model if self._model is not None and self._warm else self.status

    async def _warm_up(self, model: Model) -> None:
        error = await warmed(model)
        if model is not self._model:
            return
        if error is None:
            self._warm = True
            self._unfit.pardon(model)
        else:
            self._looked_at = self._clock.now()
            if isinstance(error, ModelFailed):
                # All else is about the server, and no other model of it would do better.
                self._unfit.note(model, error)
            self._blame(model, error, gives_up=True)
        self._tell()

    def _blame(self, model: Model, error: ModelError, *, gives_up: bool = False) -> None:
        self._trouble = status_of(error, about=about_model(model))
        if gives_up or fault_of(error, model.backend).gives_up:
            self._model, self._warm = None, False
            self._retire(model, after_s=0.0)

    # Moving to a better model, where one appears.

    def _look_for_better(self, *, explicit: bool) -> None:
        model = self._model
        if model is None or not self._warm or self._successor is not None:
            return
        if not (explicit or self._is_due()):
            return
        if not self._moving.is_under_way:
            self._looked_at = self._clock.now()
            self._moving.begin(partial(self._prepare_successor, model))

    async def _prepare_successor(self, model: Model) -> None:
        found = await self._preferred(model)
        if found is None:
            return
        try:
            error = await warmed(found)
        except asyncio.CancelledError:
            await found.close()
            raise
        if error is not None:
            _log.info("%s is preferred, but could not be loaded: %s", found.name, error)
            self._unfit.note(found, error)
            self._tell()
        if error is not None or model is not self._model:
            await found.close()
            return
        self._successor = found
        self._move()
        self._tell()

    async def _preferred(self, model: Model) -> Model | None:
        try:
            return await self._better(self._settings, self._environ, model, self._unfit.names)
        except Exception:  # noqa: BLE001  The session goes on, whatever a backend does.
            _log.exception("looking for a better model failed")
            return None

    def _move(self) -> None:
        if self._successor is None or self._busy:
            return
        old, self._model, self._successor = self._model, self._successor, None
        self._warm, self._trouble = True, None
        if self._model is not None:
            self._unfit.pardon(self._model)
        if old is not None:
            self._retire(old, after_s=_RETIRE_AFTER_S)

    def _retire(self, model: Model, *, after_s: float) -> None:
        closing = asyncio.ensure_future(self._close_later(model, after_s))
        self._retired[closing] = model
        closing.add_done_callback(lambda task: self._retired.pop(task, None))

    async def _close_later(self, model: Model, after_s: float) -> None:
        await self._clock.sleep(after_s)
        await model.close()

    def _tell(self) -> None:
        if (status := self.status) != self._told:
            self._told = status
            self._on_status(status)


async def _nothing(
    _settings: Settings, _environ: Mapping[str, str], _model: Model, _unfit: Collection[str]
) -> None:
    """Nothing is better than what was chosen."""
