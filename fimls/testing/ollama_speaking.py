"""How the fake Ollama answers one request to a loaded model: reading, writing, breaking off."""

from __future__ import annotations

import json
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fimls.testing import ollama_replies as replies
from fimls.testing.faults import Wording
from fimls.testing.http_server import compact
from fimls.testing.ollama_models import render, without_markers
from fimls.testing.ollama_replies import NDJSON, Times
from fimls.testing.ollama_request import Refusal
from fimls.testing.runner import Outcome
from fimls.testing.speech import (
    CHARACTERS_PER_TOKEN,
    Ended,
    events,
    rambling,
    tokenized,
    tokens_in,
)
from fimls.testing.telling import gathered, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fimls.testing.clock import Clock
    from fimls.testing.faults import Failure
    from fimls.testing.http_server import Exchange
    from fimls.testing.ollama_models import FakeModel
    from fimls.testing.ollama_request import Request
    from fimls.testing.ollama_scheduler import Loaded
    from fimls.testing.runner import Served
    from fimls.testing.speech import Event
    from fimls.testing.telling import Stream

# Ollama ends a stream without a word when this many events are alike but for blanks around them.
_MOST_ALIKE: Final = 30

# Of a prompt that is too long the first tokens are kept: `num_keep`, and one for the beginning.
_KEPT_TOKENS: Final = 5

_RUNNER_ERROR: Final = "an error was encountered while running the model: unexpected EOF"
_TOO_LONG: Final = (
    "the prompt is longer than the context length currently available to the model; shorten the "
    "prompt, adjust the context length in settings, or use a model with a longer context length"
)


def rendered(request: Request, model: FakeModel) -> str:
    """What the model is given to read: raw text as it is, else by a template."""
    if request.raw:
        return request.prompt
    if request.is_chat:
        parts = [f"<|{each.get('role')}|>\n{each.get('content')}\n" for each in request.messages]
        return "".join([*parts, "<|assistant|>\n"])
    template = request.body.get("template") or model.template
    return render(template, request.prompt, request.suffix)


def fitted(text: str, request: Request, context_tokens: int) -> str | Refusal:
    """The text as it goes into the context: silently cut to about half of it if it is too long."""
    tokens = tokens_in(text)
    if tokens < context_tokens:
        return text
    if request.body.get("truncate") is False:
        return Refusal(400, {"error": json.dumps(_exceeds(tokens, context_tokens))})
    if request.body.get("shift") is False:
        return Refusal(400, {"error": _TOO_LONG})
    kept = _KEPT_TOKENS * CHARACTERS_PER_TOKEN
    return text[:kept] + text[-(context_tokens // 2 * CHARACTERS_PER_TOKEN - kept) :]


@dataclass
class Speaking:
    """One answer: `request` has its rendered prompt, `limit` is the most tokens of an answer."""

    clock: Clock
    request: Request
    served: Served[Request]
    exchange: Exchange
    loaded: Loaded
    failure: Failure | None
    limit: int
    hides_markers: bool
    read_s: float = 0.0

    async def speak(self, answer: str | Sequence[str]) -> Outcome:
        """Waits for the model, lets it read and write, and sends what it says."""
        runner = self.loaded.runner
        async with runner.slot(self.served):
            await runner.read(self.request.rendered, self.served)
            self.read_s = self.clock.now()
            written = runner.write(self._events(answer), self.served)
            tell = self._stream if self.request.stream else self._whole
            async with aclosing(written) as stream:
                return await told(
                    stream, tell, self.failure, self.exchange, _wording(self.exchange)
                )

    def _events(self, answer: str | Sequence[str]) -> Iterator[Event]:
        model, stops = self.loaded.model, self.request.stops
        shown = without_markers(
            [answer] if isinstance(answer, str) else answer,
            model.markers if self.hides_markers else (),
        )
        chunks = tokenized(shown[0]) if isinstance(answer, str) else shown
        # A chat ends with the end of the message, which Ollama knows whatever the model is.
        rambles = bool(model.end_marker) and not self.request.is_chat
        return events(
            rambling(chunks, model.end_marker) if rambles else chunks,
            model.stops if stops is None else stops,
            self.limit,
            single=model.end_marker,
        )

    async def _stream(self, stream: Stream) -> Outcome:
        guard = _Guard()
        async for event in stream:
            if self.failure is not None:
                await self.failure.drip(self.clock)
            if event.text:
                if guard.trips(event.text):
                    await self.exchange.finish()
                    return Outcome.FAULT
                await self._say(replies.chunk(self.request, event.text, self.clock.now()))
            if event.ended is not None:
                await self._say(self._final("", event.ended))
        await self.exchange.finish()
        return Outcome.DONE

    async def _whole(self, stream: Stream) -> Outcome:
        said, ended = await gathered(stream)
        self.exchange.send_json(200, self._final(said, ended))
        return Outcome.DONE

    async def _say(self, body: dict[str, object]) -> None:
        # The headers go out with the first event, not before.
        if not self.exchange.has_started:
            self.exchange.start(NDJSON)
        await self.exchange.write(_line(body))

    def _final(self, text: str, ended: Ended) -> dict[str, object]:
        times = Times(
            arrived=self.served.arrived_s,
            loaded=self.served.started_s or 0.0,
            read=self.read_s,
            done=self.clock.now(),
        )
        known = self.loaded.model.control_tokens
        return replies.final(self.request, text, ended.value, self.served, times, known)


@dataclass
class _Guard:
    """Ollama's guard against loops: it counts events that are alike but for blanks around them."""

    before: str = ""
    alike: int = 0

    def trips(self, text: str) -> bool:
        """Whether this event is one too many; the very first is compared with nothing at all."""
        self.alike = self.alike + 1 if text.strip() == self.before else 0
        self.before = text.strip()
        return self.alike > _MOST_ALIKE


def _exceeds(tokens: int, context_tokens: int) -> dict[str, object]:
    message = (
        f"request ({tokens} tokens) exceeds the available context size "
        f"({context_tokens} tokens), try increasing it"
    )
    return {
        "error": {
            "code": 400,
            "message": message,
            "type": "exceed_context_size_error",
            "n_prompt_tokens": tokens,
            "n_ctx": context_tokens,
        }
    }


def _wording(exchange: Exchange) -> Wording:
    """How faults of the process that runs the model are told."""
    error: dict[str, Any] = {"error": _RUNNER_ERROR}
    return Wording(
        error=_line(error),
        garbage=b'{"model": <html>\n',
        start=lambda: exchange.start(NDJSON),
        refuse=lambda: exchange.send_json(500, error),
    )


def _line(body: dict[str, Any]) -> bytes:
    return compact(body) + b"\n"
