"""How long the first map in a file takes, and a kept one, in a project of many files."""

from __future__ import annotations

from contextlib import asynccontextmanager
from random import Random
from statistics import quantiles
from time import thread_time
from typing import TYPE_CHECKING, Final, NamedTuple

from fimls.clock import SystemClock
from fimls.completion.maps import Maps, here
from fimls.completion.prompt import Terms, orders
from fimls.completion.values import Ask, Extent, Shape
from fimls.context.place import Place
from fimls.documents.snapshot import Snapshot
from fimls.models.families import FAMILIES
from fimls.models.protocol import Capabilities
from fimls.repository.service import Repository
from fimls.settings import Settings
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from fimls.repository.facts import RepoView

TARGET_FIRST_MS: Final = 10.0
TARGET_KEPT_MS: Final = 1.0

_MODEL: Final = Capabilities(FAMILIES["codellama"], 4096)
_LINE: Final = Shape(Extent.LINE)

FILES: Final = 10_000

# Each is the first one in its file; the facts of some files are in memory after a few of them.
# So many of documents that were opened a while ago, and so many of those opened just now.
MAPS: Final = 200

# Files of a folder, and modules that each one imports.
_FOLDER_FILES: Final = 50
_IMPORTS: Final = 5

_VERBS: Final = ("load", "store", "merge", "check", "drop")

_WORDS: Final = (
    *("order", "price", "stock", "user", "page", "route", "token", "event", "queue", "cache"),
    *("index", "graph", "batch", "frame", "field", "query", "score", "label", "image", "state"),
)


class Times(NamedTuple):
    """Milliseconds of processor time of each map, which another process does not lengthen.

    The first one in a file is mostly made after `Maps.foresee`; `at_once` it is where the question
    comes as soon as the document is opened.
    """

    first_ms: list[float]
    at_once_ms: list[float]
    kept_ms: list[float]


async def measure(
    temporary: Path, files: int, maps: int, progress: Callable[[int, int | None], None]
) -> Times:
    """Makes a project of that many Python files of some 2 kB, indexes it, and maps some of them.

    `temporary` is an empty folder for it.
    """
    folder = temporary / "project"
    write_project(folder, files)

    @asynccontextmanager
    async def shown(_name: str) -> AsyncIterator[Callable[[int, int | None], None]]:
        yield progress

    cache = temporary / "cache"
    repository = Repository(Settings().context, cache, SystemClock(), show=shown)
    try:
        repository.set_folders([str(folder)])
        await repository.ready()
        view = repository.view(str(folder / _path(0)))
        return Times([], [], []) if view is None else await _times(folder, view, files, maps)
    finally:
        await repository.close()


async def _times(folder: Path, view: RepoView, files: int, maps: int) -> Times:
    """Each map is of another file, at a place in its middle; a kept one with all of its prompt."""
    times = Times([], [], [])
    chance = Random(1)  # noqa: S311  It is to be the same each time.
    settings = Settings()
    for turn, number in enumerate(chance.sample(range(files), min(2 * maps, files))):
        path = _path(number)
        text = (folder / path).read_text(encoding="utf-8")
        snap = Snapshot(path, 1, language_of("", path), path, text)
        ask = Ask(snap, snap.hole_at(text.find("\n", len(text) // 2)))
        # In this very thread, whose time is measured.
        kept = Maps(lambda path: Place(view, path), SystemClock(), here)
        is_foreseen = turn % 2 == 0
        if is_foreseen:
            top = Ask(snap, snap.hole_at(0))
            await kept.foresee(top, _MODEL, settings, is_likely=False)
        begin = thread_time()
        await kept.entered(ask, _MODEL, settings)
        first_ms = times.first_ms if is_foreseen else times.at_once_ms
        first_ms.append((thread_time() - begin) * 1000)
        begin = thread_time()
        around = await kept.entered(ask, _MODEL, settings)
        orders(ask.hole, _LINE, _MODEL, settings.completion.max_tokens, Terms(around=around))
        times.kept_ms.append((thread_time() - begin) * 1000)
    return times


def p95(times_ms: list[float]) -> float:
    """The time that 95 of 100 stay under."""
    return quantiles(times_ms, n=20)[-1] if len(times_ms) > 1 else sum(times_ms)


def write_project(folder: Path, files: int) -> None:
    """Writes Python files of some 2 kB that import, call and derive from each other."""
    chance = Random(0)  # noqa: S311  It is to be the same each time.
    for number in range(files):
        path = folder / _path(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_module(number, files, chance), encoding="utf-8")


def _path(number: int) -> str:
    return f"part{number // _FOLDER_FILES:03}/{_WORDS[number % len(_WORDS)]}_{number}.py"


def _module(number: int, files: int, chance: Random) -> str:
    others = [chance.randrange(files) for _ in range(_IMPORTS)]
    lines = [f'"""Module {number}."""', "", "from __future__ import annotations", ""]
    for other in others:
        module = _path(other).removesuffix(".py").replace("/", ".")
        lines.append(f"from {module} import {_class(other)}, make_{_word(other)}_{other}")
    lines += ["", "", f"class {_class(number)}({_class(others[0])}):"]
    lines += [f'    """Holds a {_word(number)}."""', "", "    limit: int = 10", ""]
    for at, other in enumerate(others):
        lines += _method(at, other)
    lines += [
        "",
        f"def make_{_word(number)}_{number}(limit: int, least: int = 0) -> {_class(number)}:",
        f"    made = {_class(number)}()",
        "    made.limit = max(limit, least)",
        "    return made",
        "",
    ]
    return "\n".join(lines)


def _method(at: int, other: int) -> list[str]:
    verb, word, kind = _VERBS[at], _word(other), _class(other)
    return [
        f"    def {verb}_{word}(self, {word}: {kind}, *, limit: int = 0) -> {kind}:",
        f'        """{verb.capitalize()} it where it is wanted."""',
        f"        found = make_{word}_{other}({word}.limit, self.limit + limit)",
        f"        if found.limit > {at}:",
        f"            return found.merge_{word}(found)",
        "        return found",
        "",
    ]


def _word(number: int) -> str:
    return _WORDS[number % len(_WORDS)]


def _class(number: int) -> str:
    return f"{_word(number).capitalize()}{number}"
