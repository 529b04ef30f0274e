"""The server as editors run it: a process of its own, and a model behind HTTP."""

from __future__ import annotations

import asyncio
import os
import pty
import select
import socket
import sys
import tty
from typing import TYPE_CHECKING

import pytest

from fimls.testing.faults import Fault
from fimls.testing.json_rpc import RequestError
from fimls.testing.lsp_client import LspClient
from tests.e2e.conftest import SERVE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from fimls.testing.fake_ollama import FakeOllama
    from tests.e2e.conftest import Start

URI = "file:///project/add.py"
TEXT = "def add(a, b):\n    return"

# A server in which someone prints: a library, a child process, native code.
NOISY = """
import os, subprocess, sys
from lsprotocol import types
from fimls.lsp import features
from fimls.lsp.server import serve

began = features.FEATURES[types.INITIALIZED]

def noisy(ls, params):
    print("stray", flush=True)
    os.write(1, b"stray\\n")
    subprocess.run([sys.executable, "-c", "print('stray', input())"], stderr=subprocess.DEVNULL)
    began(ls, params)

features.FEATURES[types.INITIALIZED] = noisy
sys.exit(serve())
"""


async def test_a_completion_is_shown_accepted_and_explained(
    start: Start, ollama: FakeOllama
) -> None:
    ollama.answer = " a + b\n"
    async with start() as served:
        client = served.client
        await client.initialize("file:///project")
        client.open(URI, "python", TEXT)
        items = await client.inline_completion(URI, len(TEXT), explicit=True)
        assert items is not None
        await client.accept(URI, items[0])
        explained = await client.request("fimls/explainLast", {"textDocument": {"uri": URI}})
        await client.shutdown()
        assert await served.process.wait() == 0

    assert client.documents[URI].text == TEXT + " a + b"
    assert (explained["text"], explained["mode"]) == (" a + b", "psm")
    assert explained["prompt"] == ollama.prompts[0]
    assert (ollama.loads, ollama.reloads) == (1, 0)


async def test_statuses_of_a_session(start: Start, ollama: FakeOllama) -> None:
    ollama.answer = " a + b\n"
    async with start() as served:
        client = served.client
        await client.initialize("file:///project")
        await client.wait_for("fimls/status", lambda status: status["state"] == "ready")
        toggled = await client.execute({"command": "fimls.toggle"})
        off = await client.wait_for("fimls/status", lambda status: status["state"] == "off")
        client.open(URI, "python", TEXT)
        assert await client.inline_completion(URI, len(TEXT), explicit=True) == []
        # What the status offers to do about it does it.
        await client.execute(off["command"])
        assert await client.inline_completion(URI, len(TEXT), explicit=True)

    assert toggled == {"enabled": False}
    assert (off["uri"], "`enabled`" in off["fix"]) == (None, True)


async def test_without_a_model(start: Start, ollama: FakeOllama) -> None:
    ollama.remove("codellama:7b-code")
    async with start() as served:
        client = served.client
        await client.initialize("file:///project")
        client.open(URI, "python", TEXT)
        assert await client.inline_completion(URI, len(TEXT), explicit=True) == []
        offline = await client.wait_for("fimls/status", lambda status: status["state"] == "offline")
        # It is looked for anew, without a restart of anything.
        ollama.answer = " a + b\n"
        ollama.install("codellama:7b-code")
        assert await client.inline_completion(URI, len(TEXT), explicit=True)

    assert "ollama pull" in offline["fix"]


@pytest.mark.parametrize(
    ("goodbye", "status"),
    [
        # As LSP wants it, and two ways that it happens to be.
        (("shutdown", "exit"), 0),
        (("exit",), 1),
        ((), 1),
    ],
)
async def test_ends(start: Start, goodbye: tuple[str, ...], status: int) -> None:
    async with start() as served:
        await served.client.initialize("file:///project")
        await served.client.wait_for("fimls/status", lambda each: each["state"] == "ready")
        if "shutdown" in goodbye:
            await served.client.request("shutdown")
        if "exit" in goodbye:
            # The input stays open: the word alone has to be enough.
            served.client.notify("exit")
        else:
            await served.client.close()

        assert await asyncio.wait_for(served.process.wait(), 10) == status


async def test_the_end_of_the_input_while_the_model_is_asked(
    start: Start, ollama: FakeOllama
) -> None:
    ollama.answer = Fault.STALL
    async with start() as served:
        await served.client.initialize("file:///project")
        served.client.open(URI, "python", TEXT)
        pending = served.client.ask(URI, len(TEXT), explicit=True)
        await served.client.wait_for("fimls/status", lambda each: each["state"] == "busy")
        await served.client.close()

        assert await asyncio.wait_for(served.process.wait(), 10) == 1
        with pytest.raises(ConnectionError):
            await pending


async def test_nothing_but_protocol_on_stdout(start: Start, ollama: FakeOllama) -> None:
    ollama.answer = " a + b\n"
    async with start(sys.executable, "-c", NOISY) as served:
        await served.client.initialize("file:///project")
        served.client.open(URI, "python", TEXT)
        assert await served.client.inline_completion(URI, len(TEXT), explicit=True)
        await served.client.shutdown()
        assert served.process.stderr is not None
        errors = await served.process.stderr.read()

    # The child found its input empty, and said nothing but that on its own stderr.
    assert errors.count(b"stray") == 2


async def test_one_socket_for_both_directions(environ: Mapping[str, str]) -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        process = await asyncio.create_subprocess_exec(
            *SERVE, stdin=theirs.fileno(), stdout=theirs.fileno(), env=environ
        )
    client = LspClient(*await asyncio.open_connection(sock=ours))
    await client.initialize("file:///project")
    # An answer longer than a socket holds, to an editor that is slow to read.
    long = "x" * 4_000_000
    pending = [client.send(f"fimls/{long}", {}) for _time in range(3)]
    for answer in pending:
        with pytest.raises(RequestError, match="Method Not Found"):
            await asyncio.wait_for(answer, 20)
    await client.shutdown()

    assert await process.wait() == 0


def _socket() -> tuple[int, int]:
    ours, theirs = socket.socketpair()
    return ours.detach(), theirs.detach()


def _terminal() -> tuple[int, int]:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    return ours, theirs


@pytest.mark.parametrize("ends", [_socket, _terminal])
async def test_a_client_that_goes_without_reading(
    ends: Callable[[], tuple[int, int]], environ: Mapping[str, str]
) -> None:
    ours, theirs = ends()
    process = await asyncio.create_subprocess_exec(*SERVE, stdin=theirs, stdout=theirs, env=environ)
    os.close(theirs)
    body = b'{"jsonrpc": "2.0", "id": 1, "method": "fimls/explainLast"}'
    os.write(ours, b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    # It has begun to answer, and is killed with that unread: the end comes as an error.
    await asyncio.to_thread(select.select, [ours], [], [], 20)
    os.close(ours)

    assert await asyncio.wait_for(process.wait(), 10) == 1


async def test_a_file_as_input(environ: Mapping[str, str], tmp_path: Path) -> None:
    given = tmp_path / "given"
    body = b'{"jsonrpc": "2.0", "id": 1, "method": "fimls/explainLast"}'
    given.write_bytes(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    with given.open("rb") as stdin:
        process = await asyncio.create_subprocess_exec(
            *SERVE, stdin=stdin, stdout=asyncio.subprocess.PIPE, env=environ
        )
    said, _nothing = await process.communicate()

    assert b"initialize comes first" in said
    assert process.returncode == 1


async def test_the_log_file(start: Start, ollama: FakeOllama, tmp_path: Path) -> None:
    ollama.answer = " a + b\n"
    log = tmp_path / "fimls.log"
    async with start(*SERVE, "--log-file", str(log), "--log-level", "debug") as served:
        await served.client.initialize("file:///project")
        served.client.open(URI, "python", TEXT)
        await served.client.inline_completion(URI, len(TEXT), explicit=True)
        await served.client.shutdown()
        assert served.process.stderr is not None
        assert await served.process.stderr.read() == b""

    logged = log.read_text()
    assert "completion: item 1, 6 characters" in logged
    assert "a + b" not in logged
    assert "def add" not in logged


@pytest.mark.parametrize(
    "more",
    [
        # No assignment at all, and a file in a folder that there is not.
        ["--set", "model"],
        ["--log-file", "/nowhere/at/all.log"],
    ],
)
async def test_wrong_usage(start: Start, more: list[str]) -> None:
    async with start(*SERVE, *more) as served:
        assert await served.process.wait() == 2


async def test_another_machine_is_refused(start: Start, environ: Mapping[str, str]) -> None:
    async with start(**{**environ, "FIMLS_HOST": "http://192.0.2.1:11434"}) as served:
        await served.client.initialize("file:///project")
        off = await served.client.wait_for("fimls/status", lambda each: each["state"] == "off")

    assert "allowRemote" in off["fix"]
