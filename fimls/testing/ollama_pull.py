"""Pulling a model from the registry of the fake Ollama (`ollama.md` §1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# The layers of a made-up model: the weights and two small files.
_LAYERS: Final = (("a1" * 32, 1_000_000), ("b2" * 32, 1_200), ("c3" * 32, 480))

# In so many steps the first layer arrives; Ollama tells of one every 60 ms.
_STEPS: Final = 4
STEP_S: Final = 0.06

NO_SUCH_MODEL: Final = "pull model manifest: file does not exist"


@dataclass
class Pull:
    """The state of one download: it is resumed where it was left.

    `error` makes it fail: when half of the first layer is there, or at once where the registry
    does not know the model.
    """

    error: str = ""
    is_known: bool = True
    steps_done: int = 0

    def lines(self) -> Iterator[dict[str, object]]:
        """What Ollama tells, in order; the caller lets time pass between the lines."""
        yield {"status": "pulling manifest"}
        if not self.is_known:
            yield {"error": self.error}
            return
        for step in range(self.steps_done, _STEPS + 1):
            self.steps_done = step
            if self.error and step * 2 >= _STEPS:
                yield {"error": self.error}
                return
            digest, total = _LAYERS[0]
            yield _layer(digest, total, total * step // _STEPS)
        for digest, total in _LAYERS[1:]:
            yield _layer(digest, total, total)
        for status in ("verifying sha256 digest", "writing manifest", "success"):
            yield {"status": status}


def _layer(digest: str, total: int, completed: int) -> dict[str, object]:
    line: dict[str, object] = {
        "status": f"pulling {digest[:12]}",
        "digest": f"sha256:{digest}",
        "total": total,
    }
    return {**line, "completed": completed} if completed else line
