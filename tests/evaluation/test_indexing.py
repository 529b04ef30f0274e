"""What the index costs can be measured, with the real server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fimls.evaluation import indexing
from fimls.evaluation.indexing import generate, measure
from fimls.repository.tags import facts_of
from fimls.text.languages import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_repository_is_the_same_each_time(tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        generate(tmp_path / name, 60, 50)
        files = sorted((tmp_path / name).rglob("*.py"))
        texts.append([file.read_text() for file in files])
    assert texts[0] == texts[1]
    assert len(texts[0]) == 60
    assert 1_500 < sum(map(len, texts[0])) / 60 < 3_000
    facts = facts_of(texts[0][0], "a.py", LANGUAGES["python"])
    assert len(facts.definitions) > 5
    assert len(facts.references) > 20


async def test_two_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "_IDLE_S", 0.01)
    monkeypatch.setattr(indexing, "_EVERY_S", 0.01)
    told: Any = await measure(5, 30)
    assert told["store_mb"] > 0
    for run in ("first", "again"):
        assert told[run]["ready_s"] > 0
        assert told[run]["memory_mb"] > 20
        assert told[run]["completions_afterwards_ms"]["count"] == 20
