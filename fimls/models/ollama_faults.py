"""The errors of Ollama, as its source has them (`ollama.md` §1.4), and what they mean to people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.errors import (
    ModelBusy,
    ModelFailed,
    ModelMissing,
    ModelRefused,
    PromptTooLong,
    StreamBroken,
)
from fimls.models.faults import Fault, Reply, error_of
from fimls.models.trouble import Condition

if TYPE_CHECKING:
    from fimls.errors import ModelError


def ollama_error(status: int | None, body: object, *, model: str, host: str) -> ModelError:
    """The error for an answer of Ollama with that status (None within a stream) and body."""
    return error_of(_FAULTS, Reply(status, body, "ollama", model, host))


def _any(*statuses: int | None) -> frozenset[int | None]:
    return frozenset(statuses)


# From the most telling to the least: the first row that fits counts.
_FAULTS: Final = (
    # The cloud, and who stands between us and Ollama.
    Fault(ModelRefused, Condition.CLOUD_DISABLED, _any(403), ("cloud",)),
    Fault(ModelRefused, Condition.CLOUD_DISABLED, words=("cannot run this remote model",)),
    Fault(ModelRefused, Condition.CLOUD_SIGN_IN, _any(401), ("unauthorized",)),
    Fault(ModelRefused, Condition.WRONG_KEY, _any(401, 407)),
    # Ollama says nothing with it; what stands between us and it says something.
    Fault(ModelRefused, Condition.WRONG_KEY, _any(403), (" ",)),
    Fault(ModelRefused, Condition.HOST_NAME_REJECTED, _any(403)),
    # Where the address is not Ollama's, its web server says so in plain text.
    Fault(
        ModelRefused, Condition.NOT_THE_SERVER, _any(404, 405), ("404 page", "405 method", "<html")
    ),
    # Fetching a model, whose errors come within a stream that has begun.
    Fault(ModelMissing, Condition.NOTHING_TO_PULL, words=("manifest: file does not exist",)),
    Fault(ModelRefused, Condition.PULL_REFUSED, words=("unauthorized: access", "401:")),
    Fault(ModelFailed, Condition.PULL_FAILED, words=("max retries exceeded", "pull model")),
    # The model.
    Fault(ModelMissing, Condition.MODEL_MISSING, _any(404)),
    Fault(ModelMissing, Condition.MODEL_MISSING, words=("' not found", '" not found')),
    Fault(ModelMissing, Condition.MODEL_MISSING, words=("model is required",)),
    Fault(ModelRefused, Condition.BAD_NAME, words=("invalid model name", "use either :local")),
    Fault(ModelRefused, Condition.NO_INSERT, words=("support insert",)),
    Fault(ModelRefused, Condition.NOT_FOR_COMPLETION, words=("support generate", "support chat")),
    # The request.
    Fault(
        PromptTooLong,
        Condition.PROMPT_TOO_LONG,
        words=("exceed_context_size", "longer than the context", "exceeds the available"),
    ),
    # A wrong option is a wrong setting, although Ollama calls it an error of its own.
    Fault(ModelRefused, Condition.WRONG_OPTION, words=("must be of type", "invalid format")),
    Fault(ModelRefused, Condition.WRONG_KEEP_ALIVE, words=("in duration", "invalid duration")),
    Fault(StreamBroken, Condition.CLIENT_GONE, _any(499)),
    # Loading and running.
    Fault(ModelBusy, Condition.BUSY, _any(429, 503)),
    Fault(ModelBusy, Condition.BUSY, words=("server busy",)),
    Fault(ModelBusy, Condition.CLOUD_UNREACHABLE, _any(502, 504)),
    Fault(
        ModelFailed,
        Condition.OUT_OF_MEMORY,
        words=("out-of-memory", "out of memory", "more system memory"),
    ),
    Fault(ModelFailed, Condition.NO_RUNNER, words=("binary not found",)),
    Fault(
        ModelFailed,
        Condition.LOAD_FAILED,
        words=("has terminated", "timed out waiting", "error starting", "may be incompatible"),
    ),
    Fault(ModelFailed, Condition.RUNNER_DIED, words=("unexpectedly stopped",)),
    Fault(ModelFailed, Condition.STREAM_ERROR, words=("error was encountered",)),
    Fault(ModelFailed, Condition.STREAM_ERROR, _any(None)),
    Fault(ModelRefused, Condition.REFUSED, _any(400, 405, 413, 422)),
)
