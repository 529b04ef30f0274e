"""`fimls eval latency --endurance`: thousands of edits in the real server, and what is left."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from fimls.cli.tables import show, table

if TYPE_CHECKING:
    from argparse import Namespace

    from fimls.evaluation.endurance import Endured, Held

_MB = 1e6


def run(arguments: Namespace) -> None:
    """Works for a long day and prints."""
    from fimls.cli.progress import progress_bar
    from fimls.evaluation.endurance import EDITS, as_json, endure

    with progress_bar("endurance", unit="edits") as tell:
        endured = asyncio.run(endure(tell=lambda edits: tell(edits, EDITS)))
    if arguments.json:
        print(json.dumps(as_json(endured)))
        return
    _show(endured)


def _show(endured: Endured) -> None:
    from fimls.evaluation.endurance import MOST_GROWTH_MB, SETTLED_EDITS

    rows = table("edits", "MB", "tasks", "files", *endured.before.kept)
    looks = [("none", endured.before), *((str(at), held) for at, held in endured.looks.items())]
    for name, held in [*looks, ("all closed", endured.after)]:
        rows.add_row(name, *_cells(held))
    show(rows)
    print(
        f"\n{endured.requests} requests, {endured.shown} shown, {endured.unanswered} unanswered;"
        f" at the model: {endured.most_at_once} at once, {endured.open} left,"
        f" {endured.reloads} reloads"
        f"\nleft: tasks {len(endured.tasks_left)}, files and connections {endured.files_left}"
        f"\ngrowth after {SETTLED_EDITS} edits: {endured.growth_mb:.1f} MB"
        f" (at most {MOST_GROWTH_MB:g})"
    )


def _cells(held: Held) -> list[str]:
    kept = [str(count) for count in held.kept.values()]
    return [f"{held.memory / _MB:.1f}", str(len(held.tasks)), str(held.files), *kept]
