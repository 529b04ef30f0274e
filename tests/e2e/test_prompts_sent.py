"""The bytes that Ollama is sent, from the document to the socket, are the golden ones."""

from __future__ import annotations

import pytest

from fimls.clock import SystemClock
from fimls.completion.completer import Completer
from fimls.completion.values import Ask
from fimls.documents.snapshot import Snapshot
from fimls.models.session import Session
from fimls.settings import Settings
from fimls.testing.fake_ollama import FakeOllama
from fimls.text.languages import language_of
from tests.models.test_families import CASES, CODE_LLAMA, rendered

# Before 0.30 a server forgets the last prompt when another comes: the order never changes.
FORGETS, KEEPS = "0.24", "0.33"

# Without anything to go by no model is asked.
ASKED = {name: picture for name, picture in CASES.items() if picture != "█"}


async def sent(picture: str, version: str) -> str:
    """The prompt that a server of that version is sent for a document with a cursor."""
    before, after = picture.split("█")
    snap = Snapshot("file:///a.py", 1, language_of("python"), "a.py", before + after)
    hole = snap.hole_at(len(before.replace("\r\n", "\n")))
    async with FakeOllama(models=("codellama:7b-code",), answer="x\n", version=version) as fake:
        settings = Settings(backend="ollama", host=fake.url, model="codellama:7b-code")
        clock = SystemClock()
        session = Session(settings, clock, {}, lambda _status: None)
        completer = Completer(settings, session, clock)
        await session.settled()
        await completer.complete(Ask(snap, hole, explicit=True))
        await completer.close()
        await session.close()
        return fake.prompts[-1]


@pytest.mark.parametrize("picture", ASKED.values(), ids=ASKED.keys())
async def test_prefix_suffix_middle(picture: str) -> None:
    assert await sent(picture, FORGETS) == rendered(CODE_LLAMA, picture)["psm"]


@pytest.mark.parametrize("picture", ASKED.values(), ids=ASKED.keys())
async def test_at_a_line_border_the_suffix_comes_first(picture: str) -> None:
    line = picture.split("█", maxsplit=1)[0].replace("\r", "\n").split("\n")[-1]
    order = "psm" if line.strip() else "spm"

    assert await sent(picture, KEEPS) == rendered(CODE_LLAMA, picture)[order]
