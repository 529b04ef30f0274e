"""The worker processes: started when there is something to read, ended when there is not.

A worker that dies takes nothing with it but the file that it was at, which is tried again,
alone, and left out if that kills more of them.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.errors import ProcessError
from fimls.processes import Child, python, start
from fimls.repository.content import Content
from fimls.repository.frames import LENGTH, MOST_BYTES, fields_of, packed
from fimls.repository.worker import FILE, NOWHERE, READ, SAME, TEXT, Stamp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from fimls.clock import Clock

_log = logging.getLogger(__name__)

_MODULE: Final = "fimls.repository.worker"

# More would only wait for the disk, and take the memory of an interpreter each.
_MOST_WORKERS: Final = 2

# Files that a worker is told of at once: some 50 ms of work, after which it may be held up.  Their
# names fit into a pipe (64 kB), so that nobody waits for the other to read.
_BATCH: Final = 12

# A large document parses in less, even while everything else is busy.
_ANSWER_WITHIN_S: Final = 60.0

# How long a worker is kept for the next change: while somebody types there is always one, which
# takes a change in 10 ms; another one is there after 0.2 s.
_LINGER_S: Final = 60.0

# How often one file may bring a worker down.
_MOST_DEATHS: Final = 3


@dataclass(frozen=True, slots=True)
class Job:
    """Something to read: a file with the digest it had, or the text of a document."""

    path: str
    fields: tuple[bytes, ...]

    @property
    def is_file(self) -> bool:
        """Whether it is a file, and no document that is open."""
        return self.fields[0] == FILE

    @staticmethod
    def file(folder: str, path: str, digest: bytes | None) -> Job:
        """A file of a folder; what has the same digest still is not read again."""
        return Job(path, (FILE, os.fsencode(folder), os.fsencode(path), digest or b""))

    @staticmethod
    def text(path: str, language: str, text: str) -> Job:
        """The text of an open document, in the language with that id."""
        return Job(path, (TEXT, language.encode(), text.encode(errors="replace")))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a job came to: a content, the same as before, or nothing that is indexed."""

    stamp: Stamp
    content: Content | None = None
    is_same: bool = False


class Workers:
    """The workers of a server; all folders share them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._idle: list[Child] = []
        self._at_work: set[Child] = set()
        self._places = asyncio.Semaphore(_count())
        self._open = asyncio.Event()
        self._open.set()
        self._sweeping: asyncio.Task[None] | None = None
        self._is_closed = False

    def pause(self) -> None:
        """Begins nothing more for now: a model on this machine needs the processor."""
        self._open.clear()

    def resume(self) -> None:
        """Goes on."""
        self._open.set()

    async def read(
        self, jobs: Sequence[Job], take: Callable[[Job, Answer], Awaitable[None]]
    ) -> None:
        """Reads everything; each answer is taken as it comes.

        Raises `ProcessError` where no worker can be started.
        """
        waiting = deque(_batches(jobs))
        deaths: dict[str, int] = {}
        width = min(_count(), len(waiting))
        async with asyncio.TaskGroup() as group:
            for _ in range(width):
                group.create_task(self._work(waiting, deaths, take))

    async def close(self) -> None:
        """Ends all workers."""
        self._is_closed = True
        if self._sweeping is not None:
            self._sweeping.cancel()
        everyone = [*self._idle, *self._at_work]
        self._idle.clear()
        await asyncio.gather(*(child.kill() for child in everyone))

    async def _work(
        self,
        waiting: deque[list[Job]],
        deaths: dict[str, int],
        take: Callable[[Job, Answer], Awaitable[None]],
    ) -> None:
        async with self._places:
            child: Child | None = None
            try:
                while waiting and not self._is_closed:
                    await self._open.wait()
                    child = child or await self._child()
                    # Others may have read the rest while a worker was started.
                    if not waiting:
                        break
                    left = await _done(child, waiting.popleft(), take)
                    if left:
                        await self._bury(child)
                        child = None
                        await _again(left, waiting, deaths, take)
            finally:
                # A worker that is left in the middle of a batch would answer the wrong question.
                if child is not None:
                    await self._lay_down(child)

    async def _child(self) -> Child:
        while self._idle:
            child = self._idle.pop()
            if child.alive:
                break
        else:
            child = await start(python(_MODULE))
        self._at_work.add(child)
        return child

    async def _bury(self, child: Child) -> None:
        self._at_work.discard(child)
        await asyncio.shield(child.kill())

    async def _lay_down(self, child: Child) -> None:
        task = asyncio.current_task()
        if self._is_closed or not child.alive or (task is not None and task.cancelling()):
            await self._bury(child)
            return
        self._at_work.discard(child)
        self._idle.append(child)
        if self._sweeping is not None:
            self._sweeping.cancel()
        self._sweeping = asyncio.ensure_future(self._sweep())

    async def _sweep(self) -> None:
        """Ends those that have had nothing to do for a while."""
        await self._clock.sleep(_LINGER_S)
        while self._idle:
            await asyncio.shield(self._idle.pop().kill())


async def _done(
    child: Child, batch: list[Job], take: Callable[[Job, Answer], Awaitable[None]]
) -> list[Job]:
    """Has a batch read; what is left of it where the worker has died."""
    done = 0
    try:
        child.writer.write(b"".join(packed(job.fields) for job in batch))
        await child.writer.drain()
        for job in batch:
            async with asyncio.timeout(_ANSWER_WITHIN_S):
                answer = await _answer(child)
            await take(job, answer)
            done += 1
    except (OSError, EOFError, TimeoutError, ValueError) as error:
        _log.warning("a worker of the index ended: %s", error or type(error).__name__)
    return batch[done:]


async def _answer(child: Child) -> Answer:
    (length,) = LENGTH.unpack(await child.reader.readexactly(LENGTH.size))
    if length > MOST_BYTES:
        raise ValueError("a row that no worker sends")
    kind, size, changed, *fields = fields_of(await child.reader.readexactly(length))
    stamp = Stamp(int(size), int(changed))
    if kind == READ:
        digest, defined, used, facts, text = fields
        return Answer(stamp, Content(digest, defined.decode(), used.decode(), facts, text))
    return Answer(stamp, is_same=kind == SAME)


async def _again(
    left: list[Job],
    waiting: deque[list[Job]],
    deaths: dict[str, int],
    take: Callable[[Job, Answer], Awaitable[None]],
) -> None:
    """What a dead worker has left is read one by one; not what has killed two."""
    guilty = left[0]
    deaths[guilty.path] = deaths.get(guilty.path, 0) + 1
    if deaths[guilty.path] >= _MOST_DEATHS:
        _log.warning("the index leaves out %s, which cannot be read", guilty.path)
        await take(guilty, Answer(NOWHERE))
        left = left[1:]
    waiting.extendleft([job] for job in reversed(left))


def _batches(jobs: Sequence[Job]) -> list[list[Job]]:
    """Files by the dozen; a text is one by itself, as it may be larger than a pipe."""
    files = [job for job in jobs if job.is_file]
    texts = [[job] for job in jobs if not job.is_file]
    return texts + [files[at : at + _BATCH] for at in range(0, len(files), _BATCH)]


def _count() -> int:
    return max(1, min(_MOST_WORKERS, os.cpu_count() or 1))


__all__ = ["Answer", "Job", "ProcessError", "Workers"]
