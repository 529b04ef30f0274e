"""`fimls eval infill`: how many holes are filled as they were."""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fimls.cli.setup import completer_for, settings_for
from fimls.cli.tables import show, table
from fimls.errors import Unreachable

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import AsyncIterator, Callable, Sequence

    from fimls.evaluation.execute import Executor
    from fimls.evaluation.infill import Filled, Traced, Way
    from fimls.evaluation.infill_report import Figures
    from fimls.evaluation.ledger import Ledger
    from fimls.evaluation.share import Share
    from fimls.evaluation.tasks import Task
    from fimls.models.status import Status
    from fimls.settings import Settings


def configure(parser: ArgumentParser) -> None:
    """Adds the arguments of this measurement."""
    parser.add_argument(
        "--automatic", action="store_true", help="infill: as if nobody had asked by a key"
    )
    parser.add_argument(
        "--raw",
        action="store_true",
        help="infill: beside it the bare model, prefix as it stands and first line",
    )
    parser.add_argument(
        "--execute", action="store_true", help="infill: also run each task's own test, apart"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="infill: a line a task; what is there already is not asked again",
    )


def run(arguments: Namespace) -> None:
    """Fills and prints."""
    from fimls.evaluation.tasks import sets

    found = sets(arguments.data or [], arguments.count)
    name = ", ".join(each.name for each in found)
    tasks = [task for each in found for task in each.tasks]
    asyncio.run(_measure(name, tasks, arguments))


async def _measure(name: str, tasks: Sequence[Task], arguments: Namespace) -> None:
    from fimls.evaluation.execute import executor
    from fimls.evaluation.infill import Way
    from fimls.evaluation.ledger import Ledger

    executing = await executor() if arguments.execute else None
    ledger = Ledger(arguments.out)
    ways = [Way.AUTOMATIC if arguments.automatic else Way.EXPLICIT]
    ways += [Way.RAW] if arguments.raw else []
    settings = settings_for(arguments)
    filled = {way: await _filled(tasks, way, settings, ledger, executing) for way in ways}
    apart = executing.isolation.says if executing else None
    (_print_json if arguments.json else _print)(name, filled, apart)


async def _filled(
    tasks: Sequence[Task],
    way: Way,
    settings: Settings,
    ledger: Ledger,
    executing: Executor | None,
) -> list[Filled]:
    from fimls.cli.progress import progress_bar
    from fimls.evaluation.infill import fill

    with progress_bar(way.value, unit="tasks") as tell:
        async with _asking(way, settings) as traced:
            return await fill(
                tasks,
                traced,
                way,
                ledger=ledger,
                passes=executing.passes if executing else None,
                progress=lambda done: tell(done, len(tasks)),
            )


@asynccontextmanager
async def _asking(way: Way, settings: Settings) -> AsyncIterator[Traced]:
    """What a hole is filled by: the product, or the bare model."""
    from fimls.clock import SystemClock
    from fimls.evaluation.bare import Bare
    from fimls.evaluation.infill import Way
    from fimls.models.session import Session
    from fimls.models.status import Status

    if way is not Way.RAW:
        async with completer_for(settings) as completer:
            yield completer.traced
        return
    clock = SystemClock()
    session = Session(settings, clock, os.environ, _ignore)
    try:
        model = await session.settled()
        if isinstance(model, Status):
            raise Unreachable(model.message)
        yield Bare(model, settings.completion.max_tokens, clock).traced
    finally:
        await session.close()


def _ignore(_status: Status) -> None:
    return None


def _print_json(name: str, filled: dict[Way, list[Filled]], apart: str | None) -> None:
    from fimls.evaluation.infill_report import as_json, figures

    rows = {way: [as_json(each) for each in figures(way, found)] for way, found in filled.items()}
    (first, (whole, *by_language)), *beside = rows.items()
    model = next((each.model for each in filled[first] if each.model), None)
    print(
        json.dumps(
            {
                "data": name,
                "model": model,
                "way": first,
                **whole,
                "by_language": by_language,
                **{way: found[0] for way, found in beside},
                "isolation": apart,
            }
        )
    )


def _print(name: str, filled: dict[Way, list[Filled]], apart: str | None) -> None:
    from fimls.evaluation.infill_report import figures

    found = {way: figures(way, each) for way, each in filled.items()}
    print(f"{name}\nShares are in percent ± the standard error.\n")
    _show_ways([rows[0] for rows in found.values()])
    for way, rows in found.items():
        _show_languages(way, rows[1:])
    if apart is not None:
        print(f"Tests were run with: {apart}.")
    for way, (whole, *_) in found.items():
        for reason, count in whole.skips:
            print(f"{count:5} {way}: {reason}")


def _show_ways(ways: Sequence[Figures]) -> None:
    rows = table("requests", *(each.what for each in ways))
    rows.add_row("tasks", *(str(each.shown.whole) for each in ways))
    for name, share in _SHARES.items():
        rows.add_row(name, *(_told(share(each)) for each in ways))
    rows.add_row("p50 ms", *("–" if each.p50_ms is None else f"{each.p50_ms:.0f}" for each in ways))
    rows.add_row("p95 ms", *("–" if each.p95_ms is None else f"{each.p95_ms:.0f}" for each in ways))
    show(rows)
    print()


def _show_languages(way: Way, languages: Sequence[Figures]) -> None:
    if not languages:
        return
    rows = table(way, "tasks", *_SHARES)
    for each in languages:
        shares = (_told(share(each)) for share in _SHARES.values())
        rows.add_row(each.language, str(each.shown.whole), *shares)
    show(rows)
    print()


def _told(share: Share | None) -> str:
    return "–" if share is None else str(share)


_SHARES: Final[dict[str, Callable[[Figures], Share | None]]] = {
    "shown": lambda row: row.shown,
    "exact": lambda row: row.exact,
    "pass@1": lambda row: row.passes,
    # These are shares of what was shown, the others of all tasks.
    "right of shown": lambda row: row.right,
    "parse of shown": lambda row: row.parse,
}
