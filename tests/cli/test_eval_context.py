"""`fimls eval context`: one table, one object, one drawing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from fimls.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIMLS_CONFIG_DIR", str(tmp_path / "config"))
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "b.py").write_text("def fetch(name: str) -> int: ...\n\nclass Box:\n    size = 0\n")
    (folder / "a.py").write_text("from b import fetch\n\ndef run(box):\n    return box.size\n")
    return folder


def test_json(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "context", str(package), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["packages"]
    assert (row["package"], row["language"], row["files"], row["lines"]) == ("shop", "Python", 2, 1)
    assert row["shown"]["window alone"]["signed"]["percent"] == 0
    assert row["shown"]["map"]["signed"]["percent"] == 100


def test_a_table_and_a_drawing(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plot = tmp_path / "plot.svg"
    assert main(["eval", "context", str(package), "--plot", str(plot)]) == 0
    printed = capsys.readouterr().out
    assert "shop" in printed
    assert "window alone" in printed
    assert plot.read_text().startswith("<svg")


def test_without_a_folder_it_is_wrong_usage(package: Path) -> None:
    assert main(["eval", "context"]) == 2
    assert main(["eval", "context", str(package / "gone")]) == 2
