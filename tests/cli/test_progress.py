from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from fimls.cli.progress import progress_bar

if TYPE_CHECKING:
    import pytest


def test_a_log_is_kept_short(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("model") as tell:
        for done in range(0, 101, 5):
            tell(done * 1_000_000, 100_000_000)
    assert capsys.readouterr().err.splitlines() == [
        "model 0 % (0 MB)",
        "model 25 % (25 MB)",
        "model 50 % (50 MB)",
        "model 75 % (75 MB)",
        "model 100 % (100 MB)",
    ]


def test_an_unknown_size_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("model") as tell:
        tell(0, None)
        tell(5_000_000, None)
    assert capsys.readouterr().err == "model (0 MB)\n"


def test_a_terminal_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar("model") as tell:
        tell(50_000_000, 100_000_000)
    assert "model" in terminal.getvalue()
    assert "100.0" in terminal.getvalue()
