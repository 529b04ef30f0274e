"""The demo as users run it, in a pipe: with a fake Ollama, and with the embedded model."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from fimls.cli.scenes import SAMPLE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fimls.testing.fake_ollama import FakeOllama
    from fimls.testing.ollama_request import Request

DEMO = (sys.executable, "-m", "fimls", "demo")

LAST_LINE = re.compile(
    r"accepted (?P<accepted>\d+) of (?P<shown>\d+) · (?P<model>\S+) on (?P<backend>\S+) "
    r"· p50 (?P<p50>\d+|-) ms"
)

# Enough of a prompt's end to know the place in the sample by.
_TAIL_CHARACTERS = 60


@dataclass(frozen=True)
class Shown:
    """What a demo printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def last(self) -> dict[str, str]:
        """The parts of its last line."""
        match = LAST_LINE.fullmatch(self.out.splitlines()[-1])
        assert match, self.out
        return match.groupdict()


async def demo(environ: Mapping[str, str], *words: str) -> Shown:
    """Runs the demo to its end."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *DEMO, *words, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe, env=environ
    )
    out, err = await process.communicate()
    return Shown(process.returncode or 0, out.decode(), err.decode())


def oracle(request: Request) -> str:
    """What the sample's author wrote there: a line, and with an `if` the one in its body."""
    rest, _marker, prefix = request.prompt.rpartition(" <MID>")
    # In the order prefix-suffix-middle nothing follows the last marker.
    prefix = prefix or rest.removeprefix("<PRE> ").rpartition(" <SUF>")[0]
    tail = prefix[-_TAIL_CHARACTERS:]
    for file in SAMPLE.iterdir():
        _before, found, after = file.read_text(encoding="utf-8").partition(tail)
        if found:
            line, _, more = after.partition("\n")
            body = "\n" + more.partition("\n")[0] if line.startswith("if ") else ""
            return f"{line}{body} <EOT>"
    return "<EOT>"


async def test_right_answers_are_accepted(ollama: FakeOllama, environ: dict[str, str]) -> None:
    ollama.answer = oracle
    shown = await demo(environ)
    assert (shown.status, shown.err) == (0, "")
    # Sixteen stops, one of which lies in a block that was accepted at the stop before.
    assert shown.last | {"p50": ""} == {
        "accepted": "15",
        "shown": "15",
        "model": "codellama:7b-code",
        "backend": "ollama",
        "p50": "",
    }
    assert "├return self.price * self.quantity┤" in shown.out
    assert "\x1b" not in shown.out
    assert ollama.loads == 1


async def test_wrong_answers_are_not(ollama: FakeOllama, environ: dict[str, str]) -> None:
    ollama.answer = "nonsense <EOT>"
    shown = await demo(environ)
    assert shown.status == 0
    assert shown.last["accepted"] == "0"
    assert int(shown.last["shown"]) > 0
    assert "not meant, typed over" in shown.out


async def test_json(ollama: FakeOllama, environ: dict[str, str]) -> None:
    ollama.answer = oracle
    shown = await demo(environ, "--json")
    assert (shown.status, shown.err) == (0, "")
    told = json.loads(shown.out)
    assert (told["accepted"], told["shown"], told["model"]) == (15, 15, "codellama:7b-code")
    assert told["status"]["state"] in ("ready", "busy")
    first = told["offers"][0]
    assert first.pop("ms") > 0
    assert first == {
        "path": "inventory.py",
        "line": 14,
        "column": 9,
        "text": "return self.price * self.quantity",
        "explicit": False,
        "accepted": "return self.price * self.quantity",
    }


async def test_nothing_shown(ollama: FakeOllama, environ: dict[str, str]) -> None:
    ollama.answer = "<EOT>"
    shown = await demo(environ)
    assert shown.status == 1
    assert shown.last == {
        "accepted": "0",
        "shown": "0",
        "model": "codellama:7b-code",
        "backend": "ollama",
        "p50": "-",
    }
    assert "nothing was shown" in shown.err


@pytest.mark.parametrize("words", [[], ["--json"]])
async def test_no_model(ollama: FakeOllama, environ: dict[str, str], words: list[str]) -> None:
    ollama.remove("codellama:7b-code")
    shown = await demo(environ, *words)
    assert shown.status == 3
    assert "ollama pull codellama:7b-code" in shown.err
    told: Any = json.loads(shown.out) if words else {"status": {"state": "offline"}}
    assert told["status"]["state"] == "offline"


async def test_wrong_usage(environ: dict[str, str]) -> None:
    shown = await demo(environ, "--set", "nonsense")
    assert (shown.status, shown.out) == (2, "")


async def test_an_interrupt_leaves_nothing_behind(
    ollama: FakeOllama, environ: dict[str, str]
) -> None:
    environ["TMPDIR"] = environ["FIMLS_DATA_DIR"]
    os.makedirs(environ["TMPDIR"])  # noqa: PTH103
    process = await asyncio.create_subprocess_exec(
        *DEMO,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environ,
    )
    assert process.stdout is not None
    # Until the server has been started and tells of its model.
    await process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _out, err = await process.communicate()
    assert (process.returncode, err) == (130, b"")
    assert os.listdir(environ["TMPDIR"]) == []  # noqa: PTH208


async def test_the_embedded_model(embedded_data_dir: Path, tmp_path: Path) -> None:
    folders = {f"FIMLS_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "CACHE")}
    environ = {
        **os.environ,
        **folders,
        "FIMLS_DATA_DIR": str(embedded_data_dir),
        # Nothing listens there, so that `auto` takes the embedded model.
        "FIMLS_HOST": "http://127.0.0.1:9",
    }
    shown = await demo(environ)
    assert (shown.status, shown.err) == (0, "")
    assert (shown.last["model"], shown.last["backend"]) == ("smollm2-135m", "embedded")
    # Far less than it does here: builds of the runtime differ in the last digits.
    assert int(shown.last["shown"]) >= 4
    assert int(shown.last["accepted"]) >= 2
