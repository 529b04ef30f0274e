"""The JSON objects that the fake Ollama answers with (`ollama.md` §1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from fimls.testing.speech import tokenized, tokens_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.testing.ollama_request import Request
    from fimls.testing.runner import Served

NDJSON: Final = "application/x-ndjson"
"""The content type of a stream: a JSON value a line."""

# The wall clock of the double is its monotonic clock on top of this moment.
_EPOCH: Final = datetime(2026, 8, 21, tzinfo=UTC)

_NANOSECONDS: Final = 1_000_000_000

# What the double says of how sure it is, where logprobs are asked for: about 90 %.
_LOGPROB: Final = -0.1


@dataclass(frozen=True, slots=True)
class Times:
    """When a request came, when its writing could begin, and when it was over; seconds."""

    arrived: float
    loaded: float
    read: float
    done: float


def timestamp(seconds: float) -> str:
    """A moment of the double's clock as Ollama writes times."""
    return (_EPOCH + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def chunk(request: Request, text: str, now: float) -> dict[str, object]:
    """One event of a stream."""
    body = {**_head(request, now), **_said(request, text), "done": False}
    if request.body.get("logprobs"):
        body["logprobs"] = [
            {"token": token, "logprob": _LOGPROB, "bytes": list(token.encode())}
            for token in tokenized(text)
        ]
    return body


def final(
    request: Request,
    text: str,
    reason: str,
    served: Served[Request],
    times: Times,
    control_tokens: Sequence[str] = (),
) -> dict[str, object]:
    """The last event of a stream, or the whole answer; numbers that are zero are left out."""
    context = [*range(1, tokens_in(request.rendered + served.written) + 1)]
    numbers = {
        "total_duration": _ns(times.done - times.arrived),
        "load_duration": _ns(times.loaded - times.arrived),
        "prompt_eval_count": tokens_in(request.rendered, control_tokens),
        "prompt_eval_duration": _ns(times.read - times.loaded),
        "eval_count": served.tokens,
        "eval_duration": _ns(times.done - times.read),
    }
    return {
        **_head(request, times.done),
        **_said(request, text),
        "done": True,
        "done_reason": reason,
        **({} if request.raw or request.is_chat else {"context": context}),
        **{name: number for name, number in numbers.items() if number},
    }


def loaded(request: Request, reason: str, now: float) -> dict[str, object]:
    """The answer to a request for nothing but a load (`load`) or its end (`unload`)."""
    return {**_head(request, now), **_said(request, ""), "done": True, "done_reason": reason}


def _head(request: Request, now: float) -> dict[str, object]:
    return {"model": request.model, "created_at": timestamp(now)}


def _said(request: Request, text: str) -> dict[str, object]:
    if request.is_chat:
        return {"message": {"role": "assistant", "content": text}}
    return {"response": text}


def _ns(seconds: float) -> int:
    return round(seconds * _NANOSECONDS)
