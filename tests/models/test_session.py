"""The session: finds, loads, loses, finds again and exchanges a model, on a clock of ours."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fimls.errors import (
    ModelBusy,
    ModelError,
    ModelFailed,
    ModelMissing,
    ModelRefused,
    StreamBroken,
    Unreachable,
)
from fimls.models.families import FAMILIES
from fimls.models.protocol import Capabilities, Chat, Generation, Piece
from fimls.models.session import LOOK_EVERY_S, LOOK_WAIT_S, Session
from fimls.models.status import State, Status
from fimls.settings import Settings
from fimls.testing.clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Mapping, Sequence

    from fimls.models.protocol import Model

OFFLINE = Status(State.OFFLINE, message="nothing is there", fix="bring something")
ON_OLLAMA = Settings(backend="ollama")


class FakeModel:
    """A model that loads when it is let, or fails to; `fills` in the middle where it is to."""

    def __init__(
        self, name: str = "codellama:7b-code", backend: str = "ollama", *, fills: bool = True
    ) -> None:
        self.name = name
        self.backend = backend
        self.host = "http://127.0.0.1:11434"
        family = FAMILIES["codellama"] if fills else None
        self.capabilities = Capabilities(family=family, context_tokens=4096)
        self.may_load = asyncio.Event()
        self.may_load.set()
        self.error: ModelError | None = None
        self.loads = 0
        self.cancelled = 0
        self.closings = 0

    async def warm_up(self) -> None:
        self.loads += 1
        try:
            await self.may_load.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.error is not None:
            raise self.error

    async def close(self) -> None:
        self.closings += 1

    async def generate(self, request: Generation) -> AsyncGenerator[Piece, None]:
        yield Piece(request.prompt)

    async def chat(self, request: Chat) -> AsyncGenerator[Piece, None]:
        yield Piece(request.messages[0].content)


class SlowlyClosed(FakeModel):
    """Takes some turns of the event loop to close; cut short, it is not closed."""

    async def close(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)
        await super().close()


class World:
    """What can be found, a session that looks for it, and all statuses that it told.

    `better` is what is preferred over what was found, one after the other, and then nothing is;
    never one that could not be loaded.  `unfit` are the names of such in each look.
    """

    def __init__(
        self,
        *found: FakeModel | Status | Exception,
        settings: Settings = ON_OLLAMA,
        better: Sequence[FakeModel | Exception | None] = (),
    ) -> None:
        self.found = list(found)
        self.preferred = list(better)
        self.compared: list[str] = []
        self.looks: list[str] = []
        self.unfit: list[Collection[str]] = []
        self.may_look = asyncio.Event()
        self.may_look.set()
        self.told: list[Status] = []
        self.clock = VirtualClock()
        self.session = Session(settings, self.clock, {}, self.told.append, self.choose, self.better)

    async def choose(
        self, settings: Settings, environ: Mapping[str, str], unfit: Collection[str]
    ) -> FakeModel | Status:
        assert environ == {}
        self.looks.append(settings.backend)
        self.unfit.append(unfit)
        await self.may_look.wait()
        found = self.found.pop(0) if len(self.found) > 1 else self.found[0]
        if isinstance(found, Exception):
            raise found
        return found

    async def better(
        self,
        _settings: Settings,
        environ: Mapping[str, str],
        current: Model,
        unfit: Collection[str],
    ) -> FakeModel | None:
        assert environ == {}
        self.compared.append(current.name)
        found = self.preferred.pop(0) if self.preferred else None
        if isinstance(found, Exception):
            raise found
        return None if found is not None and found.name in unfit else found

    @property
    def states(self) -> list[str]:
        return [status.state.value for status in self.told]

    async def ready(self, *, explicit: bool = False) -> FakeModel | Status:
        answer = await self.session.ready(explicit=explicit)
        assert isinstance(answer, FakeModel | Status)
        return answer


async def test_a_model_is_found_loaded_and_kept() -> None:
    model = FakeModel()
    world = World(model)
    assert world.session.status.state is State.STARTING
    assert await world.ready() is model
    assert await world.ready(explicit=True) is model
    assert (world.looks, model.loads) == (["ollama"], 1)
    assert [(status.state.value, status.message) for status in world.told] == [
        ("starting", "looking for a model"),
        ("starting", "loading codellama:7b-code"),
        ("ready", ""),
    ]
    assert world.told[-1] == world.session.status
    assert world.told[-1].local
    await world.session.close()
    assert model.closings == 1


async def test_start_does_not_wait() -> None:
    model = FakeModel()
    world = World(model)
    world.session.start()
    assert world.states == ["starting"]
    await world.clock.settle()
    assert world.states == ["starting", "starting", "ready"]
    assert await world.ready() is model


async def test_a_load_is_waited_for_and_outlives_who_waits() -> None:
    model = FakeModel()
    model.may_load.clear()
    world = World(model)
    first = asyncio.ensure_future(world.ready())
    await world.clock.advance(60)
    assert not first.done()
    # The user types on: the request is cancelled, the load is not.
    first.cancel()
    second = asyncio.ensure_future(world.ready())
    await world.clock.settle()
    model.may_load.set()
    assert await second is model
    assert (model.loads, model.cancelled) == (1, 0)
    await world.session.close()


async def test_a_look_is_waited_for_only_so_long() -> None:
    model = FakeModel()
    world = World(model)
    world.may_look.clear()
    first = asyncio.ensure_future(world.ready())
    await world.clock.advance(LOOK_WAIT_S - 0.01)
    assert not first.done()
    await world.clock.advance(0.01)
    assert (await first) == Status(State.STARTING, message="looking for a model")
    # The look goes on; who asks next waits for the same one.
    second = asyncio.ensure_future(world.ready(explicit=True))
    await world.clock.settle()
    world.may_look.set()
    assert await second is model
    assert len(world.looks) == 1
    await world.session.close()


async def test_who_has_time_waits_for_the_look() -> None:
    model = FakeModel()
    world = World(model)
    world.may_look.clear()
    waiting = asyncio.ensure_future(world.session.settled())
    await world.clock.advance(60)
    world.may_look.set()
    assert await waiting is model
    await world.session.close()


async def test_a_condition_is_looked_at_again_but_not_too_often() -> None:
    model = FakeModel()
    world = World(OFFLINE, OFFLINE, OFFLINE, model)
    assert await world.ready() == OFFLINE
    assert await world.ready() == OFFLINE
    await world.clock.advance(LOOK_EVERY_S - 0.1)
    assert await world.ready() == OFFLINE
    assert len(world.looks) == 1
    await world.clock.advance(0.1)
    assert await world.ready() == OFFLINE
    assert len(world.looks) == 2
    # The user asks by a key.
    assert await world.ready(explicit=True) == OFFLINE
    assert len(world.looks) == 3
    assert await world.ready(explicit=True) is model
    # It was told once, although it was found three times.
    assert world.states == ["starting", "offline", "starting", "ready"]
    await world.session.close()


async def test_a_look_that_hangs_is_followed_by_another_at_once() -> None:
    model = FakeModel()
    world = World(OFFLINE, model)
    world.may_look.clear()
    assert isinstance(await world.clock.drive(asyncio.ensure_future(world.ready())), Status)
    await world.clock.advance(LOOK_EVERY_S)
    world.may_look.set()
    await world.clock.settle()
    assert await world.ready() is model
    await world.session.close()


@pytest.mark.parametrize(
    ("error", "state", "word", "looks_again"),
    [
        # The server has been stopped.
        (Unreachable("nothing answers"), State.OFFLINE, "ollama serve", True),
        # `ollama rm` in another window.
        (ModelMissing("not found"), State.OFFLINE, "ollama pull codellama:7b-code", True),
        # Another program takes the graphics card's memory.
        (ModelFailed("out of memory"), State.ERROR, "smaller", True),
        (ModelBusy("please try again"), State.ERROR, "again", True),
        # The next request may well be answered: the model is not given up.
        (ModelRefused("too long"), State.ERROR, "settings", False),
        (StreamBroken("broke off"), State.ERROR, "again", False),
        # A kind that the table does not know.
        (ModelError("odd"), State.ERROR, "restart", True),
    ],
)
async def test_a_failed_request(
    error: ModelError,
    state: State,
    word: str,
    looks_again: bool,
) -> None:
    old, new = FakeModel(), FakeModel()
    world = World(old, new)
    await world.ready()
    world.session.busy(True)
    world.session.failed(error)
    world.session.busy(False)
    await world.clock.settle()
    assert (world.session.status.state, world.session.status.message) == (state, str(error))
    assert word in (world.session.status.fix or "")
    assert old.closings == looks_again
    await world.clock.advance(LOOK_EVERY_S)
    assert await world.ready() is (new if looks_again else old)
    world.session.worked()
    assert world.session.status.state is State.READY
    await world.session.close()


async def test_a_load_that_fails() -> None:
    broken, whole = FakeModel(), FakeModel()
    broken.error = ModelFailed("Ollama could not load it: out of memory")
    world = World(broken, whole)
    answer = await world.ready()
    assert isinstance(answer, Status)
    assert (answer.state, answer.message) == (State.ERROR, str(broken.error))
    assert answer.command is not None
    await world.clock.settle()
    assert broken.closings == 1
    # It is not loaded again with every key.
    assert await world.ready() == answer
    await world.clock.advance(LOOK_EVERY_S)
    assert await world.ready() is whole
    await world.session.close()


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (Unreachable("nothing answers"), "nothing answers"),
        # A fault of ours: said, logged, survived.
        (ValueError("odd"), "ValueError: odd"),
    ],
)
async def test_a_look_that_fails(error: Exception, message: str) -> None:
    model = FakeModel()
    world = World(error, model)
    answer = await world.ready()
    assert isinstance(answer, Status)
    assert answer.message == message
    assert await world.ready(explicit=True) is model
    await world.session.close()


async def test_what_nobody_has_to_wait_for() -> None:
    model = FakeModel()
    model.may_load.clear()
    world = World(model)
    waiting = asyncio.ensure_future(world.ready())
    await world.clock.settle()
    # It is loading.
    assert world.session.at_once(explicit=True) is None
    model.may_load.set()
    assert await waiting is model
    assert world.session.at_once(explicit=False) is model
    await world.session.configure(replace(ON_OLLAMA, enabled=False))
    assert world.session.at_once(explicit=True) is None
    await world.session.close()


async def test_who_is_answered_at_once_has_a_better_model_looked_for() -> None:
    small, big = FakeModel("smollm2-135m"), FakeModel()
    world = World(small, better=[big])
    assert await world.ready() is small
    assert world.session.at_once(explicit=True) is small
    await world.clock.settle()
    assert world.session.at_once(explicit=False) is big
    await world.session.close()


async def test_busy_is_told_once_each() -> None:
    world = World(FakeModel())
    await world.ready()
    world.told.clear()
    for flag in (True, True, False, False, True, False):
        world.session.busy(flag)
    assert world.states == ["busy", "ready", "busy", "ready"]
    world.session.failed(StreamBroken("broke off"))
    world.session.busy(True)
    world.session.busy(False)
    # What went wrong is shown until something works.
    assert world.states[4:] == ["error", "busy", "error"]
    await world.session.close()


class TestAModelThatCannotBeLoaded:
    """Another one is taken for a while, where there is one."""

    async def test_another_is_taken(self) -> None:
        big, small = FakeModel(), FakeModel("starcoder2:3b")
        big.error = ModelFailed("out of memory")
        world = World(big, small)
        assert isinstance(await world.ready(), Status)
        await world.clock.advance(LOOK_EVERY_S)
        assert await world.ready() is small
        assert world.unfit == [frozenset(), {big.name}]
        # Why it is not the other one is told once as trouble, and then beside the one in use.
        said = "out of memory; starcoder2:3b is used instead"
        assert world.states == ["starting", "starting", "error", "starting", "ready"]
        assert (world.told[-1].model, world.told[-1].message) == ("starcoder2:3b", said)
        assert world.told[-1].fix
        await world.session.close()

    async def test_there_is_no_other(self) -> None:
        model = FakeModel()
        model.error = ModelFailed("out of memory")
        world = World(model)
        for _ in range(3):
            assert isinstance(await world.ready(), Status)
            await world.clock.advance(LOOK_EVERY_S)
        model.error = None
        assert await world.ready() is model
        # What stood in the way is gone.
        assert (model.loads, world.told[-1].message) == (4, "")
        await world.session.restart()
        assert await world.ready() is model
        assert world.unfit[-1] == frozenset()
        await world.session.close()

    @pytest.mark.parametrize(
        "error", [Unreachable("gone"), ModelBusy("busy"), ModelRefused("wrong key")]
    )
    async def test_what_is_wrong_is_the_server(self, error: ModelError) -> None:
        model = FakeModel()
        model.error = error
        world = World(model)
        assert isinstance(await world.ready(), Status)
        await world.ready(explicit=True)
        assert world.unfit == [frozenset(), frozenset()]
        await world.session.close()


class TestABetterModelAppears:
    """The session moves to it at a moment without a request."""

    settings = Settings(backend="auto")

    async def test_it_moves(self) -> None:
        small, big = FakeModel("smollm2-135m", "embedded", fills=False), FakeModel()
        big.may_load.clear()
        world = World(small, settings=self.settings, better=[None, big])
        assert await world.ready() is small
        # Looked for on requests only, and every 10 s.
        await world.clock.advance(LOOK_EVERY_S)
        assert world.compared == []
        assert await world.ready() is small
        await world.clock.settle()
        assert await world.ready() is small
        assert world.compared == ["smollm2-135m"]
        await world.clock.advance(LOOK_EVERY_S)
        assert await world.ready() is small
        await world.clock.settle()
        assert world.compared == ["smollm2-135m"] * 2
        # While the big one loads, the small one goes on.
        assert await world.ready(explicit=True) is small
        assert len(world.compared) == 2
        world.session.busy(True)
        big.may_load.set()
        await world.clock.settle()
        assert await world.ready(explicit=True) is small
        assert len(world.compared) == 2
        world.session.busy(False)
        assert await world.ready() is big
        assert small.closings == 0
        await world.clock.advance(60)
        assert small.closings == 1
        assert world.states == ["starting", "starting", "ready", "busy", "ready"]
        assert (world.told[-1].model, world.told[-1].message) == ("codellama:7b-code", "")
        await world.session.close()

    async def test_who_asks_by_a_key_does_not_wait_for_the_next_look(self) -> None:
        small, big = FakeModel("llama3:8b", fills=False), FakeModel()
        big.may_load.clear()
        world = World(small, better=[big])
        # What was found a moment ago is compared with nothing.
        assert await world.ready(explicit=True) is small
        assert await world.ready() is small
        assert world.compared == []
        assert await world.ready(explicit=True) is small
        await world.clock.settle()
        assert world.compared == ["llama3:8b"]
        big.may_load.set()
        await world.clock.settle()
        assert await world.ready() is big
        await world.session.close()

    async def test_told_that_one_has_come_it_looks_at_once(self) -> None:
        small, big = FakeModel("llama3:8b", fills=False), FakeModel()
        world = World(small, better=[big])
        await world.ready()
        world.session.look()
        await world.clock.settle()
        assert await world.ready() is big
        await world.session.close()

    async def test_told_that_the_missing_one_has_come(self) -> None:
        model = FakeModel()
        world = World(OFFLINE, model)
        assert await world.ready() == OFFLINE
        world.session.look()
        await world.clock.settle()
        assert (len(world.looks), world.session.status.state) == (2, State.READY)
        await world.session.close()

    async def test_one_that_cannot_be_loaded_changes_nothing(self) -> None:
        small, big = FakeModel("smollm2-135m", "embedded", fills=False), FakeModel()
        big.error = ModelFailed("out of memory")
        world = World(small, settings=self.settings, better=[big] * 9)
        await world.ready()
        await world.clock.advance(LOOK_EVERY_S)
        await world.ready()
        await world.clock.settle()
        assert await world.ready() is small
        assert (big.loads, big.closings) == (1, 1)
        # The user is told why, and goes on.
        said = "out of memory; smollm2-135m is used instead"
        assert (world.told[-1].state, world.told[-1].message) == (State.READY, said)
        # Each try takes memory from the model in use, so it is not tried with every look.
        for _ in range(5):
            await world.clock.advance(LOOK_EVERY_S)
            assert await world.ready(explicit=True) is small
            await world.clock.settle()
        assert (big.loads, big.closings) == (1, 1)
        await world.clock.advance(300)
        await world.ready()
        await world.clock.settle()
        assert big.loads == 2
        # Who has done something about it says so.
        big.error = None
        world.session.look()
        await world.clock.settle()
        assert await world.ready() is big
        assert set(world.states) == {"starting", "ready"}
        assert world.told[-1].message == ""
        await world.session.close()

    async def test_a_look_that_fails_changes_nothing(self) -> None:
        small = FakeModel("llama3:8b", fills=False)
        world = World(small, better=[ValueError("odd")])
        await world.ready()
        assert await world.ready(explicit=True) is small
        await world.clock.settle()
        assert await world.ready() is small
        await world.session.close()

    async def test_the_model_in_use_is_lost_on_the_way(self) -> None:
        small, big, other = FakeModel("llama3:8b", fills=False), FakeModel(), FakeModel("other")
        big.may_load.clear()
        world = World(small, other, better=[big])
        await world.ready()
        await world.ready(explicit=True)
        await world.clock.settle()
        world.session.failed(ModelMissing("gone"))
        assert await world.ready(explicit=True) is other
        big.may_load.set()
        await world.clock.settle()
        # It was compared with what is no longer in use.
        assert await world.ready() is other
        assert big.closings == 1
        await world.session.close()

    async def test_closing_on_the_way_leaves_nothing_open(self) -> None:
        small, big = FakeModel("smollm2-135m", "embedded", fills=False), FakeModel()
        world = World(small, settings=self.settings, better=[big])
        await world.ready()
        await world.clock.advance(LOOK_EVERY_S)
        await world.ready()
        world.session.busy(True)
        await world.clock.settle()
        await world.session.close()
        assert (small.closings, big.closings) == (1, 1)

    async def test_closing_while_the_better_one_has_just_been_loaded(self) -> None:
        small, big = FakeModel("smollm2-135m", "embedded", fills=False), SlowlyClosed()
        big.may_load.clear()
        world = World(small, settings=self.settings, better=[big])
        await world.ready()
        await world.clock.advance(LOOK_EVERY_S)
        await world.ready()
        await world.clock.settle()
        big.may_load.set()
        await world.session.close()
        assert (small.closings, big.closings) == (1, 1)

    async def test_whoever_chooses_otherwise_stays_with_it(self) -> None:
        model = FakeModel("llama3:8b", fills=False)
        world = World(model)
        session = Session(ON_OLLAMA, world.clock, {}, world.told.append, world.choose)
        assert await session.ready(explicit=True) is model
        assert await session.ready(explicit=True) is model
        await world.clock.settle()
        assert await session.ready(explicit=True) is model
        await session.close()


@pytest.mark.parametrize(
    ("backend", "settings", "fix", "command"),
    [
        ("ollama", ON_OLLAMA, "run `ollama pull codellama:7b-code`", "codellama:7b-code"),
        # The user has named another: pulling alone would not bring it into use.
        (
            "ollama",
            replace(ON_OLLAMA, model="llama3:8b"),
            "run `ollama pull codellama:7b-code` and set `model` to codellama:7b-code",
            "codellama:7b-code",
        ),
        (
            "embedded",
            Settings(),
            "install Ollama and run `ollama pull codellama:7b-code`",
            None,
        ),
        ("embedded", Settings(backend="embedded"), "and set `backend` to auto", None),
        ("openai", Settings(backend="openai"), "serve a model that fills in the middle", None),
    ],
)
async def test_a_model_without_the_middle_says_so(
    backend: str, settings: Settings, fix: str, command: str | None
) -> None:
    model = FakeModel("llama3:8b", backend, fills=False)
    world = World(model, settings=settings)
    await world.ready()
    status = world.told[-1]
    assert (status.state, status.condition) == (State.READY, "")
    assert status.message == "llama3:8b goes on from the text before the cursor only"
    assert fix in (status.fix or "")
    assert (status.command and status.command.arguments) == (command and (command,))
    # It is told while it works, too, or the status would flicker with every key.
    world.session.busy(True)
    assert (world.told[-1].state, world.told[-1].message) == (State.BUSY, status.message)
    # Real trouble comes first.
    world.session.failed(StreamBroken("broke off"))
    world.session.busy(False)
    assert world.told[-1].message == "broke off"
    await world.session.close()


async def test_switched_off_and_on() -> None:
    model = FakeModel()
    world = World(model)
    await world.ready()
    await world.session.configure(replace(ON_OLLAMA, enabled=False))
    answer = await world.ready(explicit=True)
    assert isinstance(answer, Status)
    assert answer.state is State.OFF
    await world.session.configure(ON_OLLAMA)
    assert await world.ready() is model
    assert (world.states, model.loads) == (["starting", "starting", "ready", "off", "ready"], 1)
    await world.session.close()


async def test_other_settings_bring_another_model() -> None:
    old, new = FakeModel(), FakeModel("codellama:13b-code")
    world = World(old, new)
    await world.ready()
    await world.session.configure(replace(ON_OLLAMA, model="codellama:13b-code"))
    assert old.closings == 1
    assert await world.ready() is new
    await world.session.close()


async def test_a_restart_ends_a_load() -> None:
    old, new = FakeModel(), FakeModel()
    old.may_load.clear()
    world = World(old, new)
    waiting = asyncio.ensure_future(world.ready())
    await world.clock.settle()
    await world.session.restart()
    assert (old.cancelled, old.closings) == (1, 1)
    await waiting
    assert await world.ready() is new
    await world.session.close()
