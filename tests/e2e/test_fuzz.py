"""Whatever editors do: the real server, a fake Ollama, several documents, and one action."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field
from functools import partial
from math import inf
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.runner import Pace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from fimls.testing.json_rpc import Pending
    from fimls.testing.lsp_client import LspClient
    from fimls.testing.lsp_documents import OpenDocument
    from fimls.testing.ollama_request import Request
    from tests.e2e.conftest import Start

STEPS = 500

URIS = tuple(f"file:///project/{name}.py" for name in "abcd")
START = "import os\n\nalpha = beta = gamma = 1\n\n\ndef f():\n    "

# What authors write, and what the model goes on with where they have begun it.
LINE = "total = alpha + beta + gamma"

# A question that is no completion: it has the model until it ends, whatever is typed meanwhile.
ACTING = """
import sys
from fimls.lsp import features
from fimls.lsp.server import serve
from fimls.models.protocol import Chat, Generation, Message
from fimls.models.slot import Priority

async def act(ls, params):
    engine = await ls.engine.ready()
    model = await engine.session.ready(explicit=True)
    raw = lambda: model.generate(Generation("# Explain this.", 64))
    chat = lambda: model.chat(Chat((Message("user", "Explain this."),), 64))
    slot = engine.completer._env.slot
    stream = slot.start(chat if params["chat"] else raw, Priority.ACTION)
    await stream.closed.wait()
    return {"outcome": stream.outcome, "text": stream.text}

features.FEATURES["test/act"] = act
sys.exit(serve())
"""

# A fast model: an answer takes 20 to 100 ms, which is many keys of an author that never waits.
PACE = Pace(read_tokens_per_s=30_000.0, write_tokens_per_s=1500.0, notice_s=0.05)

EXPLANATION = "It adds up three numbers."


@pytest.fixture
async def ollama() -> AsyncIterator[FakeOllama]:
    async with FakeOllama(answer=speak, pace=PACE) as fake:
        yield fake


def speak(request: Request) -> str:
    """What goes on from the line that was begun, and then the next ones."""
    if "Explain" in request.prompt:
        return EXPLANATION
    line = request.prompt.partition(" <SUF>")[0].rpartition("\n")[2].strip()
    rest = LINE[len(line) :] if LINE.startswith(line) else " + 1"
    return f"{rest}\n    {LINE}\n    {LINE}\n"


@dataclass
class Author:
    """Four documents, and somebody who does anything with them; cursors are at their ends.

    `known` is the version of each document that the server has surely heard of, by the document's
    identity: one that is opened anew is another.
    """

    client: LspClient
    random: Random
    known: dict[int, float] = field(default_factory=dict)
    opened: list[OpenDocument] = field(default_factory=list)
    asked: list[Pending] = field(default_factory=list)
    acted: list[Pending] = field(default_factory=list)
    shown: int = 0
    stale: list[str] = field(default_factory=list)

    def step(self) -> None:
        """Does something to one of the documents."""
        uri = self.random.choice(URIS)
        if uri not in self.client.documents:
            self.opened.append(self.client.open(uri, "python", START))
            return
        acts, weights = zip(*ACTS.items(), strict=True)
        self.random.choices(acts, weights)[0](self, uri)

    def agree(self, uri: str) -> None:
        """Types the next character of what the model would say."""
        line = self._text(uri).rpartition("\n")[2].strip()
        rest = LINE[len(line) :] if LINE.startswith(line) else ""
        self._write(uri, rest[:1] or "\n    ")

    def disagree(self, uri: str) -> None:
        self._write(uri, self.random.choice("z(\"'é𝕏"))

    def delete(self, uri: str) -> None:
        length = len(self._text(uri))
        self.client.replace(uri, length - 1, length, "")
        self._changed(uri)

    def start_over(self, uri: str) -> None:
        self.client.change(uri, START)
        self._changed(uri)

    def automatic(self, uri: str) -> None:
        self._ask(uri, explicit=False)

    def explicit(self, uri: str) -> None:
        self._ask(uri, explicit=True)

    def type_and_ask(self, uri: str) -> None:
        """As editors do: a key, a question taken back, and the one that goes with the key."""
        self.agree(uri)
        self.cancel(uri)
        self._ask(uri, explicit=False)

    def cancel(self, _uri: str) -> None:
        under_way = [each for each in self.asked if not each.future.done()]
        if under_way:
            self.client.cancel(self.random.choice(under_way).ident)

    def act(self, _uri: str) -> None:
        """One action at a time."""
        if all(each.future.done() for each in self.acted):
            chat = self.random.random() < 0.5
            self.acted.append(self.client.send("test/act", {"chat": chat}))

    def close(self, uri: str) -> None:
        document = self.client.documents[uri]
        self.client.close_document(uri)
        self._heard(document, inf)

    def _text(self, uri: str) -> str:
        return self.client.documents[uri].text

    def _write(self, uri: str, text: str) -> None:
        self.client.insert(uri, len(self._text(uri)), text)
        self._changed(uri)

    def _changed(self, uri: str) -> None:
        document = self.client.documents[uri]
        self._heard(document, document.version)

    def _heard(self, document: OpenDocument, version: float) -> None:
        """Whatever comes after the answer to this, the server knew of that version."""
        asked = self.client.send("fimls/explainLast", {"textDocument": {"uri": document.uri}})
        asked.future.add_done_callback(lambda _done: self.known.update({id(document): version}))

    def _ask(self, uri: str, *, explicit: bool) -> None:
        document = self.client.documents[uri]
        pending = self.client.ask(uri, len(document.text), explicit=explicit)
        pending.future.add_done_callback(partial(self._answered, document, document.version))
        self.asked.append(pending)

    def _answered(self, document: OpenDocument, version: int, done: asyncio.Future[Any]) -> None:
        if done.exception() is not None or not done.result() or not done.result()["items"]:
            return
        self.shown += 1
        known = self.known.get(id(document), version)
        if known > version:
            self.stale.append(f"{document.uri}: {version} is shown, {known} is known")


ACTS: dict[Callable[[Author, str], None], int] = {
    Author.agree: 10,
    Author.disagree: 4,
    Author.delete: 6,
    Author.start_over: 5,
    Author.automatic: 12,
    Author.explicit: 10,
    Author.type_and_ask: 25,
    Author.cancel: 8,
    Author.act: 3,
    Author.close: 3,
}


async def _a_moment(author: Author) -> None:
    """Time passes until the server has read what was sent, or until it has answered something."""
    under_way = [each.future for each in author.asked if not each.future.done()]
    if under_way and author.random.random() < 0.25:
        await asyncio.wait([author.random.choice(under_way)])
    elif author.random.random() < 0.5:
        await author.client.request("fimls/explainLast", {"textDocument": {"uri": URIS[0]}})


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_editors_do(seed: int, start: Start, ollama: FakeOllama) -> None:
    async with start(sys.executable, "-c", ACTING) as served:
        client = served.client
        author = Author(client, Random(seed))
        await client.initialize("file:///project")
        await client.wait_for("fimls/status", lambda status: status["state"] == "ready")
        for _step in range(STEPS):
            author.step()
            await _a_moment(author)
        # What is under way ends with its document; what was asked is answered all the same.
        for uri in list(client.documents):
            author.close(uri)
        asked = [each.future for each in (*author.asked, *author.acted)]
        _done, unanswered = await asyncio.wait(asked, timeout=20)
        await ollama.seen.until(lambda: all(each.outcome for each in ollama.seen.served))
        await client.shutdown()
        assert await served.process.wait() == 0

    assert unanswered == set()
    assert client.strays == []
    assert author.stale == []
    assert (ollama.loads, ollama.reloads) == (1, 0)
    assert ollama.seen.most_at_once == 1
    # Typing has ended no action: it came to its own end, or to that of its tokens.
    outcomes = {each.future.result()["outcome"] for each in author.acted}
    assert outcomes <= {"done", "length"}
    # The test has tested something.
    assert len(author.acted) > 3
    assert author.shown > STEPS // 20
    assert ollama.cancelled > 3
