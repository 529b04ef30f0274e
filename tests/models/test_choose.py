"""Which model is chosen, and what is said where there is none."""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fimls.models import choose as choosing
from fimls.models import embedded_choice, model_files
from fimls.models.choose import better, choose
from fimls.models.embedded import Embedded
from fimls.models.ollama import Ollama
from fimls.models.openai import OpenAI
from fimls.models.status import State, Status
from fimls.settings import Headers, Settings
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.fake_openai import FakeOpenAI
from fimls.testing.ollama_models import CODE_LLAMA_TEMPLATE, FakeModel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fimls.models.protocol import Model

CLOUD = FakeModel("codellama:7b-cloud", remote_host="https://cloud.invalid")
HOUSE = FakeModel("house:v2", ("completion", "insert"), CODE_LLAMA_TEMPLATE)
LITTLE = FakeModel("little-chat:1b", size=500_000_000)


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
    environ = {"FIMLS_DATA_DIR": str(data), "FIMLS_CACHE_DIR": str(data)}
    found = await choose(settings, environ)
    if not isinstance(found, Status):
        await found.close()
    return found


async def check_name(
    settings: Settings, models: Sequence[str | FakeModel], name: str, version: str, folder: Path
) -> None:
    environ = {"FIMLS_DATA_DIR": str(folder), "FIMLS_CACHE_DIR": str(folder)}
    async with FakeOllama(models=models, version=version) as fake:
        found = await choose(replace(settings, host=fake.url), environ)
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
        # The order of families, and within one the smaller.
        (
            Settings(),
            ["codellama:7b-instruct", "starcoder2:3b", "qwen2.5-coder:7b", "qwen2.5-coder:1.5b"],
            "qwen2.5-coder:1.5b",
        ),
        # One whose name tells nothing, but whose template does.
        (Settings(), ["llama3:8b", HOUSE], "house:v2"),
        # Where nothing fills in the middle, the smallest that completes.
        (Settings(), ["nomic-embed-text", "llama3:8b", LITTLE], "little-chat:1b"),
        # A cloud model that may be used is one like any other.
        (Settings(allow_remote=True), [CLOUD, "llama3:8b"], "codellama:7b-cloud"),
    ],
)
@pytest.mark.parametrize("version", ["0.24", "0.33"])
async def test_a_model_of_ollama(
    version: str,
    backend: str,
    settings: Settings,
    models: Sequence[str | FakeModel],
    name: str,
    tmp_path: Path,
) -> None:
    settings = replace(settings, backend=backend)  # type: ignore[arg-type]
    await check_name(settings, models, name, version, tmp_path)


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
        # A host that is none: that is what is to be corrected, if not the other way.
        (
            Settings(host="ftp://me:secret@here"),
            State.OFFLINE,
            "ftp://here is no address",
            "run `fimls model get smollm2-135m`; or set `host` to an address such as",
            "fimls.pull",
        ),
        # A host at which nothing answers: it may be the wrong one.
        (
            Settings(),
            State.OFFLINE,
            "not here yet",
            "run `fimls model get smollm2-135m`; or start Ollama at http://127.0.0.1:",
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
    here = settings.host.replace("me:secret@", "")
    assert status.host.startswith("" if settings.backend == "embedded" else here)


async def test_nothing_at_all(
    nowhere: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where Ollama listens when nobody has said otherwise.
    monkeypatch.setattr(choosing, "DEFAULT_URL", nowhere)
    fix = "run `fimls model get smollm2-135m`; or install Ollama and run `ollama pull {}`"
    for model, named in (("auto", "codellama:7b-code"), ("starcoder2:3b", "starcoder2:3b")):
        settings = Settings(host=nowhere, model=model)
        said = f"nothing answers at {nowhere}"
        await check_status(settings, tmp_path, State.OFFLINE, said, fix.format(named), "fimls.pull")


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
        (Settings(backend="ollama"), ["nomic-embed-text"], "codellama:7b-code"),
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


async def test_auto_without_an_embedded_model_goes_on_from_the_prefix(tmp_path: Path) -> None:
    async with FakeOllama(models=["llama3:8b", LITTLE]) as fake:
        found = await chosen(Settings(host=fake.url), tmp_path)
    assert isinstance(found, Ollama)
    assert (found.name, found.capabilities.family) == ("little-chat:1b", None)


async def test_auto_takes_what_the_user_has_named(data: Path) -> None:
    async with FakeOllama(models=["llama3:8b", "codellama:7b-code"]) as fake:
        found = await chosen(Settings(host=fake.url, model="llama3:8b"), data)
    assert isinstance(found, Ollama)
    assert found.name == "llama3:8b"


async def test_what_only_looks_at_pictures_is_not_taken(tmp_path: Path) -> None:
    # Whatever its name: the list tells.
    eyes = FakeModel("codellama:7b-eyes", ("vision",))
    await check_name(Settings(), [eyes, HOUSE], "house:v2", "0.33", tmp_path)


async def check_better(
    settings: Settings,
    data: Path,
    before: Sequence[str | FakeModel],
    after: Sequence[str | FakeModel],
    expected: str | None,
) -> None:
    environ = {"FIMLS_DATA_DIR": str(data), "FIMLS_CACHE_DIR": str(data)}
    async with FakeOllama(models=before) as fake:
        settings = replace(settings, host=fake.url)
        current = await choose(settings, environ)
        assert not isinstance(current, Status)
        for model in after:
            fake.install(model)
        found = await better(settings, environ, current)
        assert (found and found.name) == expected
        if found is not None:
            # What was moved to is good enough: no model takes turns with another.
            assert await better(settings, environ, found) is None
            await found.close()
        await current.close()
        # Nothing is loaded or generated by looking.
        assert fake.requests == []


ANY = Settings()
OLLAMA = Settings(backend="ollama")


@pytest.mark.parametrize(
    ("settings", "before", "after", "expected"),
    [
        # From the embedded model to one of Ollama's that fills in the middle.
        (ANY, [], ["starcoder2:3b"], "starcoder2:3b"),
        # Not to one that goes on from the prefix only.
        (ANY, [], ["llama3:8b"], None),
        # Unless that is what the user wants.
        (replace(ANY, model="llama3:8b"), [], ["llama3:8b"], "llama3:8b"),
        (replace(ANY, model="llama3:8b"), [], ["codellama:7b-code"], None),
        # From the prefix only to the middle.
        (OLLAMA, ["llama3:8b"], ["starcoder2:3b"], "starcoder2:3b"),
        (OLLAMA, ["llama3:8b"], [HOUSE], "house:v2"),
        # Not to another that does no better, even if it would be chosen by now.
        (OLLAMA, ["llama3:8b"], [LITTLE], None),
        # From any to the preferred one.
        (OLLAMA, ["starcoder2:3b"], ["codellama:7b-code"], "codellama:7b-code"),
        (ANY, ["codellama:13b-code"], ["codellama:7b-code"], "codellama:7b-code"),
        # Not to one that is merely of a family that comes first.
        (OLLAMA, ["starcoder2:3b"], ["qwen2.5-coder:1.5b"], None),
        # The user has named it.
        (replace(OLLAMA, model="llama3:8b"), ["llama3:8b"], ["codellama:7b-code"], None),
        # A cloud model is none that may be used.
        (OLLAMA, ["llama3:8b"], [CLOUD], None),
        # Where the backend is named, the other one does not count.
        (replace(ANY, backend="embedded"), [], ["codellama:7b-code"], None),
    ],
)
async def test_better(
    settings: Settings,
    data: Path,
    before: Sequence[str | FakeModel],
    after: Sequence[str | FakeModel],
    expected: str | None,
) -> None:
    await check_better(settings, data, before, after, expected)


async def test_the_embedded_model_comes_to_where_only_prefixes_were(data: Path) -> None:
    bare = {"FIMLS_DATA_DIR": str(data / "none"), "FIMLS_CACHE_DIR": str(data)}
    async with FakeOllama(models=["llama3:8b"]) as fake:
        settings = Settings(host=fake.url)
        current = await choose(settings, bare)
        assert isinstance(current, Ollama)
        assert await better(settings, bare, current) is None
        found = await better(settings, {**bare, "FIMLS_DATA_DIR": str(data)}, current)
        await current.close()
    assert isinstance(found, Embedded)


async def test_better_asks_nothing_where_nothing_could_be() -> None:
    async with FakeOllama() as fake:
        settings = Settings(host=fake.url)
        current = await choose(settings, {})
        assert isinstance(current, Ollama)
        fake.seen.calls.clear()
        assert await better(settings, {}, current) is None
        assert fake.seen.calls == []
        await current.close()


async def test_better_survives_a_server_that_has_gone(nowhere: str) -> None:
    async with FakeOllama(models=["llama3:8b"]) as fake:
        settings = Settings(backend="ollama", host=fake.url)
        current = await choose(settings, {})
        assert isinstance(current, Ollama)
        assert await better(replace(settings, host=nowhere), {}, current) is None
        await current.close()


async def test_a_better_model_of_another_server() -> None:
    async with FakeOpenAI(models=["other-8b"]) as poor, FakeOpenAI(models=["codellama-7b"]) as good:
        settings = Settings(backend="openai", host=poor.url)
        current = await choose(settings, {})
        assert isinstance(current, OpenAI)
        assert await better(settings, {}, current) is None
        found = await better(replace(settings, host=good.url), {}, current)
        assert found is not None
        assert found.name == "codellama-7b"
        await found.close()
        await current.close()


@pytest.mark.parametrize(
    ("settings", "installed", "unfit", "name"),
    [
        # The next best, which may be the preferred one or any other.
        (ANY, ["codellama:7b-code", "starcoder2:3b"], "codellama:7b-code", "starcoder2:3b"),
        (OLLAMA, ["codellama:7b-code", "llama3:8b"], "codellama:7b-code", "llama3:8b"),
        (OLLAMA, ["starcoder2:3b", "qwen2.5-coder:1.5b"], "qwen2.5-coder:1.5b", "starcoder2:3b"),
        # The embedded one, also for a model that the user has named.
        (ANY, ["codellama:7b-code"], "codellama:7b-code", "smollm2-135m"),
        (replace(ANY, model="codellama:7b-code"), [], "codellama:7b-code", "smollm2-135m"),
        # The other way round, where the embedded one is the better of two.
        (ANY, ["llama3:8b"], "smollm2-135m", "llama3:8b"),
        # There is no other: its memory may be free by now.
        (OLLAMA, ["codellama:7b-code"], "codellama:7b-code", "codellama:7b-code"),
        (
            replace(OLLAMA, model="codellama:7b-code"),
            ["codellama:7b-code", "starcoder2:3b"],
            "codellama:7b-code",
            "codellama:7b-code",
        ),
    ],
)
async def test_what_could_not_be_loaded_is_passed_over(
    settings: Settings, installed: Sequence[str], unfit: str, name: str, data: Path
) -> None:
    environ = {"FIMLS_DATA_DIR": str(data), "FIMLS_CACHE_DIR": str(data)}
    async with FakeOllama(models=installed) as fake:
        settings = replace(settings, host=fake.url)
        found = await choose(settings, environ, {unfit})
        assert not isinstance(found, Status)
        assert found.name == name
        # It is not moved back to as long as that holds.
        assert await better(settings, environ, found, {unfit}) is None
        await found.close()


async def test_what_another_server_could_not_load_is_passed_over() -> None:
    async with FakeOpenAI(models=["codellama-7b", "other-8b"]) as fake:
        settings = Settings(backend="openai", host=fake.url)
        found = await choose(settings, {}, {"codellama-7b"})
        assert isinstance(found, OpenAI)
        await found.close()
    assert found.name == "other-8b"


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
