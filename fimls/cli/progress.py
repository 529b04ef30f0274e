"""A progress bar: drawn on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Without a terminal a line is written at each of these steps, so that a log stays short.
_STEP_PERCENT = 25

_BYTES = "bytes"


@contextmanager
def progress_bar(title: str, unit: str = _BYTES) -> Iterator[Callable[[int, int | None], None]]:
    """Gives a function that is told how much is done and, if known, how much it is in all.

    It is drawn on stderr.  `unit` is what is counted; bytes are shown as megabytes.
    """
    if not sys.stderr.isatty():
        yield _plain(title, unit)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    counted = DownloadColumn() if unit == _BYTES else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), counted)
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _plain(title: str, unit: str) -> Callable[[int, int | None], None]:
    said = -1

    def tell(done: int, total: int | None) -> None:
        nonlocal said
        step = (100 * done // total) // _STEP_PERCENT if total else 0
        if step != said:
            said = step
            share = f" {step * _STEP_PERCENT} %" if total else ""
            amount = f"{done / 1e6:.0f} MB" if unit == _BYTES else f"{done} {unit}"
            print(f"{title}{share} ({amount})", file=sys.stderr)

    return tell
