"""Which model the actions are given, and what is said where there is none."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fimls.models import model_files
from fimls.models.chat_choice import choose_chat
from fimls.models.choose import choose
from fimls.models.status import State, Status
from fimls.settings import Settings
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.fake_openai import FakeOpenAI
from fimls.testing.ollama_models import FakeModel

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    from fimls.models.protocol import Model

ANY = Settings()
OLLAMA = Settings(backend="ollama")
CLOUD = FakeModel("codellama:34b-instruct-cloud", remote_host="https://cloud.invalid")
LARGE = FakeModel("codellama:13b-instruct", size=7_400_000_000)
NOBODY = "http://127.0.0.1:9"


@pytest.fixture(name="environ")
def environ_fixture(tmp_path: Path) -> Mapping[str, str]:
    """Folders with what passes for the default embedded model."""
    environ = {"FIMLS_DATA_DIR": str(tmp_path), "FIMLS_CACHE_DIR": str(tmp_path)}
    place = model_files.folder_of(environ)
    place.mkdir()
    (place / "smollm2-135m.gguf").write_bytes(b"GGUF")
    return environ


@asynccontextmanager
async def chosen(
    settings: Settings, environ: Mapping[str, str]
) -> AsyncIterator[tuple[Model | Status, Model | Status]]:
    """The model of completions, and that of actions."""
    completion = await choose(settings, environ)
    chat = await choose_chat(settings, environ, completion)
    try:
        yield completion, chat
    finally:
        for model in {id(each): each for each in (completion, chat)}.values():
            if not isinstance(model, Status):
                await model.close()


async def check_chat(
    settings: Settings,
    environ: Mapping[str, str],
    models: Sequence[str | FakeModel],
    expected: str,
) -> None:
    async with (
        FakeOllama(models=models) as fake,
        chosen(replace(settings, host=fake.url), environ) as (completion, chat),
    ):
        assert not isinstance(chat, Status), chat
        assert chat.name == expected
        # The same model is the same object: two of them would be two connections and two loads.
        same = not isinstance(completion, Status) and completion.name == expected
        assert (chat is completion) is same
        # Nothing is loaded, and nothing is generated.
        assert fake.requests == []


@pytest.mark.parametrize(
    ("settings", "models", "expected"),
    [
        # A Code Llama that follows instructions, the smaller one.
        (
            ANY,
            [LARGE, "codellama:7b-instruct", "codellama:7b-code"],
            "codellama:7b-instruct",
        ),
        # In Ollama's library that is also the one without a variant; it serves for both.
        (ANY, ["codellama:7b"], "codellama:7b"),
        # One that does not fill in the middle, beside one that does.
        (OLLAMA, ["codellama:34b-instruct", "codellama:7b-code"], "codellama:34b-instruct"),
        # Also where completions come from the embedded model.
        (ANY, ["codellama:34b-instruct"], "codellama:34b-instruct"),
        # Else the model of completions, if it can chat.
        (ANY, ["qwen2.5-coder:1.5b", "llama3:8b"], "qwen2.5-coder:1.5b"),
        # What would leave this machine is not taken unasked.
        (ANY, [CLOUD, "qwen2.5-coder:1.5b"], "qwen2.5-coder:1.5b"),
        # The user's own choice, whatever its size.
        (
            replace(ANY, chat_model="tiny:135m"),
            ["tiny:135m", "codellama:7b-instruct"],
            "tiny:135m",
        ),
        (replace(ANY, chat_model="codellama:7b-code"), ["codellama:7b-code"], "codellama:7b-code"),
        # The embedded default, if the user says so.
        (replace(ANY, chat_model="smollm2-135m"), [], "smollm2-135m"),
        (
            Settings(backend="embedded", chat_model="smollm2-135m"),
            ["codellama:7b-instruct"],
            "smollm2-135m",
        ),
    ],
)
async def test_the_model_of_actions(
    settings: Settings,
    environ: Mapping[str, str],
    models: Sequence[str | FakeModel],
    expected: str,
) -> None:
    await check_chat(settings, environ, models, expected)


async def test_what_is_loaded_is_preferred(environ: Mapping[str, str]) -> None:
    models = ["codellama:7b-instruct", "codellama:13b-instruct", "codellama:7b-code"]
    async with FakeOllama(models=models) as fake:
        settings = Settings(host=fake.url, chat_model="codellama:13b-instruct")
        async with chosen(settings, environ) as (_completion, chat):
            assert not isinstance(chat, Status)
            await chat.warm_up()
        async with chosen(replace(settings, chat_model="auto"), environ) as (_completion, chat):
            assert not isinstance(chat, Status)
            assert chat.name == "codellama:13b-instruct"


async def check_none(
    settings: Settings,
    environ: Mapping[str, str],
    models: Sequence[str] | None,
    said: str,
    fix: str,
    pulls: str | None,
) -> None:
    async with FakeOllama(models=models or ()) as fake:
        if settings.host == ANY.host:
            settings = replace(settings, host=NOBODY if models is None else fake.url)
        async with chosen(settings, environ) as (_completion, chat):
            assert isinstance(chat, Status), chat
            assert said in chat.message
            assert fix in (chat.fix or "")
            assert chat.state in (State.OFFLINE, State.OFF)
            arguments = None if chat.command is None else chat.command.arguments
            assert arguments == (pulls and (pulls,))
        assert fake.requests == []


INSTRUCT = "codellama:7b-instruct"


@pytest.mark.parametrize(
    ("settings", "models", "said", "fix", "pulls"),
    [
        # The embedded default is not fit; Ollama is not there, or has no better one.
        (
            ANY,
            None,
            "smollm2-135m is too small for actions",
            f"install Ollama and run `ollama pull {INSTRUCT}`",
            None,
        ),
        (ANY, [], "smollm2-135m is too small", f"run `ollama pull {INSTRUCT}`", INSTRUCT),
        (
            Settings(backend="embedded"),
            [INSTRUCT],
            "smollm2-135m is too small",
            "and set `backend` to auto",
            None,
        ),
        # A model that completes only.
        (
            OLLAMA,
            ["codellama:7b-code"],
            "does not follow instructions",
            f"run `ollama pull {INSTRUCT}`, or set `chatModel`",
            INSTRUCT,
        ),
        # There is not even one for completions.
        (OLLAMA, [], "no model", f"run `ollama pull {INSTRUCT}`", INSTRUCT),
        (OLLAMA, None, "nothing answers", "ollama serve", None),
        # The one that the user has named is not there.
        (
            replace(OLLAMA, chat_model="llama3:70b"),
            ["codellama:7b-code", INSTRUCT],
            "llama3:70b is not installed",
            "run `ollama pull llama3:70b`",
            "llama3:70b",
        ),
        # A host that is not allowed is for the user to decide on.
        (replace(ANY, host="http://192.0.2.1"), [], "not this machine", "allowRemote", None),
        (
            replace(OLLAMA, chat_model="gpt:cloud"),
            ["codellama:7b-code"],
            "runs in the cloud",
            "allowRemote",
            None,
        ),
    ],
)
async def test_none(
    settings: Settings,
    environ: Mapping[str, str],
    models: Sequence[str] | None,
    said: str,
    fix: str,
    pulls: str | None,
) -> None:
    await check_none(settings, environ, models, said, fix, pulls)


@pytest.mark.parametrize(
    ("chat_model", "models", "expected"),
    [
        # A Code Llama instruct model, else that of completions.
        ("auto", ["codellama-7b", "CodeLlama-7b-Instruct-hf"], "CodeLlama-7b-Instruct-hf"),
        ("auto", ["codellama-7b", "other-8b"], "codellama-7b"),
        ("other-8b", ["codellama-7b", "other-8b"], "other-8b"),
    ],
)
async def test_another_server(
    environ: Mapping[str, str], chat_model: str, models: Sequence[str], expected: str
) -> None:
    async with FakeOpenAI(models=models) as fake:
        settings = Settings(backend="openai", host=fake.url, chat_model=chat_model)
        async with chosen(settings, environ) as (completion, chat):
            assert not isinstance(chat, Status), chat
            assert chat.name == expected
            assert not isinstance(completion, Status)
            assert (chat is completion) is (completion.name == expected)
        assert fake.requests == []


async def test_another_server_that_is_not_there(environ: Mapping[str, str]) -> None:
    settings = Settings(backend="openai", host=NOBODY)
    async with chosen(settings, environ) as (completion, chat):
        assert chat is completion
