"""The model of the actions, kept: chosen when needed, looked at again, closed when unused."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from fimls.errors import ModelFailed, Unreachable
from fimls.models import chat_keeping
from fimls.models.chat_keeping import ChatKeeper, chat_once
from fimls.models.protocol import Capabilities, End, Piece
from fimls.models.status import State, Status
from fimls.settings import Settings
from fimls.testing.clock import VirtualClock
from fimls.testing.scripted import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.models.protocol import Model

Scripted = ScriptedModel[Piece, Capabilities]

NOBODY = Status(State.OFFLINE, message="nobody is there")


def model(name: str, *, fails: bool = False) -> Scripted:
    """A model of that name."""
    loading = [ModelFailed("no memory")] if fails else []
    capabilities = Capabilities(None, 4096, can_chat=True)
    end = Piece("", end=End.STOP)
    return ScriptedModel(Piece, end, capabilities, loading=loading, name=name)


@dataclass
class Shop:
    """Gives the models that a keeper asks for, in their order; the last one again and again."""

    offers: list[Model | Status]
    completion: Model | Status = NOBODY
    looks: int = 0
    clock: VirtualClock = field(default_factory=VirtualClock)

    def keeper(self) -> ChatKeeper:
        """A keeper that chooses here."""
        return ChatKeeper(Settings(), self.clock, {}, self.completing, self.choose)

    async def completing(self) -> Model | Status:
        return self.completion

    async def choose(
        self, _settings: Settings, _environ: Mapping[str, str], _completion: Model | Status
    ) -> Model | Status:
        self.looks += 1
        return self.offers.pop(0) if len(self.offers) > 1 else self.offers[0]


async def used(keeper: ChatKeeper) -> Model | Status:
    """The model that an action is given."""
    async with keeper.held() as found:
        return found.chat


async def test_it_is_chosen_and_loaded_when_it_is_first_needed() -> None:
    own = model("chat")
    shop = Shop([own])
    keeper = shop.keeper()
    assert shop.looks == 0

    assert await used(keeper) is own
    assert await used(keeper) is own

    assert (shop.looks, own.warm_ups) == (1, 1)
    await keeper.close()
    assert own.is_closed


async def test_it_is_looked_at_again_after_ten_seconds() -> None:
    first, same, other = model("chat"), model("chat"), model("better")
    shop = Shop([first, same, other])
    keeper = shop.keeper()
    await used(keeper)

    await shop.clock.advance(10.0)
    assert await used(keeper) is first
    # The same once more is not kept twice.
    assert same.is_closed
    assert same.warm_ups == 0

    await shop.clock.advance(10.0)
    assert await used(keeper) is other
    assert first.is_closed
    await keeper.close()


async def test_why_there_was_none_is_looked_at_every_time() -> None:
    own = model("chat")
    shop = Shop([NOBODY, own])
    keeper = shop.keeper()

    assert await used(keeper) == NOBODY
    assert keeper.why_not(completes=True) == "nobody is there"
    assert await used(keeper) is own
    assert keeper.why_not(completes=False) is None
    await keeper.close()


async def test_a_model_of_completions_is_enough_for_what_only_completes() -> None:
    shop = Shop([NOBODY], completion=model("base"))
    keeper = shop.keeper()
    assert keeper.why_not(completes=False) is None

    await used(keeper)

    assert keeper.why_not(completes=False) == "nobody is there"
    assert keeper.why_not(completes=True) is None


async def test_the_model_of_completions_is_left_alone() -> None:
    both = model("both")
    shop = Shop([both], completion=both)
    keeper = shop.keeper()

    assert await used(keeper) is both
    await keeper.close()

    assert (both.warm_ups, both.is_closed) == (0, False)


async def test_another_model_of_completions_is_a_reason_to_look() -> None:
    old, new = model("old"), model("new")
    shop = Shop([old, new], completion=old)
    keeper = shop.keeper()
    await used(keeper)

    shop.completion = new

    assert await used(keeper) is new


async def test_what_is_replaced_is_closed_when_nobody_uses_it() -> None:
    old, new = model("old"), model("new")
    shop = Shop([old, new])
    keeper = shop.keeper()

    closed: list[bool] = []
    async with keeper.held():
        await shop.clock.advance(10.0)
        assert await used(keeper) is new
        closed.append(old.is_closed)
    closed.append(old.is_closed)

    assert closed == [False, True]
    await keeper.close()


async def test_one_that_cannot_be_loaded_is_no_model() -> None:
    broken = model("chat", fails=True)
    keeper = Shop([broken]).keeper()

    found = await used(keeper)

    assert isinstance(found, Status)
    assert found.message == "no memory"
    assert broken.is_closed


async def test_a_look_that_fails_is_told() -> None:
    async def choose(*_given: object) -> Model:
        raise RuntimeError("a fault of ours")

    async def completion() -> Status:
        return NOBODY

    keeper = ChatKeeper(Settings(), VirtualClock(), {}, completion, choose)

    found = await used(keeper)

    assert isinstance(found, Status)
    assert found.message == "RuntimeError: a fault of ours"


async def test_cancelling_whoever_waits_does_not_cancel_the_load() -> None:
    own = model("chat")
    gate = asyncio.Event()
    own.loading = [gate]
    keeper = Shop([own]).keeper()
    waiting = asyncio.ensure_future(used(keeper))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    waiting.cancel()
    gate.set()

    assert await used(keeper) is own
    assert own.warm_ups == 1
    await keeper.close()


async def test_other_settings_mean_another_look() -> None:
    old, new = model("old"), model("new")
    shop = Shop([old, new])
    keeper = shop.keeper()
    await used(keeper)

    await keeper.configure(Settings())
    assert await used(keeper) is old

    await keeper.configure(Settings(chat_model="new"))
    assert old.is_closed
    assert await used(keeper) is new
    await keeper.close()


async def test_settings_that_change_while_a_model_is_loaded() -> None:
    old, new = model("old"), model("new")
    gate = asyncio.Event()
    old.loading = [gate]
    shop = Shop([old, new])
    keeper = shop.keeper()
    before = asyncio.ensure_future(used(keeper))
    await shop.clock.settle()

    await keeper.configure(Settings(chat_model="new"))
    after = asyncio.ensure_future(used(keeper))
    await shop.clock.settle()
    gate.set()

    # Nobody is given what is not wanted any more.
    assert await after is new
    assert await before is new
    assert old.is_closed
    await keeper.close()


async def test_closing_while_an_action_waits_for_the_model() -> None:
    own = model("chat")
    own.loading = [asyncio.Event()]
    shop = Shop([own])
    keeper = shop.keeper()
    waiting = asyncio.ensure_future(used(keeper))
    await shop.clock.settle()

    await keeper.close()

    # The action says so: it was not taken back by its user.
    found = await waiting
    assert isinstance(found, Status)
    assert "given up" in found.message
    assert own.is_closed


async def test_a_load_that_fails_as_no_load_should_is_told() -> None:
    class Odd(Scripted):
        async def warm_up(self) -> None:
            raise RuntimeError("a fault of ours")

    odd = Odd(Piece, Piece("", end=End.STOP), Capabilities(None, 4096, can_chat=True), name="odd")
    found = await used(Shop([odd]).keeper())

    assert isinstance(found, Status)
    assert found.message == "RuntimeError: a fault of ours"
    assert odd.is_closed


@pytest.mark.parametrize("gives_up", [True, False])
async def test_a_model_that_has_failed_is_looked_for_anew(gives_up: bool) -> None:
    old, new = model("old"), model("new")
    told: list[object] = []
    shop = Shop([old, new])
    keeper = ChatKeeper(
        Settings(),
        shop.clock,
        {},
        shop.completing,
        shop.choose,
        lambda error, _model: told.append(error),
    )
    await used(keeper)
    error = Unreachable("gone") if gives_up else ModelFailed("once")

    keeper.failed(error, old)

    assert told == [error]
    assert await used(keeper) is new
    assert old.is_closed
    await keeper.close()


async def test_the_command_line_loads_only_what_it_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    completion, chat = model("base"), model("chat")

    async def choose(*_given: object) -> Model:
        return completion

    async def choose_chat(*_given: object) -> Model:
        return chat

    monkeypatch.setattr(chat_keeping, "choose", choose)
    monkeypatch.setattr(chat_keeping, "choose_chat", choose_chat)
    async with chat_once(Settings(), VirtualClock(), {}) as keeper:
        assert await used(keeper) is chat

    assert (completion.warm_ups, chat.warm_ups) == (0, 1)
    assert completion.is_closed
    assert chat.is_closed


async def test_the_command_line_loads_the_model_of_completions_where_that_serves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = model("both")

    async def choose(*_given: object) -> Model:
        return both

    monkeypatch.setattr(chat_keeping, "choose", choose)
    monkeypatch.setattr(chat_keeping, "choose_chat", choose)
    async with chat_once(Settings(), VirtualClock(), {}) as keeper:
        assert await used(keeper) is both

    assert both.warm_ups == 1
