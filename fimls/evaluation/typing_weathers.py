"""The conditions under which the typing traces are played for `docs/performance.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.evaluation.typing_bench import Weather
from fimls.evaluation.typing_model import Manner

if TYPE_CHECKING:
    from collections.abc import Mapping

MAIN: Final = "main"
"""120 ms a key, pauses of 1.5 s, a model that is right, Ollama 0.33, `fimls/more`."""

WEATHERS: Final[Mapping[str, Weather]] = {
    MAIN: Weather(),
    "60 ms a key": Weather(key_s=0.06),
    "pauses of 4 s": Weather(pause_s=4.0),
    "right for one line": Weather(manner=Manner.ONE_LINE),
    "never ends": Weather(manner=Manner.ENDLESS),
    "Ollama 0.24": Weather(version="0.24"),
    "no fimls/more": Weather(more=False),
}
"""All of them, each with the one thing that is otherwise than in the first."""
