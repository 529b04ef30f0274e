"""The table of conditions: whole, in words that can be filled in, and the same on the page."""

from __future__ import annotations

import re

import pytest

from fimls import errors
from fimls.errors import ModelError, ModelFailed, ModelRefused
from fimls.lsp.features import COMMANDS
from fimls.models.conditions import NEVER, TABLE, Condition, Row, condition_of, row_of
from fimls.models.trouble import State
from fimls.settings import KEYS
from tests.test_architecture import ROOT

BACKENDS = ("ollama", "openai", "embedded", "auto")
TROUBLE = (State.OFFLINE, State.ERROR, State.OFF)

# What a message may speak of, and what a fix and a command may.
SAID = {"model", "host", "said", "after", "at"}
NAMES = {"model", "host"}


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w*)}", text))


def test_each_condition_has_a_row_and_no_row_is_there_twice() -> None:
    assert {row.condition for row in TABLE if not row.backend} >= set(Condition)
    assert len({(row.condition, row.backend) for row in TABLE}) == len(TABLE)


# A refusal is about one request, and a silent model is unloaded and loaded by itself.
STAYS = {Condition.REFUSED, Condition.SILENT}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.condition} {row.backend}")
def test_a_row(row: Row) -> None:
    assert row.state in TROUBLE
    assert row.backend in ("", *BACKENDS)
    assert row.fix
    assert placeholders(row.message) <= SAID
    assert placeholders(row.fix) <= NAMES
    # They are put together to sentences.
    assert not f"{row.message}{row.fix}".endswith(".")
    assert row.tells >= NEVER
    # What is told at once lasts, and so it is looked for anew.
    assert row.gives_up or row.tells != 1 or row.condition in STAYS
    if row.command is not None:
        assert row.command.command in COMMANDS
        assert placeholders(row.command.title) <= NAMES


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.condition} {row.backend}")
def test_a_fix_names_settings_that_there_are(row: Row) -> None:
    named = set(re.findall(r"set (?:a (?:smaller|larger) )?`([\w.]+)`", row.fix))
    assert named <= set(KEYS)


def _kinds() -> list[type[ModelError]]:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    return [kind for kind in kinds if issubclass(kind, ModelError)]


def test_each_kind_of_error_has_a_row() -> None:
    rows = [condition_of(kind("no"), backend) for kind in _kinds() for backend in BACKENDS]
    assert all(row.fix for row in rows)
    # Each has one of its own, but the root of them all.
    assert len({row.condition for row in rows}) == len(rows) / len(BACKENDS) - 1


def test_each_condition_is_recognised_somewhere() -> None:
    models = ROOT / "fimls" / "models"
    tables = {models / "trouble.py", models / "conditions.py"}
    code = "".join(file.read_text("utf-8") for file in {*models.glob("*.py")} - tables)
    by_kind = {condition_of(kind("no"), "").condition for kind in _kinds()}
    found = {each for each in Condition if re.search(rf"Condition\.{each.name}\b", code)}
    assert found | by_kind == set(Condition)


def test_what_an_error_carries_counts_before_its_kind() -> None:
    error = ModelFailed("no", condition=Condition.OUT_OF_MEMORY)
    assert condition_of(error, "ollama") is row_of(Condition.OUT_OF_MEMORY, "ollama")
    # A word that the table does not know is as if it were not there.
    assert condition_of(ModelRefused("no", condition="odd"), "").condition is Condition.REFUSED


def test_nobody_is_told_of_what_we_did_ourselves() -> None:
    assert [row.condition for row in TABLE if row.tells == NEVER] == [Condition.CLIENT_GONE]


# The page for people


def table() -> str:
    """The rows as the page shows them."""
    lines = ["| what is said | state | what to do |", "|---|---|---|"]
    for row in TABLE:
        message = "what the server said" if row.message == "{said}" else row.message
        lines.append(f"| {_plain(message)} | {row.state.value} | {_plain(row.fix)} |")
    return "\n".join(dict.fromkeys(lines)) + "\n"


def _plain(text: str) -> str:
    return text.format(model="MODEL", host="HOST", said="…", after="", at="")


def test_the_page_shows_the_table() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    assert table() in page, f"docs/troubleshooting.md is to have this table:\n{table()}"
