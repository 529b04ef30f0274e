"""Requests to the fake Ollama as Go reads them, and the words in which it refuses.

Source: `ollama.md` §1.1, §1.3 and §1.4.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.testing.ollama_models import FakeModel

DEFAULT_CONTEXT: Final = 4096
"""The context that Ollama chooses on a machine with little video memory, in tokens."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reply that is an error; the body is a JSON value, or None for an empty one."""

    status: int
    body: object


@dataclass(frozen=True, slots=True)
class Request:
    """A request to generate or to chat.

    `prompt` and `suffix` are as they were sent; `rendered` is what the model reads, after its
    template and after truncation.  `body` is the whole JSON object, its names in small letters.
    """

    path: str
    model: str
    prompt: str = ""
    suffix: str = ""
    rendered: str = ""
    raw: bool = False
    stream: bool = True
    messages: tuple[Mapping[str, Any], ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    keep_alive_s: float | None = None
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_chat(self) -> bool:
        """Whether it is in the form of a chat."""
        return self.path == "/api/chat"

    @property
    def is_load(self) -> bool:
        """Whether it asks for nothing but the model's being there (or its going)."""
        return not (self.messages if self.is_chat else self.prompt)

    @property
    def stops(self) -> tuple[str, ...] | None:
        """Its stop strings; None where it leaves them to the model."""
        given = self.options.get("stop")
        return None if given is None else tuple(given)

    @property
    def max_tokens(self) -> int | None:
        """How many tokens it wants at the most; None for no limit (0 and -1 mean that too)."""
        given = int(self.options.get("num_predict") or -1)
        return given if given > 0 else None

    @property
    def context_tokens(self) -> int:
        """The context that it asks for."""
        return max(int(self.options.get("num_ctx") or DEFAULT_CONTEXT), 4)

    @property
    def runner_key(self) -> tuple[object, ...]:
        """What the runner is started with: another value means another start."""
        given = {**_RUNNER_DEFAULTS, **self.options}
        return (*(given[name] for name in _RUNNER_DEFAULTS), self.body.get("shift", True))


def parse(path: str, content: bytes) -> Request | Refusal:
    """Reads a request, or says what is wrong with it in Go's words."""
    if not content:
        return _error(400, "missing request body")
    body = _decoded(content)
    if isinstance(body, Refusal):
        return body
    options = {name: value for name, value in body.get("options", {}).items() if value is not None}
    keep_alive = keep_alive_s(body.get("keep_alive"))
    if isinstance(keep_alive, str):
        return _error(400, keep_alive)
    return _wrong_option(options) or Request(
        path=path,
        model=body.get("model", ""),
        prompt=body.get("prompt", ""),
        suffix=body.get("suffix", ""),
        raw=body.get("raw", False),
        stream=body.get("stream", True),
        messages=tuple(body.get("messages", ())),
        options=options,
        keep_alive_s=keep_alive,
        body=body,
    )


def refused(request: Request, model: FakeModel, qualified: str) -> Refusal | None:
    """Why the model does not do what is asked, before it is loaded; None where it does."""
    verb = "chat" if request.is_chat else "generate"
    thinks, top = "thinking" in model.capabilities, request.body.get("top_logprobs", 0)
    cases = (
        (
            request.raw and any(request.body.get(name) for name in _NOT_WITH_RAW),
            "raw mode does not support template, system, or context",
        ),
        (
            "completion" not in model.capabilities,
            f'"{request.model}" does not support {verb}',
        ),
        (
            bool(request.suffix) and "insert" not in model.capabilities,
            f"{qualified} does not support insert",
        ),
        (
            bool(request.body.get("think")) and not thinks,
            f'"{request.model}" does not support thinking',
        ),
        (not 0 <= top <= _MOST_TOP_LOGPROBS, "top_logprobs must be between 0 and 20"),
    )
    return next((_error(400, message) for is_so, message in cases if is_so), None)


def keep_alive_s(given: object) -> float | str | None:
    """Seconds of a `keep_alive`, infinite where it is negative; a text says what is wrong."""
    if given is None:
        return None
    if isinstance(given, int | float):
        return math.inf if given < 0 else float(given)
    text = str(given)
    if _DURATION.fullmatch(text) is None:
        missing = re.fullmatch(r"[-+]?[\d.]+", text) and text not in _ZERO
        if text in _ZERO:
            return 0.0
        what = "missing unit in duration" if missing else "invalid duration"
        return f'time: {what} "{text}"'
    if text.startswith("-"):
        return math.inf
    return sum(float(amount) * _UNIT_S[unit] for amount, unit in _PART.findall(text))


def _decoded(content: bytes) -> dict[str, Any] | Refusal:
    try:
        value = json.loads(content)
    except ValueError as error:
        return _error(400, f"invalid character: {error}")
    if not isinstance(value, dict):
        return _error(400, _unmarshal(value, "GenerateRequest", "api.GenerateRequest"))
    # Go finds a field whatever the case of its letters, and takes null as not given.
    body = {name.lower(): each for name, each in value.items() if each is not None}
    for name, (kinds, go_type) in _FIELDS.items():
        if name in body and not _is_a(body[name], kinds):
            return _error(400, _unmarshal(body[name], f"GenerateRequest.{name}", go_type))
    return body


def _wrong_option(options: Mapping[str, Any]) -> Refusal | None:
    for name, value in options.items():
        kinds, word = _OPTIONS.get(name, ((object,), ""))
        if not _is_a(value, kinds):
            return _error(500, f'option "{name}" must be of type {word}')
    return None


def _is_a(value: object, kinds: tuple[type, ...]) -> bool:
    # For Python a truth value is an integer; for JSON it is not.
    if isinstance(value, bool) and object not in kinds:
        return bool in kinds
    return isinstance(value, kinds)


def _unmarshal(value: object, where: str, go_type: str) -> str:
    return f"json: cannot unmarshal {_JSON_KINDS[type(value)]} into Go struct field {where} of type {go_type}"  # noqa: E501


def _error(status: int, message: str) -> Refusal:
    return Refusal(status, {"error": message})


_MOST_TOP_LOGPROBS: Final = 20
_NOT_WITH_RAW: Final = ("template", "system", "context")
_ZERO: Final = ("0", "+0", "-0")

_JSON_KINDS: Final[Mapping[type, str]] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "bool",
    list: "array",
    dict: "object",
    type(None): "null",
}

# The types of the fields that the fake reads; unknown ones are ignored, as Go does.
_FIELDS: Final[Mapping[str, tuple[tuple[type, ...], str]]] = {
    "model": ((str,), "string"),
    "prompt": ((str,), "string"),
    "suffix": ((str,), "string"),
    "system": ((str,), "string"),
    "template": ((str,), "string"),
    "context": ((list,), "[]int"),
    "stream": ((bool,), "bool"),
    "raw": ((bool,), "bool"),
    "shift": ((bool,), "bool"),
    "truncate": ((bool,), "bool"),
    "logprobs": ((bool,), "bool"),
    "top_logprobs": ((int,), "int"),
    "messages": ((list,), "[]api.Message"),
    "options": ((dict,), "map[string]interface {}"),
}

_INTEGER: Final = ((int, float), "integer")
_FLOAT: Final = ((int, float), "float32")
_OPTIONS: Final[Mapping[str, tuple[tuple[type, ...], str]]] = {
    "num_ctx": _INTEGER,
    "num_batch": _INTEGER,
    "num_gpu": _INTEGER,
    "main_gpu": _INTEGER,
    "num_thread": _INTEGER,
    "draft_num_predict": _INTEGER,
    "num_keep": _INTEGER,
    "num_predict": _INTEGER,
    "seed": _INTEGER,
    "top_k": _INTEGER,
    "repeat_last_n": _INTEGER,
    "use_mmap": ((bool,), "boolean"),
    "top_p": _FLOAT,
    "min_p": _FLOAT,
    "typical_p": _FLOAT,
    "temperature": _FLOAT,
    "repeat_penalty": _FLOAT,
    "presence_penalty": _FLOAT,
    "frequency_penalty": _FLOAT,
    "stop": ((list,), "array"),
}

# `num_ctx` 0 means that Ollama chooses, which is another start than the same number given.
# `draft_num_predict` is not here: without a draft model it is set to 0 whatever was asked.
_RUNNER_DEFAULTS: Final[Mapping[str, object]] = {
    "num_ctx": 0,
    "num_batch": 512,
    "num_gpu": -1,
    "main_gpu": 0,
    "use_mmap": None,
    "num_thread": 0,
}

_UNIT_S: Final[Mapping[str, float]] = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
}
_PART: Final = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)")
_DURATION: Final = re.compile(rf"[-+]?(?:{_PART.pattern})+")
