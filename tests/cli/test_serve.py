from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fimls.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the server is started with."""
    given: dict[str, Any] = {}

    def serve(**options: object) -> int:
        given.update(options)
        return 0

    monkeypatch.setattr("fimls.lsp.server.serve", serve)
    return given


def test_stdio(served: dict[str, Any]) -> None:
    assert main(["serve"]) == 0
    assert served == {"tcp": None, "assignments": [], "log_file": None, "log_level": "info"}


def test_all_options(served: dict[str, Any], tmp_path: Path) -> None:
    log = tmp_path / "log"
    words = ["--tcp", "127.0.0.1:7000", "--log-file", str(log), "--log-level", "debug"]
    assert main(["serve", *words, "--set", "model=a", "--set=backend=ollama"]) == 0
    assert served == {
        "tcp": ("127.0.0.1", 7000),
        "assignments": ["model=a", "backend=ollama"],
        "log_file": log,
        "log_level": "debug",
    }


@pytest.mark.parametrize(
    ("address", "tcp"),
    [
        ("localhost:0", ("localhost", 0)),
        # Only this machine, where no other is named.
        (":7000", ("127.0.0.1", 7000)),
        ("[::1]:7000", ("::1", 7000)),
    ],
)
def test_address(address: str, tcp: tuple[str, int], served: dict[str, Any]) -> None:
    assert main(["serve", "--tcp", address]) == 0
    assert served["tcp"] == tcp


@pytest.mark.parametrize(
    "address",
    ["", "7000", "localhost", "localhost:", "localhost:http", "localhost:65536", ":" + "9" * 5000],
)
def test_no_address(
    address: str, served: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--tcp", address]) == 2
    assert served == {}
    assert "--tcp wants HOST:PORT" in capsys.readouterr().err
