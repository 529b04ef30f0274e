"""The models that the tested Neovims complete with: fake Ollamas, told what to say by the tests."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.faults import Fault
from fimls.testing.http_server import HttpServer
from fimls.testing.runner import Pace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from fimls.testing.http_server import Exchange, HttpRequest
    from fimls.testing.ollama_request import Request

# Long enough for any client's patience to end that has less than the real thing needs.
SLOW_LOAD_S = 20.0

_MODELS = ("codellama:7b-code", "codellama:7b-instruct")


@dataclass
class Script:
    """What the model says to each request in turn; its last text to all that follow.

    `POST /answers` with a JSON list of texts begins a new one.
    """

    answers: list[str] = field(default_factory=lambda: [""])

    def say(self, _request: Request) -> str:
        """The answer to a request."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    async def handle(self, request: HttpRequest, exchange: Exchange) -> None:
        """Takes a new script."""
        self.answers = json.loads(request.body)
        exchange.send_json(200, {})


@asynccontextmanager
async def doubles() -> AsyncIterator[Mapping[str, str]]:
    """Fake Ollamas, and what the tests find them by: one is quick, one slow to load, one stuck."""
    script = Script()
    async with AsyncExitStack() as stack:
        quick = await stack.enter_async_context(FakeOllama(_MODELS, script.say))
        slow = await stack.enter_async_context(
            FakeOllama(_MODELS, "a + b <EOT>", pace=Pace(load_s=SLOW_LOAD_S))
        )
        stalled = await stack.enter_async_context(FakeOllama(_MODELS, Fault.STALL))
        control = await stack.enter_async_context(HttpServer(script.handle))
        yield {
            "FIMLS_HOST": quick.url,
            "TEST_SLOW": slow.url,
            "TEST_STALLED": stalled.url,
            "TEST_CONTROL": control.url,
        }
