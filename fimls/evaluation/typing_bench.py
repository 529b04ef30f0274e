"""Plays typing traces through the real server, in a process of its own.

The model is a fake Ollama in this process, in real time, or the one that the settings name.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fimls import processes
from fimls.errors import ProcessError, Unreachable
from fimls.evaluation.typing_author import Author
from fimls.evaluation.typing_editor import Editor, capabilities
from fimls.evaluation.typing_model import MODEL, Manner, fake, works
from fimls.evaluation.typing_trace import KEY_S, PAUSE_S
from fimls.testing.lsp_client import LspClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from fimls.evaluation.typing_timeline import Timeline
    from fimls.evaluation.typing_trace import Trace
    from fimls.testing.fake_ollama import FakeOllama

# What a server does when a file is opened has this time before the first key.
_OPENED_S: Final = 2.0

# What still runs after the last pause is given this time to end, so that it can be counted.
_RUN_OUT_S: Final = 6.0

# A model of the user's may have to be loaded first.
_READY_WITHIN_S: Final = 180.0

# The index of a workspace has no part in this.
_WITHOUT_MAP: Final = "context.repoMap=false"

_STATUS: Final = "fimls/status"
_USABLE: Final = frozenset({"ready", "busy"})
_UNUSABLE: Final = frozenset({"offline", "error", "off"})


@dataclass(frozen=True, slots=True)
class Weather:
    """Under which conditions a trace is played.

    `more`: the editor announces and obeys `fimls/more`.  `version` is the fake Ollama's; with
    `real` the model is the one that the user has set.
    """

    key_s: float = KEY_S
    pause_s: float = PAUSE_S
    more: bool = True
    manner: Manner = Manner.TRUE
    version: str = "0.33"
    real: bool = False


async def play(
    trace: Trace,
    weather: Weather,
    assignments: Sequence[str] = (),
    tell: Callable[[int], None] = lambda _keys: None,
) -> Timeline:
    """One run; `assignments` are settings for the server, `tell` is told how many keys are done.

    Raises `Unreachable` where there is no model, `ProcessError` for a server that ends.
    """
    given = (_WITHOUT_MAP, *assignments)
    if weather.real:
        async with _server(given, {}) as client:
            return await _typed(client, trace, weather, tell)
    ollama = fake(trace, weather.manner, weather.version)
    async with ollama, _server(given, _only(ollama.url)) as client:
        timeline = await _typed(client, trace, weather, tell)
        await _run_out(ollama)
        timeline.works = works(ollama, trace)
        timeline.most_at_once = ollama.seen.most_at_once
        timeline.reloads = ollama.reloads
    return timeline


def _only(host: str) -> dict[str, str]:
    """The environment of a server that uses this host and no file of the user's."""
    return {"FIMLS_BACKEND": "ollama", "FIMLS_HOST": host, "FIMLS_MODEL": MODEL}


@asynccontextmanager
async def _server(
    assignments: Sequence[str], environment: Mapping[str, str]
) -> AsyncIterator[LspClient]:
    """The server as an editor starts it; with an environment it has folders of its own."""
    given = [f"--set={assignment}" for assignment in assignments]
    with tempfile.TemporaryDirectory(prefix="fimls-latency-") as room:
        own = {f"FIMLS_{name}_DIR": str(Path(room, name)) for name in ("CONFIG", "DATA", "CACHE")}
        child = await processes.start(
            processes.python("fimls", "serve", *given),
            env_extra={**own, **environment} if environment else None,
        )
        client = LspClient(child.reader, child.writer)
        try:
            yield client
        except ConnectionError as error:
            raise ProcessError("the language server ended by itself: see `fimls doctor`") from error
        finally:
            await client.close()
            await child.stop()


async def _typed(
    client: LspClient, trace: Trace, weather: Weather, tell: Callable[[int], None]
) -> Timeline:
    await client.initialize(capabilities=capabilities(more=weather.more))
    await _settled(client)
    editor = Editor(client, trace)
    editor.open()
    try:
        await asyncio.sleep(_OPENED_S)
        author = Author(editor, trace, weather.key_s, weather.pause_s)
        await author.type(tell)
    finally:
        editor.close()
    return author.timeline


async def _settled(client: LspClient) -> None:
    """Waits for the model; raises `Unreachable` where only the user can bring it about."""
    final = _USABLE | _UNUSABLE
    try:
        status = await client.wait_for(
            _STATUS, lambda told: told["state"] in final and told["uri"] is None, _READY_WITHIN_S
        )
    except TimeoutError:
        raise Unreachable(f"no model was ready within {_READY_WITHIN_S:g} s") from None
    if status["state"] in _UNUSABLE:
        raise Unreachable(status["message"])


async def _run_out(ollama: FakeOllama) -> None:
    """Waits until the model has nothing to do any more."""
    try:
        await ollama.seen.until(
            lambda: all(each.outcome is not None for each in ollama.seen.served), _RUN_OUT_S
        )
    except TimeoutError:
        # What runs for ever is counted as far as it has come.
        return
