"""What can be used here, and getting one more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fimls.errors import HostRefused, InputError, ModelMissing
from fimls.models import catalogue, download
from fimls.models.catalogue import Entry, embedded_path, get, usable
from fimls.settings import Settings
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.ollama_models import FakeModel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# A host without anything; nothing is sent to it because it is not allowed.
ELSEWHERE = Settings(host="http://192.0.2.1")


@pytest.fixture(name="environ")
def environ_fixture(tmp_path: Path) -> Mapping[str, str]:
    return {"FIMLS_DATA_DIR": str(tmp_path)}


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


async def test_what_cannot_be_pulled(environ: Mapping[str, str]) -> None:
    async with FakeOllama(models=[]) as fake:
        with pytest.raises(ModelMissing):
            await get("no-such-model", Settings(host=fake.url), environ, no_progress)
    with pytest.raises(HostRefused):
        await get("codellama:7b-code", ELSEWHERE, environ, no_progress)
