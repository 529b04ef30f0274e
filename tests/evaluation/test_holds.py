from __future__ import annotations

import pytest

from fimls.evaluation.holds import times
from fimls.evaluation.volume import functions, volume
from fimls.settings import CompletionSettings, Settings

AT_ONCE = Settings(completion=CompletionSettings(debounce_ms=0))

KINDS = [
    "loop held: opening, first request",
    "loop held: first parse",
    "loop held: typing what breaks it",
    "loop held: parse of broken text",
    "loop held: closing",
]


@pytest.mark.parametrize(("language", "eol"), [("python", "\n"), ("rust", "\r\n")])
async def test_times(language: str, eol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fimls.evaluation.holds.ROUNDS", 1)
    file = functions(60) if language == "python" else volume(language, 60, "// 🦉\n")
    found = [each async for each in times(AT_ONCE, file, eol)]
    assert [what for what, _time_ms in found] == KINDS
    assert all(time_ms > 0 for _what, time_ms in found)


@pytest.mark.parametrize("language", ["python", "lua", "ruby"])
async def test_the_loop_is_never_held_for_long(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In 20,000 lines, of which no parser makes anything in a moment.

    It is 5 to 15 ms where nothing else runs; before there were bounds it was 30 to 1,000.
    """
    monkeypatch.setattr("fimls.evaluation.holds.ROUNDS", 1)
    found = [each async for each in times(AT_ONCE, volume(language, 20_000, "\n"), "\r\n")]
    assert max(time_ms for _what, time_ms in found) < 60
