"""The schema and the reference page say what the table says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fimls.settings import KEYS, Settings, Source, markdown, resolve, schema
from fimls.settings.sources import Origin

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def entry(name: str) -> dict[str, Any]:
    place: Any = schema()
    for part in name.split("."):
        place = place["properties"][part]
    assert isinstance(place, dict)
    return place


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown(), "run `make docs`"


@pytest.mark.parametrize("name", KEYS)
def test_each_key_has_its_row_and_its_schema(name: str) -> None:
    key, described = KEYS[name], entry(name)
    (row,) = [line for line in markdown().splitlines() if line.startswith(f"| `{name}`")]
    assert row.startswith(f"| `{name}` §") == key.machine
    assert key.environment in row
    # A bar in a cell would begin another one.
    assert row.count("|") == 6
    assert described["description"] == key.meaning
    assert described["x-environment"] == key.environment
    assert described.get("x-machine-scope", False) == key.machine
    assert described["default"] == json.loads(json.dumps(described["default"]))


@pytest.mark.parametrize("name", KEYS)
def test_the_defaults_of_the_schema_are_accepted(name: str) -> None:
    resolved = resolve([Source(Origin.FILE, {name: entry(name)["default"]})])
    assert resolved == (Settings(), ())


def test_the_schema_has_every_key_and_no_other() -> None:
    properties: Any = schema()["properties"]
    names = {
        f"{name}.{inner}" if "properties" in entry else name
        for name, entry in properties.items()
        for inner in entry.get("properties", [""])
    }
    assert names == set(KEYS)
    assert json.loads(json.dumps(schema())) == schema()


def test_bounds_and_words_are_in_the_schema() -> None:
    assert entry("completion.candidates")["minimum"] == 1
    assert entry("completion.candidates")["maximum"] == 4
    assert entry("backend")["enum"] == ["auto", "ollama", "openai", "embedded"]
    assert entry("contextLength")["anyOf"][0] == {"enum": ["auto"]}
    assert entry("completion.timeoutMs")["x-unit"] == "ms"
