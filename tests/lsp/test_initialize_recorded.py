"""The first words of real editors, as `tests/editors/recording.py` kept them, are understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.lsp.editor import at, inline
from tests.lsp.fakes import says

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lsp.editor import Editor
    from tests.lsp.fakes import Workshop

RECORDED: Final = Path(__file__).resolve().parent / "initialize"

# The encoding that each of them prefers, and the units that an astral character takes in it.
UNITS: Final[Mapping[str, tuple[str, int]]] = {
    # VS Code, as npm has it.
    "code-server-1.139.1": ("utf-16", 2),
    "eglot-1.17.30": ("utf-32", 1),
    "emacs-gnu-emacs-30.2": ("utf-32", 1),
    "neovim-0.10.4": ("utf-16", 2),
    "neovim-0.12.4": ("utf-8", 4),
    "vscode-languageserver-protocol": ("utf-16", 2),
}


def recorded(name: str) -> dict[str, Any]:
    params: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    return params


def test_all_recordings_are_replayed() -> None:
    assert {path.stem for path in RECORDED.iterdir()} == set(UNITS)


@pytest.mark.parametrize("name", UNITS)
async def test_what_each_is_announced(editor: Editor, name: str) -> None:
    answer = await editor.ask("initialize", recorded(name))

    can = answer["capabilities"]
    assert can["positionEncoding"] == UNITS[name][0]
    # Neither Emacs nor Neovim 0.10 says that it knows these; plug-ins ask for them all the same.
    assert can["inlineCompletionProvider"] == {}
    assert can["textDocumentSync"]["change"] == 2
    assert can["codeActionProvider"]
    assert "fimls.generate" in can["executeCommandProvider"]["commands"]


@pytest.mark.parametrize("name", UNITS)
async def test_each_is_asked_only_what_it_can(editor: Editor, name: str) -> None:
    params = recorded(name)
    await editor.start(**params)
    await editor.server.engine.ready()

    asked = {said.method for said in editor.heard}
    announced = params["capabilities"]
    abilities = {
        "workspace/configuration": announced["workspace"].get("configuration"),
        "window/workDoneProgress/create": announced.get("window", {}).get("workDoneProgress"),
    }
    assert [method for method in asked & set(abilities) if not abilities[method]] == []
    for wish in editor.of("client/registerCapability"):
        for registration in wish["registrations"]:
            assert registers(announced, registration["method"]), registration


@pytest.mark.parametrize("name", UNITS)
async def test_each_is_given_a_completion_in_its_own_units(
    editor: Editor, workshop: Workshop, name: str
) -> None:
    workshop.answer = says("net + vat")
    text, position = at("s = '😀' + █")
    position["character"] += UNITS[name][1] - 2
    await editor.start(**recorded(name))
    editor.open(text)

    answer = await editor.ask("textDocument/inlineCompletion", inline(position))

    (item,) = answer["items"]
    assert item["range"] == {"start": position, "end": position}
    assert workshop.completer.asked[0].hole.offset == len(text)


def registers(announced: Mapping[str, Any], method: str) -> bool:
    """Whether a client takes registrations of that method."""
    section, name = method.split("/")
    return bool(announced[section].get(name, {}).get("dynamicRegistration"))
