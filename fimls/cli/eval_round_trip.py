"""`fimls eval latency --round-trip`: what an editor waits for besides the model."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from fimls.cli.setup import settings_for
from fimls.cli.tables import show, table

if TYPE_CHECKING:
    from argparse import Namespace


def run(arguments: Namespace) -> None:
    """Asks at places all over two long files, and prints."""
    from fimls.cli.progress import progress_bar
    from fimls.evaluation.latency import as_json
    from fimls.evaluation.round_trip import COUNTED, TARGETS_MS, measure

    settings_for(arguments)
    total = COUNTED * len(TARGETS_MS)
    with progress_bar("round trips", unit="places") as tell:
        found = asyncio.run(measure(arguments.assignments, tell=lambda done: tell(done, total)))
    figures = [figure for trips in found for figure in trips.figures()]
    if arguments.json:
        print(json.dumps({"figures": [as_json(figure) for figure in figures]}))
        return
    rows = table("the real server", "trips", "least ms", "p50 ms", "p95 ms", "target p95 ms")
    for figure in figures:
        times = (figure.spread.least_ms, figure.spread.p50_ms, figure.spread.p95_ms)
        target = "-" if figure.target_p95_ms is None else f"{figure.target_p95_ms:g}"
        rows.add_row(
            figure.what, str(figure.spread.count), *(f"{each:.1f}" for each in times), target
        )
    show(rows)
