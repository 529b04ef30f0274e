"""`fimls complete`: one completion, exactly as the server would give it to an explicit request."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fimls.cli.exits import EXIT_DONE, EXIT_NO_MODEL, EXIT_NOTHING
from fimls.cli.map import view_of
from fimls.cli.place import offset_of, place_of, read, snapshot_of, workspace_of
from fimls.cli.setup import completer_for, settings_for
from fimls.errors import InputError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from fimls.completion.trace import Trace
    from fimls.completion.values import Ask
    from fimls.models.status import Status
    from fimls.settings import Settings


def configure(parser: ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument("place", metavar="FILE:LINE[:COL]", help="1-based; no column: line's end")
    parser.add_argument("--stdin", action="store_true", help="read the unsaved text of FILE")
    parser.add_argument("--workspace", type=Path, metavar="DIR", help="the project's folder")
    parser.add_argument("--explain", action="store_true", help="how it came about")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(arguments: Namespace) -> int:
    """Prints the completion; 1 where there is nothing to show, 3 where there is no model."""
    ask, folder = _ask(arguments)
    statuses: list[Status] = []
    trace = asyncio.run(_trace(ask, settings_for(arguments), statuses.append, folder))
    if arguments.json:
        _print_json(trace, explain=arguments.explain)
    else:
        _print_text(trace, explain=arguments.explain)
    exit_status = _exit_status(trace)
    fix = next((status.fix for status in reversed(statuses) if status.fix), None)
    if exit_status == EXIT_NO_MODEL and fix is not None:
        print(f"fimls: {fix}", file=sys.stderr)
    return exit_status


def _ask(arguments: Namespace) -> tuple[Ask, Path]:
    """The question, and the folder of its project."""
    from fimls.completion.values import Ask

    place = place_of(arguments.place)
    source = read(place.path, stdin=arguments.stdin)
    folder = _folder(arguments.workspace) or workspace_of(place.path)
    snap = snapshot_of(place.path, source, folder)
    return Ask(snap, snap.hole_at(offset_of(place, snap.text)), explicit=True), folder


def _folder(given: Path | None) -> Path | None:
    if given is not None and not given.is_dir():
        raise InputError(f"--workspace wants a folder, and {given} is none")
    return given


async def _trace(
    ask: Ask, settings: Settings, on_status: Callable[[Status], None], folder: Path
) -> Trace:
    """How the completion comes about, after indexing what is missing, where it is to be shown."""
    from fimls.context.place import Place
    from fimls.documents.uris import path_of

    # Nobody goes on from here.
    once = replace(settings, completion=replace(settings.completion, speculate="off"))
    places: list[Place] = []
    async with completer_for(once, on_status, lambda _uri: next(iter(places), None)) as each:
        if not await each.looks_around(ask):
            return await each.traced(ask)
        path, quiet = Path(path_of(ask.snap.uri)), not sys.stderr.isatty()
        async with view_of(path, settings, folder, quiet=quiet) as (view, relative):
            if view is not None:
                places.append(Place(view, relative))
            return await each.traced(ask)


def _print_json(trace: Trace, *, explain: bool) -> None:
    from fimls.completion.trace import as_json

    print(json.dumps(as_json(trace, explain=explain), ensure_ascii=False))
    if (reason := _reason(trace)) is not None:
        print(f"fimls: {reason}", file=sys.stderr)


def _print_text(trace: Trace, *, explain: bool) -> None:
    from fimls.completion.values import Completion

    if explain:
        from fimls.cli.explanation import show

        show(trace)
    elif isinstance(trace.answer, Completion):
        print(trace.answer.text)
    if (reason := _reason(trace)) is not None:
        print(f"fimls: {reason}", file=sys.stderr)


def _reason(trace: Trace) -> str | None:
    from fimls.completion.values import Skip

    return str(trace.answer) if isinstance(trace.answer, Skip) else None


def _exit_status(trace: Trace) -> int:
    from fimls.completion.values import Completion, Reason, Skip

    if isinstance(trace.answer, Completion):
        return EXIT_DONE
    no_model = isinstance(trace.answer, Skip) and trace.answer.reason is Reason.NO_MODEL
    return EXIT_NO_MODEL if no_model else EXIT_NOTHING
