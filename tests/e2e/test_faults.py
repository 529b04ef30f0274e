"""A model server in trouble: each question is answered in time, and the next completion works."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.faults import OF_OPENAI_ONLY, Fault
from fimls.testing.runner import Pace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fimls.testing.lsp_client import Json, LspClient
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


async def texts(client: LspClient, *, explicit: bool, timeout_s: float = TIMEOUT_S) -> list[str]:
    """What is offered at the end of the document, in the time that there is for it."""
    async with asyncio.timeout(timeout_s + GRACE_S):
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


@dataclass(frozen=True)
class Case:
    """A fault that lasts, and what the user hears of it: state and fix of the status, a message.

    `asked`: how often the model is asked in vain before.  `told`: words of the message; "" where
    none comes, because nothing was said of the fault, or its kind has been told before.
    """

    fault: Fault
    state: str
    fix: str = ""
    told: str = ""
    asked: int = 1


SOON = "it is asked again in a moment"
NEXT = "it is asked again with the next completion"
RESTART = "fimls.restartModel"

# The time of each question is over, and nothing was said of which anybody could be told.
IN_SILENCE = [Case(Fault.HANG, "ready"), Case(Fault.STALL, "ready"), Case(Fault.DRIP, "ready")]

IN_ANSWERS = [
    # What may happen to one request is told when it happens to three in a row.
    Case(Fault.ERROR, "error", NEXT, "error was encountered", asked=3),
    Case(Fault.NO_DONE, "error", NEXT, "7b-code broke off. It is", asked=3),
    # The same kind of trouble in other words.
    Case(Fault.BROKEN_OFF, "error", NEXT),
    Case(Fault.RESET, "error", NEXT),
    Case(Fault.GARBAGE, "error", NEXT),
    Case(Fault.CANCELLED, "error", NEXT),
    # It has been asked a second time before anything is said.
    Case(Fault.BUSY, "error", SOON, "Ollama is busy"),
    Case(Fault.DIED, "error", RESTART, "has stopped", asked=2),
    Case(Fault.SERVER_ERROR, "error", RESTART, "input/output error"),
    # The model.
    Case(Fault.MISSING, "offline", "ollama pull codellama:7b-code", "is not installed"),
    Case(Fault.NO_COMPLETION, "error", "`model`", "is no completion model"),
    Case(Fault.NO_INSERT, "error", "`family`", "no template to fill in the middle"),
    # The prompt, which is halved before anything is said, and again no shorter.
    Case(Fault.TOO_LONG, "error", "`contextLength`", "is too long", asked=2),
    Case(Fault.OVERFLOW, "error", "`contextLength`"),
    Case(Fault.WRONG_OPTION, "error", "`contextLength`", "num_ctx"),
    # The address, and the cloud.
    Case(Fault.FORBIDDEN, "error", "OLLAMA_HOST=0.0.0.0", "rejects that host name"),
    Case(Fault.UNAUTHORIZED, "error", "ollama signin", "sign in"),
    Case(Fault.CLOUD_DISABLED, "error", "Ollama's own settings", "does not ask its cloud"),
    Case(Fault.BAD_GATEWAY, "offline", "check the network", "cloud cannot be reached"),
]

IN_LOADS = [
    Case(Fault.OUT_OF_MEMORY, "error", RESTART, "could not load"),
    Case(Fault.TERMINATED, "error", "ollama pull codellama:7b-code", "has terminated"),
    Case(Fault.LOAD_TIMED_OUT, "error", "ollama pull codellama:7b-code", "timed out waiting"),
    Case(Fault.NO_RUNNER, "error", "install Ollama anew", "binary not found"),
]

# Long enough for a second try of a busy server.
TWO_TRIES_S = 2.5


TOLD = ("fimls/status", "window/showMessage")


class Listener:
    """Hears what a server tells its user from a moment on."""

    def __init__(self, client: LspClient) -> None:
        self.client = client
        self.before = [id(each) for method in TOLD for each in client.notifications[method]]

    async def status(self, state: str, fix: str = "") -> None:
        """Waits until the status is that, with that in its fix ("": without message and fix)."""

        def is_it(status: Json) -> bool:
            if id(status) in self.before or status["state"] != state:
                return False
            is_silent = status["fix"] is None and not status["message"]
            return fix in (status["fix"] or "") if fix else is_silent

        await self.client.wait_for("fimls/status", is_it, within_s=RECOVERY_S)

    async def message(self, words: str) -> None:
        """Waits until the user is told."""
        await self.client.wait_for(
            "window/showMessage",
            lambda shown: id(shown) not in self.before and words in shown["message"],
        )


def test_every_fault_has_a_case() -> None:
    cases = [case.fault for case in (*IN_SILENCE, *IN_ANSWERS, *IN_LOADS)]
    assert sorted(cases) == sorted(set(Fault) - OF_OPENAI_ONLY)


@pytest.mark.parametrize(
    ("cases", "timeout_s"), [(IN_SILENCE, TIMEOUT_S), (IN_ANSWERS, TWO_TRIES_S)]
)
async def test_what_the_user_hears(
    start: Start, ollama: FakeOllama, cases: Sequence[Case], timeout_s: float
) -> None:
    """One session meets all those faults of answers, one after the other."""
    async with start(FIMLS_COMPLETION_TIMEOUT_MS=str(int(timeout_s * 1000))) as served:
        client = served.client
        await begin(client)
        for case in cases:
            listener = Listener(client)
            ollama.answer = case.fault
            for number in range(case.asked):
                client.change(URI, f"# {case.fault} {number}\n{TEXT}")
                assert await texts(client, explicit=True, timeout_s=timeout_s) == [], case
            await listener.status(case.state, case.fix)
            if case.told:
                await listener.message(case.told)
            await check_withdrawn(client, ollama, case)
        shown = [each["message"] for each in client.notifications["window/showMessage"]]

    told = [case.told for case in cases if case.told]
    assert [sum(words in message for message in shown) for words in told] == [1] * len(told)
    assert len(shown) == len(told)


async def test_what_the_user_hears_of_loads(start: Start, ollama: FakeOllama) -> None:
    async with start(**QUICK) as served:
        client = served.client
        await begin(client)
        for case in IN_LOADS:
            listener = Listener(client)
            ollama.fail_next(case.fault)
            await client.execute({"command": RESTART})
            await listener.status(case.state, case.fix)
            assert await texts(client, explicit=False) == [], case
            await listener.message(case.told)
            await check_withdrawn(client, ollama, case)
        shown = [each["message"] for each in client.notifications["window/showMessage"]]

    assert len(shown) == len(IN_LOADS)


async def check_withdrawn(client: LspClient, ollama: FakeOllama, case: Case) -> None:
    """The fault ends, the next completion works, and nothing is said of the fault any more."""
    ollama.answer = WHOLE
    client.change(URI, f"# {case.fault} is over\n{TEXT}")
    assert await recovered(client) == [WHOLE], case
    told = client.notifications["fimls/status"]
    ready = await client.wait_for(
        "fimls/status", lambda status: status is told[-1] and status["state"] == "ready", RECOVERY_S
    )
    assert (ready["message"], ready["fix"]) == ("", None)


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
        listener = Listener(client)
        await client.wait_for("fimls/status", lambda status: status["state"] == "offline")
        await listener.message(f"nothing answers at {ollama.url}. Start it with `ollama serve`")
        async with FakeOllama(answer=WHOLE, port=int(ollama.url.rpartition(":")[2])) as again:
            assert await recovered(client) == [WHOLE]
            await listener.status("ready")
        assert len(client.notifications["window/showMessage"]) == 1

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
