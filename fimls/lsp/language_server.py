"""The server object: what all handlers share."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from fimls import __version__
from fimls.clock import busy_s
from fimls.documents.store import Documents
from fimls.lsp import notebooks
from fimls.lsp.acting import Actions
from fimls.lsp.engine import LateEngine, Wiring
from fimls.lsp.indexing import Indexing
from fimls.lsp.more import More
from fimls.lsp.places import Places
from fimls.lsp.progress import Loading
from fimls.lsp.protocol import FimlsProtocol, make_converter
from fimls.lsp.status import StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from fimls.clock import Clock
    from fimls.lsp.client import Client
    from fimls.lsp.configuration import Configuration
    from fimls.lsp.engine import Engine

_log = logging.getLogger(__name__)


class FimlsServer(LanguageServer):
    """The documents, the settings and the engine of one client; its handlers are in `features.py`.

    `client` is None until `initialize`; `stopped` is set by `exit`.
    """

    protocol: FimlsProtocol

    def __init__(
        self,
        configuration: Configuration,
        clock: Clock,
        load: Callable[[], Callable[[Wiring], Engine]],
    ) -> None:
        super().__init__(
            name="fimls",
            version=__version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            notebook_document_sync=notebooks.SYNC,
            protocol_cls=FimlsProtocol,
            converter_factory=make_converter,
        )
        self.client: Client | None = None
        self.clock = clock
        self.configuration = configuration
        self.documents = Documents(busy_s=busy_s)
        self.engine = LateEngine(self._wiring, load)
        self.status = StatusLine(self)
        self.loading = Loading(self)
        self.indexing = Indexing(self)
        self.places = Places(self)
        self.more = More(self)
        self.actions = Actions(self)
        self.stopped = threading.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def exit_status(self) -> int:
        """What the process ends with: 0 after `shutdown`, else 1, as LSP wants it."""
        return 0 if self.protocol.was_shut_down else 1

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Starts a task that nobody waits for; it ends with the server at the latest."""
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Ends everything under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(self.engine.close(), self.indexing.close(), self.actions.close())

    def report_server_error(self, error: Exception, source: object) -> None:
        """Logs a fault; pygls would put it before the user's eyes, at every key."""
        _log.error("%s: %s", getattr(source, "__name__", source), error)

    def _wiring(self) -> Wiring:
        return Wiring(
            settings=self.configuration.settings,
            clock=self.clock,
            environ=self.configuration.environ,
            is_current=self.documents.is_current,
            on_status=self.status.tell,
            on_more=self.more.tell,
            look=self.places.at,
        )
