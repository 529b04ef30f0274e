"""How long the server takes to its answer to `initialize`, beside a server that does nothing else.

Both are started in turn, so that whatever else the machine does meets both alike.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from fimls import processes
from fimls.errors import ProcessError
from fimls.testing.lsp_client import LspClient

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TARGET_RATIO: Final = 1.3
"""The answer of fimls may take this much of the bare server's time (issue 2)."""

# The least that a server with inline completions can be.
_BARE: Final = """
from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("bare", "1")

@server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION, types.InlineCompletionOptions())
def complete(params):
    return None

server.start_io()
"""


@dataclass(frozen=True, slots=True)
class Startup:
    """The times from the start of the process to the answer, in milliseconds, one a run."""

    bare_ms: tuple[float, ...]
    fimls_ms: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """What fimls takes of what the bare server takes: medians."""
        return median(self.fimls_ms) / median(self.bare_ms)

    @property
    def is_met(self) -> bool:
        """Whether that is within the target."""
        return self.ratio <= TARGET_RATIO


async def measure(runs: int, assignments: Sequence[str] = ()) -> Startup:
    """Starts each server that many times; `assignments` are settings for fimls.

    Raises `ProcessError` for a server that does not answer.
    """
    commands = _commands(assignments)
    # The first start of each reads its files from the disk, and compiles what is new.
    times_ms: Mapping[str, list[float]] = {name: [] for name in commands}
    for command in commands.values():
        await _started_ms(command)
    for _run in range(runs):
        for name, command in commands.items():
            times_ms[name].append(await _started_ms(command))
    return Startup(tuple(times_ms["bare"]), tuple(times_ms["fimls"]))


def _commands(assignments: Sequence[str]) -> dict[str, Sequence[str]]:
    """Both in the same interpreter, with the flags that all our processes have."""
    settings = [f"--set={assignment}" for assignment in assignments]
    ours = processes.python("fimls", "serve", *settings)
    return {"bare": (sys.executable, "-P", "-c", _BARE), "fimls": ours}


async def _started_ms(command: Sequence[str]) -> float:
    began_s = time.perf_counter()
    child = await processes.start(command)
    client = LspClient(child.reader, child.writer)
    try:
        await client.initialize()
        spent_ms = (time.perf_counter() - began_s) * 1000
        await client.shutdown()
    except ConnectionError as error:
        raise ProcessError("a server ended before it answered") from error
    finally:
        await child.stop()
    return spent_ms


def as_json(startup: Startup) -> dict[str, object]:
    """The result for machines."""
    return {
        "runs": len(startup.fimls_ms),
        "bare_ms": _row(startup.bare_ms),
        "fimls_ms": _row(startup.fimls_ms),
        "ratio": round(startup.ratio, 3),
        "target_ratio": TARGET_RATIO,
        "met": startup.is_met,
    }


def _row(times_ms: Sequence[float]) -> dict[str, float]:
    return {"median": round(median(times_ms), 1), "least": round(min(times_ms), 1)}
