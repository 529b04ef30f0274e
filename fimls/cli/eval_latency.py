"""`fimls eval latency`: a typing trace through the real server, and what came of it."""

from __future__ import annotations

import asyncio
import json
from argparse import BooleanOptionalAction
from pathlib import Path
from typing import TYPE_CHECKING

from fimls.cli.tables import show, table
from fimls.errors import InputError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Sequence

    from fimls.evaluation.typing_bench import Weather
    from fimls.evaluation.typing_report import Report
    from fimls.evaluation.typing_timeline import Timeline
    from fimls.evaluation.typing_trace import Trace

_MANNERS = ("true", "one-line", "endless")
_VERSIONS = ("0.24", "0.33")


def configure(parser: ArgumentParser) -> None:
    """Adds the arguments of this measurement."""
    parser.add_argument(
        "--trace",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="latency: typing traces, .json, or files of code to type in (a file of fimls' own)",
    )
    parser.add_argument(
        "--at", type=int, metavar="LINE", help="latency: where to type in a file of code (middle)"
    )
    parser.add_argument(
        "--record", type=Path, metavar="FILE", help="latency: only write the trace, .json"
    )
    parser.add_argument(
        "--key-ms", type=float, metavar="MS", help="latency: between two keys (120)"
    )
    parser.add_argument("--pause-s", type=float, metavar="S", help="latency: of a pause (1.5)")
    parser.add_argument(
        "--more",
        action=BooleanOptionalAction,
        default=True,
        help="latency: whether the editor understands fimls/more",
    )
    parser.add_argument(
        "--model",
        choices=_MANNERS,
        default="true",
        help="latency: how far the model is right, and whether it ends (true)",
    )
    parser.add_argument(
        "--version",
        choices=_VERSIONS,
        default="0.33",
        help="latency: of the fake Ollama; since 0.30 prompts are saved (0.33)",
    )
    parser.add_argument(
        "--plot",
        type=Path,
        metavar="FILE",
        help="latency: draw the wait of each key as SVG; context: what stands in the prompt",
    )
    parser.add_argument(
        "--real", action="store_true", help="latency: the configured model, not the fake Ollama"
    )


def run(arguments: Namespace) -> None:
    """Plays and prints.  `arguments.runs` is how often each trace is played: None is once."""
    from fimls.evaluation.typing_report import as_json

    if arguments.record is not None:
        _record(arguments)
        return
    reports = _played(arguments)
    if arguments.plot is not None:
        _plot(reports, arguments.plot)
    if arguments.json:
        print(json.dumps({"reports": [as_json(report) for report in reports]}))
        return
    _show(reports)


def _record(arguments: Namespace) -> None:
    from fimls.evaluation.typing_trace import write

    traces = _traces(arguments)
    if len(traces) != 1:
        raise InputError("--record writes one trace: name one file with --trace")
    write(traces[0], arguments.record)


def _traces(arguments: Namespace) -> list[Trace]:
    from fimls.evaluation.typing_trace import bundled, read

    if not arguments.trace:
        return [bundled()]
    return [read(path, arguments.at) for path in arguments.trace]


def _played(arguments: Namespace) -> list[Report]:
    from fimls.cli.progress import progress_bar
    from fimls.cli.setup import settings_for
    from fimls.evaluation.typing_report import Report
    from fimls.evaluation.typing_trace import KEYS

    # What is wrong with the settings is said once, here.
    settings_for(arguments)
    weather = _weather(arguments)
    traces = _traces(arguments)
    runs, done = arguments.runs or 1, 0
    reports = []
    with progress_bar("latency", unit="keys") as tell:
        for trace in traces:
            timelines = []
            for _run in range(runs):
                count = _counter(tell, done, len(traces) * runs * KEYS)
                timelines.append(asyncio.run(_play(trace, weather, arguments.assignments, count)))
                done += KEYS
            reports.append(Report(trace, weather, tuple(timelines)))
    return reports


async def _play(
    trace: Trace, weather: Weather, assignments: Sequence[str], tell: Callable[[int], None]
) -> Timeline:
    from fimls.evaluation.typing_bench import play

    return await play(trace, weather, assignments, tell)


def _counter(
    tell: Callable[[int, int | None], None], before: int, total: int
) -> Callable[[int], None]:
    return lambda keys: tell(before + keys, total)


def _weather(arguments: Namespace) -> Weather:
    from fimls.evaluation.typing_bench import Weather
    from fimls.evaluation.typing_model import Manner
    from fimls.evaluation.typing_trace import KEY_S, PAUSE_S

    return Weather(
        key_s=_seconds("--key-ms", arguments.key_ms, KEY_S, 1000),
        pause_s=_seconds("--pause-s", arguments.pause_s, PAUSE_S, 1),
        more=arguments.more,
        manner=Manner(arguments.model),
        version=arguments.version,
        real=arguments.real,
    )


def _seconds(name: str, given: float | None, default_s: float, per_second: int) -> float:
    if given is None:
        return default_s
    if not 0 < given < float("inf"):
        raise InputError(f"{name} wants a time above 0, not {given:g}")
    return given / per_second


def _plot(reports: Sequence[Report], path: Path) -> None:
    from fimls.evaluation.typing_plot import drawn

    runs = [(report.trace.path, line) for report in reports for line in report.timelines]
    try:
        path.write_text(drawn(runs), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error}") from None


def _show(reports: Sequence[Report]) -> None:
    from fimls.evaluation.typing_floor import floors
    from fimls.evaluation.typing_report import TARGET, cells, floor_cells

    for report in reports:
        weather = report.weather
        model = "the configured model" if weather.real else f"{weather.manner} model"
        version = "" if weather.real else f", Ollama {weather.version}"
        print(
            f"{report.trace.path}: {weather.key_s * 1000:g} ms a key, pauses of"
            f" {weather.pause_s:g} s, {'with' if weather.more else 'without'} fimls/more,"
            f" {model}{version}, {len(report.timelines)} run(s)\n"
        )
        columns = [("fimls", cells(report)), ("target", dict(TARGET))]
        if not weather.real:
            columns += [(each.name, floor_cells(each)) for each in floors(report.trace)]
        rows = table("", *(name for name, _cells in columns))
        for measure in columns[0][1]:
            rows.add_row(measure, *(found.get(measure, "-") for _name, found in columns))
        show(rows)
        print()
