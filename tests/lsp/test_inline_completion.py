"""Answers to `textDocument/inlineCompletion`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fimls.completion.values import Completion, Overtaken, Reason, Skip
from tests.lsp.editor import URI, Editor, Json, RefusedError, at, inline
from tests.lsp.fakes import Workshop, says

if TYPE_CHECKING:
    from collections.abc import Callable

    from fimls.completion.values import Answer, Ask

METHOD = "textDocument/inlineCompletion"
NOTHING: dict[str, Any] = {"items": []}
CANCELLED, INVALID_PARAMS = -32800, -32602


async def check_answer(
    editor: Editor, workshop: Workshop, picture: str, answer: Callable[[Ask], Answer]
) -> Json:
    text, position = at(picture)
    workshop.answer = answer
    await editor.start()
    editor.open(text)
    return await editor.ask(METHOD, inline(position))


def span(line: int, start: int, end: int) -> dict[str, dict[str, int]]:
    return {
        "start": {"line": line, "character": start},
        "end": {"line": line, "character": end},
    }


async def test_an_item_has_text_range_and_command(editor: Editor, workshop: Workshop) -> None:
    answer = await check_answer(editor, workshop, "x = (█)", says("1"))

    assert answer == {
        "items": [
            {
                "insertText": "1",
                "range": span(0, 5, 5),
                "command": {"title": "Accepted", "command": "fimls.accepted", "arguments": [7]},
            }
        ]
    }


@pytest.mark.parametrize(
    ("picture", "replaces", "where"),
    [
        # Nothing is replaced: the range is there all the same (Neovim 0.12.0 fails without).
        ("x = █", 0, span(0, 4, 4)),
        # What the editor has typed by itself is replaced.
        ("f(█)", 1, span(0, 2, 3)),
        # An astral character before the cursor takes two units of UTF-16.
        ("s = ('😀'█)", 1, span(0, 9, 10)),
        # A line separator of Unicode begins no line.
        ("s = '\u2028█'", 0, span(0, 6, 6)),
        # The end of a file that ends with a line end.
        ("x = 1\n█", 0, span(1, 0, 0)),
        # An empty document.
        ("█", 0, span(0, 0, 0)),
    ],
)
async def test_ranges(
    editor: Editor, workshop: Workshop, picture: str, replaces: int, where: object
) -> None:
    answer = await check_answer(editor, workshop, picture, says("1)", replaces=replaces))

    assert [item["range"] for item in answer["items"]] == [where]


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 9), ("utf-16", 7), ("utf-32", 6)])
async def test_ranges_are_in_the_units_agreed_on(
    editor: Editor, workshop: Workshop, encoding: str, character: int
) -> None:
    workshop.answer = says("1")
    started = await editor.start({"general": {"positionEncodings": [encoding]}})
    editor.open("s = '😀'")
    position = {"line": 0, "character": character}
    answer = await editor.ask(METHOD, inline(position))

    assert started["capabilities"]["positionEncoding"] == encoding
    assert workshop.completer.asked[0].hole.suffix == "'"
    assert answer["items"][0]["range"] == {"start": position, "end": position}


@pytest.mark.parametrize(
    ("text", "inserted"),
    [
        # The document's own line ends.
        ("def f():\r\n    ", "a\r\nb"),
        ("def f():\r    ", "a\rb"),
        ("def f():\n    ", "a\nb"),
        # The one that it has most often.
        ("a\r\nb\r\nc\n    ", "a\r\nb"),
    ],
)
async def test_line_ends(editor: Editor, workshop: Workshop, text: str, inserted: str) -> None:
    workshop.answer = says("a\nb")
    await editor.start()
    editor.open(text)
    answer = await editor.ask(METHOD, inline({"line": 99, "character": 99}))

    assert answer["items"][0]["insertText"] == inserted


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # Editors clear old ghost text on this, and Neovim ignores null.
        (Skip(Reason.EMPTY), NOTHING),
        (Overtaken(), None),
        # VS Code draws nothing that leaves the line.
        (Completion("1\n2", 4, 6), NOTHING),
        (Completion("x = 1", 0, 3), NOTHING),
        # What is replaced does not occur in the text.
        (Completion("1", 4, 5), NOTHING),
    ],
)
async def test_what_is_not_shown(
    editor: Editor, workshop: Workshop, answer: Answer, expected: object
) -> None:
    assert await check_answer(editor, workshop, "x = █)\ny", lambda _ask: answer) == expected


async def test_a_fault_of_ours_is_no_error(
    editor: Editor, workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_ask: Ask) -> Answer:
        raise ZeroDivisionError

    assert await check_answer(editor, workshop, "x = █", fail) == NOTHING
    assert "ZeroDivisionError" in caplog.text


async def test_a_document_that_is_not_open(editor: Editor) -> None:
    await editor.start()

    assert await editor.ask(METHOD, inline({"line": 0, "character": 0})) == NOTHING


async def test_what_has_moved_on_is_overtaken(editor: Editor, workshop: Workshop) -> None:
    workshop.answer = says("1")
    workshop.gate.clear()
    await editor.start()
    await editor.server.engine.ready()
    editor.open("x = ")
    _ident, answer = editor.begin(METHOD, inline({"line": 0, "character": 4}))
    editor.change({"text": "y = "})
    workshop.gate.set()

    assert await answer is None
    assert [snap.version for snap in workshop.completer.moved] == [2]


async def test_a_question_before_the_engine_is_there_is_held(
    editor: Editor, workshop: Workshop
) -> None:
    workshop.answer = says("1")
    await editor.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    # A client that never says `initialized` gets its completions too.
    editor.open("x = ")
    answer = await editor.ask(METHOD, inline({"line": 0, "character": 4}))

    assert answer["items"][0]["insertText"] == "1"


async def test_cancelling_reaches_the_completer(editor: Editor, workshop: Workshop) -> None:
    workshop.gate.clear()
    await editor.start()
    editor.open("x = ")
    await editor.server.engine.ready()
    ident, answer = editor.begin(METHOD, inline({"line": 0, "character": 4}))
    while not workshop.completer.asked:
        await editor.server.clock.sleep(0)
    editor.tell("$/cancelRequest", {"id": ident})

    with pytest.raises(RefusedError) as refused:
        await answer
    assert refused.value.code == CANCELLED
    assert workshop.completer.cancelled == 1


@pytest.mark.parametrize(
    ("kind", "explicit"),
    [
        (1, True),
        (2, False),
        # What clients of before the final LSP 3.18 sent for Invoked.
        (0, True),
        # What a later LSP may add.
        (3, True),
        ("Invoked", True),
    ],
)
async def test_trigger_kinds(editor: Editor, workshop: Workshop, kind: int, explicit: bool) -> None:
    await editor.start()
    editor.open("x = ")
    await editor.ask(METHOD, inline({"line": 0, "character": 4}, kind=kind))

    assert workshop.completer.asked[0].explicit is explicit


@pytest.mark.parametrize(
    "params",
    [
        # Nothing at all, something else, and each part missing or wrong.
        None,
        [],
        {},
        {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}},
        {"textDocument": {}, "position": {"line": 0, "character": 0}, "context": {}},
        inline({"line": 0}),
        inline({"line": -1, "character": 0}),
        inline({"line": "one", "character": 0}),  # type: ignore[dict-item]
    ],
)
async def test_what_cannot_be_parsed_is_answered(editor: Editor, params: object) -> None:
    await editor.start()
    editor.open("x = ")
    with pytest.raises(RefusedError) as refused:
        await editor.ask(METHOD, params)
    assert refused.value.code == INVALID_PARAMS
    assert await editor.ask(METHOD, inline({"line": 0, "character": 0})) == NOTHING


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # The item's range, and text that begins with the item's.
        ("append(x)", [("append(x)", span(0, 2, 5))]),
        # The model goes on from something else than the item.
        ("apply(x)", []),
    ],
)
async def test_selected_items(
    editor: Editor, workshop: Workshop, given: str, expected: list[object]
) -> None:
    def answer(ask: Ask) -> Answer:
        assert ask.selected is not None
        return Completion(given, ask.selected.start, ask.selected.end)

    workshop.answer = answer
    await editor.start()
    editor.open("a.app")
    chosen = {"range": span(0, 2, 5), "text": "append"}
    params = inline({"line": 0, "character": 5}, selectedCompletionInfo=chosen)
    found = await editor.ask(METHOD, params)

    assert [(item["insertText"], item["range"]) for item in found["items"]] == expected


async def test_candidates_are_items_of_their_own(editor: Editor, workshop: Workshop) -> None:
    others = (Completion("22)", 4, 5, 8), Completion("3", 4, 5, 9))
    shown = Completion("1", 4, 4, 7, candidates=others)
    answer = await check_answer(editor, workshop, "x = █)", lambda _ask: shown)

    # The third replaces what it does not hold, which no editor can draw.
    assert [
        (item["insertText"], item["range"], item["command"]["arguments"])
        for item in answer["items"]
    ] == [("1", span(0, 4, 4), [7]), ("22)", span(0, 4, 5), [8])]


async def test_the_log_has_lengths_and_reasons_but_no_code(
    editor: Editor, workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="fimls")
    await check_answer(editor, workshop, "confidential = █", says("likewise"))

    ours = [record.getMessage() for record in caplog.records if record.name.startswith("fimls")]
    assert "completion: item 7, 8 characters after 0 ms" in ours
    assert not [line for line in ours if "confidential" in line or "likewise" in line]
