"""What is kept of what models were found to be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from fimls import __version__
from fimls.models import remembered as module
from fimls.models.detection import Detected, How
from fimls.models.families import FAMILIES
from fimls.models.remembered import Remembered

if TYPE_CHECKING:
    from pathlib import Path

QWEN = Detected(FAMILIES["qwen2.5-coder"], How.PROBE)
NOTHING = Detected(None, How.NOTHING)


def test_what_is_put_is_there_in_the_next_session(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    Remembered(folder).put("a", QWEN)
    Remembered(folder).put("b", NOTHING)
    assert Remembered(folder).get("a") == QWEN
    assert Remembered(folder).get("b") == NOTHING
    assert Remembered(folder).get("c") is None
    # The last word counts.
    Remembered(folder).put("a", NOTHING)
    assert Remembered(folder).get("a") == NOTHING


def test_without_a_digest_nothing_is_kept(tmp_path: Path) -> None:
    Remembered(tmp_path).put("", QWEN)
    assert Remembered(tmp_path).get("") is None
    assert list(tmp_path.iterdir()) == []


def test_the_oldest_gives_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 3)
    kept = Remembered(tmp_path)
    for digest in "abcad":
        kept.put(digest, QWEN)
    assert [digest for digest in "abcd" if kept.get(digest)] == ["a", "c", "d"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'{"version": 3, "models": {"a": {"family": ""}}}',
        # Of another version, which knew other families.
        json.dumps({"version": "0.0.0", "models": {"a": {"family": ""}}}).encode(),
        # Of a family that there is no more.
        json.dumps({"version": __version__, "models": {"a": {"family": "cobol"}}}).encode(),
        json.dumps({"version": __version__, "models": [1]}).encode(),
    ],
)
def test_what_cannot_be_used_is_as_if_empty(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "models.json").write_bytes(content)
    assert Remembered(tmp_path).get("a") is None
    Remembered(tmp_path).put("b", QWEN)
    assert Remembered(tmp_path).get("b") == QWEN


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = Remembered(tmp_path / "file")
    kept.put("a", QWEN)
    assert kept.get("a") is None
