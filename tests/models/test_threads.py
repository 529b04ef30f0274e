"""How many threads are left to the embedded model."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from fimls.models import threads

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("siblings", "expected"),
    [
        # One core: it has to share.
        (["0"], 1),
        (["0", "1"], 1),
        # Four cores with two threads each.
        (["0,4", "1,5", "2,6", "3,7", "0,4", "1,5", "2,6", "3,7"], 3),
        # More than four gain little.
        ([str(number) for number in range(16)], 4),
        # A machine that does not tell.
        ([None, None, None], 2),
    ],
)
def test_thread_count(
    siblings: list[str | None], expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, text in enumerate(siblings):
        folder = tmp_path / f"cpu{number}" / "topology"
        folder.mkdir(parents=True)
        if text is not None:
            (folder / "thread_siblings_list").write_text(text + "\n")
    monkeypatch.setattr(threads, "_TOPOLOGY", tmp_path)
    monkeypatch.setattr(
        os, "sched_getaffinity", lambda _pid: set(range(len(siblings))), raising=False
    )
    assert threads.thread_count() == expected
