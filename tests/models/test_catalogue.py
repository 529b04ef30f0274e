"""What can be used here, and getting one more."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fimls.errors import (
    HostRefused,
    InputError,
    ModelError,
    ModelFailed,
    ModelMissing,
    Unreachable,
)
from fimls.models import catalogue, download
from fimls.models.catalogue import Entry, as_json, embedded_path, fix_of, get, usable
from fimls.settings import Settings
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.fake_openai import FakeOpenAI
from fimls.testing.ollama_models import CODE_LLAMA_TEMPLATE, FakeModel
from fimls.testing.ollama_pull import Pull
from tests.models.standing_clock import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# A name that tells nothing, and a template that tells all.
HOUSE = FakeModel("house:v2", ("completion", "insert"), CODE_LLAMA_TEMPLATE)

# A host without anything; nothing is sent to it because it is not allowed.
ELSEWHERE = Settings(host="http://192.0.2.1")


@pytest.fixture(name="environ")
def environ_fixture(tmp_path: Path) -> Mapping[str, str]:
    return {"FIMLS_DATA_DIR": str(tmp_path), "FIMLS_CACHE_DIR": str(tmp_path)}


def no_progress(_done: int, _total: int | None) -> None:
    """Nobody looks."""


async def test_usable(environ: Mapping[str, str], tmp_path: Path) -> None:
    own = tmp_path / "codellama-7b.Q4.gguf"
    own.write_bytes(b"GGUF")
    (tmp_path / "models").mkdir()
    default = tmp_path / "models" / "smollm2-135m.gguf"
    default.write_bytes(b"GGUF and more")
    models = ["codellama:7b-code", "llama3:8b", "nomic-embed-text"]
    cloud = FakeModel("codellama:7b-cloud", remote_host="https://cloud.invalid")
    async with FakeOllama(models=[*models, cloud]) as fake:
        settings = Settings(host=fake.url, embedded_model=str(own))
        entries = await usable(settings, environ)
    rows = {(entry.name, entry.backend, entry.fills, entry.path) for entry in entries}
    assert rows == {
        ("codellama:7b-code", "ollama", "yes", None),
        ("llama3:8b", "ollama", "by prefix only", None),
        ("nomic-embed-text:latest", "ollama", "no", None),
        ("smollm2-135m", "embedded", "by prefix only", default),
        ("codellama-7b.Q4", "embedded", "yes", own),
    }
    sizes = {entry.name: entry.size_bytes for entry in entries}
    assert sizes["smollm2-135m"] == len(b"GGUF and more")
    assert sizes["codellama:7b-code"] == 3_825_910_662
    assert not any(entry.loaded for entry in entries)
    told = {entry.name: (entry.family, entry.found_by) for entry in entries}
    assert told["codellama:7b-code"] == ("codellama", "name")
    assert told["llama3:8b"] == told["nomic-embed-text:latest"] == ("", "")


@pytest.mark.parametrize(
    ("model", "family", "row"),
    [
        # A name that tells nothing: the template does.
        (HOUSE, "auto", ("yes", "codellama", "template")),
        # The user's word counts for all that complete.
        ("llama3:8b", "starcoder2", ("yes", "starcoder2", "setting")),
        ("nomic-embed-text", "starcoder2", ("no", "", "")),
        # A family that there is not is a fault to be told elsewhere; the list stays.
        ("codellama:7b-code", "fimfam", ("yes", "codellama", "name")),
    ],
)
@pytest.mark.parametrize("version", ["0.24", "0.33"])
async def test_how_a_family_was_found(
    model: str | FakeModel,
    family: str,
    row: tuple[str, str, str],
    version: str,
    environ: Mapping[str, str],
) -> None:
    async with FakeOllama(models=[model], version=version) as fake:
        [entry] = await usable(Settings(host=fake.url, family=family), environ)
    assert (entry.fills, entry.family, entry.found_by) == row


async def test_models_of_another_server(environ: Mapping[str, str]) -> None:
    async with FakeOpenAI(models=["codellama-7b", "other-8b"]) as fake:
        entries = await usable(Settings(backend="openai", host=fake.url), environ)
    assert as_json(entries)["models"] == [
        {
            "name": name,
            "backend": "openai",
            "size_bytes": None,
            "fills": fills,
            "family": family,
            "found_by": found_by,
            "loaded": False,
            "path": None,
        }
        for name, fills, family, found_by in [
            ("codellama-7b", "yes", "codellama", "name"),
            ("other-8b", "by prefix only", "", ""),
        ]
    ]


async def test_usable_without_a_server(environ: Mapping[str, str]) -> None:
    assert await usable(ELSEWHERE, environ) == []
    assert await usable(replace(ELSEWHERE, backend="openai"), environ) == []


async def test_usable_without_the_runtime(
    environ: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "smollm2-135m.gguf").write_bytes(b"GGUF")
    assert len(await usable(ELSEWHERE, environ)) == 1
    monkeypatch.setattr(catalogue, "has_runtime", lambda: False)
    assert await usable(ELSEWHERE, environ) == []


async def test_a_file_of_the_users_gets_a_name(environ: Mapping[str, str], tmp_path: Path) -> None:
    file = tmp_path / "mine.gguf"
    file.write_bytes(b"GGUF")
    assert await get(str(file), ELSEWHERE, environ, no_progress) == file
    settings = replace(ELSEWHERE, embedded_model="mine")
    assert embedded_path(settings, environ) == file
    assert await usable(settings, environ) == [
        Entry("mine", "embedded", 4, "by prefix only", path=file)
    ]


async def test_a_file_that_is_no_model(environ: Mapping[str, str]) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        await get("gone.gguf", ELSEWHERE, environ, no_progress)


@pytest.mark.parametrize("name", [None, "smollm2-135m"])
async def test_the_default_is_fetched(
    name: str | None,
    environ: Mapping[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fetch(name: str, folder: Path, _progress: download.Progress) -> Path:
        return folder / name

    monkeypatch.setattr(download, "fetch", fetch)
    place = tmp_path / "models" / "smollm2-135m"
    assert await get(name, ELSEWHERE, environ, no_progress) == place


async def test_an_ollama_name_is_pulled_by_ollama(environ: Mapping[str, str]) -> None:
    seen: list[tuple[int, int | None]] = []
    async with FakeOllama(models=[]) as fake:
        settings = Settings(host=fake.url)
        got = await get("codellama:7b-code", settings, environ, lambda *here: seen.append(here))
        assert got == "codellama:7b-code"
        entries = await usable(settings, environ)
    assert [entry.name for entry in entries] == ["codellama:7b-code"]
    assert seen[-1][0] == seen[-1][1]
    assert seen == sorted(seen, key=lambda here: here[0])


@pytest.mark.parametrize(
    ("pullable", "error", "said", "fix"),
    [
        # The registry does not know it: said within a stream that began with status 200.
        ({}, ModelMissing, "there is no model house:v1 to pull", "correct the name"),
        # It fails on the way, in the same manner.
        (
            {"house:v1": "max retries exceeded: no route to host"},
            ModelError,
            "max retries exceeded",
            "pull it again",
        ),
        # In words that nobody knows.
        ({"house:v1": "write: no space left"}, ModelError, "no space left", "pull it again"),
    ],
)
async def test_a_pull_that_fails(
    pullable: Mapping[str, str],
    error: type[ModelError],
    said: str,
    fix: str,
    environ: Mapping[str, str],
) -> None:
    async with FakeOllama(models=[], pullable=pullable) as fake:
        settings = Settings(host=fake.url)
        with pytest.raises(error, match=said) as caught:
            await get("house:v1", settings, environ, no_progress)
        assert fix in (fix_of(caught.value, "house:v1", settings) or "")
        assert await usable(settings, environ) == []


async def test_a_pull_that_ends_without_success(
    environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(_pull: Pull) -> Iterator[dict[str, object]]:
        yield {"status": "pulling manifest"}
        yield {"status": "pulling a1", "digest": "sha256:a1", "total": 10, "completed": 5}
        # More than there is, and a whole that is none.
        yield {"status": "pulling a1", "digest": "sha256:a1", "total": 10, "completed": 50}
        yield {"status": "pulling b2", "digest": "sha256:b2", "total": -5, "completed": 5}

    monkeypatch.setattr(Pull, "lines", broken_off)
    seen: list[tuple[int, int | None]] = []
    async with FakeOllama(models=[]) as fake:
        settings = Settings(host=fake.url)
        with pytest.raises(ModelFailed, match="codellama:7b-code broke off") as caught:
            await get("codellama:7b-code", settings, environ, lambda *here: seen.append(here))
        assert "pull it again" in (fix_of(caught.value, "codellama:7b-code", settings) or "")
    assert seen == [(5, 10), (10, 10)]


async def test_a_pull_that_is_cancelled_ends_at_once(environ: Mapping[str, str]) -> None:
    clock = Standing()
    async with FakeOllama(models=[], clock=clock) as fake:
        got = get("codellama:7b-code", Settings(host=fake.url), environ, no_progress)
        pulling = asyncio.ensure_future(got)
        await clock.reached.wait()
        pulling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await pulling
        # The server, which was in the middle of it, sees that nobody listens any more.
        await clock.left.wait()


async def test_what_cannot_be_pulled(environ: Mapping[str, str]) -> None:
    with pytest.raises(HostRefused):
        await get("codellama:7b-code", ELSEWHERE, environ, no_progress)
    # It would run elsewhere.
    with pytest.raises(HostRefused, match="allowRemote"):
        await get("codellama:cloud", Settings(), environ, no_progress)
    nobody = Settings(host="http://127.0.0.1:9")
    with pytest.raises(Unreachable, match="nothing answers") as caught:
        await get("codellama:7b-code", nobody, environ, no_progress)
    assert "ollama serve" in (fix_of(caught.value, "codellama:7b-code", nobody) or "")
    # Servers of the other kind fetch nothing.
    with pytest.raises(InputError, match="`backend` is openai") as wrong:
        await get("codellama:7b-code", replace(nobody, backend="openai"), environ, no_progress)
    assert fix_of(wrong.value, "codellama:7b-code", nobody) is None
