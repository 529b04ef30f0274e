"""The language server in a process of its own, as editors start it, for measurements."""

from __future__ import annotations

import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fimls import processes
from fimls.errors import ProcessError, Unreachable
from fimls.evaluation.typing_model import MODEL
from fimls.testing.lsp_client import LspClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

WITHOUT_MAP: Final = "context.repoMap=false"
"""The index of a workspace has no part in what is measured."""

# A model of the user's may have to be loaded first.
_READY_WITHIN_S: Final = 180.0

_STATUS: Final = "fimls/status"
_USABLE: Final = frozenset({"ready", "busy"})
_UNUSABLE: Final = frozenset({"offline", "error", "off"})

_SERVE: Final = ("fimls", "serve")
_NANOSECONDS: Final = 1e-9


@dataclass(frozen=True, slots=True)
class RealServer:
    """A server that runs, and the editor that is connected to it."""

    client: LspClient
    pid: int

    async def settled(self) -> None:
        """Waits for the model; raises `Unreachable` where only the user can bring it about."""

        def is_final(told: Mapping[str, Any]) -> bool:
            return told["state"] in _USABLE | _UNUSABLE and told["uri"] is None

        try:
            status = await self.client.wait_for(_STATUS, is_final, _READY_WITHIN_S)
        except TimeoutError:
            raise Unreachable(f"no model was ready within {_READY_WITHIN_S:g} s") from None
        if status["state"] in _UNUSABLE:
            raise Unreachable(status["message"])

    def worked_s(self) -> float | None:
        """The time of a processor that it has had so far; None where the system tells none.

        Linux counts it in nanoseconds, by thread.
        """
        threads = Path("/proc", str(self.pid), "task").glob("*/schedstat")
        spent = [int(each.read_text(encoding="ascii").split()[0]) for each in threads]
        return _NANOSECONDS * sum(spent) if spent else None


@asynccontextmanager
async def configured(assignments: Sequence[str]) -> AsyncIterator[RealServer]:
    """The server with the settings that the user has, and these.

    Raises `ProcessError` where it ends by itself.
    """
    async with _running(_SERVE, assignments, None) as server:
        yield server


@asynccontextmanager
async def serving(
    host: str, assignments: Sequence[str] = (), module: Sequence[str] = _SERVE
) -> AsyncIterator[RealServer]:
    """The server with Code Llama at this host, and no file of the user's; `module` is what runs.

    Raises `ProcessError` where it ends by itself.
    """
    with tempfile.TemporaryDirectory(prefix="fimls-measured-") as room:
        own = {f"FIMLS_{name}_DIR": str(Path(room, name)) for name in ("CONFIG", "DATA", "CACHE")}
        model = {"FIMLS_BACKEND": "ollama", "FIMLS_HOST": host, "FIMLS_MODEL": MODEL}
        async with _running(module, assignments, {**own, **model}) as server:
            yield server


@asynccontextmanager
async def _running(
    module: Sequence[str], assignments: Sequence[str], environment: Mapping[str, str] | None
) -> AsyncIterator[RealServer]:
    given = [f"--set={assignment}" for assignment in assignments]
    child = await processes.start(processes.python(*module, *given), env_extra=environment)
    client = LspClient(child.reader, child.writer)
    try:
        yield RealServer(client, child.pid)
    except ConnectionError as error:
        raise ProcessError("the language server ended by itself: see `fimls doctor`") from error
    finally:
        await client.close()
        await child.stop()
