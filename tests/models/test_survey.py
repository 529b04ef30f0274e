"""What the models of an Ollama server can do, and how little is asked for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fimls.models import survey as surveying
from fimls.models.detection import Detected, How
from fimls.models.families import FAMILIES
from fimls.models.hosts import resolve
from fimls.models.ollama_server import Installed, OllamaServer
from fimls.models.remembered import Remembered
from fimls.models.survey import MOST_ASKED, Surveyed, fits_bytes, survey
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.ollama_models import CODE_LLAMA_TEMPLATE, FakeModel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A name that tells nothing, and a template that tells all.
HOUSE = FakeModel("house:v2", ("completion", "insert"), CODE_LLAMA_TEMPLATE)


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    """Each test begins as a session does."""
    surveying._shown.clear()
    yield
    surveying._shown.clear()


async def surveyed(
    fake: FakeOllama,
    *,
    family: str = "auto",
    remembered: Remembered | None = None,
    most_asked: int = MOST_ASKED,
) -> dict[str, Surveyed]:
    server = OllamaServer(resolve(fake.url), {})
    try:
        installed = await server.models()
        known = await survey(server, installed, family, remembered, most_asked=most_asked)
    finally:
        await server.close()
    return {each.model.name: each for each in known}


def shows(fake: FakeOllama) -> int:
    return sum(call.path == "/api/show" for call in fake.seen.calls)


async def test_models_without_a_digest_are_not_taken_for_one_another() -> None:
    # Servers that speak Ollama's language without being it have none.
    plain = FakeModel("plain:v1", ("completion",))
    async with FakeOllama(models=[HOUSE, plain]) as fake:
        server = OllamaServer(resolve(fake.url), {})
        try:
            installed = [replace(each, digest="") for each in await server.models()]
            known = await survey(server, installed, "auto")
        finally:
            await server.close()
    assert {each.model.name: each.family for each in known} == {
        "house:v2": "codellama",
        "plain:v1": "",
    }


async def check_model(
    model: str | FakeModel, version: str, family: str, completes: bool, asked: int
) -> None:
    async with FakeOllama(models=[model], version=version) as fake:
        [known] = (await surveyed(fake)).values()
        assert (known.family, known.completes) == (family, completes)
        assert shows(fake) == asked
        # The second time nothing more is asked.
        await surveyed(fake)
        assert shows(fake) == asked


@pytest.mark.parametrize(
    ("model", "version", "family", "completes", "asked"),
    [
        # The name tells.
        ("codellama:7b-code", "0.33", "codellama", True, 0),
        ("codellama:7b-code", "0.24", "codellama", True, 0),
        # The name tells that it does not fill in the middle.
        ("codellama:34b-code", "0.33", "", True, 0),
        # The template tells.
        (HOUSE, "0.33", "codellama", True, 1),
        (HOUSE, "0.24", "codellama", True, 1),
        # Nothing tells: only trying it would, and a survey does not.
        ("house:v1", "0.33", "", True, 1),
        # One that makes vectors, by the list, by its name, and by what is shown.
        ("nomic-embed-text", "0.33", "", False, 0),
        ("nomic-embed-text", "0.24", "", False, 0),
        (FakeModel("vectors:v1", ("embedding",)), "0.24", "", False, 1),
        # Ollama before 0.6.4 tells no abilities at all, but how a model is built.
        (FakeModel("vectors:v1", (), family="nomic-bert"), "0.24", "", False, 1),
        (FakeModel("eyes:v1", (), family="clip"), "0.24", "", False, 1),
        # One that only looks at pictures, even if its name is that of a family.
        (FakeModel("codellama:7b-eyes", ("vision",)), "0.33", "", False, 0),
    ],
)
async def test_a_model(
    model: str | FakeModel, version: str, family: str, completes: bool, asked: int
) -> None:
    await check_model(model, version, family, completes, asked)


async def test_the_setting_tells_without_asking() -> None:
    async with FakeOllama(models=["house:v1", "nomic-embed-text"]) as fake:
        known = await surveyed(fake, family="starcoder2")
        assert shows(fake) == 0
    assert known["house:v1"].family == "starcoder2"
    assert known["house:v1"].detected.how is How.SETTING
    assert known["nomic-embed-text:latest"].family == ""


async def test_a_trial_of_an_earlier_session_is_remembered(tmp_path: Path) -> None:
    model = FakeModel("house:v1")
    remembered = Remembered(tmp_path)
    remembered.put(model.digest, Detected(FAMILIES["starcoder2"], How.PROBE))
    async with FakeOllama(models=[model]) as fake:
        known = await surveyed(fake, remembered=remembered)
        assert shows(fake) == 0
    assert known["house:v1"].family == "starcoder2"


async def test_where_somebody_waits_only_a_few_are_asked_about() -> None:
    models = [f"house{number}:v1" for number in range(20)]
    async with FakeOllama(models=models) as fake:
        for asked in (8, 16, 20, 20):
            await surveyed(fake, most_asked=8)
            assert shows(fake) == asked


async def test_a_list_tells_of_all() -> None:
    models = [replace(HOUSE, name=f"house{number}:v1") for number in range(20)]
    async with FakeOllama(models=models) as fake:
        known = await surveyed(fake)
    assert {each.family for each in known.values()} == {"codellama"}


async def test_one_that_is_gone_meanwhile_is_no_trouble() -> None:
    async with FakeOllama(models=[HOUSE, "codellama:7b-code"]) as fake:
        server = OllamaServer(resolve(fake.url), {})
        installed = await server.models()
        fake.remove("house:v2")
        known = await survey(server, installed, "auto")
        await server.close()
    assert [each.family for each in known] == ["codellama", ""]


async def test_what_a_graphics_card_holds() -> None:
    async with FakeOllama(models=["codellama:7b-code", "codellama:13b-code"]) as fake:
        assert fits_bytes(list((await surveyed(fake)).values())) == 0
    small = Surveyed(known_model(4), Detected(None, How.NOTHING), completes=True, gpu_bytes=5)
    # One that only partly fits tells how much does.
    large = Surveyed(known_model(20), Detected(None, How.NOTHING), completes=True, gpu_bytes=8)
    assert fits_bytes([small]) == 4
    assert fits_bytes([small, large]) == 8
    assert fits_bytes([]) == 0


def known_model(size: int) -> Installed:
    return Installed("any", size, "")
