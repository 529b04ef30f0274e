"""A long day in the real server: thousands of edits and requests, and what it holds after them.

What counts is the memory of the process as the system sees it: trees are not Python's, so that
`tracemalloc` would not see the half of it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import asdict, dataclass
from random import Random
from typing import TYPE_CHECKING, Final

from fimls.evaluation.real_server import serving
from fimls.evaluation.specimen import specimen
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.runner import Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fimls.testing.json_rpc import Pending
    from fimls.testing.lsp_client import LspClient

EDITS: Final = 10_000
REQUESTS: Final = 2_000
DOCUMENTS: Final = 50
"""What issue 5 asks for."""

SETTLED_EDITS: Final = 2_000
"""After these everything is loaded, and what is kept within bounds has reached them."""

MOST_GROWTH_MB: Final = 10.0
"""How much the process may grow after those."""

# The server with a method more.
_SERVER: Final = "fimls.evaluation.endurance_server"
_METHOD: Final = "fimls/evaluation/held"

# As long as most files are.
_LINES: Final = 200

# An author stays in a document for so many edits.
_STAY: Final = 20

# How often it is looked at what the server holds.
_LOOK_EVERY: Final = 1_000

# Of the requests so many are waited for; the others are overtaken by the next edit.
_AWAITED: Final = 0.25

# What is typed, again and again; the model goes on with it.
_LINE: Final = "\n    total = first + second"

# Fast, so that a day goes by in a minute; but an answer comes in several pieces.
_PACE: Final = Pace(read_tokens_per_s=1e6, write_tokens_per_s=20_000.0)

# What still runs when all is closed has this time to end; the longest sleep is 0.3 s.
_ANSWER_S: Final = 10.0
_END_S: Final = 1.0

_MB: Final = 1e6


@dataclass(frozen=True, slots=True)
class Held:
    """What the server holds: bytes, the names of its tasks, open files, objects by their class."""

    memory: int
    tasks: list[str]
    files: int
    kept: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Endured:
    """The result: what was held before the first document, at each look, and after the last one.

    `looks` are by the number of edits so far.  `unanswered` are requests without an answer, `open`
    those that the model still has.
    """

    edits: int
    requests: int
    shown: int
    before: Held
    looks: Mapping[int, Held]
    after: Held
    unanswered: int
    open: int
    reloads: int
    most_at_once: int

    @property
    def growth_mb(self) -> float:
        """How much more there was at the most after the first edits than at their end."""
        settled = self.looks[min(SETTLED_EDITS, self.edits)].memory
        later = [held.memory for edits, held in self.looks.items() if edits >= SETTLED_EDITS]
        return (max([settled, *later]) - settled) / _MB

    @property
    def tasks_left(self) -> list[str]:
        """Tasks that there were not before the first document."""
        left = list(self.after.tasks)
        for name in self.before.tasks:
            if name in left:
                left.remove(name)
        return left

    @property
    def files_left(self) -> int:
        """Files and connections that there were not before the first document."""
        return max(0, self.after.files - self.before.files)


async def endure(
    edits: int = EDITS,
    requests: int = REQUESTS,
    documents: int = DOCUMENTS,
    tell: Callable[[int], None] = lambda _edits: None,
) -> Endured:
    """A day with so much work, of which nothing is left to chance but times."""
    async with (
        FakeOllama(answer=f"{_LINE * 3}\n", pace=_PACE) as ollama,
        serving(ollama.url, module=(_SERVER,)) as server,
    ):
        await server.client.initialize()
        await server.settled()
        author = _Author(server.client, ollama, edits // requests, documents)
        return await author.work(edits, tell)


def as_json(endured: Endured) -> dict[str, object]:
    """All of it for machines, beside what it should be."""
    return {
        **asdict(endured),
        "growth_mb": round(endured.growth_mb, 2),
        "most_growth_mb": MOST_GROWTH_MB,
        "tasks_left": endured.tasks_left,
        "files_left": endured.files_left,
    }


class _Author:
    """Types into documents in turn, asks after every few edits, and closes all in the end."""

    def __init__(
        self, client: LspClient, ollama: FakeOllama, ask_every: int, documents: int
    ) -> None:
        self._client = client
        self._ollama = ollama
        self._ask_every = ask_every
        self._documents = documents
        self._random = Random(0)  # noqa: S311 - it is to be the same each time.
        self._asked: list[Pending] = []
        self._shown = 0

    async def work(self, edits: int, tell: Callable[[int], None]) -> Endured:
        uris = [f"file:///day/module_{number}.py" for number in range(self._documents)]
        before = await self._look()
        for number, uri in enumerate(uris):
            self._client.open(uri, "python", f"# Module {number}.\n{specimen(_LINES).text}")
        looks = {}
        uri, offset = uris[0], 0
        for edit in range(1, edits + 1):
            if edit % _STAY == 1:
                uri = self._random.choice(uris)
                offset = self._some_line_end(uri)
            offset = self._edit(uri, offset, edit)
            if edit % self._ask_every == 0:
                await self._ask(uri, offset)
            if edit % _LOOK_EVERY == 0 or edit == edits:
                looks[edit] = await self._look()
                tell(edit)
        for uri in uris:
            self._client.close_document(uri)
        unanswered = await self._answers()
        # What slept when its document was closed wakes and ends.
        await asyncio.sleep(_END_S)
        return self._endured(edits, before, looks, await self._look(), unanswered)

    def _endured(
        self, edits: int, before: Held, looks: Mapping[int, Held], after: Held, unanswered: int
    ) -> Endured:
        seen = self._ollama.seen
        return Endured(
            edits=edits,
            requests=len(self._asked),
            shown=self._shown,
            before=before,
            looks=looks,
            after=after,
            unanswered=unanswered,
            open=sum(each.outcome is None for each in seen.served),
            reloads=self._ollama.reloads,
            most_at_once=seen.most_at_once,
        )

    def _some_line_end(self, uri: str) -> int:
        text = self._client.documents[uri].text
        return text.find("\n", self._random.randrange(len(text) - 1))

    def _edit(self, uri: str, offset: int, edit: int) -> int:
        """Types the next character; a document that has become long loses what was typed."""
        text = self._client.documents[uri].text
        if edit % _STAY == 1 and len(text) > 2 * len(specimen(_LINES).text):
            self._client.change(uri, specimen(_LINES).text)
            return self._some_line_end(uri)
        self._client.insert(uri, offset, _LINE[edit % _STAY])
        return offset + 1

    async def _ask(self, uri: str, offset: int) -> None:
        awaited = self._random.random() < _AWAITED
        pending = self._client.ask(uri, offset, explicit=awaited)
        self._asked.append(pending)
        if not awaited:
            return
        result = await pending
        self._shown += bool(result and result["items"])

    async def _answers(self) -> int:
        """Waits until all is answered and the model is left alone; how many were not."""
        _done, waiting = await asyncio.wait(
            [each.future for each in self._asked], timeout=_ANSWER_S
        )
        served = self._ollama.seen.served
        with suppress(TimeoutError):
            await self._ollama.seen.until(
                lambda: all(each.outcome is not None for each in served), _ANSWER_S
            )
        return len(waiting)

    async def _look(self) -> Held:
        return Held(**await self._client.request(_METHOD))
