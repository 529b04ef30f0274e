"""`fimls map`: what a completion at a place would be shown of the repository."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.cli.exits import EXIT_DONE, EXIT_NOTHING
from fimls.cli.place import Place, offset_of, place_of, read, workspace_of
from fimls.cli.setup import settings_for
from fimls.errors import InputError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from fimls.context.gather import Gathered
    from fimls.models.families import Family
    from fimls.repository.facts import RepoView
    from fimls.settings import Settings


def configure(parser: ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument("place", metavar="FILE[:LINE[:COL]]", help="1-based; no line: the first")
    parser.add_argument("--budget", type=int, metavar="TOKENS", help="in place of the setting")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(arguments: Namespace) -> int:
    """Prints the map after indexing what is missing; 1 where there is nothing to show."""
    settings = settings_for(arguments)
    place = _place(arguments.place)
    text = read(place.path, stdin=False).replace("\r\n", "\n").replace("\r", "\n")
    offset = offset_of(place, text)
    budget = settings.context.repo_map_tokens if arguments.budget is None else arguments.budget
    if budget < 0:
        raise InputError(f"--budget wants a number of tokens, not {budget}")
    gathered = asyncio.run(_gathered(place.path.resolve(), text, offset, budget, settings))
    if arguments.json:
        print(json.dumps(_as_json(gathered), ensure_ascii=False))
    else:
        _show(gathered)
    if gathered is None or not gathered.snippets:
        print("fimls: nothing of other files matters here", file=sys.stderr)
        return EXIT_NOTHING
    return EXIT_DONE


def _place(text: str) -> Place:
    """FILE alone is its first line."""
    try:
        return place_of(text)
    except InputError:
        return place_of(f"{text}:1:1")


async def _gathered(
    path: Path, text: str, offset: int, budget_tokens: int, settings: Settings
) -> Gathered | None:
    from fimls.clock import SystemClock
    from fimls.completion.maps import Maps, here
    from fimls.completion.values import Ask
    from fimls.context.place import Place
    from fimls.documents.snapshot import Snapshot
    from fimls.models.protocol import Capabilities
    from fimls.text.languages import language_of

    async with view_of(path, settings) as (view, relative):
        if view is None:
            return None
        place = Place(view, relative)
        snap = Snapshot(path.as_uri(), 0, language_of("", str(path)), relative, text)
        context = replace(settings.context, repo_map=True, repo_map_tokens=budget_tokens)
        maps = Maps(lambda _uri: place, SystemClock(), here)
        around = await maps.entered(
            Ask(snap, snap.hole_at(offset)),
            Capabilities(_family(settings), _ROOM_TOKENS),
            replace(settings, context=context),
        )
        return None if around is None else around.gathered


# The budget is the user's here, whatever the model has room for.
_ROOM_TOKENS = 1_000_000


def _family(settings: Settings) -> Family:
    """The family that the settings name, or that of the preferred model."""
    from fimls.models.families import FAMILIES, family_for

    return family_for(settings.family, settings.model) or FAMILIES["codellama"]


@asynccontextmanager
async def view_of(
    path: Path, settings: Settings, folder: Path | None = None, *, quiet: bool = False
) -> AsyncIterator[tuple[RepoView | None, str]]:
    """What the index knows of the file's project, and the file's path in it.

    The project is the `folder`, or the one that the file seems to belong to.  Unless it is to be
    `quiet`, it is told how far the reading has come.
    """
    from fimls.cli.progress import progress_bar
    from fimls.clock import SystemClock
    from fimls.repository.service import Repository
    from fimls.settings import cache_dir

    @asynccontextmanager
    async def shown(name: str) -> AsyncIterator[Callable[[int, int | None], None]]:
        if quiet:
            yield lambda _done, _total: None
            return
        with progress_bar(f"indexing {name}", unit="files") as tell:
            yield tell

    cache = cache_dir(os.environ)
    repository = Repository(settings.context, cache, SystemClock(), show=shown)
    try:
        repository.set_folders([str(folder or workspace_of(path))])
        await repository.ready()
        yield repository.view(str(path)), repository.relative(str(path))
    finally:
        await repository.close()


def _as_json(gathered: Gathered | None) -> dict[str, object]:
    entries = gathered.shown if gathered is not None else ()
    return {
        "map": "" if gathered is None else _text(gathered),
        "tokens": 0 if gathered is None else gathered.tokens,
        "files": 0 if gathered is None else len(gathered.snippets),
        "entries": [
            {
                "path": each.definition.path,
                "line": each.definition.line + 1,
                "name": each.definition.name,
                "kind": each.definition.kind.value,
                "score": round(each.score, 6),
                "reason": each.reason,
            }
            for each in entries
        ],
    }


def _text(gathered: Gathered) -> str:
    return "\n".join(f"{each.path}\n{each.text}" for each in gathered.snippets)


def _show(gathered: Gathered | None) -> None:
    if gathered is None:
        return
    for each in gathered.snippets:
        print(f"{each.path}  ({each.reason})")
        print("\n".join(f"    {line}" for line in each.text.split("\n")))
    print(f"\n{gathered.tokens} tokens, {len(gathered.shown)} signatures", file=sys.stderr)
