"""The JSON objects of servers that speak OpenAI's protocol, and how three kinds of them differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from fimls.testing.faults import Fault
from fimls.testing.speech import tokenized, tokens_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.testing.runner import Served

EVENTS: Final = "text/event-stream"

# What the double says of how sure it is, where logprobs are asked for: about 90 %.
_LOGPROB: Final = -0.1

# The time at which everything was made; any would do.
_CREATED: Final = 1_787_300_000


class Flavor(StrEnum):
    """Kinds of servers: they differ in their errors and in how completions tell logprobs."""

    OPENAI = "openai"
    LLAMA_SERVER = "llama-server"
    LM_STUDIO = "lm studio"


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
    request: Request, text: str, ended: str, flavor: Flavor, served: Served[Request]
) -> dict[str, Any]:
    """An answer that is not streamed."""
    said: dict[str, Any] = {"text": text}
    if request.is_chat:
        said = {"message": {"role": "assistant", "content": text}}
    choice = {**said, "index": 0, **_logprobs(request, text, flavor), "finish_reason": ended}
    kind = "chat.completion" if request.is_chat else "text_completion"
    return {**_head(request, kind), "choices": [choice], **usage(request, served)}


def usage(request: Request, served: Served[Request]) -> dict[str, Any]:
    """The numbers of tokens."""
    read, written = tokens_in(request.prompt), served.tokens
    return {
        "usage": {
            "prompt_tokens": read,
            "completion_tokens": written,
            "total_tokens": read + written,
        }
    }


def usage_part(request: Request, served: Served[Request]) -> dict[str, Any]:
    """The event that ends a stream with the numbers of tokens: it has no choices."""
    kind = "chat.completion.chunk" if request.is_chat else "text_completion"
    return {**_head(request, kind), "choices": [], **usage(request, served)}


def error(flavor: Flavor, status: int, message: str, kind: str, code: str) -> dict[str, Any]:
    """The body of an error."""
    if flavor is Flavor.LM_STUDIO:
        return {"error": message}
    if flavor is Flavor.LLAMA_SERVER:
        return {"error": {"code": status, "message": message, "type": kind}}
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def overflow(flavor: Flavor, tokens: int, wanted: int, context: int) -> dict[str, Any]:
    """What a prompt gets that does not fit, in the words of each kind of server.

    Sources: `ollama.md` §1.4 (llama-server), issue 20409 of vllm (OpenAI's words, which vLLM took
    over), issue 546 of lmstudio-bug-tracker.
    """
    if flavor is Flavor.LLAMA_SERVER:
        message = (
            f"request ({tokens} tokens) exceeds the available context size ({context} tokens), "
            "try increasing it"
        )
        body = error(flavor, 400, message, "exceed_context_size_error", "")
        body["error"] |= {"n_prompt_tokens": tokens, "n_ctx": context}
        return body
    if flavor is Flavor.LM_STUDIO:
        message = (
            f"Trying to keep the first {tokens} tokens when context the overflows. However, the "
            f"model is loaded with context length of only {context} tokens, which is not enough. "
            "Try to load the model with a larger context length, or provide a shorter input"
        )
        return error(flavor, 400, message, "", "")
    message = (
        f"This model's maximum context length is {context} tokens. However, you requested "
        f"{tokens + wanted} tokens ({tokens} in the messages, {wanted} in the completion). "
        "Please reduce the length of the messages or completion."
    )
    return error(flavor, 400, message, "invalid_request_error", "context_length_exceeded")


REFUSALS: Final[Mapping[Fault, tuple[int, str, str, str]]] = {
    Fault.BUSY: (429, "Rate limit reached for requests", "requests", "rate_limit_exceeded"),
    Fault.OUT_OF_MEMORY: (500, "out of memory", "server_error", "server_error"),
    Fault.DIED: (500, "the model has crashed", "server_error", "server_error"),
    Fault.MISSING: (404, "The model does not exist", "not_found_error", "model_not_found"),
    Fault.UNAUTHORIZED: (401, "Invalid API Key", "authentication_error", "invalid_api_key"),
    Fault.FORBIDDEN: (403, "Forbidden", "permission_error", "forbidden"),
    Fault.BAD_GATEWAY: (502, "Bad Gateway", "server_error", "bad_gateway"),
}
"""Status, message, type and code of the faults that need no answer."""


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
