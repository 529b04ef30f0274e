"""What the index costs: a generated repository, the real server, and an editor that completes.

    python -m fimls.evaluation.indexing [FILES [LINES]]

prints one JSON object: the first run and the start after it, memory, what idling takes, and what
completions take meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Final

from fimls import processes
from fimls.evaluation.real_server import RealServer
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.lsp_client import LspClient

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FILES: Final = 10_000
SMALL_LINES: Final = 50
"""Lines of a file of about 2 kB."""

_SEED: Final = 1
_PACKAGES: Final = 50
_FOLDERS_EACH: Final = 20
_NAMES: Final = 400

_VERBS: Final = (
    "load",
    "save",
    "make",
    "find",
    "read",
    "write",
    "parse",
    "render",
    "index",
    "query",
)
_NOUNS: Final = ("user", "item", "order", "page", "token", "graph", "node", "edge", "file", "view")

# What an editor that types asks for, and for how long the server is watched doing nothing.
_EVERY_S: Final = 0.25
_IDLE_S: Final = 10.0
_PATIENCE_S: Final = 1_800.0

_DOCUMENT: Final = "def total(values):\n    result = 0\n    for each in values:\n        "
_PROGRESS: Final = "$/progress"


@dataclass(slots=True)
class Run:
    """One life of a server: the first run reads everything, the next finds it in the store."""

    ready_s: float = 0.0
    worked_s: float = 0.0
    memory_mb: float = 0.0
    idle_percent: float | None = None
    meanwhile_ms: list[float] = field(default_factory=list)
    afterwards_ms: list[float] = field(default_factory=list)


def generate(root: Path, files: int, lines: int) -> None:
    """Writes that many Python files of about that many lines, the same each time."""
    random = Random(_SEED)  # noqa: S311  Nobody guesses these.
    for number in range(files):
        package, folder = number % _PACKAGES, number // _PACKAGES % _FOLDERS_EACH
        path = root / f"pkg{package}" / f"sub{folder}" / f"mod_{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(_module(random, number, lines)), encoding="utf-8")


def _module(random: Random, number: int, lines: int) -> list[str]:
    module = f"pkg{random.randrange(_PACKAGES)}.sub{random.randrange(_FOLDERS_EACH)}"
    text = [f'"""Module {number}."""', "import os", f"import {module}", ""]
    while len(text) < lines:
        if len(text) % 40 < 8:
            text += [f"class {_word(random).title()}{number}(Base{random.randrange(200)}):", ""]
        text += _method(random)
    return text


def _method(random: Random) -> list[str]:
    numbered = [f"{_word(random)}_{random.randrange(_NAMES)}" for _ in range(3)]
    return [
        f"    def {numbered[0]}(self, value: int, {_word(random)}: str = 'x') -> int:",
        f'        """Does {_word(random)}."""',
        f"        result = {numbered[1]}(value, self.limit)",
        f"        for item in {_word(random)}(result):",
        f"            if item.{_word(random)} > {random.randrange(_NAMES)}:",
        f"                result += {numbered[2]}(item)",
        "        return result",
        "",
    ]


def _word(random: Random) -> str:
    return f"{random.choice(_VERBS)}_{random.choice(_NOUNS)}"


async def measure(files: int, lines: int) -> Mapping[str, object]:
    """Both runs, over a repository made for them.

    Raises `ProcessError` for a server that ends, `TimeoutError` for one that never has read all.
    """
    with tempfile.TemporaryDirectory(prefix="fimls-indexed-") as room:
        root = Path(room, "project")
        generate(root, files, lines)
        first = await _run(root, Path(room))
        again = await _run(root, Path(room))
        store_mb = _size_mb(Path(room, "CACHE", "index"))
    return {
        "files": files,
        "lines": lines,
        "processors": os.cpu_count(),
        "store_mb": store_mb,
        "first": _as_json(first),
        "again": _as_json(again),
    }


async def _run(root: Path, room: Path) -> Run:
    folders = {f"FIMLS_{name}_DIR": str(room / name) for name in ("CONFIG", "DATA", "CACHE")}
    before_s = _spent_s()
    async with FakeOllama(answer="result += each") as ollama:
        around = {**folders, "FIMLS_BACKEND": "ollama", "FIMLS_HOST": ollama.url}
        child = await processes.start(processes.python("fimls", "serve"), env_extra=around)
        server = RealServer(LspClient(child.reader, child.writer), child.pid)
        try:
            run = await _watched(server, root)
            await server.client.shutdown()
        finally:
            await server.client.close()
            await child.stop()
    # Its workers are its own children, and are counted with it when it has ended.
    run.worked_s = _spent_s() - before_s
    return run


async def _watched(server: RealServer, root: Path) -> Run:
    run, client = Run(), server.client
    began_s = time.perf_counter()
    await client.initialize(root.as_uri())
    uri = (root / "open.py").as_uri()
    client.open(uri, "python", _DOCUMENT)
    await server.settled()
    typing = asyncio.ensure_future(_complete(client, uri, run.meanwhile_ms))
    token = (await client.wait_for(_PROGRESS, _begins, _PATIENCE_S))["token"]
    await client.wait_for(_PROGRESS, lambda told: _ends(told, token), _PATIENCE_S)
    run.ready_s = time.perf_counter() - began_s
    typing.cancel()
    await asyncio.wait([typing])
    await _complete(client, uri, run.afterwards_ms, 20)
    run.memory_mb = _memory_mb(server.pid)
    worked_s = server.worked_s()
    await asyncio.sleep(_IDLE_S)
    if worked_s is not None and (now_s := server.worked_s()) is not None:
        run.idle_percent = 100 * (now_s - worked_s) / _IDLE_S
    return run


async def _complete(client: LspClient, uri: str, times_ms: list[float], most: int = 10**9) -> None:
    """Asks again and again, each time after another text, so that nothing is known already."""
    while len(times_ms) < most:
        text = _DOCUMENT.replace("total", f"total_{len(times_ms)}_{most}")
        client.change(uri, text)
        began_s = time.perf_counter()
        await client.inline_completion(uri, len(text), explicit=True)
        times_ms.append(1000 * (time.perf_counter() - began_s))
        await asyncio.sleep(_EVERY_S)


def _begins(told: Mapping[str, Any]) -> bool:
    return bool(told["value"].get("title") == "Indexing")


def _ends(told: Mapping[str, Any], token: object) -> bool:
    return bool(told["token"] == token and told["value"]["kind"] == "end")


def _spent_s() -> float:
    """The processor's time of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _size_mb(folder: Path) -> float:
    return round(sum(each.stat().st_size for each in folder.iterdir()) / 1e6, 2)


def _memory_mb(pid: int) -> float:
    """The most memory that a process has had (Linux)."""
    lines = Path("/proc", str(pid), "status").read_text(encoding="ascii").splitlines()
    (most,) = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return int(most) / 1024


def _as_json(run: Run) -> dict[str, object]:
    return {
        "ready_s": round(run.ready_s, 2),
        "processor_s": round(run.worked_s, 1),
        "memory_mb": round(run.memory_mb),
        "idle_percent": None if run.idle_percent is None else round(run.idle_percent, 2),
        "completions_meanwhile_ms": _row(run.meanwhile_ms),
        "completions_afterwards_ms": _row(run.afterwards_ms),
    }


def _row(times_ms: Sequence[float]) -> dict[str, float]:
    if len(times_ms) < 2:
        return {"count": len(times_ms)}
    return {
        "count": len(times_ms),
        "p50": round(median(times_ms), 1),
        "p95": round(quantiles(times_ms, n=20, method="inclusive")[-1], 1),
    }


def main(argv: Sequence[str]) -> None:
    """Prints what was measured."""
    files, lines, *_ = (*(int(each) for each in argv), *(FILES, SMALL_LINES)[len(argv) :])
    sys.stdout.write(json.dumps(asyncio.run(measure(files, lines)), indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
