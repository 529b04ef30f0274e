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
from fimls.models.faults import SIGN_IN, Fault, Reply, error_of
from fimls.models.trouble import Condition

if TYPE_CHECKING:
    from fimls.errors import ModelError


def ollama_error(status: int | None, body: object, *, model: str, host: str) -> ModelError:
    """The error for an answer of Ollama with that status (None within a stream) and body."""
    return error_of(_FAULTS, Reply(status, body, "ollama", model, host))


# From the most telling to the least: the first row that fits counts.
_FAULTS: Final = (
    # The cloud, and who stands between us and Ollama.
    Fault(ModelRefused, Condition.CLOUD_DISABLED, (403,), ("cloud",)),
    Fault(ModelRefused, Condition.CLOUD_DISABLED, words=("cannot run this remote model",)),
    Fault(ModelRefused, Condition.CLOUD_SIGN_IN, (401,), (SIGN_IN,)),
    Fault(ModelRefused, Condition.WRONG_KEY, (401, 407)),
    # Ollama says nothing with it; what stands between us and it says something.
    Fault(ModelRefused, Condition.WRONG_KEY, (403,), (" ",)),
    Fault(ModelRefused, Condition.HOST_NAME_REJECTED, (403,)),
    # Where the address is not Ollama's, its web server says so in plain text.
    Fault(ModelRefused, Condition.NOT_THE_SERVER, (404, 405), ("404 page", "405 method", "<html")),
    # Fetching a model, whose errors come within a stream that has begun.
    Fault(ModelMissing, Condition.NOTHING_TO_PULL, words=("manifest: file does not exist",)),
    Fault(ModelRefused, Condition.PULL_REFUSED, words=("unauthorized: access", "401:")),
    Fault(ModelFailed, Condition.PULL_FAILED, words=("max retries exceeded", "pull model")),
    # The model.
    Fault(ModelMissing, Condition.MODEL_MISSING, (404,)),
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
    Fault(StreamBroken, Condition.CLIENT_GONE, (499,)),
    # Loading and running.
    Fault(ModelBusy, Condition.BUSY, (429, 503)),
    Fault(ModelBusy, Condition.BUSY, words=("server busy",)),
    # Ollama's own words are JSON; a web server before it sends a page.
    Fault(ModelBusy, Condition.NO_ANSWER, (502, 504), ("<html", "bad gateway", "gateway time")),
    Fault(ModelBusy, Condition.CLOUD_UNREACHABLE, (502, 504)),
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
    Fault(ModelFailed, Condition.STREAM_ERROR, (None,)),
    Fault(ModelRefused, Condition.REFUSED, (400, 405, 413, 422)),
)
