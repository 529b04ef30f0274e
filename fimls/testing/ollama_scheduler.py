"""Which models a fake Ollama has in memory: loading, reloading, expiry (`ollama.md` §0.6, §1.9)."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from fimls.testing.ollama_replies import timestamp
from fimls.testing.ollama_request import Refusal
from fimls.testing.runner import Runner, Served

if TYPE_CHECKING:
    from fimls.testing.clock import Clock
    from fimls.testing.ollama_models import FakeModel
    from fimls.testing.ollama_request import Request
    from fimls.testing.runner import Pace

# Ollama unloads a model that nobody used for this long, unless a request says otherwise.
_KEEP_ALIVE_S: Final = 300.0

# Far enough for "never", and still a year that can be written.
_FOR_EVER_S: Final = 100 * 365 * 86_400.0

_BUSY: Final = "server busy, please try again.  maximum pending requests exceeded"


@dataclass
class Loaded:
    """A model in memory, and what its runner was started with."""

    model: FakeModel
    runner: Runner
    key: tuple[object, ...]
    context_tokens: int
    keep_alive_s: float = _KEEP_ALIVE_S
    users: int = 0
    used_s: float = 0.0

    @property
    def expires_s(self) -> float:
        """When it is unloaded if nobody uses it."""
        return self.used_s + min(self.keep_alive_s, _FOR_EVER_S)

    def listed(self) -> dict[str, object]:
        """Its entry in `/api/ps`."""
        return {
            "name": self.model.name,
            "model": self.model.name,
            "size": self.model.size,
            "digest": self.model.digest,
            "details": self.model.details,
            "expires_at": timestamp(self.expires_s),
            "size_vram": 0,
            "context_length": self.context_tokens,
        }


@dataclass
class Scheduler:
    """Loads models one after the other, and again when a request wants another runner."""

    clock: Clock
    pace: Pace
    saves_prompts: bool = True
    max_queue: int = 512
    max_loaded: int = 3
    loads: int = 0
    """Loads that were begun."""
    reloads: int = 0
    """Of those, the ones of a model that was there, but was started otherwise."""
    aborted_loads: int = 0
    """Loads that were given up because the client had left."""
    _loaded: dict[str, Loaded] = field(default_factory=dict)
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock)
    _pending: int = 0

    @property
    def in_memory(self) -> list[Loaded]:
        """The models that are loaded now."""
        self._expire()
        return list(self._loaded.values())

    async def ready(self, model: FakeModel, request: Request) -> Loaded | Refusal:
        """The loaded model, started as the request wants it, and used once more."""
        held = self._fitting(model, request)
        if held is None:
            if self._pending >= self.max_queue:
                return Refusal(503, {"error": _BUSY})
            held = await self._in_turn(model, request)
        held.users += 1
        if request.keep_alive_s is not None:
            held.keep_alive_s = request.keep_alive_s
        return held

    def release(self, held: Loaded) -> None:
        """A request does not use the model any more."""
        held.users -= 1
        held.used_s = self.clock.now()
        self._expire()

    def unload(self, model: FakeModel) -> None:
        """Takes a model out of memory."""
        self._loaded.pop(model.digest, None)

    async def _in_turn(self, model: FakeModel, request: Request) -> Loaded:
        self._pending += 1
        try:
            async with self._loading:
                return self._fitting(model, request) or await self._load(model, request)
        finally:
            self._pending -= 1

    def _fitting(self, model: FakeModel, request: Request) -> Loaded | None:
        self._expire()
        held = self._loaded.get(model.digest)
        return held if held is not None and held.key == request.runner_key else None

    async def _load(self, model: FakeModel, request: Request) -> Loaded:
        old = self._loaded.get(model.digest)
        if old is not None:
            # Whoever is being served by the old runner is served to the end.
            async with old.runner.slot(Served[Any](request)):
                self.reloads += 1
                self._loaded.pop(model.digest, None)
        self.loads += 1
        try:
            await self.clock.sleep(self.pace.load_s)
        except asyncio.CancelledError:
            self.aborted_loads += 1
            raise
        self._make_room()
        runner = Runner(self.clock, self.pace, saves_prompts=self.saves_prompts)
        context = min(request.context_tokens, model.context_length)
        held = Loaded(model, runner, request.runner_key, context, used_s=self.clock.now())
        self._loaded[model.digest] = held
        return held

    def _make_room(self) -> None:
        idle = sorted((h for h in self._loaded.values() if not h.users), key=lambda h: h.used_s)
        for held in idle[: max(len(self._loaded) + 1 - self.max_loaded, 0)]:
            self.unload(held.model)

    def _expire(self) -> None:
        for held in list(self._loaded.values()):
            if not held.users and self._is_over(held):
                self.unload(held.model)

    def _is_over(self, held: Loaded) -> bool:
        return not math.isinf(held.keep_alive_s) and self.clock.now() >= held.expires_s
