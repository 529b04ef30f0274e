"""`fimls map`: what would be shown of other files, and nothing else on stdout."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from fimls.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIMLS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("FIMLS_CONFIG_DIR", str(tmp_path / "config"))
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    (folder / "orders.py").write_text("def open_order(name: str) -> int: ...\n")
    (folder / "app.py").write_text("from orders import open_order\n\nwanted = \n")
    (folder / "alone.py").write_text("x = 1\n")
    return folder


def test_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", f"{project / 'app.py'}:3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["map"] == "orders.py\ndef open_order(name: str) -> int"
    assert found["files"] == 1
    assert 0 < found["tokens"] < 40
    (entry,) = found["entries"]
    assert (entry["path"], entry["line"], entry["name"]) == ("orders.py", 1, "open_order")
    assert (entry["kind"], entry["reason"]) == ("function", "imported here")
    assert entry["score"] > 0


def test_for_people(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # A file alone is its first line.
    assert main(["map", str(project / "app.py")]) == 0
    assert capsys.readouterr().out == (
        "orders.py  (imported here)\n    def open_order(name: str) -> int\n"
    )


def test_nothing_to_show(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", f"{project / 'alone.py'}:1", "--budget", "0", "--json"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["entries"] == []
    assert "nothing of other files" in printed.err


@pytest.mark.parametrize(
    "words",
    [
        # No such line, no such file, no number of tokens.
        ["map", "app.py:99"],
        ["map", "gone.py:1"],
        ["map", "app.py:1", "--budget", "-1"],
    ],
)
def test_wrong_usage(project: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.chdir(project)
    assert main(words) == 2
