"""The language server with a method more, which tells what it holds at this moment.

It runs as `python -m fimls.evaluation.endurance_server`, for `endurance` only.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fimls.lsp import features
from fimls.lsp.server import serve

if TYPE_CHECKING:
    from fimls.lsp.language_server import FimlsServer

METHOD: Final = "fimls/evaluation/held"
"""A request without parameters; its result has the fields of `endurance.Held`."""

# What would grow if something were kept for ever: by the names of the classes.
_COUNTED: Final = frozenset({"Snapshot", "Tree", "Run", "Stream", "Trace"})

# Where Linux and macOS list the files and sockets of a process, and Linux its memory in pages.
_FILES: Final = Path("/dev/fd")
_MEMORY: Final = Path("/proc/self/statm")


def held(_ls: FimlsServer, _params: object = None) -> dict[str, object]:
    """What there is now, after all that nobody refers to any more is gone."""
    gc.collect()
    kinds = Counter(type(each).__name__ for each in gc.get_objects())
    return {
        "memory": _memory(),
        "tasks": sorted(_name(task) for task in asyncio.all_tasks()),
        "files": len(list(_FILES.iterdir())) if _FILES.exists() else 0,
        "kept": {kind: kinds[kind] for kind in sorted(_COUNTED)},
    }


def _memory() -> int:
    """Bytes in memory; where that is not told, the most that there were so far."""
    if _MEMORY.exists():
        return int(_MEMORY.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _name(task: asyncio.Task[object]) -> str:
    return getattr(task.get_coro(), "__qualname__", "")


def main() -> int:
    """Serves as `fimls serve` does, and ends with its input."""
    features.FEATURES = {**features.FEATURES, METHOD: held}
    return serve()


if __name__ == "__main__":
    sys.exit(main())
