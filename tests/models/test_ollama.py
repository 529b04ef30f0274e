"""Ollama, over real HTTP: the request, the stream, loading, faults, and where nothing is sent."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Literal

import pytest

from fimls.errors import (
    HostRefused,
    ModelBusy,
    ModelError,
    ModelFailed,
    ModelMissing,
    ModelRefused,
    StreamBroken,
    Unreachable,
)
from fimls.models.families import FAMILIES
from fimls.models.hosts import resolve
from fimls.models.ollama import Ollama, OllamaOptions, connect
from fimls.models.ollama_server import OllamaServer, Progress, is_same_model
from fimls.models.protocol import Capabilities, Chat, End, Generation, Message, Piece
from fimls.testing.chunking import CHUNKINGS
from fimls.testing.clock import VirtualClock
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.faults import Fault
from fimls.testing.http_server import HttpServer
from fimls.testing.ollama_models import FakeModel
from fimls.testing.runner import Outcome, Pace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fimls.models.hosts import Host
    from fimls.testing.chunking import Chunking
    from fimls.testing.http_server import Exchange, HttpRequest

CODE_LLAMA = "codellama:7b-code"
PROMPT = "<PRE> x =  <SUF>\n <MID>"
STOPS = FAMILIES["codellama"].stops
REQUEST = Generation(PROMPT, max_tokens=64, stop=STOPS)
CAPABILITIES = Capabilities(family=FAMILIES["codellama"], context_tokens=4096)
CHAT = Chat((Message("system", "Be brief."), Message("user", "Why?")), max_tokens=32)


@asynccontextmanager
async def ollama(
    fake: FakeOllama,
    name: str = CODE_LLAMA,
    options: OllamaOptions | None = None,
    clock: VirtualClock | None = None,
) -> AsyncIterator[Ollama]:
    async with server_at(fake.url) as server:
        model = await connect(server, name, options or OllamaOptions(), clock=clock)
        try:
            yield model
        finally:
            await model.close()


@asynccontextmanager
async def server_at(url: str) -> AsyncIterator[OllamaServer]:
    server = OllamaServer(resolve(url), {})
    try:
        yield server
    finally:
        await server.close()


async def pieces_of(model: Ollama, request: Generation = REQUEST) -> list[Piece]:
    async with aclosing(model.generate(request)) as pieces:
        return [piece async for piece in pieces]


def text_of(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


# The request


async def test_the_request_is_the_one_that_was_measured() -> None:
    async with FakeOllama(answer="1") as fake, ollama(fake) as model:
        await pieces_of(model)

    # `ollama.md` §5.1.
    assert fake.requests[-1].body == {
        "model": CODE_LLAMA,
        "prompt": PROMPT,
        "raw": True,
        "stream": True,
        "think": False,
        "keep_alive": "30m",
        "options": {
            "num_predict": 64,
            "temperature": 0.0,
            "top_p": 0.9,
            "top_k": 40,
            "seed": 42,
            "repeat_penalty": 1.0,
            "num_ctx": 4096,
            "stop": [" <EOT>", "<EOT>", " <PRE>", " <SUF>", " <MID>"],
        },
    }


async def test_the_prompt_arrives_as_it_is() -> None:
    prompt = "<PRE> s = 'grün 😀\u2028\t'▁<SUF>)\n <MID>"
    async with FakeOllama(answer="1") as fake, ollama(fake) as model:
        await pieces_of(model, Generation(prompt, max_tokens=8, stop=STOPS))

    assert fake.prompts == [prompt]


async def test_no_limit_is_never_asked_for() -> None:
    async with FakeOllama(answer="1") as fake, ollama(fake) as model:
        await pieces_of(model, Generation(PROMPT, max_tokens=0))

    assert fake.requests[-1].options["num_predict"] == 1


async def test_a_chat_keeps_the_stops_of_the_model() -> None:
    name = "codellama:7b-instruct"
    async with FakeOllama(models=[name], answer="Because.") as fake, ollama(fake, name) as model:
        assert model.capabilities.can_chat
        said = [piece async for piece in model.chat(CHAT)]

    body = fake.requests[-1].body
    assert text_of(said).startswith("Because.")
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Why?"},
    ]
    assert "stop" not in body["options"]


# The stream


@pytest.mark.parametrize("chunking", CHUNKINGS.values(), ids=CHUNKINGS.keys())
async def test_however_the_stream_is_torn(chunking: Chunking) -> None:
    # All that some reader or other takes for a line end, and characters of two to four bytes.
    said = "grün = '€ 😀'\n\x0b\x0c\x85\u2028\u2029\treturn x\n"
    async with FakeOllama(answer=said, chunking=chunking) as fake, ollama(fake) as model:
        pieces = await pieces_of(model)

    assert text_of(pieces) == said
    assert [piece.end for piece in pieces if piece.end] == [End.STOP]
    assert pieces[-1].end is End.STOP


async def test_an_answer_that_is_too_long_says_so() -> None:
    async with FakeOllama(answer="x" * 400) as fake, ollama(fake) as model:
        pieces = await pieces_of(model, Generation(PROMPT, max_tokens=4, stop=STOPS))

    assert pieces[-1].end is End.LENGTH


# Connections


class Door:
    """A server that answers with canned lines and notes who comes and goes, in order."""

    def __init__(self, *lines: str, ends: bool = True) -> None:
        self.events: list[str] = []
        self.asked = asyncio.Event()
        self.host: Host = resolve("")
        self._body = "".join(f"{line}\n" for line in lines).encode()
        self._ends = ends
        self._meetings: set[asyncio.Future[None]] = set()

    async def __aenter__(self) -> Door:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1")
        self.host = resolve(f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await asyncio.gather(*self._meetings)

    def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.events.append("came")
        self._meetings.add(asyncio.ensure_future(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await self._head(reader):
            self.events.append("asked")
            self.asked.set()
            await reader.readexactly(int(head["content-length"]))
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            writer.write(f"{len(self._body):x}\r\n".encode() + self._body + b"\r\n")
            if self._ends:
                writer.write(b"0\r\n\r\n")
        self.events.append("went")
        writer.close()
        await writer.wait_closed()

    async def _head(self, reader: asyncio.StreamReader) -> dict[str, str]:
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().lower().splitlines()[1:]
        except (asyncio.IncompleteReadError, ConnectionError):
            return {}
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


@asynccontextmanager
async def alive(door: Door) -> AsyncIterator[Ollama]:
    """A model that is known to be loaded, so that nothing but the request is sent."""
    model = Ollama(OllamaServer(door.host, {}), CODE_LLAMA, CAPABILITIES, clock=VirtualClock())
    model._alive_at = 0.0
    try:
        yield model
    finally:
        await model.close()


def line(text: str, **more: object) -> str:
    return json.dumps({"model": CODE_LLAMA, "response": text, "done": False, **more})


DONE = line("", done=True, done_reason="stop")


async def test_a_whole_answer_leaves_its_connection_for_the_next() -> None:
    async with Door(line("x"), DONE) as door, alive(door) as model:
        for _ in range(3):
            assert text_of(await pieces_of(model)) == "x"

    assert door.events[:4] == ["came", "asked", "asked", "asked"]


async def test_a_stream_that_is_closed_has_gone_when_the_next_comes() -> None:
    async with Door(line("x"), line("y"), ends=False) as door, alive(door) as model:
        for _ in range(2):
            stream = model.generate(REQUEST)
            assert (await anext(stream)).text == "x"
            await stream.aclose()

    assert door.events[:4] == ["came", "asked", "went", "came"]


async def test_a_request_that_is_cancelled_before_its_first_token_has_gone_too() -> None:
    async with Door(ends=False) as door, alive(door) as model:
        for _ in range(2):
            asking = asyncio.ensure_future(pieces_of(model))
            await door.asked.wait()
            door.asked.clear()
            asking.cancel()
            await asyncio.wait([asking])
            assert asking.cancelled()

    assert door.events[:4] == ["came", "asked", "went", "came"]


async def test_a_closed_model_is_not_asked() -> None:
    async with Door(DONE) as door:
        async with alive(door) as model:
            pass
        with pytest.raises(StreamBroken, match="has been closed"):
            await pieces_of(model)

    assert door.events == []


# Loading


async def test_one_context_in_a_session() -> None:
    async with FakeOllama(answer="1") as fake, ollama(fake) as model:
        await model.warm_up()
        await pieces_of(model)
        await pieces_of(model, Generation("x", max_tokens=8))
        async with aclosing(model.chat(CHAT)) as said:
            assert [piece async for piece in said]

    assert (fake.loads, fake.reloads) == (1, 0)
    assert [request.options["num_ctx"] for request in fake.requests] == [4096] * 4
    warm_up = fake.requests[0]
    assert (warm_up.is_load, warm_up.raw, warm_up.body["keep_alive"]) == (True, True, "30m")


@pytest.mark.parametrize(
    ("setting", "loaded", "trained", "tokens"),
    [
        # What is there is kept: another number would load it anew.
        ("auto", 8192, 16_384, 8192),
        # Nothing is there.
        ("auto", None, 16_384, 4096),
        # More than it was trained for is no use, and Ollama would shorten it.
        ("auto", None, 2048, 2048),
        (32_768, None, 16_384, 16_384),
        # The user's number wins over what is loaded.
        (2048, 8192, 16_384, 2048),
    ],
)
async def test_the_context(
    setting: int | Literal["auto"], loaded: int | None, trained: int, tokens: int
) -> None:
    mine = FakeModel("codellama:mine", context_length=trained)
    async with FakeOllama(models=[mine]) as fake:
        if loaded:
            async with ollama(fake, mine.name, OllamaOptions(context_length=loaded)) as other:
                await other.warm_up()
        async with ollama(fake, mine.name, OllamaOptions(context_length=setting)) as model:
            await model.warm_up()

    assert model.capabilities.context_tokens == tokens
    assert fake.requests[-1].options["num_ctx"] == tokens


async def test_impatience_does_not_end_a_load() -> None:
    clock = VirtualClock()
    async with FakeOllama(pace=Pace(load_s=60.0), clock=clock) as fake, ollama(fake) as model:
        for _ in range(3):
            waiting = asyncio.ensure_future(model.warm_up())
            await fake.seen.until(lambda: bool(fake.requests))
            waiting.cancel()
            await asyncio.wait([waiting])
        again = asyncio.ensure_future(model.warm_up())
        await clock.drive(again)

    assert (fake.loads, fake.aborted_loads, len(fake.requests)) == (1, 0, 1)


async def test_closing_does_not_end_a_load() -> None:
    clock = VirtualClock()
    async with FakeOllama(pace=Pace(load_s=60.0), clock=clock) as fake:
        async with ollama(fake) as model:
            waiting = asyncio.ensure_future(model.warm_up())
            await fake.seen.until(lambda: bool(fake.requests))
        await clock.drive(waiting)
        await fake.seen.until(lambda: fake.seen.served[0].outcome is Outcome.DONE)

    assert (fake.loads, fake.aborted_loads) == (1, 0)


async def test_a_model_that_was_unloaded_is_loaded_before_it_is_asked() -> None:
    clock = VirtualClock()
    async with FakeOllama(answer="1") as fake, ollama(fake, clock=clock) as model:
        await model.warm_up()
        async with server_at(fake.url) as server:
            await server.unload(CODE_LLAMA)
        await clock.advance(60.0)
        assert text_of(await pieces_of(model)) == "1"

    # Warm-up, unloading, warm-up, answer.
    assert [request.is_load for request in fake.requests] == [True, True, True, False]


async def test_a_model_that_is_there_is_not_asked_about_at_each_key() -> None:
    async with FakeOllama(answer="1") as fake, ollama(fake, clock=VirtualClock()) as model:
        await model.warm_up()
        before = len(fake.seen.calls)
        await pieces_of(model)
        await pieces_of(model)

    assert len(fake.seen.calls) - before == 2


# What the server tells


@pytest.mark.parametrize(
    ("name", "version", "family", "can_chat", "saves_prompts"),
    [
        ("codellama:7b-code", "0.33", "codellama", False, True),
        ("codellama:7b-instruct", "0.33", "codellama", True, True),
        ("codellama:34b-code", "0.33", None, True, True),
        # Before llama-server.
        ("codellama:7b-code", "0.24", "codellama", False, False),
    ],
)
async def test_capabilities(
    name: str, version: str, family: str | None, *, can_chat: bool, saves_prompts: bool
) -> None:
    async with FakeOllama(models=[name], version=version) as fake, ollama(fake, name) as model:
        assert model.capabilities.has_gpu is None
        await model.warm_up()

    found = model.capabilities
    assert (found.family.name if found.family else None) == family
    assert (found.can_chat, found.saves_prompts, found.has_gpu) == (can_chat, saves_prompts, False)
    assert not found.can_force


@pytest.mark.parametrize("version", ["0.24", "0.33"])
async def test_questions(version: str) -> None:
    models = ["nomic-embed-text", CODE_LLAMA]
    async with FakeOllama(models, version=version) as fake, server_at(fake.url) as server:
        newest, oldest = await server.models()
        shown = await server.show(CODE_LLAMA)
        assert await server.version() >= (0, 24, 0)
        assert await server.loaded() == ()

    assert (newest.name, newest.is_remote, newest.can_complete) == (CODE_LLAMA, False, True)
    # Before 0.30 the list does not tell.
    assert oldest.can_complete is (version == "0.24")
    assert shown.context_tokens == 16_384
    assert "<PRE>" in shown.template


async def test_names_with_and_without_a_tag() -> None:
    assert is_same_model("codellama", "CodeLlama:latest")
    assert is_same_model("me/codellama:7b", "me/codellama:7b")
    assert not is_same_model("codellama:7b", "codellama")


async def test_a_model_is_pulled() -> None:
    async with FakeOllama(models=[]) as fake, server_at(fake.url) as server:
        told = [progress async for progress in server.pull(CODE_LLAMA)]
        assert [each.name for each in await server.models()] == [CODE_LLAMA]

    assert told[-1] == Progress("success", "", 0, 0)
    layers = {each.digest: each for each in told if each.digest}
    assert all(each.done_bytes == each.total_bytes > 0 for each in layers.values())


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        # Failures come within the stream, after a status of 200.
        ("nothing:7b", ModelMissing, "there is no model nothing:7b to pull"),
        ("broken:7b", ModelFailed, "max retries exceeded"),
    ],
)
async def test_a_pull_that_fails(name: str, error: type[ModelError], words: str) -> None:
    pullable = {"broken:7b": "max retries exceeded: EOF"}
    async with FakeOllama(pullable=pullable) as fake, server_at(fake.url) as server:
        with pytest.raises(error, match=words):
            assert [progress async for progress in server.pull(name)]


# Faults


async def listen(model: Ollama, heard: list[Piece]) -> None:
    async with aclosing(model.generate(REQUEST)) as pieces:
        async for piece in pieces:
            heard += [piece]


@pytest.mark.parametrize(
    ("fault", "said", "error", "words"),
    [
        # In the stream: what came before is passed on.
        (Fault.ERROR, True, ModelFailed, "error was encountered"),
        (Fault.NO_DONE, True, StreamBroken, "broke off"),
        (Fault.BROKEN_OFF, True, StreamBroken, "broke off"),
        (Fault.RESET, True, StreamBroken, "broke off"),
        (Fault.GARBAGE, True, StreamBroken, "cannot be read"),
        # Instead of an answer.
        (Fault.BUSY, False, ModelBusy, "Ollama is busy"),
        (Fault.OUT_OF_MEMORY, False, ModelFailed, "could not load codellama:7b-code: .*memory"),
        (Fault.DIED, False, ModelFailed, "unexpectedly stopped"),
        (Fault.MISSING, False, ModelMissing, "codellama:7b-code is not installed"),
        (Fault.UNAUTHORIZED, False, ModelRefused, "sign in"),
        (Fault.FORBIDDEN, False, ModelRefused, "set `host` to localhost"),
        (Fault.BAD_GATEWAY, False, ModelBusy, "cloud cannot be reached"),
    ],
)
async def test_faults(fault: Fault, *, said: bool, error: type[ModelError], words: str) -> None:
    async with FakeOllama(answer=["a", "b", "c", "d"]) as fake, ollama(fake) as model:
        fake.fail_next(fault)
        heard: list[Piece] = []
        with pytest.raises(error, match=words):
            await listen(model, heard)
        assert bool(text_of(heard)) is said
        # The model goes on.
        assert text_of(await pieces_of(model)) == "abcd"


async def test_a_model_that_is_not_there() -> None:
    async with FakeOllama() as fake:
        with pytest.raises(ModelMissing, match=r"qwen2\.5-coder:7b is not installed"):
            async with ollama(fake, "qwen2.5-coder:7b"):
                pass


async def test_a_server_that_is_not_there() -> None:
    async with FakeOllama() as fake:
        url = fake.url
    async with server_at(url) as server:
        with pytest.raises(Unreachable, match=f"nothing answers at {url}"):
            await server.version()
        with pytest.raises(Unreachable, match=f"nothing answers at {url}"):
            await pieces_of(Ollama(server, CODE_LLAMA, CAPABILITIES))


async def test_a_server_that_goes_away() -> None:
    async with FakeOllama(answer="1") as fake, ollama(fake, clock=VirtualClock()) as model:
        await model.warm_up()
        await fake.__aexit__(None, None, None)
        with pytest.raises(Unreachable):
            await pieces_of(model)


@pytest.mark.parametrize("body", [b"", b"hello", b"[]", b"{}", b'{"version": 3}'])
async def test_a_server_that_is_another(body: bytes) -> None:
    async def handle(_request: HttpRequest, exchange: Exchange) -> None:
        exchange.send(200, body)

    async with HttpServer(handle) as web, server_at(web.url) as server:
        with pytest.raises(ModelFailed, match="is not Ollama"):
            await server.version()


# Where nothing is sent


@pytest.fixture(name="elsewhere")
async def elsewhere_fixture() -> AsyncIterator[FakeOllama]:
    """A server that must not hear of anything."""
    async with FakeOllama() as fake:
        yield fake
        assert fake.seen.calls == []


async def test_no_proxy_of_the_environment_is_used(
    elsewhere: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, elsewhere.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with FakeOllama(answer="1") as fake, ollama(fake) as model:
        assert text_of(await pieces_of(model)) == "1"


@pytest.mark.parametrize("asks", ["a question", "the model"])
async def test_redirects_are_not_followed(elsewhere: FakeOllama, asks: str) -> None:
    async def handle(request: HttpRequest, exchange: Exchange) -> None:
        place = elsewhere.url.replace("127.0.0.1", "localhost") + request.path
        exchange.send(307, headers={"Location": place})

    async with HttpServer(handle) as web:
        server = OllamaServer(resolve(web.url), {})
        model = Ollama(server, CODE_LLAMA, CAPABILITIES, clock=VirtualClock())
        model._alive_at = 0.0
        with pytest.raises(ModelRefused, match=r"127\.0\.0\.1 redirects to localhost"):
            await (server.version() if asks == "a question" else pieces_of(model))
        await model.close()


async def test_the_key_of_the_environment_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "my-key")
    async with FakeOllama(answer="1") as fake, ollama(fake) as model:
        await model.warm_up()
        await pieces_of(model)

    assert len(fake.seen.calls) > 4
    assert all("authorization" not in call.headers for call in fake.seen.calls)


@pytest.mark.parametrize(
    ("credentials", "headers", "sent"),
    [
        # What the user has given for this host is sent, each time.
        ("", {"authorization": "Bearer mine", "X-Team": "a"}, "Bearer mine"),
        ("me:word@", {}, "Basic bWU6d29yZA=="),
        ("me:word@", {"Authorization": "Bearer mine"}, "Bearer mine"),
    ],
)
async def test_headers_of_the_user(
    credentials: str, headers: dict[str, str], sent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "my-key")
    async with FakeOllama(answer="1") as fake:
        host = resolve(fake.url.replace("//", f"//{credentials}"))
        model = await connect(OllamaServer(host, headers), CODE_LLAMA, OllamaOptions())
        await pieces_of(model)
        await model.close()

    assert {call.headers.get("authorization") for call in fake.seen.calls} == {sent}
    assert {call.headers.get("x-team") for call in fake.seen.calls} == {headers.get("X-Team")}


async def test_another_machine_is_refused_before_any_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def no_connection(*_: object, **__: object) -> None:
        raise AssertionError("connected")

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", no_connection)
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", no_connection)
    with pytest.raises(HostRefused, match="allowRemote"):
        await connect(OllamaServer(resolve("http://192.0.2.1"), {}), CODE_LLAMA, OllamaOptions())


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        # By its name: not even a question is asked.
        (FakeModel("gpt-oss:120b-cloud", remote_host="https://ollama.com:443"), False),
        # By what the server tells.
        (FakeModel("mine:7b", remote_host="https://ollama.com:443"), True),
    ],
)
async def test_a_cloud_model_is_refused(model: FakeModel, *, asked: bool) -> None:
    async with FakeOllama(models=[model]) as fake:
        with pytest.raises(HostRefused, match="allowRemote"):
            async with ollama(fake, model.name):
                pass
        assert bool(fake.seen.calls) is asked
        assert fake.requests == []
        async with ollama(fake, model.name, OllamaOptions(allow_remote=True)):
            pass
