"""Reading what documents import from virtual environments, and what packages there consist of."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fimls.repository.content import known_of
from fimls.repository.environment import Environment, Module
from fimls.repository.workers import Answer, Job

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fimls.repository.content import Content
    from fimls.repository.facts import FileFacts
    from fimls.repository.workers import Workers

# The language whose imports are looked up.
_PYTHON = "python"


class Imported:
    """The modules that the documents of a workspace folder import, each read once.

    They are known by the path that they are imported by, and are in no store.
    """

    def __init__(self, root: str, workers: Workers, is_wanted: Callable[[str], bool]) -> None:
        self._environment = Environment(root)
        self._workers = workers
        self._is_wanted = is_wanted

    async def read(self, own: FileFacts) -> dict[str, Content]:
        """What has not been read yet of the modules that a document imports, by path."""
        found: dict[str, Content] = {}
        if own.language != _PYTHON:
            return found
        modules = await asyncio.to_thread(self._environment.imported, own.path, own.imports)
        while modules:
            read = await self._contents(modules)
            found |= {module.path: content for module, content in read.items()}
            modules = await asyncio.to_thread(self._parts, read)
        return found

    async def _contents(self, modules: Sequence[Module]) -> dict[Module, Content]:
        wanted = {each.path: each for each in modules if self._is_wanted(each.path)}
        read: dict[Module, Content] = {}

        async def take(job: Job, answer: Answer) -> None:
            if answer.content is not None:
                read[wanted[job.path]] = answer.content

        await self._workers.read([Job.file(*each, None) for each in wanted.values()], take)
        return read

    def _parts(self, read: dict[Module, Content]) -> list[Module]:
        """The modules that packages are put together from; for a thread."""
        return [
            part
            for module, content in read.items()
            for part in self._environment.parts(
                module, known_of(content.facts, module.path).facts.imports
            )
        ]
