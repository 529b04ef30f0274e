"""Measures all figures of `docs/performance.md` anew: `python -m fimls.cli.bench [TRACE ...]`.

`--only` measures some parts; the others stay as they are in the file of figures.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fimls.evaluation.typing_page import Figures
    from fimls.evaluation.typing_report import Report
    from fimls.evaluation.typing_timeline import Timeline
    from fimls.evaluation.typing_trace import Trace

_STARTS = 10


def main(argv: Sequence[str] | None = None) -> int:
    """Measures, and writes the figures, the tables and the drawing."""
    from fimls.evaluation.typing_page import filled, tables

    docs = Path("docs")
    parser = ArgumentParser("fimls.cli.bench", description=__doc__)
    parser.add_argument("traces", nargs="*", type=Path, help="typing traces (a file of fimls')")
    parser.add_argument("--only", nargs="+", metavar="PART", help="parts, or names of weathers")
    parser.add_argument("--page", type=Path, default=docs / "performance.md")
    parser.add_argument("--figures", type=Path, default=docs / "performance.json")
    parser.add_argument("--plot", type=Path, default=docs / "images" / "typing.svg")
    given = parser.parse_args(argv)

    figures: Figures = json.loads(given.figures.read_bytes()) if given.figures.exists() else {}
    for name, measure in _parts(given.traces, given.plot).items():
        if given.only is None or name in given.only:
            measure(figures)
            figures.setdefault("load", {})[name] = _load()
            given.figures.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    page = given.page.read_text(encoding="utf-8")
    for name, content in tables(figures).items():
        page = filled(page, name, content)
    given.page.write_text(page, encoding="utf-8")
    return 0


def _parts(traces: Sequence[Path], plot: Path) -> Mapping[str, Callable[[Figures], None]]:
    from fimls.evaluation.typing_weathers import WEATHERS

    def played(name: str) -> Callable[[Figures], None]:
        return lambda figures: _play(figures, name, traces, plot)

    return {
        **{name: played(name) for name in WEATHERS},
        "start-up": _start_up,
        "round trip": _round_trip,
        "endurance": _endure,
    }


def _play(figures: Figures, name: str, paths: Sequence[Path], plot: Path) -> None:
    from fimls.evaluation.typing_plot import drawn
    from fimls.evaluation.typing_report import Report
    from fimls.evaluation.typing_trace import bundled, read
    from fimls.evaluation.typing_weathers import MAIN, WEATHERS

    traces: list[tuple[str, Trace]] = [(path.stem, read(path)) for path in paths]
    if not traces or name == MAIN:
        # A trace that nothing was ever tuned for.
        traces.append(("own", bundled()))
    found, runs = {}, []
    for short, trace in traces:
        print(f"{name}: {short}", file=sys.stderr)
        timeline = asyncio.run(_timeline(trace, name))
        found[short] = _figures(Report(trace, WEATHERS[name], (timeline,)))
        runs.append((f"{short}: {trace.path}", timeline))
    figures.setdefault("typing", {})[name] = found
    # In the order of the table, whatever was measured when.
    figures["typing"] = {
        each: figures["typing"][each] for each in WEATHERS if each in figures["typing"]
    }
    if name == MAIN:
        plot.write_text(drawn(runs), encoding="utf-8")


async def _timeline(trace: Trace, name: str) -> Timeline:
    from fimls.evaluation.typing_bench import play
    from fimls.evaluation.typing_weathers import WEATHERS

    return await play(trace, WEATHERS[name])


def _figures(report: Report) -> dict[str, object]:
    from fimls.evaluation.typing_report import as_json, cells

    whole = as_json(report)
    return {"cells": cells(report), "seen": whole["seen"], "worked": whole["worked"]}


def _load() -> float | None:
    """How many wanted a processor in the last minute; None where the system does not tell."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def _start_up(figures: Figures) -> None:
    from fimls.evaluation.startup import as_json, measure

    figures["start-up"] = as_json(asyncio.run(measure(_STARTS)))


def _round_trip(figures: Figures) -> None:
    from fimls.evaluation.latency import as_json
    from fimls.evaluation.round_trip import measure

    found = [figure for trips in asyncio.run(measure()) for figure in trips.figures()]
    figures["round trip"] = {"figures": [as_json(figure) for figure in found]}


def _endure(figures: Figures) -> None:
    from fimls.evaluation.endurance import as_json, endure

    figures["endurance"] = as_json(asyncio.run(endure()))


if __name__ == "__main__":
    sys.exit(main())
