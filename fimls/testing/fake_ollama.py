"""An Ollama without a model: real HTTP on this machine, and the behaviour that clients stumble on.

`ollama.md` §5.7 lists what it reproduces.  What the model says is up to the test:

    async with FakeOllama(answer="return a + b") as fake:
        ...                       # a client talks to fake.url
        assert fake.reloads == 0

`python -m fimls.testing.fake_ollama --help` serves the same for tests in other languages, which
see `GET /fake/state` and change `POST /fake/answer` (a JSON text), `POST /fake/answers` (a JSON
list of texts, one a request) and `POST /fake/fail` (a fault).
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final

from fimls.testing import ollama_replies as replies
from fimls.testing import serving
from fimls.testing.chunking import CHUNKINGS, by_lines
from fimls.testing.clock import RealClock
from fimls.testing.faults import (
    IN_STREAM,
    OLLAMA_REFUSALS,
    Failure,
    Failures,
    Fault,
    for_ever,
)
from fimls.testing.http_server import HttpServer, says, tells
from fimls.testing.listening import Listening
from fimls.testing.observed import Observed
from fimls.testing.ollama_library import Library
from fimls.testing.ollama_models import qualified_name
from fimls.testing.ollama_request import Refusal, Request, parse, refused
from fimls.testing.ollama_scheduler import Scheduler
from fimls.testing.ollama_speaking import Speaking, fitted, rendered
from fimls.testing.runner import Outcome, Pace, Served
from fimls.testing.turns import InTurn

if TYPE_CHECKING:
    from fimls.testing.chunking import Chunking
    from fimls.testing.clock import Clock
    from fimls.testing.http_server import Exchange, Handler, HttpRequest
    from fimls.testing.ollama_models import FakeModel
    from fimls.testing.ollama_scheduler import Loaded

Answer = str | Sequence[str] | Fault
"""What the model says: a text, a text in the chunks of its events, or a fault."""

Answering = Callable[["Request"], Answer | Awaitable[Answer]]
"""What it says to a request; one that is awaited is given when what it waits for has happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How versions of Ollama differ: since 0.30 it runs llama-server (`ollama.md` §0.1)."""

    version: str
    lists_capabilities: bool
    shows_capabilities: bool = True
    hides_markers: bool
    saves_prompts: bool
    looks_while_reading: bool


PROFILES: Final[Mapping[str, Profile]] = {
    # The last one that tells nobody what a model can do.
    "0.6.3": Profile(
        version="0.6.3",
        lists_capabilities=False,
        shows_capabilities=False,
        hides_markers=False,
        saves_prompts=False,
        looks_while_reading=False,
    ),
    "0.24": Profile(
        version="0.24.0",
        lists_capabilities=False,
        hides_markers=False,
        saves_prompts=False,
        looks_while_reading=False,
    ),
    "0.33": Profile(
        version="0.33.0",
        lists_capabilities=True,
        hides_markers=True,
        saves_prompts=True,
        looks_while_reading=True,
    ),
}


@dataclass
class FakeOllama(Listening[Request]):
    """A fake Ollama on 127.0.0.1; it listens while it is entered.

    `models` are those that are installed (by name, or made by hand), and those of `pullable` can
    be pulled, or fail with their text where that is not empty.  `version` is a key of `PROFILES`.
    `chunking` tears the streams.  `unlimited_tokens` bounds answers that ask for no bound.
    """

    models: Sequence[str | FakeModel] = ("codellama:7b-code",)
    answer: Answer | Answering = ""
    version: str = "0.33"
    pace: Pace = field(default_factory=Pace)
    clock: Clock = field(default_factory=RealClock)
    chunking: Chunking = by_lines
    port: int = 0
    pullable: Mapping[str, str] = field(default_factory=lambda: {"codellama:7b-code": ""})
    max_queue: int = 512
    max_loaded: int = 3
    unlimited_tokens: int = 512
    seen: Observed[Request] = field(default_factory=Observed, init=False)
    """Requests, what became of them, and a way to wait for that."""
    scheduler: Scheduler = field(init=False)
    """The models in memory."""

    def __post_init__(self) -> None:
        self.profile = PROFILES[self.version]
        if not self.profile.looks_while_reading:
            self.pace = replace(self.pace, notice_s=0.0)
        self.scheduler = Scheduler(
            self.clock, self.pace, self.profile.saves_prompts, self.max_queue, self.max_loaded
        )
        self._server = HttpServer(self._handle, self.port, self.chunking)
        self._failures = Failures()
        self.library = Library(
            self.clock,
            self.pullable,
            lists_capabilities=self.profile.lists_capabilities,
            shows_capabilities=self.profile.shows_capabilities,
        )
        for model in self.models:
            self.library.install(model)

    @property
    def prompts(self) -> list[str]:
        """The prompts of all requests but mere loads, as they were sent."""
        return [request.prompt for request in self.requests if not request.is_load]

    @property
    def loads(self) -> int:
        """Loads that were begun."""
        return self.scheduler.loads

    @property
    def reloads(self) -> int:
        """Loads of a model that was there, but was started otherwise."""
        return self.scheduler.reloads

    @property
    def aborted_loads(self) -> int:
        """Loads that were given up because the client had left."""
        return self.scheduler.aborted_loads

    def install(self, model: str | FakeModel) -> None:
        """Adds a model."""
        self.library.install(model)

    def remove(self, name: str) -> None:
        """Takes a model away."""
        self.library.remove(name)

    async def _handle(self, http: HttpRequest, exchange: Exchange) -> None:
        self.seen.calls.append(http)
        self.seen.ring()
        verb = "GET" if http.method == "HEAD" else http.method
        handle = self._routes().get((verb, http.path))
        if not _is_local(http.headers.get("host", "")):
            exchange.send(403)
        elif handle is not None:
            await handle(http, exchange)
        elif any(path == http.path for _verb, path in self._routes()):
            exchange.send(405, "405 method not allowed")
        else:
            exchange.send(404, "404 page not found")

    def _routes(self) -> Mapping[tuple[str, str], Handler]:
        return {
            ("GET", "/"): says("Ollama is running"),
            ("GET", "/api/version"): tells(lambda: {"version": self.profile.version}),
            ("GET", "/api/ps"): tells(
                lambda: {"models": [held.listed() for held in self.scheduler.in_memory]}
            ),
            **self.library.routes(),
            ("POST", "/api/generate"): self._generate,
            ("POST", "/api/chat"): self._generate,
            ("GET", "/fake/state"): tells(self._state),
            ("POST", "/fake/answer"): self._set_answer,
            ("POST", "/fake/answers"): self._set_answers,
            ("POST", "/fake/fail"): self._set_fault,
        }

    async def _generate(self, http: HttpRequest, exchange: Exchange) -> None:
        request = parse(http.path, http.body)
        if isinstance(request, Refusal):
            exchange.send_json(request.status, request.body)
            return
        served = Served(request, arrived_s=self.clock.now())
        serving = self._serve(request, served, exchange)
        await self.seen.follow(served, exchange, serving, generates=not request.is_load)

    async def _serve(
        self, request: Request, served: Served[Request], exchange: Exchange
    ) -> Outcome:
        model = self._model_for(request)
        if isinstance(model, Refusal):
            return _refuse(model, exchange)
        failure = self._failures.take(has_stream=not request.is_load)
        if failure is not None and failure.fault not in IN_STREAM:
            return await _meet(failure.fault, request, exchange)
        if request.is_load and request.keep_alive_s == 0:
            self.scheduler.unload(model)
            return self._tell(request, "unload", exchange)
        loaded = await self.scheduler.ready(model, request)
        if isinstance(loaded, Refusal):
            return _refuse(loaded, exchange)
        try:
            if request.is_load:
                return self._tell(request, "load", exchange)
            return await self._speak(served, exchange, loaded, failure)
        finally:
            self.scheduler.release(loaded)

    async def _speak(
        self,
        served: Served[Request],
        exchange: Exchange,
        loaded: Loaded,
        failure: Failure | None,
    ) -> Outcome:
        request = served.request
        text = fitted(rendered(request, loaded.model), request, loaded.context_tokens)
        if isinstance(text, Refusal):
            return _refuse(text, exchange)
        served.request = replace(request, rendered=text)
        answer = await self._answer_to(served.request)
        if isinstance(answer, Fault):
            failure, answer = Failure(answer), ""
            if failure.fault not in IN_STREAM:
                return await _meet(failure.fault, request, exchange)
        return await Speaking(
            clock=self.clock,
            request=served.request,
            served=served,
            exchange=exchange,
            loaded=loaded,
            failure=failure,
            limit=request.max_tokens or self.unlimited_tokens,
            hides_markers=self.profile.hides_markers,
        ).speak(answer)

    async def _answer_to(self, request: Request) -> Answer:
        answer = self.answer(request) if callable(self.answer) else self.answer
        return await answer if isinstance(answer, Awaitable) else answer

    def _tell(self, request: Request, reason: str, exchange: Exchange) -> Outcome:
        exchange.send_json(200, replies.loaded(request, reason, self.clock.now()))
        return Outcome.DONE

    def _model_for(self, request: Request) -> FakeModel | Refusal:
        if request.is_chat and not request.model:
            return Refusal(400, {"error": "model is required"})
        model = self.library.get(request.model)
        if model is None:
            return Refusal(404, {"error": f"model '{request.model}' not found"})
        return refused(request, model, qualified_name(model.name)) or model

    def _state(self) -> dict[str, object]:
        return {
            "requests": [request.body for request in self.requests],
            "outcomes": [served.outcome for served in self.seen.served],
            "loads": self.loads,
            "reloads": self.reloads,
            "aborted_loads": self.aborted_loads,
            "cancelled": self.cancelled,
            "most_at_once": self.seen.most_at_once,
        }

    async def _set_answer(self, http: HttpRequest, exchange: Exchange) -> None:
        self.answer = json.loads(http.body)
        exchange.send_json(200, {})

    async def _set_answers(self, http: HttpRequest, exchange: Exchange) -> None:
        self.answer = InTurn(*json.loads(http.body))
        exchange.send_json(200, {})

    async def _set_fault(self, http: HttpRequest, exchange: Exchange) -> None:
        self.fail_next(Fault(json.loads(http.body)))
        exchange.send_json(200, {})


def _is_local(host: str) -> bool:
    """Whether a Host header is one that Ollama accepts on a loopback address."""
    name = host.rpartition(":")[0] if host[-1:].isdigit() and ":" in host else host
    if name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        address = ip_address(name.strip("[]"))
    except ValueError:
        return False
    return address.is_loopback or address.is_private or address.is_unspecified


def _refuse(refusal: Refusal, exchange: Exchange) -> Outcome:
    exchange.send_json(refusal.status, refusal.body)
    return Outcome.REFUSED


async def _meet(fault: Fault, request: Request, exchange: Exchange) -> Outcome:
    """Makes a fault happen that needs no answer."""
    if fault is Fault.HANG:
        await for_ever()
    if fault is Fault.FORBIDDEN:
        exchange.send(403)
        return Outcome.FAULT
    status, message = _REFUSALS[fault]
    body: dict[str, Any] = {"error": message.format(model=request.model)}
    if fault is Fault.UNAUTHORIZED:
        body["signin_url"] = "https://ollama.com/connect?name=fake"
    exchange.send_json(status, body)
    return Outcome.FAULT


_DIED: Final = (
    "model runner has unexpectedly stopped, this may be due to resource limitations or an "
    "internal error, check ollama server logs for details"
)

_REFUSALS: Final[Mapping[Fault, tuple[int, str]]] = {
    Fault.BUSY: (503, "server busy, please try again.  maximum pending requests exceeded"),
    Fault.OUT_OF_MEMORY: (500, "llama-server reported out-of-memory during startup: exit 1"),
    Fault.DIED: (500, _DIED),
    Fault.MISSING: (404, "model '{model}' not found"),
    Fault.UNAUTHORIZED: (401, "unauthorized"),
    Fault.BAD_GATEWAY: (502, "dial tcp: lookup ollama.com: no such host"),
    **OLLAMA_REFUSALS,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Serves as a program; see `--help`."""
    model = "codellama:7b-code"
    parser = serving.arguments("fimls.testing.fake_ollama", model)
    parser.add_argument("--version", choices=PROFILES, default="0.33", help="of Ollama")
    given = parser.parse_args(argv)
    fake = FakeOllama(
        models=given.model or (model,),
        answer=given.answer,
        version=given.version,
        pace=serving.pace(given),
        chunking=CHUNKINGS[given.chunking],
        port=given.port,
    )
    return asyncio.run(serving.serve(fake))


if __name__ == "__main__":
    sys.exit(main())
