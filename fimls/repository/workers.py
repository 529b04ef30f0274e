"""The worker processes: started when there is something to read, ended when there is not.

A worker that dies takes nothing with it but the file that it was at, which is tried again,
alone, and left out if that kills more of them.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fimls.errors import ProcessError
from fimls.processes import Child, python, start
from fimls.repository.content import Content
from fimls.repository.frames import LENGTH, MOST_BYTES, body_of, fields_of, packed
from fimls.repository.worker import FILE, INVERT, NOWHERE, READ, SAME, TEXT, Stamp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from fimls.clock import Clock

_log = logging.getLogger(__name__)

_MODULE: Final = "fimls.repository.worker"

# More would only wait for the disk, and take the memory of an interpreter each.
_MOST_WORKERS: Final = 2

# Files that a worker is told of at once, and batches that it has before it, so that it need not
# wait for the server between two: some 50 ms of work, after which it may be held up.
_BATCH: Final = 8
_AHEAD: Final = 2

# The largest documents of a batch parse in less, even while everything else is busy.
_ANSWER_WITHIN_S: Final = 60.0

# How long a worker is kept for the next change: while somebody types there is always one, which
# takes a change in 10 ms; another one is there after 0.2 s.
_LINGER_S: Final = 60.0

# How often one file may bring a worker down.
_MOST_DEATHS: Final = 3


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do: a file to read that had a digest, the text of a document, or a store."""

    path: str
    fields: tuple[bytes, ...]

    @property
    def is_file(self) -> bool:
        """Whether it is a file, and no document that is open."""
        return self.fields[0] == FILE

    @property
    def is_text(self) -> bool:
        """Whether it is a document that is open."""
        return self.fields[0] == TEXT

    @property
    def digest(self) -> bytes:
        """The digest that a file had."""
        return self.fields[-1]

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
        self._urgent = 0
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
        """Reads everything; each answer is taken as it comes, those to documents before others.

        Raises `ProcessError` where no worker can be started.
        """
        # What somebody types, and nothing else, comes before what others read.
        is_urgent = all(job.is_text for job in jobs)
        work = _Work(deque(_batches(jobs)), take, is_urgent)
        width = min(_count(), len(work.waiting))
        async with asyncio.TaskGroup() as group:
            for _ in range(width):
                group.create_task(self._go_on(work))

    async def invert(self, store: Path) -> None:
        """Has the names in a store put in order for the next start.

        Raises `ProcessError` where no worker can be started.
        """

        async def take(_job: Job, _answer: Answer) -> None:
            return

        await self.read([Job(store.name, (INVERT, os.fsencode(store)))], take)

    async def give_way(self) -> None:
        """Lets others of the event loop run."""
        await self._clock.sleep(0)

    async def close(self) -> None:
        """Ends all workers."""
        self._is_closed = True
        if self._sweeping is not None:
            self._sweeping.cancel()
        everyone = [*self._idle, *self._at_work]
        self._idle.clear()
        await asyncio.gather(*(child.kill() for child in everyone))

    async def _go_on(self, work: _Work) -> None:
        """Has one worker do what waits, until nothing does; makes way for what is urgent."""
        while work.waiting and not self._is_closed:
            self._urgent += work.is_urgent
            try:
                await self._places.acquire()
            finally:
                self._urgent -= work.is_urgent
            try:
                await self._stint(work)
            finally:
                self._places.release()

    async def _stint(self, work: _Work) -> None:
        child: Child | None = None
        asked: deque[list[Job]] = deque()
        try:
            while asked or self._has_more(work):
                if not asked:
                    await self._open.wait()
                child = child or await self._child()
                self._ask(child, work, asked)
                if asked and not await work.take_answers(child, asked):
                    await self._bury(child)
                    child = None
                    await work.again(asked)
        finally:
            # A worker that is left in the middle of a batch would answer the wrong question.
            if child is not None:
                await self._lay_down(child)

    def _has_more(self, work: _Work) -> bool:
        makes_way = self._urgent and not work.is_urgent
        return bool(work.waiting) and not makes_way and not self._is_closed

    def _ask(self, child: Child, work: _Work, asked: deque[list[Job]]) -> None:
        """Gives a worker as much as it may have before it; others may have taken the rest."""
        while self._has_more(work) and len(asked) < _AHEAD and self._open.is_set():
            asked.append(work.waiting.popleft())
            # Not to be waited for: who waits does not read, and the worker may wait for that.
            child.writer.write(packed([body_of(job.fields) for job in asked[-1]]))

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


@dataclass(slots=True)
class _Work:
    """What is to be read, who takes the answers, and which files have brought a worker down."""

    waiting: deque[list[Job]]
    take: Callable[[Job, Answer], Awaitable[None]]
    is_urgent: bool
    deaths: dict[str, int] = field(default_factory=dict)

    async def take_answers(self, child: Child, asked: deque[list[Job]]) -> bool:
        """Takes the answers to the first batch that was asked; False where the worker has died.

        What has been taken is no longer in `asked`.
        """
        batch = asked[0]
        try:
            async with asyncio.timeout(_ANSWER_WITHIN_S):
                rows = await _row(child)
            answers = [_answer(row) for row in rows]
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            _log.warning("a worker of the index ended: %s", error or type(error).__name__)
            return False
        asked.popleft()
        for job, answer in zip(batch, answers, strict=True):
            await self.take(job, answer)
        return True

    async def again(self, asked: deque[list[Job]]) -> None:
        """What a dead worker has left is read one by one; not what has killed three, alone."""
        left = [job for batch in asked for job in batch]
        asked.clear()
        guilty = left[0]
        self.deaths[guilty.path] = self.deaths.get(guilty.path, 0) + 1
        if self.deaths[guilty.path] >= _MOST_DEATHS:
            _log.warning("the index leaves out %s, which cannot be read", guilty.path)
            await self.take(guilty, Answer(NOWHERE))
            left = left[1:]
        self.waiting.extendleft([job] for job in reversed(left))


async def _row(child: Child) -> list[bytes]:
    (length,) = LENGTH.unpack(await child.reader.readexactly(LENGTH.size))
    if length > MOST_BYTES:
        raise ValueError("a row that no worker sends")
    return fields_of(await child.reader.readexactly(length))


def _answer(row: bytes) -> Answer:
    kind, size, changed, *fields = fields_of(row)
    stamp = Stamp(int(size), int(changed))
    if kind == READ:
        digest, defined, used, facts, text = fields
        return Answer(stamp, Content(digest, defined.decode(), used.decode(), facts, text))
    return Answer(stamp, is_same=kind == SAME)


def _batches(jobs: Sequence[Job]) -> list[list[Job]]:
    """Files by the batch; a text is one by itself, as somebody waits for it, and so is a store."""
    files = [job for job in jobs if job.is_file]
    others = [[job] for job in jobs if not job.is_file]
    return others + [files[at : at + _BATCH] for at in range(0, len(files), _BATCH)]


def _count() -> int:
    return max(1, min(_MOST_WORKERS, os.cpu_count() or 1))


__all__ = ["Answer", "Job", "ProcessError", "Workers"]
