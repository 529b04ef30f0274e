"""`textDocument/codeAction`: which actions there are at a place, in the form the client takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fimls.documents.snapshot import Snapshot
from fimls.testing.lsp_profiles import MINIMAL, NEOVIM, VSCODE
from fimls.testing.marks import marked
from fimls.text.languages import language_of
from tests.lsp.editor import URI

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.lsp.conftest import Connect
    from tests.lsp.editor import Editor
    from tests.lsp.fakes import Workshop

EXPLAIN, GENERATE, EDIT = "Explain selection", "Turn comment into code", "Edit selection…"


def range_in(picture: str) -> tuple[str, dict[str, Any]]:
    """The text of a picture and its selection, or its cursor as an empty range."""
    said = marked(picture)
    text = said.result
    ends = said.offset, said.offset + len(said.inserted)
    lines = Snapshot(URI, 1, language_of("python"), "a.py", text).lines
    from fimls.text.positions import Encoding

    places = [lines.position(each, Encoding.UTF16) for each in ends]
    start, end = ({"line": each.line, "character": each.character} for each in places)
    return text, {"start": start, "end": end}


async def listed(
    editor: Editor,
    picture: str,
    *,
    uri: str = URI,
    language: str = "python",
    only: Sequence[str] | None = None,
    automatic: bool = False,
    diagnostics: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """The actions at the place of a picture; diagnostics are there for the very same range."""
    text, where = range_in(picture)
    editor.open(text, uri, language)
    found = [{"range": where, "message": message, "source": "lint"} for message in diagnostics]
    context: dict[str, object] = {"diagnostics": found, "triggerKind": 2 if automatic else 1}
    if only is not None:
        context["only"] = only
    params = {"textDocument": {"uri": uri}, "range": where, "context": context}
    actions: list[dict[str, Any]] = await editor.ask("textDocument/codeAction", params)
    return actions


async def check_titles(editor: Editor, picture: str, titles: Sequence[str], **how: Any) -> None:
    """Checks which actions are listed, by their titles."""
    await editor.start(VSCODE)
    assert [action["title"] for action in await listed(editor, picture, **how)] == list(titles)


@pytest.mark.parametrize(
    ("picture", "titles"),
    [
        ("x = ├f(1)┤\n", [EDIT, EXPLAIN]),
        # A cursor in a function, and one outside.
        ("def f():\n    return █1\n", [EXPLAIN]),
        ("x = █1\n", []),
        # A comment at its end is part of a function, what is further out is none.
        ("def f():\n    x = 1\n    # so█\n", [GENERATE, EXPLAIN]),
        ("def f():\n    x = 1\n# so█\n", [GENERATE]),
        ("█\n", []),
        ("├   ┤x\n", []),
        # A comment is one to be followed; selected, it is a selection too.
        ("# add the numbers█\n", [GENERATE]),
        ("├# add the numbers┤\n", [GENERATE, EDIT, EXPLAIN]),
        ('def f():\n    """Adds█ two."""\n', [GENERATE, EXPLAIN]),
        # What is told to a machine is no comment.
        ("#!/usr/bin/env python█\n", []),
        # Text that is out of order is looked at when the action is chosen.
        ("def f(:\n    return █1\n", [EXPLAIN]),
    ],
)
async def test_what_is_offered(editor: Editor, picture: str, titles: list[str]) -> None:
    await check_titles(editor, picture, titles)


@pytest.mark.parametrize(
    ("picture", "how", "titles"),
    [
        # A menu that opens by itself, over nothing: fix and generate only.
        ("def f():\n    return █1\n", {"automatic": True}, []),
        ("def f():\n    # one█\n", {"automatic": True}, [GENERATE]),
        ("x = █y\n", {"automatic": True, "diagnostics": ["no y"]}, ["Fix: no y"]),
        ("├x┤\n", {"automatic": True}, [EDIT, EXPLAIN]),
        # One for each diagnostic, in a line of the menu.
        (
            "├x┤\n",
            {"diagnostics": ["no x", "no x", "a\nb"]},
            ["Fix: no x", "Fix: a", EDIT, EXPLAIN],
        ),
        ("├x┤\n", {"diagnostics": ["w" * 100]}, [f"Fix: {'w' * 74}…", EDIT, EXPLAIN]),
        # Kinds are asked for by themselves, or by what they are below.
        ("├# a┤\n", {"only": ["refactor"]}, [GENERATE, EDIT]),
        ("├# a┤\n", {"only": ["refactor.rewrite.fimls.edit"]}, [EDIT]),
        ("├# a┤\n", {"only": ["fimls"]}, [EXPLAIN]),
        ("├# a┤\n", {"only": ["fimls.explain", "quickfix"]}, [EXPLAIN]),
        ("├# a┤\n", {"only": ["refactor.rewrite.fim"]}, []),
        ("├# a┤\n", {"only": ["source"]}, []),
        ("├# a┤\n", {"only": [""]}, [GENERATE, EDIT, EXPLAIN]),
        # In a file of secrets there is none.
        ("├# a┤\n", {"uri": "file:///project/.env", "language": "shellscript"}, []),
        ("├a\0b┤\n", {}, []),
    ],
)
async def test_when_it_is_offered(
    editor: Editor, picture: str, how: Mapping[str, Any], titles: list[str]
) -> None:
    await check_titles(editor, picture, titles, **how)


async def test_an_action_carries_its_command(editor: Editor) -> None:
    await editor.start(VSCODE)

    (fix, *_) = await listed(editor, "├x┤\n", diagnostics=["no x"])

    where = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}
    diagnostic = {"range": where, "message": "no x", "source": "lint"}
    assert fix["kind"] == "quickfix.fimls"
    assert fix["diagnostics"] == [diagnostic]
    assert fix["command"]["command"] == "fimls.fix"
    assert fix["command"]["arguments"] == [
        {"uri": URI, "range": where, "version": 1, "diagnostic": diagnostic}
    ]
    assert await editor.ask("codeAction/resolve", fix) == fix


async def test_clients_that_know_no_actions_are_given_commands(editor: Editor) -> None:
    await editor.start(MINIMAL)

    (explain,) = await listed(editor, "├x┤\n")

    assert (explain["title"], explain["command"]) == (EXPLAIN, "fimls.explain")


async def test_edit_needs_a_client_that_can_be_asked_for_text(editor: Editor) -> None:
    await editor.start(NEOVIM)

    assert [each["title"] for each in await listed(editor, "├x┤\n")] == [EXPLAIN]


async def test_kinds_and_commands_are_announced(editor: Editor) -> None:
    announced = (await editor.start(VSCODE))["capabilities"]

    assert announced["codeActionProvider"] == {
        "codeActionKinds": [
            "fimls.explain",
            "refactor.rewrite.fimls.generate",
            "refactor.rewrite.fimls.edit",
            "quickfix.fimls",
        ],
        "resolveProvider": True,
    }
    commands = set(announced["executeCommandProvider"]["commands"])
    assert {"fimls.explain", "fimls.generate", "fimls.edit", "fimls.fix"} <= commands


async def test_listing_makes_no_engine(editor: Editor, workshop: Workshop) -> None:
    await editor.start(VSCODE)

    await listed(editor, "├x┤\n")

    assert workshop.session.looks == 0


async def test_nothing_is_listed_where_fimls_is_switched_off(connect: Connect) -> None:
    editor = connect(None, "enabled=false")
    await editor.start(VSCODE)

    assert await listed(editor, "├x┤\n") == []


async def test_an_unknown_document_has_no_actions(editor: Editor) -> None:
    await editor.start(VSCODE)
    where = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    params = {"textDocument": {"uri": URI}, "range": where, "context": {"diagnostics": []}}

    assert await editor.ask("textDocument/codeAction", params) == []
