"""Asking a model whether it fills in the middle, by hand and behind the fake Ollama."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from fimls.errors import ModelBusy
from fimls.models.families import FAMILIES
from fimls.models.ollama import OllamaOptions
from fimls.models.probing import probe
from fimls.models.remembered import Remembered
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.faults import Fault
from fimls.testing.ollama_models import FakeModel
from fimls.testing.ollama_shelf import filling, model_named
from tests.models.asking_ollama import ollama, pieces_of, server_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fimls.models.ollama import Ollama
    from fimls.testing.ollama_request import Request

QWEN = FAMILIES["qwen2.5-coder"]
STARCODER = FAMILIES["starcoder2"]

# What is said to the two holes, by what stands in their suffixes.
RIGHT = {"outcome": "outcome", "add": "a + b\n"}


@dataclass
class Told:
    """A prober that is told what to answer, and counts as a server with these tokens would."""

    answers: Mapping[str, str]
    tokens: tuple[int | None, ...] = (5,)
    prompts: list[str] = field(default_factory=list)

    async def prompt_tokens(self, prompt: str) -> int | None:
        self.prompts.append(prompt)
        return self.tokens[min(len(self.prompts), len(self.tokens)) - 1]

    async def said(self, prompt: str, stop: tuple[str, ...], max_tokens: int) -> str:
        assert stop
        assert 1 < max_tokens < 20
        return next((said for sign, said in self.answers.items() if sign in prompt), "")


@pytest.mark.parametrize(
    ("answers", "tokens", "is_filled"),
    [
        (RIGHT, 5, True),
        # With a token at the beginning of each text.
        (RIGHT, 6, True),
        # Spelled out, or not sure.
        (RIGHT, 12, False),
        (RIGHT, 7, False),
        # Where the server does not count, only the answers tell.
        (RIGHT, None, True),
        # The first line counts; whatever comes after it does not.
        ({**RIGHT, "add": "a + b\n\nprint(add(1, 2))"}, 5, True),
        # Nothing, nonsense, half of it, a word that only begins so.
        ({**RIGHT, "add": ""}, 5, False),
        ({**RIGHT, "add": "1, 2, 3"}, 5, False),
        ({**RIGHT, "add": "a"}, 5, False),
        ({**RIGHT, "add": "apple + banana"}, 5, False),
        # The right thing too late.
        ({**RIGHT, "add": "\n    a + b"}, 5, False),
        # Markers in what it says.
        ({**RIGHT, "add": "a + b<|fim_prefix|>"}, 5, False),
        # It passes over the markers and goes on with the prefix: the suffix is not read.
        ({**RIGHT, "outcome": "return width * height"}, 5, False),
    ],
)
async def test_what_a_model_must_say(
    answers: Mapping[str, str], tokens: int | None, *, is_filled: bool
) -> None:
    assert await probe(Told(answers, (tokens,)), [QWEN]) is (QWEN if is_filled else None)


async def test_the_markers_are_tried_side_by_side() -> None:
    prober = Told(RIGHT)
    await probe(prober, [QWEN])
    await probe(prober, [FAMILIES["codestral"]])
    assert prober.prompts == [
        "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>",
        "[PREFIX]a[SUFFIX]b",
    ]


async def test_the_same_markers_are_tried_once_and_the_first_that_fits_is_taken() -> None:
    turn = FAMILIES["qwen3-coder"]
    # With bare markers it says nothing, in a turn of a chat it does.
    prober = Told({"<|im_start|>": "a + b, outcome"}, (14, 5))
    assert await probe(prober, [STARCODER, QWEN, turn]) is turn
    assert len(prober.prompts) == 2


# Behind Ollama

# A user's own, of which neither name nor template tells anything.
MINE = FakeModel(
    "mine:latest",
    family="qwen2",
    control_tokens=("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|endoftext|>"),
)


def trained(request: Request) -> str:
    """A model that was trained to fill in the middle."""
    return next((said for sign, said in RIGHT.items() if sign in request.prompt), "1")


def untrained(_request: Request) -> str:
    """One that goes on with whatever it was."""
    return "a + b\n"


def family_of(model: Ollama) -> tuple[str | None, str]:
    found = model.capabilities
    return (found.family.name if found.family else None, found.found_by)


@pytest.mark.parametrize("version", ["0.6.3", "0.24", "0.33"])
@pytest.mark.parametrize(
    ("is_trained", "family", "how"),
    [(True, "qwen2.5-coder", "probe"), (False, None, "")],
)
async def test_an_unknown_model_is_tried_when_it_is_loaded(
    version: str, family: str | None, how: str, *, is_trained: bool
) -> None:
    answer = trained if is_trained else untrained
    async with (
        FakeOllama([MINE], answer, version=version) as fake,
        ollama(fake, MINE.name) as model,
    ):
        assert family_of(model) == (None, "")
        assert fake.requests == []
        await model.warm_up()
        assert family_of(model) == (family, how)
        probes = len(fake.requests)
        # It is known now.
        await model.warm_up()
        await pieces_of(model)

    assert len(fake.requests) == probes + 2
    assert (fake.loads, fake.reloads) == (1, 0)
    assert fake.requests[0].is_load
    assert all(request.raw for request in fake.requests)


async def test_what_was_found_out_is_not_asked_again(tmp_path: Path) -> None:
    async with FakeOllama([MINE], trained) as fake:
        for found in ((None, ""), ("qwen2.5-coder", "probe")):
            remembered = Remembered(tmp_path)
            async with ollama(fake, MINE.name, remembered=remembered) as model:
                assert family_of(model) == found
                await model.warm_up()
                assert family_of(model) == ("qwen2.5-coder", "probe")
                prompts = len(fake.prompts)

    assert len(fake.prompts) == prompts == 3


async def test_that_a_model_does_not_fill_is_remembered_too(tmp_path: Path) -> None:
    async with FakeOllama([MINE], untrained) as fake:
        for _ in range(2):
            async with ollama(fake, MINE.name, remembered=Remembered(tmp_path)) as model:
                await model.warm_up()
                assert family_of(model) == (None, "")

    # The markers, and two holes, of which the second is wrong; the other formats likewise.
    assert sum("<|fim_prefix|>a" in prompt for prompt in fake.prompts) == 1


async def test_another_content_of_the_same_name_is_asked(tmp_path: Path) -> None:
    async with FakeOllama([MINE], untrained) as fake:
        async with ollama(fake, MINE.name, remembered=Remembered(tmp_path)) as model:
            await model.warm_up()
        fake.install(replace(MINE, blob="retrained"))
        fake.answer = trained
        async with ollama(fake, MINE.name, remembered=Remembered(tmp_path)) as model:
            await model.warm_up()
            assert family_of(model) == ("qwen2.5-coder", "probe")


@pytest.mark.parametrize("fault", [Fault.DIED, Fault.ERROR, Fault.NO_DONE, Fault.BUSY])
async def test_a_probe_that_fails_does_no_harm(fault: Fault, tmp_path: Path) -> None:
    remembered = Remembered(tmp_path)
    async with (
        FakeOllama([MINE], trained) as fake,
        ollama(fake, MINE.name, remembered=remembered) as model,
    ):
        fake.answer = fault
        await model.warm_up()
        assert family_of(model) == (None, "")
        assert remembered.get(MINE.digest) is None
        # It is tried again after the next load.
        fake.answer = trained
        await model.warm_up()
        assert family_of(model) == ("qwen2.5-coder", "probe")
        assert remembered.get(MINE.digest) is not None


async def test_a_probe_that_takes_too_long_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fimls.models.probing._LIMIT_S", 0.05)
    async with FakeOllama([MINE], Fault.HANG) as fake, ollama(fake, MINE.name) as model:
        await model.warm_up()
        assert family_of(model) == (None, "")


async def test_an_error_of_the_load_is_still_one() -> None:
    async with FakeOllama([MINE], trained) as fake, ollama(fake, MINE.name) as model:
        fake.fail_next(Fault.BUSY)
        with pytest.raises(ModelBusy):
            await model.warm_up()


@pytest.mark.parametrize(
    ("model", "setting", "family", "how"),
    [
        (model_named("codellama:7b-code"), "auto", "codellama", "name"),
        (model_named("llama3.2"), "auto", None, ""),
        (model_named("yi-coder"), "auto", None, ""),
        (replace(MINE, basename="Starcoder2"), "auto", "starcoder2", "details"),
        (replace(MINE, title="Codestral 22B v0.1"), "auto", "codestral", "details"),
        (
            replace(MINE, template=filling("<a>{{ .Prompt }}<b>{{ .Suffix }}<c>")),
            "auto",
            "template",
            "template",
        ),
        (MINE, "qwen2.5-coder", "qwen2.5-coder", "setting"),
        (replace(MINE, capabilities=("embedding",)), "auto", None, ""),
    ],
)
async def test_where_nothing_is_open_nothing_more_is_asked(
    model: FakeModel, setting: str, family: str | None, how: str
) -> None:
    options = OllamaOptions(family=setting)
    async with FakeOllama([model]) as fake, ollama(fake, model.name, options) as found:
        if "completion" in model.capabilities:
            await found.warm_up()
        assert family_of(found) == (family, how)

    assert fake.prompts == []
    shown = [call for call in fake.seen.calls if call.path == "/api/show"]
    assert [b"verbose" in call.body for call in shown] == [False]


@pytest.mark.parametrize(
    ("name", "family"),
    [
        # Ollama takes a name without its tag, which is `latest`: an instruct model here.
        ("deepseek-coder", None),
        ("deepseek-coder-v2", "deepseek-coder-v2"),
    ],
)
async def test_a_name_without_its_tag_tells_as_much(name: str, family: str | None) -> None:
    async with FakeOllama([f"{name}:latest"]) as fake, ollama(fake, name) as found:
        await found.warm_up()
        found_family = found.capabilities.family
        assert (found_family and found_family.name) == family

    assert fake.prompts == []


async def test_the_vocabulary_that_a_server_shows() -> None:
    async with FakeOllama([MINE]) as fake, server_at(fake.url) as server:
        markers = await server.vocabulary(MINE.name)
        shown = await server.show(MINE.name)

    assert set(MINE.control_tokens) <= markers
    assert "def" not in markers
    assert (shown.basename, shown.architecture) == ("mine", "qwen2")
