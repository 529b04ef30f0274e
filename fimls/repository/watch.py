"""Changes on disk, for clients that tell of none: from the system where it can, else by looking."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from fimls.repository.inotify import Inotify, is_there
from fimls.repository.looking import Look

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping

    from fimls.clock import Clock
    from fimls.repository.worker import Stamp

_log = logging.getLogger(__name__)

# A change of many files comes as many events, and one look at all of them is enough.
_TOGETHER_S: Final = 0.2

# How often folders are looked at, and the files that were changed last.  To look at 10,000 files
# takes 26 ms, which is done so seldom that it takes no more than this share of one processor: each
# 5 s.
_EVERY_S: Final = 1.5
_SHARE: Final = 0.005

EVERYTHING: Final = ""
"""The path that says that any file may have changed."""


class Watch:
    """Watches a folder until it is closed.

    `tell` is given the relative paths that have changed, `EVERYTHING` among them where folders
    have; `known` are the files with their stamps, and `folders` what they may be in.
    """

    def __init__(
        self,
        root: str,
        clock: Clock,
        tell: Callable[[set[str]], Awaitable[None]],
        known: Callable[[], Mapping[str, Stamp]],
    ) -> None:
        self._root = root
        self._clock = clock
        self._tell = tell
        self._known = known
        self._folders: Collection[str] = ()
        self._inotify: Inotify | None = None
        self._task: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()

    def follow(self, folders: Collection[str]) -> bool:
        """Watches these folders from now on; begins to, where it has not yet.

        Whether something may have happened in them of which nothing will be told.
        """
        self._folders = folders
        if self._task is None:
            self._inotify = _inotify()
        are_others = self._inotify is not None and self._try_inotify(self._inotify)
        if self._task is None:
            work = self._look() if self._inotify is None else self._listen(self._inotify)
            self._task = asyncio.ensure_future(work)
        return are_others

    async def close(self) -> None:
        """Ends watching."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        self._drop_inotify()

    def _try_inotify(self, inotify: Inotify) -> bool:
        try:
            return inotify.watch(self._root, self._folders)
        except OSError as error:
            _log.info("folders are looked at instead of watched: %s", error)
            self._drop_inotify()
            if self._task is not None:
                self._task.cancel()
                self._task = None
        return False

    def _drop_inotify(self) -> None:
        if self._inotify is not None:
            asyncio.get_running_loop().remove_reader(self._inotify.fd)
            self._inotify.close()
            self._inotify = None

    async def _listen(self, inotify: Inotify) -> None:
        asyncio.get_running_loop().add_reader(inotify.fd, self._woken.set)
        # While the folder was read for the first time, nobody watched.
        await self._tell({EVERYTHING})
        while True:
            await self._woken.wait()
            await self._clock.sleep(_TOGETHER_S)
            self._woken.clear()
            changed: set[str] = set()
            for event in inotify.events():
                path = f"{event.folder}/{event.name}".lstrip("/")
                changed.add(EVERYTHING if event.is_folder or event.name is None else path)
            if changed:
                await self._tell(changed)

    async def _look(self) -> None:
        """Looks where a change is likely, and at everything the more seldom the longer it takes."""
        look, due = Look(self._root, self._known), 0.0
        while True:
            changed = await asyncio.to_thread(look.at_likely, self._folders)
            if self._clock.now() >= due:
                changed |= await asyncio.to_thread(look.at_files)
                due = self._clock.now() + look.cost_s / _SHARE
            if changed:
                await self._tell(changed)
            await self._clock.sleep(_EVERY_S)


def _inotify() -> Inotify | None:
    if not is_there():
        return None
    try:
        return Inotify()
    except (OSError, AttributeError) as error:
        _log.info("folders are looked at instead of watched: %s", error)
        return None
