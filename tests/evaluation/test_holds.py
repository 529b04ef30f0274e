from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.evaluation.holds import times
from fimls.settings import CompletionSettings, Settings

if TYPE_CHECKING:
    import pytest


async def test_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fimls.evaluation.holds.ROUNDS", 1)
    settings = Settings(completion=CompletionSettings(debounce_ms=0))
    found = [each async for each in times(settings, 60)]
    assert [what for what, _time_ms in found] == [
        "loop held: opening, first request",
        "loop held: first parse",
        "loop held: typing what breaks it",
        "loop held: parse of broken text",
    ]
    assert all(time_ms > 0 for _what, time_ms in found)
