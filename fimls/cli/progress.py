"""A progress bar for downloads: drawn on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Without a terminal a line is written at each of these steps, so that a log stays short.
_STEP_PERCENT = 25


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int | None], None]]:
    """Gives a function that is told the bytes done and, if known, the bytes in all; on stderr."""
    if not sys.stderr.isatty():
        yield _plain(title)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _plain(title: str) -> Callable[[int, int | None], None]:
    said = -1

    def tell(done: int, total: int | None) -> None:
        nonlocal said
        step = (100 * done // total) // _STEP_PERCENT if total else 0
        if step != said:
            said = step
            share = f" {step * _STEP_PERCENT} %" if total else ""
            print(f"{title}{share} ({done / 1e6:.0f} MB)", file=sys.stderr)

    return tell
