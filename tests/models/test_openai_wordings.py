"""What servers with OpenAI's routes say when they refuse, in the words of each, and its meaning."""

from __future__ import annotations

import json

import pytest

from fimls.errors import ModelBusy, ModelError, ModelFailed, ModelMissing, ModelRefused
from fimls.errors import PromptTooLong as TooLong
from fimls.models.conditions import Condition, condition_of
from fimls.models.openai_faults import openai_error
from fimls.models.trouble import State

OPENAI_LONG = (
    "This model's maximum context length is 4096 tokens. However, you requested 15065 tokens "
    "(15001 in the messages, 64 in the completion). Please reduce the length of the messages."
)
LLAMA_LONG = (
    "request (15001 tokens) exceeds the available context size (4096 tokens), try increasing it"
)
LM_STUDIO_LONG = (
    "Trying to keep the first 15001 tokens when context the overflows. However, the model is "
    "loaded with context length of only 4096 tokens, which is not enough. Try to load the model "
    "with a larger context length, or provide a shorter input"
)
TGI_LONG = "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 9"
TGI_INPUTS = "Input validation error: `inputs` must have less than 4096 tokens. Given: 15001"
VLLM_LONG = "The decoder prompt (length 15001) is longer than the maximum model length of 4096."
SGLANG_LONG = "The input (15001 tokens) is longer than the model's context length (4096 tokens)."


def packed(message: str, kind: str = "", code: object = None) -> str:
    return json.dumps({"error": {"message": message, "type": kind, "code": code}})


@pytest.mark.parametrize(
    ("status", "body", "error", "condition"),
    [
        # The prompt is longer than the context: one condition, whoever says it.
        (400, packed(LLAMA_LONG, "exceed_context_size_error", 400), TooLong, "PROMPT_TOO_LONG"),
        (400, packed(OPENAI_LONG, code="context_length_exceeded"), TooLong, "PROMPT_TOO_LONG"),
        (400, json.dumps({"error": LM_STUDIO_LONG}), TooLong, "PROMPT_TOO_LONG"),
        (422, json.dumps({"error": TGI_LONG}), TooLong, "PROMPT_TOO_LONG"),
        (422, json.dumps({"error": TGI_INPUTS}), TooLong, "PROMPT_TOO_LONG"),
        (400, json.dumps({"object": "error", "message": VLLM_LONG}), TooLong, "PROMPT_TOO_LONG"),
        (400, json.dumps({"object": "error", "message": SGLANG_LONG}), TooLong, "PROMPT_TOO_LONG"),
        # Within a stream there is no status.
        (None, packed(OPENAI_LONG), TooLong, "PROMPT_TOO_LONG"),
        # The key is wrong, or is not meant for this.
        (401, packed("Incorrect API key provided: sk-1"), ModelRefused, "WRONG_KEY"),
        (403, "", ModelRefused, "WRONG_KEY"),
        (407, "", ModelRefused, "WRONG_KEY"),
        # 404 is said of models and of routes.
        (404, packed("The model `m` does not exist."), ModelMissing, "MODEL_MISSING"),
        (404, packed("no", code="model_not_found"), ModelMissing, "MODEL_MISSING"),
        (404, '{"detail": "Not Found"}', ModelRefused, "NO_ROUTE"),
        (405, "", ModelRefused, "NO_ROUTE"),
        # LM Studio without a model in memory.
        (400, packed("No models loaded. Please load a model."), ModelMissing, "NO_MODEL"),
        # Later.
        (429, packed("Rate limit reached"), ModelBusy, "TOO_MANY"),
        (503, packed("Loading model", "unavailable_error", 503), ModelBusy, "LOADING"),
        (503, "<html>503 Service Temporarily Unavailable", ModelBusy, "BUSY"),
        (502, "", ModelBusy, "BUSY"),
        (529, packed("Overloaded"), ModelBusy, "BUSY"),
        # The server's own faults.
        (500, packed("CUDA out of memory"), ModelFailed, "OUT_OF_MEMORY"),
        (500, packed("index 7 is out of bounds"), ModelFailed, "FAILED"),
        (None, packed("EngineDeadError"), ModelFailed, "STREAM_ERROR"),
        # A field that it does not take.
        (422, '{"detail": "seed: not permitted"}', ModelRefused, "REFUSED"),
    ],
)
def test_conditions(status: int | None, body: str, error: type[ModelError], condition: str) -> None:
    found = openai_error(status, body, model="m", host="http://h:1")
    assert (type(found), found.condition) == (error, Condition[condition].value)
    assert "{" not in str(found)
    assert condition_of(found, "openai").condition is Condition[condition]


def test_a_wrong_key_is_an_error_with_a_fix_and_is_not_repeated() -> None:
    found = openai_error(401, packed("wrong key: sk-secret"), model="m", host="http://h:1")
    row = condition_of(found, "openai")
    assert (row.state, row.gives_up) == (State.ERROR, True)
    assert "`headers`" in row.fix
    assert "secret" not in str(found)


@pytest.mark.parametrize(
    ("header", "after_s", "said"),
    [
        ("7", 7.0, "asks to wait 7 s"),
        ("", None, "too many requests$"),
        # HTTP allows a date; no model server sends one.
        ("Fri, 31 Dec 1999 23:59:59 GMT", None, "too many requests$"),
    ],
)
def test_how_long_to_wait(header: str, after_s: float | None, said: str) -> None:
    with pytest.raises(ModelBusy, match=said) as raised:
        raise openai_error(429, "", model="m", host="http://h:1", retry_after=header)
    assert raised.value.after_s == after_s
