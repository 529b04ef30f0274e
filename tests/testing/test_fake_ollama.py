"""The fake Ollama behaves as `ollama.md` §5.7 says the real one does."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from fimls.testing.chunking import CHUNKINGS
from fimls.testing.clock import VirtualClock
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.faults import Fault
from fimls.testing.ollama_shelf import model_named
from fimls.testing.runner import Outcome, Pace
from fimls.testing.turns import InTurn
from tests.testing.conftest import client, get, lines, post, streaming

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.testing.conftest import Body

CODE_LLAMA = "codellama:7b-code"
NO_TEXT = "json: cannot unmarshal number into Go struct field GenerateRequest.prompt of type string"
STOP = [" <EOT>", "<EOT>"]


def asking(prompt: object = "a = ", **fields: object) -> Body:
    given = fields.pop("options", {})
    assert isinstance(given, dict)
    options = {"num_predict": 64, "stop": STOP, **given}
    return {"model": CODE_LLAMA, "prompt": prompt, "raw": True, "options": options, **fields}


async def asked(fake: FakeOllama, body: Body, path: str = "/api/generate") -> list[Body]:
    response = await post(fake.url, path, body)
    assert response.status_code == 200, response.text
    return lines(response)


def said(events: list[Body]) -> str:
    return "".join(event["response"] for event in events)


# 1. Routes, verbs, status and content types


@pytest.mark.parametrize(
    ("verb", "path", "status", "content_type", "text"),
    [
        # The sign of life that installers look for.
        ("GET", "/", 200, "text/plain", "Ollama is running"),
        ("HEAD", "/", 200, "text/plain", ""),
        ("GET", "/api/version", 200, "application/json; charset=utf-8", '{"version":"0.33.0"}'),
        # An unknown path and a wrong verb are told in plain text.
        ("GET", "/api/none", 404, "text/plain", "404 page not found"),
        ("GET", "/api/generate", 405, "text/plain", "405 method not allowed"),
        ("GET", "/api/ps", 200, "application/json; charset=utf-8", '{"models":[]}'),
    ],
)
async def test_routes(verb: str, path: str, status: int, content_type: str, text: str) -> None:
    async with FakeOllama() as fake, client(fake.url) as http:
        response = await http.request(verb, path)
    assert (response.status_code, response.text) == (status, text)
    assert response.headers["content-type"] == content_type


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:11434", 200),
        ("localhost", 200),
        ("box.internal:80", 200),
        ("[::1]:11434", 200),
        # A page on the internet must not reach it through the user's browser.
        ("evil.example", 403),
        ("93.184.216.34:80", 403),
    ],
)
async def test_host_header(host: str, status: int) -> None:
    async with FakeOllama() as fake, client(fake.url) as http:
        response = await http.get("/api/version", headers={"Host": host})
    assert response.status_code == status
    assert (response.content == b"") == (status == 403)


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("/api/generate", "", 400, "missing request body"),
        ("/api/generate", asking(model="foo"), 404, "model 'foo' not found"),
        ("/api/generate", {"prompt": "a"}, 404, "model '' not found"),
        ("/api/chat", {"messages": [{"role": "user", "content": "a"}]}, 400, "model is required"),
        ("/api/show", {}, 400, "model is required"),
        ("/api/show", {"model": "foo"}, 404, "model 'foo:latest' not found"),
        ("/api/embed", {"model": "foo"}, 404, 'model "foo" not found, try pulling it first'),
        # The prompt is no text.
        (
            "/api/generate",
            asking(prompt=3),
            400,
            NO_TEXT,
        ),
        # A suffix is checked even where `raw` makes it be ignored; the name is the full one.
        (
            "/api/generate",
            asking(model="codellama:7b", suffix="b"),
            400,
            "registry.ollama.ai/library/codellama:7b does not support insert",
        ),
        (
            "/api/generate",
            asking(system="be good"),
            400,
            "raw mode does not support template, system, or context",
        ),
        (
            "/api/generate",
            asking(model="nomic-embed-text"),
            400,
            '"nomic-embed-text" does not support generate',
        ),
        ("/api/generate", asking(think=True), 400, f'"{CODE_LLAMA}" does not support thinking'),
        ("/api/generate", asking(top_logprobs=21), 400, "top_logprobs must be between 0 and 20"),
        # Wrong options are found late, by the server's own fault.
        (
            "/api/generate",
            asking(options={"num_ctx": "big"}),
            500,
            'option "num_ctx" must be of type integer',
        ),
        ("/api/generate", asking(keep_alive="5"), 400, 'time: missing unit in duration "5"'),
        ("/api/generate", asking(keep_alive="soon"), 400, 'time: invalid duration "soon"'),
    ],
)
async def test_errors(path: str, body: object, status: int, message: str) -> None:
    models = (CODE_LLAMA, "codellama:7b", "nomic-embed-text")
    async with FakeOllama(models=models) as fake, client(fake.url) as http:
        content = body if isinstance(body, str) else json.dumps(body)
        response = await http.post(path, content=content)
    assert (response.status_code, response.json()["error"]) == (status, message)


async def test_unknown_fields_and_options_are_ignored() -> None:
    body = {**asking(options={"nonsense": 1, "seed": None}), "nonsense": 2}
    # Go finds a field whatever the case of its letters.
    body["Prompt"] = body.pop("prompt")
    async with FakeOllama(answer="1") as fake:
        assert said(await asked(fake, body)) == "1"
        assert fake.prompts == ["a = "]


# 2. Lines, torn in all ways


@pytest.mark.parametrize("chunking", CHUNKINGS)
async def test_torn_streams_say_the_same(chunking: str) -> None:
    async with FakeOllama(answer="größe = 😀 ▁", chunking=CHUNKINGS[chunking]) as fake:
        events = await asked(fake, asking())
    assert said(events) == "größe = 😀 ▁"
    assert [event["done"] for event in events] == [False] * (len(events) - 1) + [True]


@pytest.mark.parametrize(
    ("chunking", "is_torn"),
    [
        # The real server nearly always sends a line a read.
        ("lines", False),
        ("bytes", True),
        ("halves", True),
    ],
)
async def test_what_a_read_brings(chunking: str, is_torn: bool) -> None:
    async with (
        FakeOllama(answer="ab", chunking=CHUNKINGS[chunking]) as fake,
        streaming(fake.url, "/api/generate", asking()) as response,
    ):
        reads = [part async for part in response.aiter_raw()]
    assert any(not part.endswith(b"\n") for part in reads) == is_torn


# 3. Loading


async def test_headers_come_with_the_first_event() -> None:
    clock = VirtualClock()
    async with FakeOllama(answer="1", clock=clock, pace=Pace(load_s=20.0)) as fake:
        task = asyncio.ensure_future(post(fake.url, "/api/generate", asking()))
        await fake.seen.until(lambda: clock.sleepers == 1)
        await clock.advance(19.0)
        assert (await get(fake.url, "/api/ps")).json() == {"models": []}
        assert not task.done()
        response = await clock.drive(task)
    assert clock.now() == 20.0
    assert lines(response)[-1]["load_duration"] == 20_000_000_000


@pytest.mark.parametrize(
    ("keep_alive", "expires_at"),
    [
        ("30m", "2026-08-21T00:30:00Z"),
        (90, "2026-08-21T00:01:30Z"),
        ("1h0.5m", "2026-08-21T01:00:30Z"),
        # Five minutes where nothing is said.
        (None, "2026-08-21T00:05:00Z"),
    ],
)
async def test_loading_only(keep_alive: object, expires_at: str) -> None:
    clock = VirtualClock()
    body = asking("", keep_alive=keep_alive, options={"num_ctx": 2048})
    async with FakeOllama(clock=clock) as fake:
        response = await post(fake.url, "/api/generate", body)
        (model,) = (await get(fake.url, "/api/ps")).json()["models"]
        assert response.headers["content-type"] == "application/json; charset=utf-8"
        assert response.content[-1:] == b"}"
        assert response.json()["done_reason"] == "load"
        assert (model["name"], model["context_length"]) == (CODE_LLAMA, 2048)
        assert model["expires_at"] == expires_at
        assert (fake.loads, fake.prompts) == (1, [])
        await clock.advance(3700.0)
        assert (await get(fake.url, "/api/ps")).json()["models"] == []


async def test_for_ever_and_not_at_all() -> None:
    clock = VirtualClock()
    async with FakeOllama(clock=clock) as fake:
        await asked(fake, asking("", keep_alive=-1))
        await clock.advance(1e6)
        assert len((await get(fake.url, "/api/ps")).json()["models"]) == 1
        (reply,) = await asked(fake, asking("", keep_alive=0))
        assert reply["done_reason"] == "unload"
        assert (await get(fake.url, "/api/ps")).json()["models"] == []
        assert (fake.loads, fake.reloads) == (1, 0)


# 4. Reloads


@pytest.mark.parametrize(
    ("first", "second", "reloads"),
    [
        # The same every time.
        ({"options": {"num_ctx": 4096}}, {"options": {"num_ctx": 4096}}, 0),
        # Another context.
        ({"options": {"num_ctx": 4096}}, {"options": {"num_ctx": 8192}}, 1),
        # The number that Ollama would have chosen is still another start.
        ({}, {"options": {"num_ctx": 4096}}, 1),
        ({"options": {"num_ctx": 4096}}, {}, 1),
        # What was the default anyway.
        ({}, {"options": {"num_gpu": -1, "num_batch": 512}}, 0),
        ({}, {"options": {"num_thread": 4}}, 1),
        # `shift` is a property of the runner.
        ({}, {"shift": False}, 1),
        # What belongs to sampling never reloads.
        ({}, {"options": {"temperature": 0.7, "num_predict": 9, "stop": ["x"]}}, 0),
        # Without a draft model this one is forced to 0.
        ({}, {"options": {"draft_num_predict": 2}}, 0),
    ],
)
async def test_reloads(first: Body, second: Body, reloads: int) -> None:
    async with FakeOllama(answer="1") as fake:
        await asked(fake, asking(**first))
        await asked(fake, asking(**second))
        assert (fake.reloads, fake.loads) == (reloads, 1 + reloads)


async def test_two_names_of_one_file_share_a_runner() -> None:
    mine = replace(model_named("mine"), blob=CODE_LLAMA)
    async with FakeOllama(models=(CODE_LLAMA, mine), answer="1") as fake:
        await asked(fake, asking())
        await asked(fake, asking(model="mine"))
        assert fake.loads == 1
        await asked(fake, asking(model="mine", options={"num_ctx": 512}))
        assert fake.reloads == 1


async def test_the_least_used_model_makes_room() -> None:
    models = (CODE_LLAMA, "codellama:7b-instruct")
    async with FakeOllama(models=models, answer="1", max_loaded=1) as fake:
        for name in models:
            await asked(fake, asking(model=name))
        (left,) = (await get(fake.url, "/api/ps")).json()["models"]
    assert left["name"] == "codellama:7b-instruct"


# 5. and 7. Clients that leave


async def left(fake: FakeOllama, clock: VirtualClock, after_s: float, body: Body) -> None:
    """Asks, and leaves so much later."""
    task = asyncio.ensure_future(post(fake.url, "/api/generate", body))
    count, sleepers = len(fake.seen.served), clock.sleepers
    await fake.seen.until(lambda: len(fake.seen.served) > count)
    while clock.sleepers == sleepers:
        await clock.settle()
    await clock.advance(after_s)
    task.cancel()
    await asyncio.wait([task])


async def test_leaving_aborts_the_load() -> None:
    clock = VirtualClock()
    async with FakeOllama(answer="1", clock=clock, pace=Pace(load_s=20.0)) as fake:
        await left(fake, clock, 19.0, asking())
        await fake.seen.until(lambda: fake.cancelled == 1)
        assert (fake.aborted_loads, fake.loads) == (1, 1)
        # The next request starts from zero.
        await clock.drive(asked(fake, asking()))
        assert (clock.now(), fake.loads, fake.reloads) == (39.0, 2, 0)


async def test_leaving_while_it_reads_is_noticed_once_a_second() -> None:
    clock, pace = VirtualClock(), Pace(read_tokens_per_s=100.0)
    async with FakeOllama(answer="1", clock=clock, pace=pace) as fake:
        await asked(fake, asking(""))
        await left(fake, clock, 0.3, asking("x" * 4000))
        assert fake.cancelled == 0
        await clock.drive(fake.seen.until(lambda: fake.cancelled == 1))
        assert clock.now() == 1.0
        (_load, served) = fake.seen.served
        assert (served.read, served.busy_s) == (400, 1.0)
        # What was read is not read again.
        await clock.drive(asked(fake, asking("x" * 4000)))
        assert (fake.seen.served[-1].cached, fake.seen.served[-1].read) == (400, 3600)


async def test_older_versions_read_to_the_end_for_nobody() -> None:
    clock, pace = VirtualClock(), Pace(read_tokens_per_s=100.0)
    async with FakeOllama(answer="1", clock=clock, pace=pace, version="0.24") as fake:
        await asked(fake, asking(""))
        await left(fake, clock, 0.3, asking("x" * 4000))
        await clock.drive(fake.seen.until(lambda: fake.cancelled == 1))
    assert clock.now() == 10.0


async def test_leaving_while_it_writes_frees_the_slot_at_once() -> None:
    clock, pace = VirtualClock(), Pace(write_tokens_per_s=1.0)
    async with FakeOllama(answer="x" * 40, clock=clock, pace=pace) as fake:
        await asked(fake, asking(""))
        await left(fake, clock, 2.5, asking())
        await fake.seen.until(lambda: fake.cancelled == 1)
        assert clock.now() == 2.5
        assert fake.seen.served[-1].written == "x" * 8
        assert fake.seen.served[-1].outcome is Outcome.CANCELLED


# 6. One slot


async def test_the_second_request_waits() -> None:
    clock, pace = VirtualClock(), Pace(write_tokens_per_s=1.0)
    async with FakeOllama(answer="x" * 12, clock=clock, pace=pace) as fake:
        both = asyncio.gather(asked(fake, asking("one")), asked(fake, asking("two")))
        await clock.drive(both)
        assert fake.seen.most_at_once == 2
        assert sorted(each.started_s or 0.0 for each in fake.seen.served) == [0.0, 4.0]


async def test_a_client_that_has_left_is_not_there_any_more() -> None:
    clock, pace = VirtualClock(), Pace(read_tokens_per_s=1.0)
    async with FakeOllama(answer="1", clock=clock, pace=pace) as fake:
        await asked(fake, asking(""))
        for prompt in ("a" * 40, "b" * 40):
            await left(fake, clock, 0.1, asking(prompt))
        # The model still works for the first, but nobody waits for it.
        assert (fake.seen.most_at_once, fake.cancelled) == (1, 0)


async def test_a_full_queue_is_told() -> None:
    async with FakeOllama(answer="1", max_queue=0) as fake:
        response = await post(fake.url, "/api/generate", asking())
    assert response.status_code == 503
    assert response.json()["error"].startswith("server busy, please try again.  maximum")


# 8. Templates


@pytest.mark.parametrize(
    ("body", "rendered"),
    [
        # Raw text goes through as it is; the suffix is silently dropped.
        ({"prompt": "a", "raw": True}, "a"),
        ({"prompt": "a", "raw": True, "suffix": "b"}, "a"),
        # The library's template, with both parts.
        ({"prompt": "a", "suffix": "b"}, "<PRE> a <SUF>b <MID>"),
        # An empty suffix means that nothing is to be filled in.
        ({"prompt": "a", "suffix": ""}, "a"),
        # A template of the request's own.
        ({"prompt": "a", "template": "[{{ .Prompt }}]"}, "[a]"),
    ],
)
async def test_templates(body: Body, rendered: str) -> None:
    async with FakeOllama(answer="1") as fake:
        await asked(fake, {"model": CODE_LLAMA, "options": {"stop": STOP}, **body})
        (request,) = fake.requests
    assert (request.rendered, request.prompt) == (rendered, "a")


async def test_an_empty_prompt_with_a_suffix_is_only_a_load() -> None:
    async with FakeOllama(answer="1") as fake:
        (reply,) = await asked(fake, {"model": CODE_LLAMA, "prompt": "", "suffix": "b"})
    assert reply["done_reason"] == "load"


# 9. Stop strings and the end


@pytest.mark.parametrize(
    ("answer", "options", "text", "reason"),
    [
        # The whole answer, ended by the marker that Code Llama writes.
        ("a + b", {}, "a + b", "stop"),
        # Without a stop string the marker leaks, and the model goes on.
        ("ab", {"stop": ["zz"], "num_predict": 4}, "ab <EOT>\n# and s", "length"),
        # With half of it only, a blank stays.
        ("ab", {"stop": ["<EOT>"]}, "ab ", "stop"),
        # The earliest stop string counts, whatever its place in the list.
        ("one two three", {"stop": ["three", "two"]}, "one ", "stop"),
        # A stop string that is torn between events.
        (["x<", "EO", "T>y"], {"stop": ["<EOT>"]}, "x", "stop"),
        # What might have become one is said in the end.
        (["x<EO", "Z"], {"stop": ["<EOT>", " <EOT>"]}, "x<EOZ", "stop"),
        # So many tokens and no more.
        ("12345678abcd", {"num_predict": 2}, "12345678", "length"),
        # Control tokens are shown as nothing.
        ("a <MID>b", {}, "ab", "stop"),
    ],
)
async def test_stops(answer: str | list[str], options: Body, text: str, reason: str) -> None:
    async with FakeOllama(answer=answer) as fake:
        events = await asked(fake, asking(options=options))
    assert (said(events), events[-1]["done_reason"]) == (text, reason)


@pytest.mark.parametrize("num_predict", [0, -1])
async def test_no_limit_means_on_and_on(num_predict: int) -> None:
    options = {"num_predict": num_predict, "stop": ["zz"]}
    async with FakeOllama(answer="1", unlimited_tokens=100) as fake:
        events = await asked(fake, asking(options=options))
    assert (events[-1]["eval_count"], events[-1]["done_reason"]) == (100, "length")


async def test_a_request_s_stops_replace_the_model_s() -> None:
    model = replace(model_named(CODE_LLAMA), stops=("X",))
    async with FakeOllama(models=(model,), answer="aXb") as fake:
        assert said(await asked(fake, asking())) == "aXb"
        body = {"model": CODE_LLAMA, "prompt": "a", "raw": True}
        assert said(await asked(fake, body)) == "a"


# 10. Prefix cache, 13. statistics


async def test_the_cache_shortens_reading_but_not_the_count() -> None:
    clock, pace = VirtualClock(), Pace(read_tokens_per_s=100.0, write_tokens_per_s=10.0)
    async with FakeOllama(answer="1234", clock=clock, pace=pace) as fake:
        first = (await clock.drive(asked(fake, asking("x" * 400))))[-1]
        second = (await clock.drive(asked(fake, asking("x" * 400 + "1234" + "y" * 40))))[-1]
        assert [each.cached for each in fake.seen.served] == [0, 404]
        assert [each.read for each in fake.seen.served] == [400, 40]
    assert (first["prompt_eval_count"], second["prompt_eval_count"]) == (100, 111)
    assert first["prompt_eval_duration"] == 1_000_000_000
    assert second["prompt_eval_duration"] == 100_000_000
    assert "context" not in first
    # The load and the wait took no time: zero is left out.
    assert "load_duration" not in first


@pytest.mark.parametrize(
    ("version", "cached"),
    [
        # A prompt that was displaced is found again.
        ("0.33", 396),
        # Only the last prompt is known.
        ("0.24", 0),
    ],
)
async def test_saved_prompts(version: str, cached: int) -> None:
    async with FakeOllama(answer="1", version=version) as fake:
        for prompt in ("x" * 400, "y" * 400, "x" * 400):
            await asked(fake, asking(prompt))
        assert fake.seen.served[-1].cached == cached


@pytest.mark.parametrize(
    ("model", "tokens"),
    [
        # Its markers are tokens, and each letter between them is one more.
        ("qwen2.5-coder", 5),
        # Spelled out.
        ("llama3.2", 11),
    ],
)
async def test_control_tokens_are_read_as_one(model: str, tokens: int) -> None:
    body = asking("<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>", model=model)
    async with FakeOllama(models=(model,), answer="1") as fake:
        assert (await asked(fake, body))[-1]["prompt_eval_count"] == tokens


@pytest.mark.parametrize(
    ("version", "body", "tokens", "capabilities"),
    [
        # The vocabulary has megabytes, and is for those who ask for it.
        ("0.33", {"verbose": True}, True, True),
        ("0.33", {}, False, True),
        # Nothing was told of what models can do.
        ("0.6.3", {}, False, False),
        ("0.24", {}, False, True),
    ],
)
async def test_show(version: str, body: Body, *, tokens: bool, capabilities: bool) -> None:
    async with FakeOllama(models=("starcoder2",), version=version) as fake:
        shown = (await post(fake.url, "/api/show", {"model": "starcoder2", **body})).json()
    assert ("<fim_prefix>" in shown["model_info"]["tokenizer.ggml.tokens"]) is tokens
    assert ("capabilities" in shown) is capabilities


@pytest.mark.parametrize(
    ("name", "words"),
    [
        # Who can insert has a template for it, and the other way round.
        ("codellama:7b-code", {"completion", "insert"}),
        ("qwen2.5-coder:7b", {"completion", "tools", "insert"}),
        ("qwen2.5-coder:1.5b-base", {"completion"}),
        ("starcoder2:3b", {"completion", "insert"}),
        ("codegemma:2b", {"completion", "insert"}),
        ("codegemma:7b-instruct", {"completion"}),
        ("yi-coder:1.5b", {"completion"}),
        ("clip", {"vision"}),
    ],
)
def test_the_library(name: str, words: set[str]) -> None:
    model = model_named(name)
    assert set(model.capabilities) - {"insert"} == words - {"insert"}
    assert (".Suffix" in model.template) == ("insert" in words)


async def test_the_context_comes_back_where_it_is_not_raw() -> None:
    async with FakeOllama(answer="1") as fake:
        body = {"model": CODE_LLAMA, "prompt": "abcd", "options": {"stop": STOP}}
        assert (await asked(fake, body))[-1]["context"] == [1, 2]


async def test_not_streaming() -> None:
    async with FakeOllama(answer="a + b") as fake:
        response = await post(fake.url, "/api/generate", asking(stream=False))
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert (response.json()["response"], response.json()["done"]) == ("a + b", True)


async def test_logprobs() -> None:
    async with FakeOllama(answer="é") as fake:
        event = (await asked(fake, asking(logprobs=True)))[0]
    assert event["logprobs"] == [{"token": "é", "logprob": -0.1, "bytes": [195, 169]}]


async def test_chat() -> None:
    messages = [{"role": "user", "content": "hello"}]
    models = ("codellama:7b-instruct",)
    async with FakeOllama(models=models, answer=lambda r: str(r.messages[0]["content"])) as fake:
        body = {"model": "codellama:7b-instruct", "messages": messages, "options": {"stop": STOP}}
        events = await asked(fake, body, "/api/chat")
    assert "".join(event["message"]["content"] for event in events) == "hello"
    assert (events[-1]["done_reason"], events[0]["message"]["role"]) == ("stop", "assistant")


async def test_a_chat_ends_whatever_the_model_is() -> None:
    # Only raw text goes on after Code Llama's marker (`ollama.md` §0.5).
    body = {"model": CODE_LLAMA, "messages": [{"role": "user", "content": "hello"}]}
    async with FakeOllama(answer="good day") as fake:
        events = await asked(fake, body, "/api/chat")
    assert "".join(event["message"]["content"] for event in events) == "good day"
    assert events[-1]["done_reason"] == "stop"


async def test_answers_by_turn() -> None:
    async with FakeOllama(answer=InTurn("one", Fault.DIED, "three")) as fake:
        replies = [await post(fake.url, "/api/generate", asking(stream=False)) for _ in range(4)]
    assert [each.status_code for each in replies] == [200, 500, 200, 200]
    assert [replies[at].json()["response"] for at in (0, 2, 3)] == ["one", "three", "three"]


async def test_answers_by_turn_from_outside() -> None:
    async with FakeOllama() as fake:
        await post(fake.url, "/fake/answers", ["one", "two"])
        replies = [await post(fake.url, "/api/generate", asking(stream=False)) for _ in range(3)]
    assert [each.json()["response"] for each in replies] == ["one", "two", "two"]


async def test_an_answer_that_waits_for_something() -> None:
    happened = asyncio.Event()

    async def answer(_request: object) -> str:
        await happened.wait()
        return "at last"

    async with FakeOllama(answer=answer) as fake:
        asked_for = asyncio.ensure_future(post(fake.url, "/api/generate", asking(stream=False)))
        await fake.seen.until(lambda: bool(fake.prompts))
        happened.set()
        assert (await asked_for).json()["response"] == "at last"


# 11. Truncation


async def test_a_long_prompt_is_cut_in_silence() -> None:
    prompt = "H" * 20 + "x" * 2000 + "T" * 108
    async with FakeOllama(answer="1") as fake:
        last = (await asked(fake, asking(prompt, options={"num_ctx": 64})))[-1]
        assert fake.requests[0].rendered == "H" * 20 + "T" * 108
    assert last["prompt_eval_count"] == 32


@pytest.mark.parametrize(
    ("field", "start"),
    [
        ("shift", "the prompt is longer than the context length"),
        # What llama-server says, as a text.
        ("truncate", '{"error": {"code": 400, "message": "request (500 tokens) exceeds'),
    ],
)
async def test_or_refused(field: str, start: str) -> None:
    body = asking("x" * 2000, options={"num_ctx": 64}, **{field: False})
    async with FakeOllama(answer="1") as fake:
        response = await post(fake.url, "/api/generate", body)
    assert response.status_code == 400
    assert response.json()["error"].startswith(start)


# 12. Faults


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        (Fault.BUSY, 503, "server busy"),
        (Fault.OUT_OF_MEMORY, 500, "llama-server reported out-of-memory"),
        (Fault.DIED, 500, "model runner has unexpectedly stopped"),
        (Fault.MISSING, 404, f"model '{CODE_LLAMA}' not found"),
        (Fault.UNAUTHORIZED, 401, "unauthorized"),
        (Fault.BAD_GATEWAY, 502, "dial tcp"),
    ],
)
async def test_refusals_on_demand(fault: Fault, status: int, error: str) -> None:
    async with FakeOllama(answer="1") as fake:
        fake.fail_next(fault)
        # A mere load meets them too.
        response = await post(fake.url, "/api/generate", asking(""))
        assert response.status_code == status
        assert response.json()["error"].startswith(error)
        # And then all is well again.
        assert said(await asked(fake, asking())) == "1"


async def test_an_error_in_the_stream() -> None:
    async with FakeOllama(answer="12345678abcd") as fake:
        fake.fail_next(Fault.ERROR)
        events = await asked(fake, asking())
        assert [event.get("response") for event in events] == ["1234", "5678", None]
        assert "error" in events[-1]
        fake.fail_next(Fault.ERROR, after=0)
        assert (await post(fake.url, "/api/generate", asking())).status_code == 500


async def test_no_done() -> None:
    async with FakeOllama(answer=lambda _request: Fault.NO_DONE) as fake:
        assert await asked(fake, asking()) == []
        fake.answer = "12345678abcd"
        fake.fail_next(Fault.NO_DONE)
        assert [event["done"] for event in await asked(fake, asking())] == [False, False]


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        # One word, and thirty times the same again.
        (["a "] * 40, 31),
        # Blanks are alike from the first one on.
        (["\t", "\n"] * 20, 30),
    ],
)
async def test_what_repeats_itself_ends_without_a_word(answer: list[str], count: int) -> None:
    async with FakeOllama(answer=answer) as fake:
        events = await asked(fake, asking())
    assert len(events) == count
    assert not any(event["done"] for event in events)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.BROKEN_OFF, httpx.RemoteProtocolError),
        (Fault.RESET, httpx.ReadError),
    ],
)
async def test_broken_connections(fault: Fault, error: type[Exception]) -> None:
    async with FakeOllama(answer="12345678abcd") as fake:
        fake.fail_next(fault)
        with pytest.raises(error):
            await post(fake.url, "/api/generate", asking())


async def test_garbage() -> None:
    async with FakeOllama(answer="12345678abcd") as fake:
        fake.fail_next(Fault.GARBAGE)
        response = await post(fake.url, "/api/generate", asking())
    with pytest.raises(json.JSONDecodeError):
        lines(response)


@pytest.mark.parametrize(("fault", "events"), [(Fault.STALL, 2), (Fault.HANG, 0)])
async def test_nothing_more_comes(fault: Fault, events: int) -> None:
    async with FakeOllama(answer="12345678abcd") as fake:
        fake.fail_next(fault)
        task = asyncio.ensure_future(post(fake.url, "/api/generate", asking()))
        await fake.seen.until(lambda: len(fake.seen.served) == 1)
        await VirtualClock().settle()
        assert not task.done()
        task.cancel()
        await fake.seen.until(lambda: fake.cancelled == 1)
        assert fake.seen.served[0].written[: 4 * events] == "12345678"[: 4 * events]


async def test_a_slow_drip() -> None:
    clock = VirtualClock()
    async with FakeOllama(answer="12345678", clock=clock) as fake:
        fake.fail_next(Fault.DRIP)
        assert said(await clock.drive(asked(fake, asking()))) == "12345678"
    assert clock.now() >= 2.0


# 14. Pulling


async def test_pulling() -> None:
    clock = VirtualClock()
    async with FakeOllama(models=(), clock=clock) as fake:
        events = await clock.drive(asked(fake, {"model": CODE_LLAMA}, "/api/pull"))
        statuses = list(dict.fromkeys(event["status"] for event in events))
        assert statuses[0] == "pulling manifest"
        assert statuses[-3:] == ["verifying sha256 digest", "writing manifest", "success"]
        # Nothing has come yet: the number is left out.
        assert "completed" not in events[1]
        assert events[5]["completed"] == events[5]["total"]
        assert fake.library.get(CODE_LLAMA) is not None


async def test_a_pull_that_fails_does_so_with_status_200() -> None:
    clock = VirtualClock()
    pullable = {"broken": "max retries exceeded: unexpected EOF"}
    async with FakeOllama(models=(), pullable=pullable, clock=clock) as fake:
        unknown = await clock.drive(asked(fake, {"model": "none"}, "/api/pull"))
        assert unknown[-1] == {"error": "pull model manifest: file does not exist"}
        broken = await clock.drive(asked(fake, {"model": "broken"}, "/api/pull"))
        assert broken[-1] == {"error": "max retries exceeded: unexpected EOF"}


# 15. Versions


@pytest.mark.parametrize(
    ("version", "reported", "lists", "text"),
    [
        # The runner before llama-server shows control tokens.
        ("0.24", "0.24.0", False, "a <MID>b"),
        ("0.33", "0.33.0", True, "ab"),
    ],
)
async def test_versions(version: str, reported: str, lists: bool, text: str) -> None:
    async with FakeOllama(answer="a <MID>b", version=version) as fake:
        assert (await get(fake.url, "/api/version")).json() == {"version": reported}
        (model,) = (await get(fake.url, "/api/tags")).json()["models"]
        assert ("capabilities" in model) == lists
        shown = (await post(fake.url, "/api/show", {"model": CODE_LLAMA})).json()
        assert shown["capabilities"] == ["completion", "insert"]
        assert ".Suffix" in shown["template"]
        assert said(await asked(fake, asking())) == text


async def test_cloud_models_are_listed_as_such() -> None:
    cloud = replace(model_named("big:cloud"), remote_host="https://ollama.com:443")
    async with FakeOllama(models=(CODE_LLAMA, cloud)) as fake:
        tags = (await get(fake.url, "/api/tags")).json()["models"]
    # The newest is first.
    assert [model.get("remote_host") for model in tags] == ["https://ollama.com:443", None]


# The double itself


async def test_a_mistake_in_a_test_s_answer_is_raised() -> None:
    def wrong(_request: object) -> str:
        raise AssertionError("the prompt is not as expected")

    async def use() -> None:
        async with FakeOllama(answer=wrong) as fake:
            with pytest.raises(httpx.RemoteProtocolError):
                await post(fake.url, "/api/generate", asking())

    with pytest.raises(AssertionError, match="not as expected"):
        await use()


async def test_headers_are_seen() -> None:
    async with FakeOllama() as fake, client(fake.url) as http:
        await http.get("/api/version", headers={"Authorization": "Bearer x"})
        assert fake.seen.calls[0].headers["authorization"] == "Bearer x"


async def test_state_over_http() -> None:
    async with FakeOllama() as fake:
        await post(fake.url, "/fake/answer", "yes")
        await post(fake.url, "/fake/fail", "busy")
        assert (await post(fake.url, "/api/generate", asking())).status_code == 503
        assert said(await asked(fake, asking())) == "yes"
        state: Mapping[str, Any] = (await get(fake.url, "/fake/state")).json()
    assert state["outcomes"] == ["fault", "done"]
    assert state["requests"][1]["prompt"] == "a = "
    assert (state["loads"], state["reloads"], state["most_at_once"]) == (1, 0, 1)
