"""Which model is chosen, and what is said where there is none."""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fimls.models import embedded_choice, model_files
from fimls.models.choose import choose
from fimls.models.embedded import Embedded
from fimls.models.ollama import Ollama
from fimls.models.openai import OpenAI
from fimls.models.status import State, Status
from fimls.settings import Headers, Settings
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.fake_openai import FakeOpenAI
from fimls.testing.ollama_models import FakeModel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fimls.models.protocol import Model

CLOUD = FakeModel("codellama:7b-cloud", remote_host="https://cloud.invalid")


@pytest.fixture(name="data")
def data_fixture(tmp_path: Path) -> Path:
    """A data folder with what passes for the default embedded model until it is started."""
    place = model_files.folder_of({"FIMLS_DATA_DIR": str(tmp_path)})
    place.mkdir()
    (place / "smollm2-135m.gguf").write_bytes(b"GGUF")
    return tmp_path


@pytest.fixture(name="nowhere")
def nowhere_fixture() -> str:
    """An address of this machine at which nothing answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def without_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_choice, "has_runtime", lambda: False)


async def chosen(settings: Settings, data: Path) -> Model | Status:
    found = await choose(settings, {"FIMLS_DATA_DIR": str(data)})
    if not isinstance(found, Status):
        await found.close()
    return found


async def check_name(settings: Settings, models: Sequence[str | FakeModel], name: str) -> None:
    async with FakeOllama(models=models) as fake:
        found = await choose(replace(settings, host=fake.url), {})
        assert isinstance(found, Ollama)
        await found.close()
    assert found.name == name


@pytest.mark.parametrize("backend", ["ollama", "auto"])
@pytest.mark.parametrize(
    ("settings", "models", "name"),
    [
        (Settings(), ["codellama:13b-code", "codellama:7b-code"], "codellama:7b-code"),
        # Neither the smaller model without a format, nor one that cannot complete.
        (Settings(), ["nomic-embed-text", "llama3:8b", "codellama:13b-code"], "codellama:13b-code"),
        # One that would leave this machine is not taken unasked.
        (Settings(), [CLOUD, "codellama:13b-code"], "codellama:13b-code"),
        # What the user names is taken as it is.
        (Settings(model="llama3:8b"), ["llama3:8b", "codellama:7b-code"], "llama3:8b"),
        # A format that the user names makes any model one that fills in the middle.
        (Settings(family="codellama"), ["llama3:8b"], "llama3:8b"),
    ],
)
async def test_a_model_of_ollama(
    backend: str, settings: Settings, models: Sequence[str | FakeModel], name: str
) -> None:
    settings = replace(settings, backend=backend)  # type: ignore[arg-type]
    await check_name(settings, models, name)


async def test_what_is_loaded_is_preferred() -> None:
    async with FakeOllama(models=["codellama:13b-code", "codellama:7b-instruct"]) as fake:
        settings = Settings(host=fake.url)
        first = await choose(replace(settings, model="codellama:13b-code"), {})
        assert isinstance(first, Ollama)
        await first.warm_up()
        found = await choose(settings, {})
        assert isinstance(found, Ollama)
        await found.close()
        await first.close()
    assert found.name == "codellama:13b-code"


async def check_status(
    settings: Settings, data: Path, state: State, said: str, fix: str, command: str | None
) -> Status:
    began = time.monotonic()
    status = await chosen(settings, data)
    assert isinstance(status, Status), status
    assert time.monotonic() - began < 0.5
    assert status.state is state
    assert said in status.message
    assert fix in (status.fix or "")
    shown = None if status.command is None else status.command.command
    assert shown == command
    return status


@pytest.mark.parametrize(
    ("settings", "state", "said", "fix", "command"),
    [
        # Ollama is not running.
        (Settings(backend="ollama"), State.OFFLINE, "nothing answers", "ollama serve", None),
        # Nor is the other server.
        (Settings(backend="openai"), State.OFFLINE, "nothing answers", "start the server at", None),
        # No connection is made to another machine: this address would take seconds to fail.
        (
            Settings(backend="ollama", host="http://192.0.2.1:11434"),
            State.OFF,
            "not this machine",
            "allowRemote",
            None,
        ),
        (
            Settings(backend="openai", host="http://192.0.2.1"),
            State.OFF,
            "not this machine",
            "allowRemote",
            None,
        ),
        # `auto` does not pass over what the user has to decide.
        (
            Settings(host="http://192.0.2.1", headers=Headers({"X-Key": "secret"})),
            State.OFF,
            "not this machine",
            "allowRemote",
            None,
        ),
        # A cloud model behind a local Ollama leaves this machine too.
        (
            Settings(backend="ollama", model="codellama:cloud"),
            State.OFF,
            "the cloud",
            "allowRemote",
            None,
        ),
        (Settings(host="ftp://here"), State.OFFLINE, "no address", "fimls model get", "fimls.pull"),
        # Nothing at all: both ways are told, the shorter one first.
        (
            Settings(),
            State.OFFLINE,
            "not here yet",
            "run `fimls model get smollm2-135m`; or install Ollama and run `ollama pull code",
            "fimls.pull",
        ),
        (
            Settings(backend="embedded"),
            State.OFFLINE,
            "not here yet",
            "fimls model get",
            "fimls.pull",
        ),
        (
            Settings(backend="embedded", embedded_model="/gone/model.gguf"),
            State.OFFLINE,
            "/gone/model.gguf",
            "`embeddedModel`",
            None,
        ),
    ],
)
async def test_nothing_there(
    settings: Settings,
    state: State,
    said: str,
    fix: str,
    command: str | None,
    nowhere: str,
    tmp_path: Path,
) -> None:
    if settings.host == Settings().host:
        settings = replace(settings, host=nowhere)
    status = await check_status(settings, tmp_path, state, said, fix, command)
    assert status.local is ("192.0.2.1" not in settings.host)
    assert "secret" not in repr(status)


async def test_no_runtime(tmp_path: Path, nowhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    without_runtime(monkeypatch)
    for backend in ("embedded", "auto"):
        settings = Settings(backend=backend, host=nowhere)
        fix = "pip install 'fimls[embedded]'"
        await check_status(settings, tmp_path, State.OFFLINE, "not installed", fix, None)


@pytest.mark.parametrize(
    ("settings", "models", "said"),
    [
        # The fix names what to pull: the model that the user named, else the one to recommend.
        (Settings(backend="ollama"), [], "codellama:7b-code"),
        (Settings(backend="ollama"), ["llama3:8b"], "codellama:7b-code"),
        (Settings(backend="ollama", model="llama3:70b"), ["llama3:8b"], "llama3:70b"),
    ],
)
async def test_a_missing_model(
    settings: Settings, models: Sequence[str], said: str, tmp_path: Path
) -> None:
    async with FakeOllama(models=models) as fake:
        settings = replace(settings, host=fake.url)
        fix = f"ollama pull {said}"
        status = await check_status(settings, tmp_path, State.OFFLINE, "", fix, "fimls.pull")
    assert status.command is not None
    assert status.command.arguments == (said,)


async def test_auto_takes_the_embedded_model(data: Path, nowhere: str) -> None:
    found = await chosen(Settings(host=nowhere), data)
    assert isinstance(found, Embedded)
    assert (found.name, found.starts) == ("smollm2-135m", 0)
    # Ollama answers, but has nothing to fill in the middle with.
    async with FakeOllama(models=["llama3:8b"]) as fake:
        assert isinstance(await chosen(Settings(host=fake.url), data), Embedded)


async def test_auto_tells_both_ways(tmp_path: Path) -> None:
    async with FakeOllama(models=[]) as fake:
        status = await chosen(Settings(host=fake.url), tmp_path)
    assert isinstance(status, Status)
    assert status.fix == (
        "run `fimls model get smollm2-135m`; or run `ollama pull codellama:7b-code`"
    )


async def test_what_embedded_models_can_do(data: Path, tmp_path: Path) -> None:
    default = await chosen(Settings(backend="embedded"), data)
    assert isinstance(default, Embedded)
    able = default.capabilities
    assert (able.family, able.context_tokens, able.single_line) == (None, 2048, True)
    assert (able.can_force, able.gives_logprobs, able.can_chat) == (True, True, False)
    # A file of the user's is taken for what its name says.
    file = tmp_path / "codellama-7b.Q4_K_M.gguf"
    file.write_bytes(b"GGUF")
    own = await chosen(Settings(backend="embedded", embedded_model=str(file)), data)
    assert isinstance(own, Embedded)
    able = own.capabilities
    assert own.name == "codellama-7b.Q4_K_M"
    assert able.family is not None
    assert (able.family.name, able.single_line, able.can_chat) == ("codellama", False, True)


async def test_an_unknown_format_is_said(data: Path) -> None:
    for backend in ("ollama", "embedded"):
        async with FakeOllama() as fake:
            settings = Settings(backend=backend, host=fake.url, family="fimfam")
            await check_status(settings, data, State.ERROR, "fimfam", "`family`", None)


@pytest.mark.parametrize(
    ("model", "models", "name"),
    [
        # The first that fills in the middle, else the first.
        ("auto", ["chatter-8b", "codellama-7b"], "codellama-7b"),
        ("auto", ["chatter-8b", "other-8b"], "chatter-8b"),
        # llama-server answers to any name.
        ("anything", ["codellama-7b"], "anything"),
    ],
)
async def test_a_model_of_another_server(model: str, models: Sequence[str], name: str) -> None:
    async with FakeOpenAI(models=models) as fake:
        settings = Settings(backend="openai", host=fake.url, model=model)
        found = await choose(settings, {})
        assert isinstance(found, OpenAI)
        await found.close()
    assert found.name == name


async def test_another_server_without_a_model_or_with_a_key(tmp_path: Path) -> None:
    async with FakeOpenAI(models=[]) as fake:
        settings = Settings(backend="openai", host=fake.url)
        await check_status(
            settings, tmp_path, State.OFFLINE, "no model", "`fimls model list`", None
        )
    async with FakeOpenAI(api_key="right") as fake:
        settings = Settings(backend="openai", host=fake.url)
        await check_status(settings, tmp_path, State.ERROR, "key", "`headers`", None)
