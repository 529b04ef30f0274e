"""The index of the workspace as the server holds it: begun after `initialized`, told of changes."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING

from lsprotocol import types

from fimls.documents.uris import path_of
from fimls.lsp.agreeing import agrees
from fimls.lsp.progress import shown
from fimls.models.status import State
from fimls.settings import cache_dir

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from fimls.lsp.language_server import FimlsServer
    from fimls.lsp.progress import Report
    from fimls.models.status import Status
    from fimls.repository.facts import RepoView
    from fimls.repository.service import Repository

_METHOD = types.WORKSPACE_DID_CHANGE_WATCHED_FILES

# A folder that is removed is one change, and its files are not named: so all names are wanted.
_EVERYTHING = "**/*"

_SCHEME = "file:"

# What is larger is not read from the disk either.
_MOST_CHARS = 512_000

# In these states a model works on this machine, which indexing would slow down.
_WORKING = frozenset({State.BUSY, State.STARTING})


class Indexing:
    """The repository, once there is one."""

    def __init__(self, ls: FimlsServer) -> None:
        self._ls = ls
        self._repository: Repository | None = None
        self._is_paused = False
        self._is_closed = False

    def view(self, uri: str) -> RepoView | None:
        """What is known of the workspace folder of a document; None for none, or not yet."""
        if self._repository is None or not uri.startswith(_SCHEME):
            return None
        return self._repository.view(path_of(uri))

    def relative(self, uri: str) -> str:
        """A document's path in its workspace folder, as the view has it; "" for none."""
        if self._repository is None or not uri.startswith(_SCHEME):
            return ""
        return self._repository.relative(path_of(uri))

    async def start(self, after: Callable[[], Awaitable[object]]) -> None:
        """Begins once something else is done: completions come first."""
        await after()
        # Half of it is the database, which nothing else needs.
        service = await asyncio.to_thread(import_module, "fimls.repository.service")
        watches = not await self._is_told()
        if self._is_closed:
            return
        settings = self._ls.configuration.settings.context
        cache = cache_dir(self._ls.configuration.environ)
        self._repository = service.Repository(
            settings,
            cache,
            self._ls.clock,
            watches=watches,
            show=self._shown,
            on_view=self._known_anew,
        )
        if self._is_paused:
            self._repository.pause()
        self.follow_folders()
        for uri in self._ls.documents.all():
            self.moved_on(uri)

    def follow_folders(self) -> None:
        """The workspace folders have changed, or the settings have."""
        if self._repository is not None:
            settings = self._ls.configuration.settings.context
            self._repository.configure(settings, self._roots())

    def moved_on(self, uri: str) -> None:
        """A document is open, or has changed."""
        if self._repository is None or not uri.startswith(_SCHEME):
            return
        snap = self._ls.documents.at(uri)
        if snap is not None and snap.problem is None and len(snap.source) <= _MOST_CHARS:
            self._repository.typed(path_of(uri), snap.language, lambda: snap.text)

    def closed(self, uri: str) -> None:
        """A document is not open any more."""
        if self._repository is not None and uri.startswith(_SCHEME):
            self._repository.closed(path_of(uri))

    def told(self, uris: list[str]) -> None:
        """Files have changed on disk."""
        if self._repository is not None:
            self._repository.told(path_of(uri) for uri in uris if uri.startswith(_SCHEME))

    def follow(self, status: Status) -> None:
        """Leaves the processor to a model that works on this machine."""
        self._is_paused = status.local and status.state in _WORKING
        if self._repository is not None:
            (self._repository.pause if self._is_paused else self._repository.resume)()

    async def close(self) -> None:
        """Ends it, with its processes."""
        self._is_closed = True
        repository, self._repository = self._repository, None
        if repository is not None:
            await repository.close()

    def _known_anew(self) -> None:
        """Tells the engine, if it is there, that there is another view."""
        if self._ls.engine.made is not None:
            self._ls.engine.made.completer.known_anew()

    def _roots(self) -> list[str]:
        return [path_of(uri) for uri in self._ls.documents.folders if uri.startswith(_SCHEME)]

    async def _is_told(self) -> bool:
        """Asks the client to tell of changes on disk; whether it will."""
        if self._ls.client is None or not self._ls.client.watches_files:
            return False
        watchers = [types.FileSystemWatcher(glob_pattern=_EVERYTHING)]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
        wish = types.Registration(id=_METHOD, method=_METHOD, register_options=options)
        params = types.RegistrationParams(registrations=[wish])
        registering = self._ls.client_register_capability_async(params)
        return await agrees(self._ls.clock, registering, "watch files")

    @asynccontextmanager
    async def _shown(self, _name: str) -> AsyncIterator[Report]:
        async with shown(self._ls, "Indexing", measured=True) as report:
            yield report


def did_change_watched_files(ls: FimlsServer, params: types.DidChangeWatchedFilesParams) -> None:
    """Files have changed on disk, says the client, which watches them for us."""
    ls.indexing.told([change.uri for change in params.changes])
