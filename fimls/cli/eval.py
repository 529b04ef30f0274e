"""`fimls eval`: measurements, one table each."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from fimls.cli import eval_scale
from fimls.cli.exits import EXIT_DONE
from fimls.cli.setup import completer_for, settings_for
from fimls.cli.tables import show, table
from fimls.errors import InputError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from fimls.evaluation.infill import Filled, Task

# Enough for a median that hardly moves; both servers together start twenty times in half a minute.
_RUNS = 10

# The embedded model fills as many in about a minute.
_TASKS = 100


def configure(parser: ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument("what", choices=_EVALUATIONS, help="what to measure")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--startup", action="store_true", help="latency: from the start to `initialize`'s answer"
    )
    which.add_argument(
        "--overhead", action="store_true", help="latency: a completion without the model's time"
    )
    parser.add_argument("--runs", type=int, default=_RUNS, metavar="N", help="starts (10)")
    parser.add_argument(
        "--data",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="infill: tasks, .jsonl or .gz; scale: typing traces, .json (a file of fimls' own)",
    )
    parser.add_argument("--count", type=int, default=_TASKS, metavar="N", help="tasks (100)")
    parser.add_argument(
        "--automatic", action="store_true", help="infill: as if nobody had asked by a key"
    )
    eval_scale.configure(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(arguments: Namespace) -> int:
    """Measures and prints."""
    _EVALUATIONS[arguments.what](arguments)
    return EXIT_DONE


def _latency(arguments: Namespace) -> None:
    if not (arguments.startup or arguments.overhead):
        raise InputError("latency wants --startup or --overhead")
    (_startup if arguments.startup else _overhead)(arguments)


def _startup(arguments: Namespace) -> None:
    from fimls.evaluation.startup import TARGET_RATIO, as_json, measure

    if arguments.runs < 1:
        raise InputError(f"--runs wants a number of starts, not {arguments.runs}")
    settings_for(arguments)
    startup = asyncio.run(measure(arguments.runs, arguments.assignments))
    if arguments.json:
        print(json.dumps(as_json(startup)))
        return
    rows = table("answer to initialize", "median ms", "least ms", "ratio", "target")
    for name, times_ms in (("bare pygls", startup.bare_ms), ("fimls", startup.fimls_ms)):
        times = (f"{median(times_ms):.0f}", f"{min(times_ms):.0f}")
        ratio = (f"{startup.ratio:.2f}", f"{TARGET_RATIO}") if name == "fimls" else ()
        rows.add_row(name, *times, *ratio)
    show(rows)


def _overhead(arguments: Namespace) -> None:
    from fimls.evaluation import overhead
    from fimls.evaluation.latency import as_json

    lines, settings = overhead.LINES, settings_for(arguments)
    # What is measured is work, not the wait for the author's next key.
    at_once = replace(settings, completion=replace(settings.completion, debounce_ms=0))
    figures = asyncio.run(overhead.measure(at_once, lines)).figures()
    if arguments.json:
        print(json.dumps({"lines": lines, "figures": [as_json(figure) for figure in figures]}))
        return
    rows = table(f"{lines} lines, instant model", "requests", "p50 ms", "p95 ms", "target p95 ms")
    for figure in figures:
        found = figure.spread
        times = (f"{found.p50_ms:.2f}", f"{found.p95_ms:.2f}", f"{figure.target_p95_ms:g}")
        rows.add_row(figure.what, str(found.count), *times)
    show(rows)


def _infill(arguments: Namespace) -> None:
    from fimls.evaluation.infill import as_json, read

    if not arguments.data or len(arguments.data) > 1:
        raise InputError("infill wants --data FILE")
    tasks = read(arguments.data[0], arguments.count)
    row = as_json(asyncio.run(_filled(tasks, arguments)))
    if arguments.json:
        print(json.dumps(row))
        return
    rows = table("tasks", "answered", "parse in place", "exact", "p50 ms")
    rows.add_row(*(str(row[key]) for key in _INFILL_COLUMNS))
    show(rows)
    for reason, count in dict(row["skips"]).items():  # type: ignore[call-overload]
        print(f"{count:5} {reason}")


async def _filled(tasks: list[Task], arguments: Namespace) -> list[Filled]:
    from fimls.cli.progress import progress_bar
    from fimls.evaluation.infill import fill

    with progress_bar("tasks", unit="tasks") as tell:
        async with completer_for(settings_for(arguments)) as completer:
            return await fill(
                tasks,
                completer.traced,
                explicit=not arguments.automatic,
                progress=lambda done: tell(done, len(tasks)),
            )


_INFILL_COLUMNS = ("tasks", "answered", "parse_in_place", "exact", "p50_ms")

_EVALUATIONS = {"latency": _latency, "infill": _infill, "scale": eval_scale.run}
