"""The trace as JSON: what the command line and `fimls/explainLast` tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.completion.trace import as_json
from fimls.completion.values import Ask

if TYPE_CHECKING:
    from tests.completion.conftest import Desk


async def test_a_completion_as_json(desk: Desk) -> None:
    desk.script("a + b\n")
    await desk.answer("😀 = 1\ndef add(a, b):\n    return █\n")
    trace = desk.completer.last("file:///project/a.py")
    assert trace is not None

    row = as_json(trace, explain=False)

    stages = row.pop("stages_ms")
    assert isinstance(stages, dict)
    assert list(stages) == [
        "refuse",
        "model",
        "runs",
        "shape",
        "context",
        "debounce",
        "prompt",
        "listen",
    ]
    place = {"line": 2, "character": 11}
    assert row == {
        "text": "a + b",
        "range": {"start": place, "end": place},
        "skip": None,
        "backend": "ollama",
        "model": "scripted",
        "mode": "psm",
    }


async def test_the_range_is_in_utf_16_and_the_text_has_the_documents_line_ends(desk: Desk) -> None:
    desk.documents.open("file:///project/a.py", "python", 1, "s = '😀'; t = f(\r\n    )\r\n")
    snap = desk.documents.at("file:///project/a.py")
    assert snap is not None
    desk.script("\n        s,\n        s\n")

    question = Ask(snap, snap.hole_at(15), explicit=True)
    await desk.clock.drive(desk.completer.complete(question))
    trace = desk.completer.last("file:///project/a.py")
    assert trace is not None

    row = as_json(trace, explain=False)

    assert row["range"] == {
        "start": {"line": 0, "character": 16},
        "end": {"line": 0, "character": 16},
    }
    assert row["text"] == "\r\n        s,\r\n        s"


async def test_the_explanation_adds_what_was_asked_said_and_filtered(desk: Desk) -> None:
    desk.script("a + b <EOT>\n")
    await desk.answer("def add(a, b):\n    return █\n")
    trace = desk.completer.last("file:///project/a.py")
    assert trace is not None

    row = as_json(trace, explain=True)

    assert row["raw"] == "a + b <EOT>\n"
    assert row["reading"] == {"kept": 0, "reread": len(str(row["prompt"]))}
    assert "def add(a, b):" in str(row["prompt"])
    assert isinstance(row["filters"], list)
    assert row["filters"][0] == {
        "name": "control tokens",
        "before": "a + b <EOT>\n",
        "after": "a + b",
        "reason": None,
    }


async def test_a_skip_has_its_reason(desk: Desk) -> None:
    desk.script("")
    await desk.answer("def add(a, b):\n    return █\n", explicit=True)
    trace = desk.completer.last("file:///project/a.py")
    assert trace is not None

    row = as_json(trace, explain=True)

    assert (row["text"], row["skip"]) == ("", "the model had nothing to say")
