"""Plays typing traces through the real server, in a process of its own.

The model is a fake Ollama in this process, in real time, or the one that the settings name.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.evaluation.real_server import WITHOUT_MAP, configured, serving
from fimls.evaluation.typing_author import Author
from fimls.evaluation.typing_editor import Editor, capabilities
from fimls.evaluation.typing_model import Manner, fake, works
from fimls.evaluation.typing_trace import KEY_S, PAUSE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fimls.evaluation.real_server import RealServer
    from fimls.evaluation.typing_timeline import Timeline
    from fimls.evaluation.typing_trace import Trace
    from fimls.testing.fake_ollama import FakeOllama

# What a server does when a file is opened has this time before the first key.
_OPENED_S: Final = 2.0

# What still runs after the last pause is given this time to end, so that it can be counted.
_RUN_OUT_S: Final = 6.0


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
    given = (WITHOUT_MAP, *assignments)
    if weather.real:
        async with configured(given) as server:
            return await _typed(server, trace, weather, tell)
    ollama = fake(trace, weather.manner, weather.version)
    async with ollama, serving(ollama.url, given) as server:
        timeline = await _typed(server, trace, weather, tell)
        await _run_out(ollama)
        timeline.works = works(ollama, trace)
        timeline.most_at_once = ollama.seen.most_at_once
        timeline.reloads = ollama.reloads
    return timeline


async def _typed(
    server: RealServer, trace: Trace, weather: Weather, tell: Callable[[int], None]
) -> Timeline:
    await server.client.initialize(capabilities=capabilities(more=weather.more))
    await server.settled()
    editor = Editor(server.client, trace)
    editor.open()
    try:
        await asyncio.sleep(_OPENED_S)
        author = Author(editor, trace, weather.key_s, weather.pause_s)
        await author.type(tell)
    finally:
        editor.close()
    return author.timeline


async def _run_out(ollama: FakeOllama) -> None:
    """Waits until the model has nothing to do any more."""
    try:
        await ollama.seen.until(
            lambda: all(each.outcome is not None for each in ollama.seen.served), _RUN_OUT_S
        )
    except TimeoutError:
        # What runs for ever is counted as far as it has come.
        return
