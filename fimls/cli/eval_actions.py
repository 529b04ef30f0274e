"""`fimls eval latency --actions`: what code actions cost besides the model."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from fimls.cli.setup import settings_for
from fimls.cli.tables import show, table

if TYPE_CHECKING:
    from argparse import Namespace


def run(arguments: Namespace) -> None:
    """Lists and carries out actions all over a long file, and prints."""
    from fimls.cli.progress import progress_bar
    from fimls.evaluation import acting
    from fimls.evaluation.latency import as_json

    settings_for(arguments)
    lines, places = acting.LINES, acting.PLACES
    total = places + acting.WARM_UP
    with progress_bar("actions", unit="places") as tell:
        measuring = acting.measure(
            arguments.assignments, lines, places, lambda done: tell(done, total)
        )
        figures = asyncio.run(measuring).figures()
    if arguments.json:
        print(json.dumps({"lines": lines, "figures": [as_json(figure) for figure in figures]}))
        return
    columns = ("times", "least ms", "p50 ms", "p95 ms", "most ms", "target p95 ms")
    rows = table(f"{lines} lines", *columns)
    for figure in figures:
        found = figure.spread
        times = (found.least_ms, found.p50_ms, found.p95_ms, found.most_ms)
        target = "-" if figure.target_p95_ms is None else f"{figure.target_p95_ms:g}"
        rows.add_row(figure.what, str(found.count), *(f"{each:.1f}" for each in times), target)
    show(rows)
