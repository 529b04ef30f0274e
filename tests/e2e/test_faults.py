"""A model server in trouble: each question is answered in time, and the next completion works."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.faults import Fault
from fimls.testing.runner import Pace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.testing.lsp_client import LspClient
    from tests.e2e.conftest import Start

URI = "file:///project/add.py"
TEXT = "def add(a, b):\n    "
FIRST = "total = a"
WHOLE = f"{FIRST}\n    total += b\n    return total"

# One completion may take this long: enough for a fake model, and a test waits no longer.
TIMEOUT_S = 0.6
QUICK = {"FIMLS_COMPLETION_TIMEOUT_MS": str(int(TIMEOUT_S * 1000))}

# How much longer an answer may take on a machine under load, and how long a recovery.
GRACE_S = 3.0
RECOVERY_S = 12.0


@dataclass(frozen=True)
class Trouble:
    """A fault after so many events of an answer, and the texts that may be shown of it."""

    fault: Fault
    after: int | None = None
    shown: frozenset[str] = frozenset()


# Tokens of the fake are words: the first line is there after some of them.
_AFTER_A_LINE = 12
_LINES = frozenset({FIRST, f"{FIRST}\n    total += b"})

TROUBLES = [
    # It is silent, from the beginning and in the middle of a line.
    Trouble(Fault.HANG),
    Trouble(Fault.STALL),
    # It is silent after a line, which is shown then.
    Trouble(Fault.STALL, _AFTER_A_LINE, _LINES),
    # The stream ends without a word, in the middle of a line and after one.
    Trouble(Fault.NO_DONE),
    Trouble(Fault.NO_DONE, _AFTER_A_LINE, _LINES),
    # The stream ends with an error of the runner's; before the first event that is a 500.
    Trouble(Fault.ERROR),
    Trouble(Fault.ERROR, 0),
    Trouble(Fault.ERROR, _AFTER_A_LINE, _LINES),
    # The connection ends in the middle of a reply, in order and not.
    Trouble(Fault.BROKEN_OFF),
    Trouble(Fault.RESET),
    Trouble(Fault.RESET, 0),
    # A line that cannot be read.
    Trouble(Fault.GARBAGE),
    Trouble(Fault.GARBAGE, 0),
    # A token a second: the time is over before there is a line.
    Trouble(Fault.DRIP),
    # Instead of an answer.
    Trouble(Fault.BUSY),
    Trouble(Fault.OUT_OF_MEMORY),
    Trouble(Fault.DIED),
    Trouble(Fault.MISSING),
]


async def begin(client: LspClient) -> None:
    """Opens the document when the model is loaded."""
    await client.initialize("file:///project")
    await client.wait_for("fimls/status", lambda status: status["state"] == "ready")
    client.open(URI, "python", TEXT)


async def texts(client: LspClient, *, explicit: bool) -> list[str]:
    """What is offered at the end of the document, in the time that there is for it."""
    async with asyncio.timeout(TIMEOUT_S + GRACE_S):
        offset = len(client.documents[URI].text)
        items = await client.inline_completion(URI, offset, explicit=explicit)
    assert items is not None, "overtaken by nothing"
    return [item["insertText"] for item in items]


async def recovered(client: LspClient) -> list[str]:
    """What who asks by a key is offered, as soon as there is something."""
    async with asyncio.timeout(RECOVERY_S):
        while not (found := await texts(client, explicit=True)):
            pass
    return found


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda each: f"{each.fault} {each.after}")
async def test_a_fault_of_the_server(start: Start, ollama: FakeOllama, trouble: Trouble) -> None:
    ollama.answer = WHOLE
    async with start(**QUICK) as served:
        client = served.client
        await begin(client)
        for explicit in (True, False):
            ollama.fail_next(trouble.fault, after=trouble.after)
            said = await texts(client, explicit=explicit)
            assert set(said) <= trouble.shown
            assert bool(said) == bool(trouble.shown)
            # No run knows another text, and so the model is asked anew.
            client.change(URI, f"# {explicit}: recovered\n{TEXT}")
            assert await recovered(client) == [WHOLE]
            client.change(URI, f"# {explicit}: again\n{TEXT}")

    assert ollama.seen.most_at_once == 1


async def test_a_server_that_vanishes_and_comes_back(start: Start, ollama: FakeOllama) -> None:
    ollama.answer = WHOLE
    async with start(**QUICK) as served:
        client = served.client
        await begin(client)
        await ollama.__aexit__(None, None, None)

        assert await texts(client, explicit=True) == []
        assert await texts(client, explicit=False) == []
        await client.wait_for("fimls/status", lambda status: status["state"] == "offline")
        async with FakeOllama(answer=WHOLE, port=int(ollama.url.rpartition(":")[2])) as again:
            assert await recovered(client) == [WHOLE]

    assert again.aborted_loads == 0


async def test_a_server_that_was_away_between_two_questions(
    start: Start, ollama: FakeOllama
) -> None:
    ollama.answer = WHOLE
    async with start(**QUICK) as served:
        client = served.client
        await begin(client)
        await ollama.__aexit__(None, None, None)
        async with FakeOllama(answer=WHOLE, port=int(ollama.url.rpartition(":")[2])):
            assert await recovered(client) == [WHOLE]


async def test_typing_while_the_model_loads(start: Start, environ: Mapping[str, str]) -> None:
    async with (
        FakeOllama(answer="a + b\n", pace=Pace(load_s=0.8)) as slow,
        start(**{**environ, **QUICK, "FIMLS_HOST": slow.url}) as served,
    ):
        client = served.client
        await client.initialize("file:///project")
        await slow.seen.until(lambda: bool(slow.requests))
        client.open(URI, "python", TEXT)
        asked = client.ask(URI, len(TEXT))
        for typed in range(1, len("return ") + 1):
            client.change(URI, TEXT + "return "[:typed])
            overtaken, asked = asked, client.ask(URI, len(TEXT) + typed)
            assert await overtaken is None
        assert slow.prompts == [], "the load was over before the typing was"
        items = (await asked)["items"]

    assert [item["insertText"] for item in items] == ["a + b"]
    assert len(slow.prompts) == 1
    assert (slow.loads, slow.reloads, slow.aborted_loads) == (1, 0, 0)


async def test_an_overtaken_question_leaves_no_generation_behind(
    start: Start, ollama: FakeOllama
) -> None:
    ollama.answer = WHOLE
    async with start() as served:
        client = served.client
        await begin(client)
        ollama.fail_next(Fault.STALL)
        asked = client.ask(URI, len(TEXT), explicit=True)
        await ollama.seen.until(lambda: bool(ollama.prompts))
        # The key agrees with what the model says, but no question comes with it.
        client.insert(URI, len(TEXT), "t")
        assert await asked is None

        await ollama.seen.until(lambda: ollama.cancelled == 1)
