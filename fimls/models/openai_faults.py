"""The errors of servers with OpenAI's routes, in the wordings of the common ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.errors import ModelBusy, ModelMissing, ModelRefused
from fimls.models.faults import Fault, error_of

if TYPE_CHECKING:
    from fimls.errors import ModelError


def openai_error(
    status: int | None, body: object, *, model: str, host: str, retry_after: str = ""
) -> ModelError:
    """The error for an answer with that status (None within a stream) and body.

    `retry_after` is the header of that name, in seconds.
    """
    after = f", and asks to wait {retry_after} s" if retry_after.isdecimal() else ""
    return error_of(_FAULTS, status, body, {"model": model, "host": host, "after": after})


_TOO_LONG: Final = (
    # llama.cpp
    "exceed_context_size",
    "exceeds the available context size",
    # OpenAI and vLLM
    "maximum context length",
    "context_length_exceeded",
    # LM Studio
    "with a larger context length",
    # TGI
    "`inputs` must have less than",
    "max_new_tokens` must be <=",
)

_FAULTS: Final = (
    # What the server says may repeat the key, so it is not passed on.
    Fault(
        ModelRefused,
        "{host} does not accept the key: set `Authorization` in `headers`",
        frozenset({401, 403}),
    ),
    Fault(ModelMissing, "{host} has no model {model}", frozenset({404}), ("model",)),
    Fault(ModelRefused, "{host} has no /v1/completions", frozenset({404, 405, 501})),
    Fault(ModelRefused, "the prompt is too long for {model}", words=_TOO_LONG),
    Fault(ModelBusy, "{host} has too many requests{after}", frozenset({429})),
    Fault(ModelBusy, "{host} is busy{after}", frozenset({502, 503, 504, 529})),
    Fault(ModelRefused, statuses=frozenset({400, 413, 422})),
)
