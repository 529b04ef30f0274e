from __future__ import annotations

from fimls.cli.main import COMMANDS
from fimls.cli.reference import EXAMPLES, page
from tests.test_architecture import ROOT


def test_every_command_has_an_example() -> None:
    assert EXAMPLES.keys() == COMMANDS.keys()


def test_the_page_is_up_to_date() -> None:
    written = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert written == page(), "run `make docs`"


def test_what_the_page_says_of_arguments() -> None:
    for row in (
        "| `FILE:LINE[:COL]` | 1-based; no column: line's end |",
        "| `list, get, path` | what to do |",
        "| `--schema, --json` | a JSON schema |",
        "| `--runs N` | latency: runs of each trace (1), or starts (10) |",
    ):
        assert row in page()
