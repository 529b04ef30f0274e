"""A server that speaks OpenAI's protocol, without a model: completions and chats, streamed.

It stands for OpenAI, llama-server, vLLM, LM Studio and others (`flavor`), which differ in what they
tell of themselves, in their limits and in the words of their errors.
`python -m fimls.testing.fake_openai --help` serves the same for tests in other languages.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from fimls.testing import openai_replies as replies
from fimls.testing import serving
from fimls.testing.chunking import CHUNKINGS, by_lines
from fimls.testing.clock import RealClock
from fimls.testing.faults import (
    IN_STREAM,
    Failure,
    Failures,
    Fault,
    Wording,
    for_ever,
)
from fimls.testing.http_server import HttpServer, compact, tells
from fimls.testing.listening import Listening
from fimls.testing.observed import Observed
from fimls.testing.openai_flavors import CODE_LLAMA_MARKERS, TRAITS, Flavor, Loaded
from fimls.testing.openai_replies import EVENTS, REFUSALS, Request
from fimls.testing.runner import Outcome, Pace, Runner, Served
from fimls.testing.speech import events, tokenized
from fimls.testing.telling import gathered, told

if TYPE_CHECKING:
    from fimls.testing.chunking import Chunking
    from fimls.testing.clock import Clock
    from fimls.testing.http_server import Exchange, Handler, HttpRequest
    from fimls.testing.telling import Stream

Answer = str | Sequence[str] | Fault
"""What the model says: a text, a text in the chunks of its events, or a fault."""

_DONE: Final = b"data: [DONE]\n\n"


@dataclass
class FakeOpenAI(Listening[Request]):
    """A fake server on 127.0.0.1; it listens while it is entered.

    `api_key`: what a client must send as a bearer token, if anything.  `most_stops`: more stop
    strings are refused; None for the flavor's own limit.  `slots`: how many answers are written at
    once.  `retry_after_s`: what a busy server asks for.  `path` and `template` are the file and the
    chat template that llama-server tells (`path`: of vLLM, the model behind its name); `markers`
    are single tokens to it.
    """

    models: Sequence[str] = ("codellama-7b",)
    answer: Answer | Callable[[Request], Answer] = ""
    flavor: Flavor = Flavor.OPENAI
    pace: Pace = field(default_factory=Pace)
    clock: Clock = field(default_factory=RealClock)
    chunking: Chunking = by_lines
    port: int = 0
    api_key: str = ""
    context_tokens: int = 4096
    most_stops: int | None = None
    slots: int = 1
    retry_after_s: int = 1
    unlimited_tokens: int = 512
    path: str = ""
    template: str = ""
    markers: Sequence[str] = CODE_LLAMA_MARKERS
    seen: Observed[Request] = field(default_factory=Observed, init=False)
    """Requests, what became of them, and a way to wait for that."""
    runner: Runner = field(init=False)
    """The loaded model."""

    def __post_init__(self) -> None:
        self.runner = Runner(self.clock, self.pace, self.slots)
        self._server = HttpServer(self._handle, self.port, self.chunking)
        self._failures = Failures()

    @property
    def loaded(self) -> Loaded:
        """What it knows of its models."""
        return Loaded(
            self.flavor, self.models, self.context_tokens, self.path, self.template, self.markers
        )

    @property
    def prompts(self) -> list[str]:
        """Their prompts."""
        return [request.prompt for request in self.requests]

    async def _handle(self, http: HttpRequest, exchange: Exchange) -> None:
        self.seen.calls.append(http)
        self.seen.ring()
        handle = self._routes().get((http.method, http.path))
        if self.api_key and http.headers.get("authorization") != f"Bearer {self.api_key}":
            self._refuse(Fault.UNAUTHORIZED, exchange)
        elif handle is None:
            body = self._error(404, "Not Found", "not_found_error", "not_found")
            exchange.send_json(404, body)
        else:
            await handle(http, exchange)

    def _routes(self) -> Mapping[tuple[str, str], Handler]:
        own = {("POST", "/tokenize"): self._tokenize}
        return {
            ("GET", "/health"): tells(lambda: {"status": "ok"}),
            ("GET", "/v1/models"): self._list,
            ("POST", "/v1/completions"): self._complete,
            ("POST", "/v1/chat/completions"): self._complete,
            **self.loaded.routes(),
            **(own if self.flavor is Flavor.LLAMA_SERVER else {}),
        }

    async def _list(self, _http: HttpRequest, exchange: Exchange) -> None:
        server = TRAITS[self.flavor].server
        headers = {"Server": server} if server else {}
        exchange.send_json(200, self.loaded.listing(), headers)

    async def _tokenize(self, http: HttpRequest, exchange: Exchange) -> None:
        """llama-server's, with `with_pieces`; the double has no numbers for its tokens."""
        body = json.loads(http.body)
        pieces = [{"id": 0, "piece": each} for each in self.loaded.tokens(str(body["content"]))]
        exchange.send_json(
            200, {"tokens": pieces if body.get("with_pieces") else [0] * len(pieces)}
        )

    async def _complete(self, http: HttpRequest, exchange: Exchange) -> None:
        request = Request(http.path, json.loads(http.body))
        served = Served(request, arrived_s=self.clock.now())
        serving = self._serve(request, served, exchange)
        await self.seen.follow(served, exchange, serving, generates=True)

    async def _serve(
        self, request: Request, served: Served[Request], exchange: Exchange
    ) -> Outcome:
        failure = self._failures.take(has_stream=True)
        answer: Answer = ""
        if failure is None and (refused := self._refusal(request)) is not None:
            exchange.send_json(*refused)
            return Outcome.REFUSED
        if failure is None or failure.fault in IN_STREAM:
            answer = self.answer(request) if callable(self.answer) else self.answer
        if isinstance(answer, Fault):
            failure, answer = Failure(answer), ""
        if failure is not None and failure.fault is Fault.HANG:
            await for_ever()
        if failure is not None and failure.fault is Fault.TOO_LONG:
            exchange.send_json(*replies.overflow(self.flavor, 15001, 64, self.context_tokens))
            return Outcome.FAULT
        if failure is not None and failure.fault not in IN_STREAM:
            self._refuse(failure.fault, exchange)
            return Outcome.FAULT
        return await self._speak(answer, served, exchange, failure)

    def _refusal(self, request: Request) -> tuple[int, dict[str, Any]] | None:
        """Status and body of why the server does not do what is asked; None where it does."""
        traits = TRAITS[self.flavor]
        if not traits.takes_any_model and request.model not in self.models:
            message = f"The model `{request.model}` does not exist."
            return 404, self._error(404, message, "not_found_error", "model_not_found")
        most = traits.most_stops if self.most_stops is None else self.most_stops
        if most is not None and len(request.stops) > most:
            return replies.too_many_stops(self.flavor, most, len(request.stops))
        tokens, wanted = self._read(request), request.max_tokens or 0
        if tokens + wanted > self.context_tokens:
            return replies.overflow(self.flavor, tokens, wanted, self.context_tokens)
        return None

    async def _speak(
        self,
        answer: str | Sequence[str],
        served: Served[Request],
        exchange: Exchange,
        failure: Failure | None,
    ) -> Outcome:
        request = served.request
        chunks = tokenized(answer) if isinstance(answer, str) else answer
        limit = request.max_tokens or self.unlimited_tokens
        read = self._read(request)
        speaking = Speaking(self.flavor, self.clock, served, read, exchange, failure)
        async with self.runner.slot(served):
            await self.runner.read(request.prompt, served)
            written = self.runner.write(events(chunks, request.stops, limit), served)
            tell = speaking.stream if request.stream else speaking.whole
            async with aclosing(written) as stream:
                return await told(stream, tell, failure, exchange, speaking.wording())

    def _read(self, request: Request) -> int:
        """The tokens of a prompt."""
        return len(self.loaded.tokens(request.prompt))

    def _refuse(self, fault: Fault, exchange: Exchange) -> None:
        status, message, kind, code = REFUSALS[fault]
        headers = {"Retry-After": str(self.retry_after_s)} if fault is Fault.BUSY else {}
        exchange.send_json(status, self._error(status, message, kind, code), headers)

    def _error(self, status: int, message: str, kind: str, code: str) -> dict[str, Any]:
        return replies.error(self.flavor, status, message, kind, code)


@dataclass
class Speaking:
    """One answer, on its way to the client."""

    flavor: Flavor
    clock: Clock
    served: Served[Request]
    read: int
    exchange: Exchange
    failure: Failure | None

    async def stream(self, stream: Stream) -> Outcome:
        """Sends it as server-sent events."""
        request, sent = self.served.request, 0
        async for event in stream:
            if self.failure is not None:
                await self.failure.drip(self.clock)
            if event.text or event.ended:
                ended = event.ended.value if event.ended else None
                part = replies.part(request, event.text, ended, self.flavor, is_first=not sent)
                # llama-server tells its numbers with the reason, whether they are wanted or not.
                more = self._counts() if ended and self._is_llama_server else {}
                await self._say({**part, **more})
                sent += 1
        if request.wants_usage and not self._is_llama_server:
            await self._say(replies.usage_part(request, self._counts()))
        await self.exchange.write(_DONE)
        await self.exchange.finish()
        return Outcome.DONE

    async def whole(self, stream: Stream) -> Outcome:
        """Sends it when it is whole."""
        said, ended = await gathered(stream)
        request = self.served.request
        self.exchange.send_json(
            200, replies.whole(request, said, ended.value, self.flavor, self._counts())
        )
        return Outcome.DONE

    @property
    def _is_llama_server(self) -> bool:
        return self.flavor is Flavor.LLAMA_SERVER

    def _counts(self) -> dict[str, Any]:
        own = replies.timings(self.read, self.served) if self._is_llama_server else {}
        return {**replies.usage(self.read, self.served), **own}

    def wording(self) -> Wording:
        """How its faults are told."""
        body = replies.error(self.flavor, 500, "the model has crashed", "server_error", "")
        return Wording(
            # SGLang wraps the same object where it comes in a stream.
            error=_event(body if "error" in body else {"error": body}),
            garbage=b"data: {<html>\n\n",
            start=lambda: self.exchange.start(EVENTS),
            refuse=lambda: self.exchange.send_json(500, body),
        )

    async def _say(self, body: dict[str, Any]) -> None:
        if not self.exchange.has_started:
            self.exchange.start(EVENTS)
        await self.exchange.write(_event(body))


def _event(body: dict[str, Any]) -> bytes:
    return b"data: " + compact(body) + b"\n\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Serves as a program; see `--help`."""
    model = "codellama-7b"
    parser = serving.arguments("fimls.testing.fake_openai", model)
    parser.add_argument("--flavor", choices=[each.value for each in Flavor], default="openai")
    parser.add_argument("--api-key", default="", metavar="KEY")
    given = parser.parse_args(argv)
    fake = FakeOpenAI(
        models=given.model or (model,),
        answer=given.answer,
        flavor=Flavor(given.flavor),
        pace=serving.pace(given),
        chunking=CHUNKINGS[given.chunking],
        port=given.port,
        api_key=given.api_key,
    )
    return asyncio.run(serving.serve(fake))


if __name__ == "__main__":
    sys.exit(main())
