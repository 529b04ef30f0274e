"""An action that is taken back: the connection is closed at once, and nothing comes of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fimls.testing.faults import Fault
from fimls.testing.turns import InTurn
from tests.e2e.actions.desk import cancelled, seated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.e2e.actions.desk import Desk

COMMENT = "def total(prices):\n    # add them up\n"
AT = COMMENT.index("# add")
BROKEN, RIGHT = "return sum(prices\n", "return sum(prices)\n"

# A socket is closed in a millisecond; the machine may have other work to do.
AT_ONCE_S = 1.0


@pytest.fixture
async def neovim(tmp_path: Path) -> AsyncIterator[Desk]:
    async with seated("neovim", tmp_path) as desk:
        yield desk


async def check_left(desk: Desk, how: str, *, times: int) -> None:
    """Runs an action, takes it back when the model has been asked so often, and looks around."""
    document = desk.open("total.py", "python", COMMENT)
    command = await desk.command("generate", document.uri, AT)
    pending = desk.client.run(command)
    await desk.until_asked(times)
    await cancelled(desk, pending, how)
    async with asyncio.timeout(AT_ONCE_S):
        await desk.until_left()
    assert await pending is None
    assert desk.ollama.seen.served[-1].outcome == "cancelled"
    # The next action has the model for itself.
    desk.ollama.answer = RIGHT
    await desk.client.run(command)
    assert len(desk.chats) == times + 1
    assert document.text == f"{COMMENT}    {RIGHT}"
    assert document.past == [COMMENT]
    assert desk.client.heard.messages == [desk.client.heard.messages[-1]]


@pytest.mark.parametrize("how", ["progress", "request"])
async def test_while_the_model_reads(neovim: Desk, how: str) -> None:
    neovim.ollama.answer = Fault.HANG
    await check_left(neovim, how, times=1)


@pytest.mark.parametrize("how", ["progress", "request"])
async def test_while_the_model_writes(neovim: Desk, how: str) -> None:
    neovim.ollama.answer = RIGHT * 9
    neovim.ollama.fail_next(Fault.STALL, after=5)
    await check_left(neovim, how, times=1)


@pytest.mark.parametrize("how", ["progress", "request"])
async def test_while_the_model_corrects_itself(neovim: Desk, how: str) -> None:
    neovim.ollama.answer = InTurn(BROKEN, Fault.HANG)
    await check_left(neovim, how, times=2)


async def test_the_end_of_the_editor(neovim: Desk) -> None:
    neovim.ollama.answer = Fault.HANG
    document = neovim.open("total.py", "python", COMMENT)
    neovim.client.run(await neovim.command("generate", document.uri, AT))
    await neovim.until_asked()
    await neovim.client.close()
    async with asyncio.timeout(AT_ONCE_S):
        await neovim.until_left()
