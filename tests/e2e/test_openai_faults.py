"""A server with OpenAI's routes in trouble: answered in time, told of, and over soon."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from fimls.testing.fake_openai import FakeOpenAI
from fimls.testing.faults import IN_STREAM, OF_OLLAMA_ONLY, Fault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fimls.testing.lsp_client import LspClient
    from tests.e2e.conftest import Start

URI = "file:///project/add.py"
TEXT = "def add(a, b):\n    "
FIRST = "total = a"
WHOLE = f"{FIRST}\n    total += b\n    return total"

# One completion may take this long: enough for a fake model, and a test waits no longer.
TIMEOUT_S = 0.6

# A busy server is asked once more after 1.5 s; only then is it worth a word.
WHEN_BUSY_S = 2.2

# How much longer an answer may take on a machine under load, and how long a recovery (issue 3).
GRACE_S = 3.0
RECOVERY_S = 12.0


@dataclass(frozen=True)
class Trouble:
    """A fault, and what is to come of it: a state with words of its fix, and texts shown.

    A fault in the stream comes once, after so many events; the others stay until they are ended.
    """

    fault: Fault
    state: str | None = None
    fix: str = ""
    after: int | None = None
    shown: frozenset[str] = frozenset()
    timeout_s: float = TIMEOUT_S


# Tokens of the fake are words: the first line is there after some of them.
_AFTER_A_LINE = 12
_LINES = frozenset({FIRST, f"{FIRST}\n    total += b"})

_NEXT = "asked again with the next completion"
_LOG = "look at the log of the server"
_SOON = "asked again in a moment"

TROUBLES = [
    # It is silent or slow: the next request may well be answered, and nothing is told yet.
    Trouble(Fault.HANG),
    Trouble(Fault.STALL),
    Trouble(Fault.STALL, after=_AFTER_A_LINE, shown=_LINES),
    Trouble(Fault.DRIP),
    # The stream ends without an end.
    Trouble(Fault.NO_DONE, "error", _NEXT),
    Trouble(Fault.NO_DONE, "error", _NEXT, _AFTER_A_LINE, _LINES),
    Trouble(Fault.BROKEN_OFF, "error", _NEXT),
    Trouble(Fault.RESET, "error", _NEXT),
    # A kept connection is found closed: it is asked at once on another, and nobody notices.
    Trouble(Fault.RESET, after=0, shown=frozenset({WHOLE})),
    # It ends with an error, or with what is none.
    Trouble(Fault.ERROR, "error", ""),
    Trouble(Fault.ERROR, "error", _LOG, after=0),
    Trouble(Fault.GARBAGE, "error", _NEXT),
    Trouble(Fault.GARBAGE, "error", _NEXT, after=0),
    # Instead of an answer.
    Trouble(Fault.BUSY, "error", _SOON),
    Trouble(Fault.BAD_GATEWAY, "error", _SOON, timeout_s=WHEN_BUSY_S),
    Trouble(Fault.LOADING, "error", _SOON, timeout_s=WHEN_BUSY_S),
    Trouble(Fault.OUT_OF_MEMORY, "error", "smaller model"),
    Trouble(Fault.DIED, "error", _LOG),
    Trouble(Fault.SERVER_ERROR, "error", _LOG),
    Trouble(Fault.MISSING, "offline", "`fimls model list`"),
    Trouble(Fault.UNAUTHORIZED, "error", "headers"),
    Trouble(Fault.FORBIDDEN, "error", "headers"),
    # Half the prompt is too long as well, as long as the fault lasts.
    Trouble(Fault.TOO_LONG, "error", "contextLength"),
]


def test_every_fault_is_tried() -> None:
    assert {trouble.fault for trouble in TROUBLES} == set(Fault) - OF_OLLAMA_ONLY


@asynccontextmanager
async def editing(
    start: Start, fake: FakeOpenAI, timeout_s: float = TIMEOUT_S
) -> AsyncIterator[LspClient]:
    """An editor with the document open, when the model is ready."""
    environ = {
        "FIMLS_BACKEND": "openai",
        "FIMLS_HOST": fake.url,
        "FIMLS_COMPLETION_TIMEOUT_MS": str(int(timeout_s * 1000)),
    }
    async with start(**environ) as served:
        client = served.client
        await client.initialize("file:///project")
        await client.wait_for("fimls/status", lambda status: status["state"] == "ready")
        client.open(URI, "python", TEXT)
        yield client


async def texts(client: LspClient, within_s: float, *, explicit: bool) -> list[str]:
    """What is offered at the end of the document, in the time that there is for it."""
    async with asyncio.timeout(within_s):
        offset = len(client.documents[URI].text)
        items = await client.inline_completion(URI, offset, explicit=explicit)
    assert items is not None, "overtaken by nothing"
    return [item["insertText"] for item in items]


async def recovered(client: LspClient) -> list[str]:
    """What who asks by a key is offered, as soon as there is something."""
    async with asyncio.timeout(RECOVERY_S):
        while not (found := await texts(client, RECOVERY_S, explicit=True)):
            pass
    return found


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda each: f"{each.fault} {each.after}")
async def test_a_fault_of_the_server(start: Start, trouble: Trouble) -> None:
    # A busy server that says when is asked again then.
    fake = FakeOpenAI(answer=WHOLE, retry_after_s=0)
    async with fake, editing(start, fake, trouble.timeout_s) as client:
        for explicit in (True, False):
            if trouble.fault in IN_STREAM:
                fake.fail_next(trouble.fault, after=trouble.after)
            else:
                fake.answer = trouble.fault
            said = await texts(client, trouble.timeout_s + GRACE_S, explicit=explicit)
            assert set(said) <= trouble.shown
            assert bool(said) == bool(trouble.shown)
            if trouble.state is not None:
                status = await client.wait_for(
                    "fimls/status", lambda status: status["state"] == trouble.state
                )
                assert status["message"]
                assert status["fix"]
                assert trouble.fix in status["fix"]
            fake.answer = WHOLE
            # No run knows another text, and so the model is asked anew.
            client.change(URI, f"# {explicit}: recovered\n{TEXT}")
            assert await recovered(client) == [WHOLE]
            client.change(URI, f"# {explicit}: again\n{TEXT}")
        assert client.notifications["fimls/status"][-1]["state"] in {"ready", "busy"}

    assert fake.seen.most_at_once == 1


async def test_a_busy_server_is_asked_again_when_it_says(start: Start) -> None:
    fake = FakeOpenAI(answer=WHOLE, retry_after_s=1)
    async with fake, editing(start, fake, WHEN_BUSY_S) as client:
        fake.fail_next(Fault.BUSY)
        assert await texts(client, WHEN_BUSY_S + GRACE_S, explicit=True) == [WHOLE]
        states = {status["state"] for status in client.notifications["fimls/status"]}

    assert "error" not in states
    # One is the warm-up.
    assert len(fake.prompts) == 3


async def test_a_server_that_vanishes_and_comes_back(start: Start) -> None:
    fake = FakeOpenAI(answer=WHOLE)
    async with fake, editing(start, fake) as client:
        await fake.__aexit__(None, None, None)

        assert await texts(client, TIMEOUT_S + GRACE_S, explicit=True) == []
        assert await texts(client, TIMEOUT_S + GRACE_S, explicit=False) == []
        status = await client.wait_for("fimls/status", lambda status: status["state"] == "offline")
        assert f"start the server at {fake.url}" in status["fix"]
        async with FakeOpenAI(answer=WHOLE, port=int(fake.url.rpartition(":")[2])):
            assert await recovered(client) == [WHOLE]
