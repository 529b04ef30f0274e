"""The errors of Ollama, as its source has them (`ollama.md` §1.4), and what they mean to people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.errors import (
    ModelBusy,
    ModelFailed,
    ModelMissing,
    ModelRefused,
    StreamBroken,
)
from fimls.models.faults import Fault, error_of

if TYPE_CHECKING:
    from fimls.errors import ModelError


def ollama_error(status: int | None, body: object, *, model: str, host: str) -> ModelError:
    """The error for an answer of Ollama with that status (None within a stream) and body."""
    return error_of(_FAULTS, status, body, {"model": model, "host": host})


def _any(*statuses: int) -> frozenset[int]:
    return frozenset(statuses)


_TOO_LONG: Final = ("exceed_context_size", "longer than the context", "exceeds the available")

_FAULTS: Final = (
    Fault(ModelRefused, "Ollama's cloud is switched off there: {said}", _any(403), ("cloud",)),
    Fault(
        ModelRefused,
        "Ollama at {host} rejects that host name: set `host` to localhost, or `OLLAMA_HOST=0.0.0.0`"
        " where Ollama runs",
        _any(403),
    ),
    Fault(ModelRefused, "{model} is a model of Ollama's cloud: sign in to it first", _any(401)),
    # Where the address is not Ollama's, its web server says so in plain text.
    Fault(
        ModelRefused,
        "what answers at {host} is not Ollama",
        _any(404, 405),
        ("404 page", "405 method"),
    ),
    Fault(ModelMissing, "{model} is not installed", _any(404)),
    Fault(ModelMissing, "there is no model {model} to pull", words=("file does not exist",)),
    Fault(ModelMissing, "{model} is not installed", words=("' not found", '" not found')),
    Fault(ModelMissing, "no model is named", words=("model is required",)),
    Fault(ModelRefused, "the prompt is too long for {model}", words=_TOO_LONG),
    Fault(ModelRefused, "{model} has no template to fill in the middle", words=("support insert",)),
    Fault(ModelRefused, "{model} is no completion model", words=("does not support",)),
    # Somebody closed our connection while the model was being loaded.
    Fault(StreamBroken, "the request was cancelled", _any(499)),
    Fault(ModelBusy, "Ollama is busy", _any(429, 503)),
    Fault(ModelBusy, "Ollama is busy", words=("server busy",)),
    Fault(ModelBusy, "Ollama's cloud cannot be reached", _any(502, 504)),
    # A wrong option is a wrong setting, although Ollama calls it an error of its own.
    Fault(ModelRefused, words=("must be of type", "invalid format")),
    Fault(
        ModelFailed,
        "Ollama could not load {model}: {said}",
        words=("out-of-memory", "has terminated", "timed out waiting", "error starting"),
    ),
    Fault(ModelRefused, statuses=_any(400, 405, 413, 422)),
)
