"""Each kind of server is recognised, and asked for what it is known to do."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fimls.errors import ModelRefused
from fimls.models.detection import How
from fimls.models.families import FAMILIES
from fimls.models.hosts import resolve
from fimls.models.openai import OpenAI, OpenAIOptions, connect
from fimls.models.openai_dialects import DIALECTS, OTHER, Dialect, dialect_of
from fimls.models.openai_server import OpenAIServer, Served
from fimls.models.protocol import Generation
from fimls.models.remembered import Remembered
from fimls.models.specimens import RESULT, SUM
from fimls.testing.fake_openai import FakeOpenAI
from fimls.testing.openai_flavors import Flavor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from fimls.testing.openai_replies import Request

from tests.models.asking_openai import CHAT, NAME, STOPS, pieces_of

CONTEXT_TOKENS = 1536

# As many as any family has, and more than OpenAI takes.
MANY_STOPS = (*STOPS, "six")

FORCED = Generation("x", max_tokens=8, stop=MANY_STOPS, force=" = ")


@dataclass(frozen=True)
class Known:
    """What is to be found out of a kind of server, and sent to it."""

    flavor: Flavor
    context_tokens: int = CONTEXT_TOKENS
    stops: int = 4
    fields: Mapping[str, object] = field(default_factory=dict)
    can_force: bool = False
    saves_prompts: bool = False
    closes: bool = False


KNOWN = [
    Known(
        Flavor.LLAMA_SERVER,
        stops=6,
        fields={"cache_prompt": True, "grammar": 'root ::= " = " .*'},
        can_force=True,
        saves_prompts=True,
        closes=True,
    ),
    # Markers are seen by it where they are to stop the answer.
    Known(Flavor.VLLM, stops=6, fields={"skip_special_tokens": False}, saves_prompts=True),
    Known(Flavor.SGLANG, stops=6, fields={"skip_special_tokens": False}, saves_prompts=True),
    # They tell the context in a place of their own.
    Known(Flavor.LM_STUDIO),
    Known(Flavor.TGI),
    Known(Flavor.KOBOLDCPP),
    # It tells nothing.
    Known(Flavor.OPENAI, context_tokens=4096),
]

PLAIN = {"model", "prompt", "max_tokens", "temperature", "seed", "stream", "stop"}


@asynccontextmanager
async def connected(url: str, name: str = NAME) -> AsyncIterator[OpenAI]:
    model = await connect(resolve(url), {}, name, OpenAIOptions())
    try:
        yield model
    finally:
        await model.close()


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: str(known.flavor))
async def test_each_kind(known: Known) -> None:
    fake = FakeOpenAI(answer="1", flavor=known.flavor, context_tokens=CONTEXT_TOKENS)
    async with fake, connected(fake.url) as model:
        await pieces_of(model, FORCED)
        found = model.capabilities

    sent: dict[str, Any] = dict(fake.requests[0].body)
    assert found.context_tokens == known.context_tokens
    assert (found.can_force, found.saves_prompts) == (known.can_force, known.saves_prompts)
    assert sent["stop"] == list(MANY_STOPS[: known.stops])
    assert {name: sent[name] for name in sent.keys() - PLAIN} == known.fields
    closing = fake.seen.calls[-1].headers.get("connection") == "close"
    assert closing is known.closes


@pytest.mark.parametrize(
    ("flavor", "more"),
    [
        # Models that can think are told not to, by whom that is known to work.
        (Flavor.VLLM, {"chat_template_kwargs": {"enable_thinking": False}}),
        (Flavor.LLAMA_SERVER, {"chat_template_kwargs": {"enable_thinking": False}}),
        # Others are sent only what OpenAI documents.
        (Flavor.OPENAI, {}),
        (Flavor.LM_STUDIO, {}),
    ],
)
async def test_what_goes_with_a_chat(flavor: Flavor, more: Mapping[str, object]) -> None:
    async with (
        FakeOpenAI(answer="1", flavor=flavor) as fake,
        connected(fake.url) as model,
        aclosing(model.chat(CHAT)) as pieces,
    ):
        [_ async for _ in pieces]

    body = fake.requests[0].body
    assert {name: body[name] for name in body.keys() - PLAIN - {"messages"}} == more


async def test_ollama_is_asked_in_its_own_way() -> None:
    async with FakeOpenAI(flavor=Flavor.OLLAMA) as fake:
        with pytest.raises(ModelRefused, match=r'is Ollama; .* set `backend` to "ollama"'):
            async with connected(fake.url):
                pass

    assert fake.prompts == []


async def test_a_name_that_is_not_listed() -> None:
    names = ["lora-1", "lora-2"]
    async with FakeOpenAI(names, flavor=Flavor.VLLM) as fake, connected(fake.url, "new") as model:
        assert model.capabilities.saves_prompts
        # What the others' context is says nothing of its own.
        assert model.capabilities.context_tokens == 4096


async def test_the_model_behind_a_name() -> None:
    async with FakeOpenAI(["code"], flavor=Flavor.VLLM, path="codellama/CodeLlama-7b-hf") as fake:
        server = OpenAIServer(resolve(fake.url), {})
        [served] = await server.models()
        await server.close()

    assert served.base == "codellama/CodeLlama-7b-hf"


@pytest.mark.parametrize(
    ("served", "name"),
    [
        # By the owner of its models.
        (Served("m", 0, "llamacpp"), "llama-server"),
        (Served("m", 0, "vllm"), "vllm"),
        (Served("m", 0, "sglang"), "sglang"),
        (Served("m", 0, "organization_owner"), "lm-studio"),
        (Served("m", 0, "koboldcpp"), "koboldcpp"),
        # TGI says the model's own name.
        (Served("bigcode/starcoder2-3b", 0, "bigcode/starcoder2-3b"), "tgi"),
        # By the header, where something in between has changed the list.
        (Served("m", 0, "", server="llama.cpp"), "llama-server"),
        (Served("m", 0, "", server="llamafile/0.9.3"), "llama-server"),
        # By neither.
        (Served("m", 0, "openai", server="uvicorn"), "other"),
        (Served("m", 0, ""), "other"),
        (Served("", 0, ""), "other"),
        # Ollama has the name of whoever uploaded the model.
        (Served("m", 0, "library"), "other"),
    ],
)
def test_how_they_are_recognised(served: Served, name: str) -> None:
    assert dialect_of(served).name == name


def test_the_last_one_is_for_all_others() -> None:
    assert DIALECTS[-1] is OTHER
    assert len({dialect.name for dialect in DIALECTS}) == len(DIALECTS)


# Its family


# No other family has these.
FALCON = FAMILIES["falcon-h1-coder"].fim_markers


def understanding(family: str) -> Callable[[Request], str]:
    """The answers of a model that fills in the middle in the format of one family only."""

    def answer(request: Request) -> str:
        for specimen in (SUM, RESULT):
            if request.prompt == specimen.prompt(FAMILIES[family]):
                return " ".join(specimen.names)
        return "# nothing of the kind"

    return answer


@dataclass(frozen=True)
class Model:
    """A model as a server has it, and what its family is found out to be."""

    flavor: Flavor
    family: str | None
    how: How
    path: str = ""
    template: str = ""
    markers: tuple[str, ...] = ()
    fills: str = "codellama"


MODELS = [
    # By the file that llama-server tells, whatever name it goes by.
    Model(
        Flavor.LLAMA_SERVER, "qwen2.5-coder", How.DETAILS, "/models/qwen2.5-coder-1.5b-q8_0.gguf"
    ),
    # By the model behind a name of vLLM's.
    Model(Flavor.VLLM, "codellama", How.DETAILS, "codellama/CodeLlama-7b-hf"),
    # By its markers, and by trying them.
    Model(
        Flavor.LLAMA_SERVER, "falcon-h1-coder", How.PROBE, "/x.gguf", "", FALCON, "falcon-h1-coder"
    ),
    # It has the markers, and has never learned what they mean.
    Model(Flavor.LLAMA_SERVER, None, How.NOTHING, "/x.gguf", "", FALCON, "codellama"),
    # It has none.
    Model(Flavor.LLAMA_SERVER, None, How.NOTHING, "/x.gguf"),
    # Where nothing is told, they are tried one after the other.
    Model(Flavor.LM_STUDIO, "falcon-h1-coder", How.PROBE, "", "", FALCON, "falcon-h1-coder"),
]


@pytest.mark.parametrize("model", MODELS)
async def test_the_family(model: Model, tmp_path: Path) -> None:
    fake = FakeOpenAI(
        ["any"],
        answer=understanding(model.fills),
        flavor=model.flavor,
        path=model.path,
        template=model.template,
        markers=model.markers,
    )
    remembered = Remembered(tmp_path)
    async with fake:
        for _ in range(2):
            before = len(fake.requests)
            found = await connect(
                resolve(fake.url), {}, "any", OpenAIOptions(), remembered=remembered
            )
            await found.warm_up()
            await found.close()
            name = None if found.capabilities.family is None else found.capabilities.family.name
            assert (name, found.capabilities.found_by) == (model.family, model.how)
    if model.path:
        # What was found out once is known from then on.
        assert len(fake.requests) - before == 1


async def test_the_setting_goes_before_everything() -> None:
    options = OpenAIOptions(family="starcoder2")
    async with FakeOpenAI(answer="1", flavor=Flavor.LLAMA_SERVER) as fake:
        model = await connect(resolve(fake.url), {}, NAME, options)
        await model.warm_up()
        await model.close()

    assert model.capabilities.family is FAMILIES["starcoder2"]
    assert model.capabilities.found_by == How.SETTING


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_the_page_for_people_says_the_same(dialect: Dialect) -> None:
    page = (Path(__file__).parents[2] / "docs" / "openai.md").read_text(encoding="utf-8")
    rows = [row for row in page.split("\n") if row.startswith("| ")]
    words = [f"`{owner}`" for owner in dialect.owners if "{" not in owner]
    words += [f"`{name}`" for name in dialect.raw_fields]
    words += [] if dialect.context is None else [dialect.context.route.format(name="MODEL")]
    words += ["all" if dialect.most_stops is None else "4", "grammar" if dialect.forcing else ""]
    assert any(all(word in row for word in words) for row in rows)


@pytest.mark.parametrize("flavor", [Flavor.LM_STUDIO, Flavor.LLAMA_SERVER, Flavor.OPENAI])
async def test_an_aside_that_nobody_answers(flavor: Flavor) -> None:
    async with FakeOpenAI(flavor=flavor) as fake:
        server = OpenAIServer(resolve(fake.url), {})
        assert await server.aside("no/such/route") == b""
        await server.close()
