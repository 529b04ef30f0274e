"""`fimls action`: one action on lines of a file, as an editor would have it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fimls.actions.collect import Diagnostic
from fimls.actions.request import Edits, Explanation, Name, Refusal, Request, Why
from fimls.cli.exits import EXIT_DONE, EXIT_NO_MODEL, EXIT_NOTHING, EXIT_USAGE
from fimls.cli.place import read, snapshot_of, workspace_of
from fimls.cli.setup import settings_for
from fimls.cli.span import range_of, span_of
from fimls.errors import InputError
from fimls.text.line_bounds import line_start

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from fimls.actions.request import Result
    from fimls.cli.action_screen import Screen
    from fimls.context.place import Place
    from fimls.settings import Settings

_EXITS: Mapping[Why, int] = {
    Why.INPUT: EXIT_USAGE,
    Why.NO_MODEL: EXIT_NO_MODEL,
    Why.MODEL: EXIT_NO_MODEL,
    Why.ANSWER: EXIT_NOTHING,
}

# One line alone is where the cursor is for these; the others work on the line.
_AT_CURSOR = frozenset({Name.GENERATE, Name.FIX})

# The one action that takes an option; any other says so.
_TAKERS: Mapping[str, Name] = {"instruction": Name.EDIT, "diagnostic": Name.FIX}


def configure(parser: ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument("name", choices=[str(name) for name in Name], help="which action")
    parser.add_argument(
        "place", metavar="FILE:START[-END]", help="lines, 1-based; the last one is one of them"
    )
    parser.add_argument(
        "--apply", action="store_true", help="write the edit, if the file is still the same then"
    )
    parser.add_argument("--instruction", metavar="TEXT", help="edit: what is to be changed")
    parser.add_argument("--diagnostic", metavar="TEXT", help="fix: what is wrong with the lines")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(arguments: Namespace) -> int:
    """Prints an explanation as it comes, or an edit as a diff; or says why there is neither."""
    from fimls.cli.action_screen import Screen

    settings = settings_for(arguments)
    path = span_of(arguments.place).path
    request = _request(arguments)
    streams = request.name is Name.EXPLAIN and not arguments.json
    with Screen(streams=streams) as screen:
        result = asyncio.run(_result(path.resolve(), request, settings, screen))
        if streams and isinstance(result, Explanation):
            screen.text(result.markdown)
    if isinstance(result, Refusal):
        return _refuse(result, as_json=arguments.json)
    if isinstance(result, Explanation):
        return _tell(result, as_json=arguments.json)
    return _offer(result, request, path, arguments)


def _request(arguments: Namespace) -> Request:
    name = Name(arguments.name)
    for option, taker in _TAKERS.items():
        if getattr(arguments, option) is not None and name is not taker:
            raise InputError(f"--{option} is for `{taker}`; `{name}` takes none")
    if arguments.apply and name is Name.EXPLAIN:
        raise InputError("--apply is for edits, and `explain` makes none")
    span = span_of(arguments.place)
    snap = snapshot_of(span.path, read(span.path, stdin=False), workspace_of(span.path))
    start, end = range_of(span, snap.text, at_cursor=name in _AT_CURSOR)
    wrong = arguments.diagnostic
    found = () if wrong is None else (Diagnostic(line_start(snap.text, end), end, wrong),)
    return Request(name, snap, start, end, arguments.instruction or "", found)


async def _result(path: Path, request: Request, settings: Settings, screen: Screen) -> Result:
    from fimls.actions.run import Env, prompts_folder
    from fimls.actions.run import run as act
    from fimls.actions.watching import Watcher
    from fimls.clock import SystemClock
    from fimls.models.chat_keeping import chat_once
    from fimls.models.slot import Slot

    clock = SystemClock()
    async with (
        _place_of(path, settings) as place,
        chat_once(settings, clock, os.environ) as models,
    ):
        env = Env(settings, models, Slot(), clock, place, prompts_folder(os.environ))
        return await act(request, env, Watcher(screen.progress, screen.text))


@asynccontextmanager
async def _place_of(path: Path, settings: Settings) -> AsyncIterator[Place | None]:
    """What the index knows of the file's project, unless the user wants none."""
    from fimls.cli.map import view_of
    from fimls.context.place import Place

    if not settings.context.repo_map:
        yield None
        return
    async with view_of(path, settings, quiet=not sys.stderr.isatty()) as (view, relative):
        yield None if view is None else Place(view, relative)


def _refuse(refusal: Refusal, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": refusal.message, "fix": refusal.fix}, ensure_ascii=False))
    print(f"fimls: {refusal}", file=sys.stderr)
    return _EXITS[refusal.why]


def _tell(explanation: Explanation, *, as_json: bool) -> int:
    """Says it as an object; for people it has been streamed already."""
    if as_json:
        told = {"action": str(Name.EXPLAIN), "markdown": explanation.markdown}
        print(json.dumps({**told, "model": explanation.model}, ensure_ascii=False))
    return EXIT_DONE


def _offer(edits: Edits, request: Request, path: Path, arguments: Namespace) -> int:
    """Shows the edit, and makes it where that is wanted."""
    from fimls.cli.rewriting import difference, rewritten, show, write

    snap = request.snap
    after = rewritten(snap, edits.edits)
    diff = difference(snap.source, after, snap.path)
    applied = arguments.apply and write(path, snap.source, after)
    if arguments.json:
        print(json.dumps(_as_json(edits, request, diff, applied=applied), ensure_ascii=False))
    else:
        show(diff)
    print(f"fimls: {edits.message}", file=sys.stderr)
    if arguments.apply and not applied:
        print(f"fimls: {path} has changed meanwhile, and stays as it is", file=sys.stderr)
        return EXIT_NOTHING
    return EXIT_DONE


def _as_json(edits: Edits, request: Request, diff: str, *, applied: bool) -> dict[str, object]:
    from fimls.text.lines import from_lf
    from fimls.text.positions import Encoding

    snap = request.snap

    def position(offset: int) -> dict[str, int]:
        at = snap.lines.position(offset, Encoding.UTF16)
        return {"line": at.line, "character": at.character}

    return {
        "action": str(request.name),
        "edits": [
            {
                "range": {"start": position(each.start), "end": position(each.end)},
                "newText": from_lf(each.text, snap.eol),
            }
            for each in edits.edits
        ],
        "diff": diff,
        "checked": list(edits.checked),
        "message": edits.message,
        "model": edits.model,
        "attempts": edits.attempts,
        "applied": applied,
    }
