"""The errors of servers with OpenAI's routes, in the wordings of the common ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.errors import ModelBusy, ModelFailed, ModelMissing, ModelRefused, PromptTooLong
from fimls.models.faults import Fault, Reply, error_of
from fimls.models.trouble import Condition

if TYPE_CHECKING:
    from fimls.errors import ModelError


def openai_error(
    status: int | None, body: object, *, model: str, host: str, retry_after: str = ""
) -> ModelError:
    """The error for an answer with that status (None within a stream) and body.

    `retry_after` is the header of that name; a date there is as if it were absent.
    """
    after_s = float(retry_after) if retry_after.isdecimal() else None
    return error_of(_FAULTS, Reply(status, body, "openai", model, host, after_s))


_TOO_LONG: Final = (
    # llama.cpp
    "exceed_context_size",
    "exceeds the available context size",
    # OpenAI and vLLM, in the words of several versions
    "maximum context length",
    "context_length_exceeded",
    "longer than the maximum model length",
    # SGLang
    "longer than the model's context length",
    # LM Studio
    "with a larger context length",
    # TGI
    "`inputs` must have less than",
    "max_new_tokens` must be <=",
)

# From the most telling to the least: the first row that fits counts.
_FAULTS: Final = (
    # What the server says may repeat the key, so it is not passed on.
    Fault(ModelRefused, Condition.WRONG_KEY, (401, 403, 407)),
    Fault(ModelMissing, Condition.NO_MODEL, words=("no models loaded",)),
    Fault(ModelMissing, Condition.MODEL_MISSING, (404,), ("model",)),
    Fault(ModelRefused, Condition.NO_ROUTE, (404, 405, 501)),
    Fault(PromptTooLong, Condition.PROMPT_TOO_LONG, words=_TOO_LONG),
    Fault(ModelBusy, Condition.TOO_MANY, (429,)),
    Fault(ModelBusy, Condition.LOADING, (503,), ("loading model",)),
    Fault(ModelBusy, Condition.BUSY, (502, 503, 504, 529)),
    Fault(ModelFailed, Condition.OUT_OF_MEMORY, words=("out of memory", "out-of-memory")),
    Fault(ModelFailed, Condition.STREAM_ERROR, (None,)),
    Fault(ModelRefused, Condition.REFUSED, (400, 413, 422)),
)
