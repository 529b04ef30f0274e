"""`fimls eval`: measurements, one table each."""

from __future__ import annotations

import asyncio
import json
from argparse import ArgumentTypeError
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from fimls.cli import (
    eval_actions,
    eval_context,
    eval_endurance,
    eval_filters,
    eval_infill,
    eval_latency,
    eval_round_trip,
    eval_scale,
)
from fimls.cli.exits import EXIT_DONE
from fimls.cli.setup import settings_for
from fimls.cli.tables import show, table
from fimls.errors import InputError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

# Enough for a median that hardly moves; both servers together start twenty times in half a minute.
_RUNS = 10


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
    which.add_argument(
        "--round-trip",
        action="store_true",
        help="latency: the same from a key to its answer, in the real server",
    )
    which.add_argument(
        "--actions",
        action="store_true",
        help="latency: code actions without the model's time, in the real server",
    )
    which.add_argument(
        "--endurance",
        action="store_true",
        help="latency: 10,000 edits and 2,000 requests, and what the server holds after them",
    )
    parser.add_argument(
        "--runs", type=int, metavar="N", help="latency: runs of each trace (1), or starts (10)"
    )
    parser.add_argument(
        "--data",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="infill, filters: tasks, .jsonl or .gz; scale: typing traces, .json (fimls' own)",
    )
    parser.add_argument("--count", type=_count, metavar="N", help="tasks of each file (all)")
    eval_infill.configure(parser)
    eval_filters.configure(parser)
    eval_latency.configure(parser)
    eval_scale.configure(parser)
    eval_context.configure(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text} is no number of tasks")
    return int(text)


def run(arguments: Namespace) -> int:
    """Measures and prints."""
    _EVALUATIONS[arguments.what](arguments)
    return EXIT_DONE


def _latency(arguments: Namespace) -> None:
    if arguments.startup:
        _startup(arguments)
    elif arguments.overhead:
        _overhead(arguments)
    elif arguments.round_trip:
        eval_round_trip.run(arguments)
    elif arguments.actions:
        eval_actions.run(arguments)
    elif arguments.endurance:
        eval_endurance.run(arguments)
    else:
        eval_latency.run(arguments)


def _startup(arguments: Namespace) -> None:
    from fimls.evaluation.startup import TARGET_RATIO, as_json, measure

    runs = _RUNS if arguments.runs is None else arguments.runs
    if runs < 1:
        raise InputError(f"--runs wants a number of starts, not {runs}")
    settings_for(arguments)
    startup = asyncio.run(measure(runs, arguments.assignments))
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
    columns = ("requests", "p50 ms", "p95 ms", "most ms", "target p95 ms")
    rows = table(f"{lines} lines, instant model", *columns)
    for figure in figures:
        found = figure.spread
        times = (f"{each:.2f}" for each in (found.p50_ms, found.p95_ms, found.most_ms))
        rows.add_row(figure.what, str(found.count), *times, f"{figure.target_p95_ms:g}")
    show(rows)


_EVALUATIONS = {
    "latency": _latency,
    "infill": eval_infill.run,
    "filters": eval_filters.run,
    "scale": eval_scale.run,
    "context": eval_context.run,
}
