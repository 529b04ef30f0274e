"""The language server's entry; what the server answers to is listed in `features.py`."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from typing import TYPE_CHECKING, Final

from fimls.settings import from_assignments

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fimls.settings import Source

# A key that comes while a thread makes a map has its turn after so long; Python's own 5 ms would
# be more than all the rest of its answer takes.
_THREAD_TURN_S: Final = 0.001


def serve(
    *,
    tcp: tuple[str, int] | None = None,
    assignments: Sequence[str] = (),
    log_file: Path | None = None,
    log_level: str = "info",
) -> int:
    """Serves one client on stdin and stdout, or at a TCP address; returns the exit status.

    Raises SettingError for an assignment that is none, InputError for a log file that cannot be
    written, or an address that cannot be listened at.
    """
    wanted = from_assignments(assignments)
    # The thousands of classes that are imported now are never garbage, and looking through them
    # again and again would take a tenth of the time to the answer to `initialize`.  It is switched
    # on again when everything is imported (`engine.load`).
    gc.disable()
    sys.setswitchinterval(_THREAD_TURN_S)
    from fimls.lsp.logs import start_log

    start_log(log_file, log_level)
    return asyncio.run(_serve(wanted, tcp))


async def _serve(assignments: Source, tcp: tuple[str, int] | None) -> int:
    from fimls.clock import SystemClock
    from fimls.lsp.configuration import Configuration
    from fimls.lsp.features import make_server
    from fimls.lsp.transport import serve_stdio, serve_tcp

    server = make_server(Configuration(assignments, os.environ), SystemClock())
    await (serve_stdio(server) if tcp is None else serve_tcp(server, *tcp))
    return server.exit_status
