"""The JSON objects of servers that speak OpenAI's protocol, in the words of each kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from fimls.testing.faults import Fault
from fimls.testing.openai_flavors import Flavor
from fimls.testing.speech import CHARACTERS_PER_TOKEN, tokenized

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.testing.runner import Served

EVENTS: Final = "text/event-stream"

# What the double says of how sure it is, where logprobs are asked for: about 90 %.
_LOGPROB: Final = -0.1

# The time at which everything was made; any would do.
_CREATED: Final = 1_787_300_000


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a completion or a chat; `body` is the whole JSON object."""

    path: str
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_chat(self) -> bool:
        """Whether it is in the form of a chat."""
        return self.path == "/v1/chat/completions"

    @property
    def model(self) -> str:
        """The model's name."""
        return str(self.body.get("model", ""))

    @property
    def messages(self) -> tuple[Mapping[str, Any], ...]:
        """The messages of a chat."""
        return tuple(self.body.get("messages", ()))

    @property
    def prompt(self) -> str:
        """The prompt; of a chat, its contents with blank lines between them."""
        if self.is_chat:
            return "\n\n".join(str(each.get("content")) for each in self.messages)
        return str(self.body.get("prompt", ""))

    @property
    def stops(self) -> tuple[str, ...]:
        """The stop strings; one may be given without a list."""
        given = self.body.get("stop") or ()
        return (given,) if isinstance(given, str) else tuple(given)

    @property
    def max_tokens(self) -> int | None:
        """The most tokens that it wants."""
        given = self.body.get("max_completion_tokens", self.body.get("max_tokens"))
        return None if given is None or given < 0 else int(given)

    @property
    def stream(self) -> bool:
        """Whether the answer is to be streamed."""
        return bool(self.body.get("stream", False))

    @property
    def wants_usage(self) -> bool:
        """Whether a stream is to end with the numbers of tokens."""
        return bool((self.body.get("stream_options") or {}).get("include_usage", False))


def part(
    request: Request, text: str, ended: str | None, flavor: Flavor, *, is_first: bool = False
) -> dict[str, Any]:
    """An event of a stream."""
    said: dict[str, Any] = {"text": text}
    if request.is_chat:
        said = {"delta": {**({"role": "assistant"} if is_first else {}), "content": text}}
    choice = {**said, "index": 0, **_logprobs(request, text, flavor), "finish_reason": ended}
    kind = "chat.completion.chunk" if request.is_chat else "text_completion"
    return {**_head(request, kind), "choices": [choice]}


def whole(
    request: Request, text: str, ended: str, flavor: Flavor, counts: Mapping[str, Any]
) -> dict[str, Any]:
    """An answer that is not streamed; `counts` are what `usage` or `timings` make."""
    said: dict[str, Any] = {"text": text}
    if request.is_chat:
        said = {"message": {"role": "assistant", "content": text}}
    choice = {**said, "index": 0, **_logprobs(request, text, flavor), "finish_reason": ended}
    kind = "chat.completion" if request.is_chat else "text_completion"
    return {**_head(request, kind), "choices": [choice], **counts}


def usage(read: int, served: Served[Request]) -> dict[str, Any]:
    """The numbers of tokens; `read` are those of the prompt."""
    return {
        "usage": {
            "prompt_tokens": read,
            "completion_tokens": served.tokens,
            "total_tokens": read + served.tokens,
            "prompt_tokens_details": {"cached_tokens": _cached(read, served)},
        }
    }


def timings(read: int, served: Served[Request]) -> dict[str, Any]:
    """llama-server's own numbers of tokens: known of the prompt, read of it, and written."""
    known = _cached(read, served)
    counts = {"cache_n": known, "prompt_n": read - known, "predicted_n": served.tokens}
    return {"timings": counts}


def usage_part(request: Request, counts: Mapping[str, Any]) -> dict[str, Any]:
    """The event that ends a stream with the numbers of tokens: it has no choices."""
    kind = "chat.completion.chunk" if request.is_chat else "text_completion"
    return {**_head(request, kind), "choices": [], **counts}


def error(flavor: Flavor, status: int, message: str, kind: str, code: str) -> dict[str, Any]:
    """The body of an error."""
    if flavor is Flavor.LM_STUDIO:
        return {"error": message}
    if flavor is Flavor.TGI:
        return {
            "error": message,
            "error_type": "validation" if status == _INVALID else "generation",
        }
    if flavor is Flavor.LLAMA_SERVER:
        return {"error": {"code": status, "message": message, "type": kind}}
    if flavor is Flavor.VLLM:
        return {"error": {"message": message, "type": kind, "param": None, "code": status}}
    if flavor is Flavor.SGLANG:
        return {"object": "error", "message": message, "type": kind, "param": None, "code": status}
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def too_many_stops(flavor: Flavor, most: int, given: int) -> tuple[int, dict[str, Any]]:
    """Status and body of what a list of stop strings gets that is too long."""
    if flavor is Flavor.TGI:
        message = f"Input validation error: `stop` supports up to {most} stop sequences. "
        return _INVALID, error(flavor, _INVALID, f"{message}Given: {given}", "", "")
    message = (
        "Invalid 'stop': array too long. Expected an array with maximum length "
        f"{most}, but got an array with length {given} instead."
    )
    return 400, error(flavor, 400, message, "invalid_request_error", "array_above_max_length")


def overflow(flavor: Flavor, tokens: int, wanted: int, context: int) -> tuple[int, dict[str, Any]]:
    """Status and body of what a prompt gets that does not fit, in the words of each kind of server.

    Sources: `ollama.md` §1.4 (llama-server), issue 20409 of vllm (OpenAI's words, which vLLM took
    over), issue 546 of lmstudio-bug-tracker; SGLang and TGI as other clients recognise them.
    """
    status = _INVALID if flavor is Flavor.TGI else 400
    kind, code = "invalid_request_error", "context_length_exceeded"
    if flavor is Flavor.LLAMA_SERVER:
        kind = "exceed_context_size_error"
    words = _OVERFLOWS.get(flavor, _OVERFLOWS[Flavor.OPENAI])
    message = words.format(tokens=tokens, wanted=wanted, context=context, all=tokens + wanted)
    body = error(flavor, status, message, kind, code)
    if flavor is Flavor.LLAMA_SERVER:
        body["error"] |= {"n_prompt_tokens": tokens, "n_ctx": context}
    return status, body


# The status of TGI's refusals.
_INVALID: Final = 422

_OVERFLOWS: Final[Mapping[Flavor, str]] = {
    Flavor.OPENAI: (
        "This model's maximum context length is {context} tokens. However, you requested "
        "{all} tokens ({tokens} in the messages, {wanted} in the completion). "
        "Please reduce the length of the messages or completion."
    ),
    Flavor.LLAMA_SERVER: (
        "request ({tokens} tokens) exceeds the available context size ({context} tokens), "
        "try increasing it"
    ),
    Flavor.LM_STUDIO: (
        "Trying to keep the first {tokens} tokens when context the overflows. However, the "
        "model is loaded with context length of only {context} tokens, which is not enough. "
        "Try to load the model with a larger context length, or provide a shorter input"
    ),
    Flavor.SGLANG: (
        "The input ({tokens} tokens) is longer than the model's context length ({context} tokens)."
    ),
    Flavor.TGI: (
        "Input validation error: `inputs` tokens + `max_new_tokens` must be <= {context}. "
        "Given: {tokens} `inputs` tokens and {wanted} `max_new_tokens`"
    ),
}


REFUSALS: Final[Mapping[Fault, tuple[int, str, str, str]]] = {
    Fault.BUSY: (429, "Rate limit reached for requests", "requests", "rate_limit_exceeded"),
    Fault.OUT_OF_MEMORY: (500, "out of memory", "server_error", "server_error"),
    Fault.DIED: (500, "the model has crashed", "server_error", "server_error"),
    Fault.MISSING: (404, "The model does not exist", "not_found_error", "model_not_found"),
    Fault.UNAUTHORIZED: (401, "Invalid API Key", "authentication_error", "invalid_api_key"),
    Fault.FORBIDDEN: (403, "Forbidden", "permission_error", "forbidden"),
    Fault.BAD_GATEWAY: (502, "Bad Gateway", "server_error", "bad_gateway"),
    Fault.SERVER_ERROR: (500, "index 7 is out of bounds", "server_error", "server_error"),
    Fault.LOADING: (503, "Loading model", "unavailable_error", "unavailable"),
}
"""Status, message, type and code of the faults that need no answer."""


def _cached(read: int, served: Served[Request]) -> int:
    return min(served.cached // CHARACTERS_PER_TOKEN, read)


def _head(request: Request, kind: str) -> dict[str, Any]:
    return {"id": "cmpl-1", "object": kind, "created": _CREATED, "model": request.model}


def _logprobs(request: Request, text: str, flavor: Flavor) -> dict[str, Any]:
    if not request.body.get("logprobs"):
        return {"logprobs": None}
    tokens = tokenized(text)
    # llama-server tells completions' logprobs in the form of a chat's.
    if request.is_chat or flavor is Flavor.LLAMA_SERVER:
        content = [
            {
                "token": token,
                "bytes": list(token.encode()),
                "logprob": _LOGPROB,
                "top_logprobs": [],
            }
            for token in tokens
        ]
        return {"logprobs": {"content": content}}
    return {
        "logprobs": {
            "tokens": tokens,
            "token_logprobs": [_LOGPROB] * len(tokens),
            "top_logprobs": None,
            "text_offset": [0] * len(tokens),
        }
    }
