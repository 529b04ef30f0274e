"""Models that are pulled, removed or cannot be loaded any more are noticed without a restart."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fimls.errors import ModelError
from fimls.models.protocol import Generation
from fimls.models.session import LOOK_EVERY_S, Session
from fimls.models.status import State, Status
from fimls.models.unfit import UNFIT_FOR_S
from fimls.settings import Settings
from fimls.testing.clock import VirtualClock
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.faults import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from fimls.models.protocol import Model

OLLAMA = Settings(backend="ollama")
PREFERRED = "codellama:7b-code"


class Typist:
    """Asks for completions as the engine does, and tells the session how that went."""

    def __init__(self, fake: FakeOllama, settings: Settings, folder: Path) -> None:
        environ = {"FIMLS_DATA_DIR": str(folder), "FIMLS_CACHE_DIR": str(folder)}
        self.fake = fake
        self.clock = VirtualClock()
        self.session = Session(settings, self.clock, environ, self._told)
        self._rings = asyncio.Event()

    async def asks(self, *, explicit: bool = False) -> str:
        """The name of the model that has answered, or why none did."""
        found = await self.session.ready(explicit=explicit)
        if isinstance(found, Status):
            return found.message
        self.session.busy(True)
        try:
            await _generate(found)
            self.session.worked()
        except ModelError as error:
            self.session.failed(error, found)
            return str(error)
        finally:
            self.session.busy(False)
        return found.name

    async def hears(self, words: str) -> Status:
        """The first status that has those words."""
        async with asyncio.timeout(20):
            while words not in self.session.status.message:
                self._rings.clear()
                await self._rings.wait()
        return self.session.status

    def _told(self, _status: Status) -> None:
        self._rings.set()

    async def types_until(self, name: str, *, explicit: bool = False) -> None:
        """Asks until that model answers; the virtual clock stands still meanwhile."""
        # Answers come over a real connection; a machine under load may take a while.
        async with asyncio.timeout(20):
            while await self.asks(explicit=explicit) != name:
                pass


async def _generate(model: Model) -> None:
    async with aclosing(model.generate(Generation("x = ", max_tokens=4))) as pieces:
        async for _ in pieces:
            pass


@asynccontextmanager
async def typing(
    settings: Settings, models: Sequence[str], folder: Path, *faults: Fault
) -> AsyncIterator[Typist]:
    async with FakeOllama(models=models, answer="1") as fake:
        for fault in faults:
            fake.fail_next(fault)
        typist = Typist(fake, replace(settings, host=fake.url), folder)
        try:
            await typist.session.settled()
            yield typist
        finally:
            await typist.session.close()


@pytest.mark.parametrize("explicit", [True, False])
async def test_removed_another_takes_over(tmp_path: Path, explicit: bool) -> None:
    async with typing(OLLAMA, [PREFERRED, "codellama:13b-code"], tmp_path) as typist:
        assert await typist.asks() == PREFERRED
        typist.fake.remove(PREFERRED)
        assert "is not installed" in await typist.asks(explicit=explicit)
        assert typist.session.status.state is State.OFFLINE
        if not explicit:
            await typist.clock.advance(LOOK_EVERY_S)
        await typist.types_until("codellama:13b-code", explicit=explicit)


async def test_removed_the_one_that_the_user_has_named(tmp_path: Path) -> None:
    named = replace(OLLAMA, model="codellama:13b-code")
    async with typing(named, [PREFERRED, "codellama:13b-code"], tmp_path) as typist:
        assert await typist.asks() == "codellama:13b-code"
        typist.fake.remove("codellama:13b-code")
        for _ in range(2):
            assert "is not installed" in await typist.asks(explicit=True)
            status = typist.session.status
            assert (status.state, status.model) == (State.OFFLINE, "codellama:13b-code")
            assert status.command is not None
            assert status.command.arguments == ("codellama:13b-code",)
        # It comes back.
        typist.fake.install("codellama:13b-code")
        await typist.types_until("codellama:13b-code", explicit=True)


async def test_too_large_another_takes_over_for_a_while(tmp_path: Path) -> None:
    async with typing(OLLAMA, ["llama3:8b", "starcoder2:3b"], tmp_path) as typist:
        assert await typist.asks() == "starcoder2:3b"
        # The better one is pulled, and the graphics card has no room for it.
        typist.fake.install(PREFERRED)
        typist.fake.fail_next(Fault.OUT_OF_MEMORY)
        typist.session.look()
        status = await typist.hears("is used instead")
        assert status.state is State.READY
        assert f"could not load {PREFERRED}" in status.message
        assert status.model == "starcoder2:3b"
        assert "free memory" in (status.fix or "")
        # It is left alone while nothing has changed, and tried again after a while.
        for _ in range(3):
            await typist.clock.advance(LOOK_EVERY_S)
            assert await typist.asks(explicit=True) == "starcoder2:3b"
        await typist.clock.advance(UNFIT_FOR_S)
        await typist.types_until(PREFERRED)
        assert typist.session.status.message == ""


async def test_too_large_from_the_beginning(tmp_path: Path) -> None:
    async with typing(
        OLLAMA, [PREFERRED, "starcoder2:3b"], tmp_path, Fault.OUT_OF_MEMORY
    ) as typist:
        assert f"could not load {PREFERRED}" in await typist.asks()
        assert typist.session.status.state is State.ERROR
        await typist.clock.advance(LOOK_EVERY_S)
        await typist.types_until("starcoder2:3b")
        assert typist.session.status.message.endswith("; starcoder2:3b is used instead")


@pytest.mark.parametrize(
    ("before", "pulled"),
    [
        # From a model that goes on from the prefix only to one that fills in the middle.
        ("llama3:8b", "starcoder2:3b"),
        # From any to the preferred one.
        ("starcoder2:3b", PREFERRED),
    ],
)
@pytest.mark.parametrize("how", ["by a key", "in time", "by fimls itself"])
async def test_pulled(tmp_path: Path, before: str, pulled: str, how: str) -> None:
    async with typing(OLLAMA, [before], tmp_path) as typist:
        assert await typist.asks() == before
        typist.fake.install(pulled)
        if how == "in time":
            assert await typist.asks() == before
            await typist.clock.advance(LOOK_EVERY_S)
        if how == "by fimls itself":
            typist.session.look()
        await typist.types_until(pulled, explicit=how == "by a key")
        # The old one is not loaded again, and nothing was broken off on the way.
        assert (typist.fake.loads, typist.fake.reloads, typist.fake.cancelled) == (2, 0, 0)


async def test_pulled_where_there_was_none(tmp_path: Path) -> None:
    async with typing(OLLAMA, [], tmp_path) as typist:
        assert "no model" in await typist.asks()
        typist.fake.install(PREFERRED)
        assert "no model" in await typist.asks()
        await typist.clock.advance(LOOK_EVERY_S)
        await typist.types_until(PREFERRED)
