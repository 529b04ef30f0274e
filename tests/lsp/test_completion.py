"""Answers to `textDocument/completion`, for editors without ghost text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fimls.completion.values import Completion, Overtaken, Reason, Skip
from fimls.text.positions import Encoding, LineIndex, Position
from tests.lsp.editor import URI, Editor, Json, RefusedError, at
from tests.lsp.fakes import Workshop, says

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fimls.completion.values import Answer, Ask
    from tests.lsp.conftest import Connect

METHOD = "textDocument/completion"
NOTHING: dict[str, Any] = {"isIncomplete": True, "items": []}
CANCELLED, INVALID_PARAMS, METHOD_NOT_FOUND = -32800, -32602, -32601

INVOKED, CHARACTER, INCOMPLETE = 1, 2, 3


@pytest.fixture
def editor(connect: Connect) -> Editor:
    """An editor without ghost text."""
    return connect(None, "completion.popup=true")


def listed(position: dict[str, int], *, kind: int | None = INVOKED) -> dict[str, object]:
    """The parameters of the request."""
    context = {} if kind is None else {"context": {"triggerKind": kind}}
    return {"textDocument": {"uri": URI}, "position": position, **context}


async def check_list(
    editor: Editor, workshop: Workshop, picture: str, answer: Callable[[Ask], Answer]
) -> Json:
    text, position = at(picture)
    workshop.answer = answer
    await editor.start()
    editor.open(text)
    return await editor.ask(METHOD, listed(position))


def edited(picture: str, item: Json) -> str:
    """The document after the item has been accepted."""
    text, _position = at(picture)
    lines, edit = LineIndex(text), item["textEdit"]
    start, end = (
        lines.offset(Position(place["line"], place["character"]), Encoding.UTF16)
        for place in (edit["range"]["start"], edit["range"]["end"])
    )
    return text[:start] + str(edit["newText"]) + text[end:]


async def test_an_item(editor: Editor, workshop: Workshop) -> None:
    answer = await check_list(editor, workshop, "x = tot█)", says("al(y)", replaces=1))

    start, end = {"line": 0, "character": 4}, {"line": 0, "character": 8}
    assert answer == {
        "isIncomplete": True,
        "items": [
            {
                "label": "total(y)",
                "kind": 1,
                "detail": "fimls",
                "sortText": "!0",
                "filterText": "total(y)",
                "insertTextFormat": 1,
                "insertTextMode": 1,
                "textEdit": {"range": {"start": start, "end": end}, "newText": "total(y)"},
                "command": {"title": "Accepted", "command": "fimls.accepted", "arguments": [7]},
            }
        ],
    }


@pytest.mark.parametrize(
    ("picture", "text", "label", "after"),
    [
        # At the end of a line, after a blank.
        ("x = █", "1 + 2", "1 + 2", "x = 1 + 2"),
        # The blank is part of the text, and no part of what people read.
        ("x =█", " 1", "1", "x = 1"),
        # A word is begun: the item has it whole.
        ("return val█", "ue + 1", "value + 1", "return value + 1"),
        # The word ends at the cursor.
        ("return█", " value", "return value", "return value"),
        # A member of something: the word begins after the dot.
        ("self.na█", "me = name", "name = name", "self.name = name"),
        # A word with letters outside ASCII, and one outside the plane of most.
        ("größ█", "e = 1", "größe = 1", "größe = 1"),
        ("s = '😀' + na█", "me", "name", "s = '😀' + name"),
        # Before what the editor has closed.
        ("f(al█)", "pha, beta", "alpha, beta", "f(alpha, beta)"),
        # A body, whose first line is the next one.
        ("def f():█", "\n    return 1", "return 1", "def f():\n    return 1"),
    ],
)
async def test_what_is_read_filtered_and_inserted(
    editor: Editor, workshop: Workshop, picture: str, text: str, label: str, after: str
) -> None:
    answer = await check_list(editor, workshop, picture, says(text))

    [item] = answer["items"]
    assert (item["label"], item["filterText"]) == (label, label)
    assert edited(picture, item) == after


async def test_an_edit_stays_on_the_cursors_line(editor: Editor, workshop: Workshop) -> None:
    answer = await check_list(editor, workshop, "a\n█b\nc", says("x\ny\n", replaces=0))

    [item] = answer["items"]
    span = item["textEdit"]["range"]
    assert span["start"]["line"] == span["end"]["line"] == 1


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        # One line is all in the label.
        ("1", "python", None),
        # Several are shown as code.
        ("1\ny = 2", "python", "```python\n1\ny = 2\n```"),
        # The text has a fence itself.
        ("'''\n```\n'''", "python", "````python\n'''\n```\n'''\n````"),
    ],
)
async def test_several_lines_are_shown_beside_the_list(
    editor: Editor, workshop: Workshop, text: str, language: str, shown: str | None
) -> None:
    workshop.answer = says(text)
    await editor.start()
    editor.open("x = ", language=language)
    answer = await editor.ask(METHOD, listed({"line": 0, "character": 4}))

    [item] = answer["items"]
    expected = None if shown is None else {"kind": "markdown", "value": shown}
    assert item.get("documentation") == expected
    assert item["kind"] == (1 if shown is None else 15)


async def test_line_ends_are_the_documents(editor: Editor, workshop: Workshop) -> None:
    answer = await check_list(editor, workshop, "a\r\nx = █\r\n", says("(\n    1\n)"))

    assert answer["items"][0]["textEdit"]["newText"] == "(\r\n    1\r\n)"


async def test_candidates_come_in_their_order(editor: Editor, workshop: Workshop) -> None:
    shown = Completion("2", 4, 4, 1, candidates=(Completion("1", 4, 4, 2),))
    answer = await check_list(editor, workshop, "x = █", lambda _ask: shown)

    assert [(item["label"], item["sortText"]) for item in answer["items"]] == [
        ("2", "!0"),
        ("1", "!1"),
    ]


@pytest.mark.parametrize(
    ("picture", "kind", "explicit"),
    [
        # By a key: there is no word that could have brought it up.
        ("x = █", INVOKED, True),
        # Some clients do not tell why they ask.
        ("x = █", None, True),
        # Typing a word counts as invoking, in the protocol.
        ("x = val█", INVOKED, False),
        # A character that was announced, and a key after that.
        ("x.█", CHARACTER, False),
        ("x = █", INCOMPLETE, False),
    ],
)
async def test_who_asks(
    editor: Editor, workshop: Workshop, picture: str, kind: int | None, explicit: bool
) -> None:
    text, position = at(picture)
    await editor.start()
    editor.open(text)
    await editor.ask(METHOD, listed(position, kind=kind))

    assert workshop.completer.asked[0].explicit is explicit


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # Nothing to list.
        (Skip(Reason.EMPTY), NOTHING),
        (Skip(Reason.SECRET_LINE), NOTHING),
        # A newer question has the model.
        (Overtaken(), None),
        # It would change what is not on the line.
        (Completion("1\n2", 4, 6), NOTHING),
    ],
)
async def test_what_is_not_listed(
    editor: Editor, workshop: Workshop, answer: Answer, expected: object
) -> None:
    assert await check_list(editor, workshop, "x = █)\ny", lambda _ask: answer) == expected


async def test_a_document_that_is_not_open(editor: Editor) -> None:
    await editor.start()

    assert await editor.ask(METHOD, listed({"line": 0, "character": 0})) == NOTHING


async def test_what_has_moved_on_is_overtaken(editor: Editor, workshop: Workshop) -> None:
    workshop.answer = says("1")
    workshop.gate.clear()
    await editor.start()
    await editor.server.engine.ready()
    editor.open("x = ")
    _ident, answer = editor.begin(METHOD, listed({"line": 0, "character": 4}))
    editor.change({"text": "y = "})
    workshop.gate.set()

    assert await answer is None


async def test_cancelling_reaches_the_completer(editor: Editor, workshop: Workshop) -> None:
    workshop.gate.clear()
    await editor.start()
    editor.open("x = ")
    await editor.server.engine.ready()
    ident, answer = editor.begin(METHOD, listed({"line": 0, "character": 4}))
    while not workshop.completer.asked:
        await editor.server.clock.sleep(0)
    editor.tell("$/cancelRequest", {"id": ident})

    with pytest.raises(RefusedError) as refused:
        await answer
    assert refused.value.code == CANCELLED
    assert workshop.completer.cancelled == 1


async def test_a_fault_of_ours_is_no_error(
    editor: Editor, workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_ask: Ask) -> Answer:
        raise ZeroDivisionError

    assert await check_list(editor, workshop, "x = █", fail) == NOTHING
    assert "ZeroDivisionError" in caplog.text


async def test_what_cannot_be_parsed_is_answered(editor: Editor) -> None:
    await editor.start()
    with pytest.raises(RefusedError) as refused:
        await editor.ask(METHOD, {"textDocument": {"uri": URI}})

    assert refused.value.code == INVALID_PARAMS


@pytest.mark.parametrize(
    ("assignments", "options", "config", "announced"),
    [
        # Editors with ghost text would show everything twice.
        ((), None, "", False),
        (("completion.popup=false",), {"completion": {"popup": True}}, "", False),
        # From each of the sources that are known when the conversation begins.
        (("completion.popup=true",), None, "", True),
        ((), {"completion": {"popup": True}}, "", True),
        ((), {"fimls": {"completion.popup": True}}, "", True),
        ((), None, "[completion]\npopup = true\n", True),
    ],
)
async def test_it_is_announced_where_it_is_wanted(
    connect: Connect,
    tmp_path: Path,
    assignments: tuple[str, ...],
    options: object,
    config: str,
    announced: bool,
) -> None:
    (tmp_path / "config.toml").write_text(config)
    editor = connect(None, *assignments)

    answer = await editor.start(initializationOptions=options)

    provider = answer["capabilities"].get("completionProvider")
    assert (provider is not None) is announced
    if provider is not None:
        assert "." in provider["triggerCharacters"]
        return
    editor.open("x = ")
    with pytest.raises(RefusedError) as refused:
        await editor.ask(METHOD, listed({"line": 0, "character": 4}))
    assert refused.value.code == METHOD_NOT_FOUND
