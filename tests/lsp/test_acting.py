"""Actions as commands: progress, edits of the right version, explanations, messages."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import url2pathname

import pytest

from fimls.errors import StreamBroken
from fimls.models import chat_keeping
from fimls.models.status import Command, State, Status
from fimls.testing.lsp_profiles import MINIMAL, NEOVIM, VSCODE
from fimls.testing.scripted import Pause
from tests.lsp.acting import ActingWorkshop, chosen
from tests.lsp.editor import SILENCE, URI, Editor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.testing.clock import VirtualClock
    from tests.lsp.conftest import Connect

TEXT = "def total(prices):\n    # the sum as JSON\n\n\nx = 1\n"
CODE = "```python\nreturn json.dumps(sum(prices))\n```\n"
EDITED = (
    "import json\n\n\ndef total(prices):\n    # the sum as JSON\n"
    "    return json.dumps(sum(prices))\n\n\nx = 1\n"
)
GENERATE, EXPLAIN = "fimls.generate", "fimls.explain"
MOVED_ON = "The document has changed meanwhile, and nothing was done to it. Run the action again."
ALL_OF_IT = {"start": {"line": 0, "character": 0}, "end": {"line": 4, "character": 5}}
AT_COMMENT = {"start": {"line": 1, "character": 6}, "end": {"line": 1, "character": 6}}


@pytest.fixture
def workshop(monkeypatch: pytest.MonkeyPatch) -> ActingWorkshop:
    """Makes the engine; the model of completions is that of actions."""
    monkeypatch.setattr(chat_keeping, "choose_chat", chosen)
    return ActingWorkshop()


class Desk:
    """An editor that applies edits to its document, and can be told to do otherwise."""

    def __init__(self, connect: Connect, tmp_path: Path) -> None:
        self.text = TEXT
        self.version = 1
        self.applies: dict[str, Any] = {"applied": True}
        self.answers: dict[str, object] = {
            "workspace/applyEdit": self._apply,
            "window/workDoneProgress/create": None,
            "window/showDocument": {"success": True},
            "workspace/configuration": [None],
        }
        self.editor = connect(self.answers, environ={"FIMLS_CACHE_DIR": str(tmp_path / "cache")})

    async def open(self, profile: Mapping[str, Any], text: str = TEXT) -> Editor:
        """Starts the server and opens the document."""
        await self.editor.start(profile)
        self.text = text
        self.editor.open(text)
        return self.editor

    def type(self, text: str) -> None:
        """The user goes on writing at the document's begin."""
        self.text = text + self.text
        self.version += 1
        start = {"line": 0, "character": 0}
        self.editor.change({"range": {"start": start, "end": start}, "text": text})

    def run(
        self, command: str, where: Mapping[str, Any], token: str | None = None, **more: Any
    ) -> tuple[int, asyncio.Future[Any]]:
        """Begins an action."""
        arguments = [{"uri": URI, "range": where, **more}]
        params: dict[str, Any] = {"command": command, "arguments": arguments}
        if token is not None:
            params["workDoneToken"] = token
        return self.editor.begin("workspace/executeCommand", params)

    @property
    def said(self) -> list[str]:
        """The messages that the user was shown."""
        methods = ("window/showMessage", "window/showMessageRequest")
        return [each.params["message"] for each in self.editor.heard if each.method in methods]

    def _apply(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        edit = params["edit"]
        edits = edit["changes"][URI] if "changes" in edit else edit["documentChanges"][0]["edits"]
        if self.applies["applied"]:
            for each in reversed(edits):
                start, end = (self._offset(each["range"][side]) for side in ("start", "end"))
                self.text = self.text[:start] + each["newText"] + self.text[end:]
        return self.applies

    def _offset(self, place: Mapping[str, int]) -> int:
        lines = self.text.splitlines(keepends=True)
        return sum(map(len, lines[: place["line"]])) + place["character"]


@pytest.fixture
def desk(connect: Connect, tmp_path: Path) -> Desk:
    """An editor with a document."""
    return Desk(connect, tmp_path)


def _is_waiting(told: Mapping[str, Any]) -> bool:
    return bool(told["value"].get("message") == "Waiting for the model")


def file_of(uri: str) -> Path:
    return Path(url2pathname(uri.removeprefix("file://")))


@pytest.mark.parametrize(
    ("profile", "has_version"), [(VSCODE, True), (NEOVIM, False), (MINIMAL, False)]
)
async def test_an_edit_is_applied_to_its_version(
    desk: Desk, workshop: ActingWorkshop, profile: Mapping[str, Any], has_version: bool
) -> None:
    workshop.model.answer = CODE
    editor = await desk.open(profile)

    result = await desk.run(GENERATE, AT_COMMENT, version=1)[1]

    assert result == {
        "applied": True,
        "message": "Parses as Python; 1 name imported: json.",
    }
    assert desk.text == EDITED
    (applied,) = editor.of("workspace/applyEdit")
    assert applied["label"] == "Turn comment into code (fimls)"
    if has_version:
        (change,) = applied["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": URI, "version": 1}
    else:
        assert set(applied["edit"]) == {"changes"}
    assert desk.said == ["fimls: Turn comment into code: Parses as Python; 1 name imported: json."]


async def test_line_ends_are_those_of_the_document(desk: Desk, workshop: ActingWorkshop) -> None:
    workshop.model.answer = CODE
    await desk.open(NEOVIM, TEXT.replace("\n", "\r\n"))

    await desk.run(GENERATE, AT_COMMENT)[1]

    assert desk.text == EDITED.replace("\n", "\r\n")


async def test_progress_uses_the_token_of_the_client(desk: Desk, workshop: ActingWorkshop) -> None:
    workshop.model.answer = CODE
    editor = await desk.open(MINIMAL)

    await desk.run(GENERATE, AT_COMMENT, token="mine")[1]

    told = editor.of("$/progress")
    assert {each["token"] for each in told} == {"mine"}
    first, *middle, last = (each["value"] for each in told)
    assert first == {"kind": "begin", "title": "Turn comment into code", "cancellable": True}
    assert [each["message"] for each in middle] == [
        "Looking for a model",
        "Waiting for the model",
        "Writing: 1 line",
    ]
    assert last == {"kind": "end"}


async def test_a_document_that_has_moved_on_is_left_alone(
    desk: Desk, workshop: ActingWorkshop
) -> None:
    gate = asyncio.Event()
    workshop.model.answer = lambda _prompt: [gate, CODE]
    desk.editor.answers["window/showMessageRequest"] = {"title": "Try again"}
    editor = await desk.open(NEOVIM)
    running = desk.run(GENERATE, AT_COMMENT, version=1)[1]
    await editor.hears("$/progress", _is_waiting)
    desk.type("import os\n")
    gate.set()

    result = await running

    assert result["applied"] is False
    assert "has changed meanwhile" in result["message"]
    # The user presses the button, and the comment is found where it is now.
    await editor.hears("window/showMessage")
    assert desk.text == (
        "import json\nimport os\ndef total(prices):\n    # the sum as JSON\n"
        "    return json.dumps(sum(prices))\n\n\nx = 1\n"
    )
    (asked,) = editor.of("window/showMessageRequest")
    assert [each["title"] for each in asked["actions"]] == ["Try again"]


@pytest.mark.parametrize(
    ("command", "result"),
    [
        (EXPLAIN, None),
        (
            GENERATE,
            {"applied": False, "message": MOVED_ON},
        ),
    ],
)
async def test_a_stale_version_asks_no_model(
    desk: Desk, workshop: ActingWorkshop, command: str, result: object
) -> None:
    await desk.open(MINIMAL)

    assert await desk.run(command, AT_COMMENT, version=7)[1] == result

    assert workshop.model.requests == []
    assert desk.said == [
        f"fimls: {MOVED_ON}",
    ]


async def test_a_client_that_applies_nothing_is_told_so(
    desk: Desk, workshop: ActingWorkshop
) -> None:
    workshop.model.answer = CODE
    desk.applies = {"applied": False, "failureReason": "read-only"}
    await desk.open(NEOVIM)

    result = await desk.run(GENERATE, AT_COMMENT)[1]

    assert result == {"applied": False, "message": "read-only"}
    assert desk.said == ["fimls: Nothing was changed: read-only."]


@pytest.mark.parametrize("way", ["request", "progress"])
async def test_cancelling_closes_the_connection_and_answers_null(
    desk: Desk, workshop: ActingWorkshop, way: str
) -> None:
    workshop.model.answer = ["It adds ", asyncio.Event()]
    editor = await desk.open(NEOVIM)
    ident, running = desk.run(EXPLAIN, ALL_OF_IT, token="mine")
    await editor.hears("window/showDocument")

    if way == "request":
        editor.tell("$/cancelRequest", {"id": ident})
    else:
        editor.tell("window/workDoneProgress/cancel", {"token": "mine"})

    assert await running is None
    assert workshop.model.open == 0
    assert workshop.model.cancelled == 1
    assert editor.of("$/progress")[-1]["value"] == {"kind": "end"}
    # What has come stays readable.
    (shown,) = editor.of("window/showDocument")
    assert file_of(shown["uri"]).read_text("utf-8") == "It adds "
    assert desk.said == []


async def test_an_explanation_grows_in_a_file(
    desk: Desk, workshop: ActingWorkshop, clock: VirtualClock
) -> None:
    workshop.model.clock = clock
    workshop.model.answer = [step for word in range(20) for step in (f"word{word} ", Pause(0.05))]
    editor = await desk.open(NEOVIM)
    running = desk.run(EXPLAIN, ALL_OF_IT)[1]
    await editor.hears("window/showDocument")
    for _ in range(30):
        await clock.advance(0.05)

    result = await running

    (shown,) = editor.of("window/showDocument")
    assert shown["takeFocus"] is False
    assert result == {
        "markdown": f"{' '.join(f'word{n}' for n in range(20))}\n",
        "uri": shown["uri"],
    }
    assert file_of(shown["uri"]).read_text("utf-8") == result["markdown"]
    told = editor.of("fimls/actionText")
    assert told[-1] == {"action": EXPLAIN, "uri": URI, "text": result["markdown"]}
    # A second of words, five times a second at the most, and the whole.
    assert 3 <= len(told) <= 8


async def test_clients_that_show_texts_are_given_no_file(
    desk: Desk, workshop: ActingWorkshop, tmp_path: Path
) -> None:
    workshop.model.answer = "It adds."
    editor = await desk.open(VSCODE)

    result = await desk.run(EXPLAIN, ALL_OF_IT)[1]

    assert result == {"markdown": "It adds.\n", "uri": None}
    assert editor.of("window/showDocument") == []
    assert editor.of("fimls/actionText")[-1]["text"] == "It adds.\n"
    assert not (tmp_path / "cache" / "explanations").exists()


async def test_an_explanation_that_cannot_be_written_is_a_message(
    desk: Desk, workshop: ActingWorkshop, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("where a folder should be")
    workshop.model.answer = "It adds."
    editor = await desk.open(NEOVIM)

    result = await desk.run(EXPLAIN, ALL_OF_IT)[1]

    assert result == {"markdown": "It adds.\n", "uri": None}
    assert (desk.said, editor.of("window/showDocument")) == (["It adds."], [])


async def test_clients_that_show_neither_are_given_a_message(
    desk: Desk, workshop: ActingWorkshop
) -> None:
    workshop.model.answer = "It adds."
    await desk.open(MINIMAL)

    result = await desk.run(EXPLAIN, ALL_OF_IT)[1]

    assert result == {"markdown": "It adds.\n", "uri": None}
    assert desk.said == ["It adds."]


async def test_old_explanations_are_removed(
    desk: Desk, workshop: ActingWorkshop, tmp_path: Path
) -> None:
    folder = tmp_path / "cache" / "explanations"
    folder.mkdir(parents=True)
    for name, days in (("old.md", 8), ("new.md", 6)):
        (folder / name).write_text("It adds.", "utf-8")
        seconds = (folder / name).stat().st_mtime - days * 24 * 3600
        os.utime(folder / name, (seconds, seconds))
    workshop.model.answer = "It adds."
    await desk.open(NEOVIM)

    result = await desk.run(EXPLAIN, ALL_OF_IT)[1]

    names = {each.name for each in folder.iterdir()}
    assert names == {"new.md", file_of(result["uri"]).name}


async def test_what_cannot_be_done_is_told(desk: Desk, workshop: ActingWorkshop) -> None:
    await desk.open(NEOVIM)
    nowhere = {"start": {"line": 3, "character": 0}, "end": {"line": 3, "character": 0}}

    assert await desk.run(EXPLAIN, nowhere)[1] is None

    assert desk.said == ["fimls: Nothing is selected. Select some code, or go into a function."]
    assert workshop.model.requests == []


async def test_no_model_that_fits_is_told_with_a_button(
    desk: Desk, workshop: ActingWorkshop
) -> None:
    # It says so of itself that it has been run.
    command = Command("Pull it", "fimls.generate", ("llama",))
    workshop.acting.model = Status(
        State.OFFLINE, message="no model is here", fix="get one", command=command
    )
    desk.editor.answers["window/showMessageRequest"] = {"title": "Pull it"}
    editor = await desk.open(VSCODE)

    assert await desk.run(EXPLAIN, ALL_OF_IT)[1] is None
    await editor.hears("window/showMessage", lambda said: "generate expected" in said["message"])

    (asked,) = editor.of("window/showMessageRequest")
    assert asked["message"] == "fimls: No model is here. Get one."
    assert asked["actions"] == [{"title": "Pull it"}]
    assert workshop.model.requests == []


async def test_an_action_that_has_no_model_is_disabled_where_it_is_asked_for(
    desk: Desk, workshop: ActingWorkshop
) -> None:
    workshop.acting.model = Status(State.OFFLINE, message="no model is here")
    editor = await desk.open(VSCODE)
    context: dict[str, Any] = {"diagnostics": []}
    params = {"textDocument": {"uri": URI}, "range": ALL_OF_IT, "context": context}
    await desk.run(EXPLAIN, ALL_OF_IT)[1]

    listed = await editor.ask("textDocument/codeAction", params)
    assert not any("disabled" in each for each in listed)

    context["only"] = ["fimls.explain"]
    (explain,) = await editor.ask("textDocument/codeAction", params)
    assert explain["disabled"] == {"reason": "no model is here"}


async def test_a_model_that_fails_may_be_asked_again(desk: Desk, workshop: ActingWorkshop) -> None:
    answers = iter([[StreamBroken("it broke off")], CODE])
    workshop.model.answer = lambda _prompt: next(answers)
    desk.editor.answers["window/showMessageRequest"] = {"title": "Try again"}
    editor = await desk.open(NEOVIM)

    assert await desk.run(GENERATE, AT_COMMENT)[1] is None
    await editor.hears("window/showMessage")

    assert desk.said[0] == "fimls: It broke off. Run the action again."
    assert len(workshop.acting.failures) == 1
    assert desk.text == EDITED


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        [3],
        [{"uri": URI}],
        [{"uri": URI, "range": {"start": {"line": 0}, "end": {}}}],
        [{"uri": 1, "range": ALL_OF_IT}],
        [{"uri": URI, "range": ALL_OF_IT, "version": "1"}],
        [{"uri": URI, "range": ALL_OF_IT, "instruction": 1}],
        [{"uri": URI, "range": ALL_OF_IT, "diagnostic": 1}],
        [{"uri": URI, "range": ALL_OF_IT}, {}],
    ],
)
async def test_a_wrong_argument_is_told(
    desk: Desk, workshop: ActingWorkshop, arguments: list[object]
) -> None:
    editor = await desk.open(NEOVIM)

    params = {"command": GENERATE, "arguments": arguments}
    assert await editor.ask("workspace/executeCommand", params) is None

    (said,) = desk.said
    assert said.startswith('fimls: fimls.generate expected [{"uri": text')
    assert workshop.model.requests == []


async def test_an_unknown_document_is_told(desk: Desk) -> None:
    editor = await desk.open(NEOVIM)
    argument = {"uri": "file:///project/other.py", "range": ALL_OF_IT}

    params = {"command": EXPLAIN, "arguments": [argument]}
    assert await editor.ask("workspace/executeCommand", params) is None

    (said,) = desk.said
    assert said.startswith("fimls: file:///project/other.py is not open here.")


async def test_edit_asks_for_its_instruction(desk: Desk, workshop: ActingWorkshop) -> None:
    workshop.model.answer = "```python\nx = 2\n```"
    desk.editor.answers["fimls/input"] = {"value": "make it two"}
    await desk.open(VSCODE)
    last = {"start": {"line": 4, "character": 0}, "end": {"line": 4, "character": 5}}

    result = await desk.run("fimls.edit", last)[1]

    assert result["applied"] is True
    assert desk.text == TEXT.replace("x = 1", "x = 2")
    assert "make it two" in workshop.model.prompts[0]


async def test_edit_without_an_instruction_is_cancelled(
    desk: Desk, workshop: ActingWorkshop
) -> None:
    desk.editor.answers["fimls/input"] = {"value": None}
    await desk.open(VSCODE)

    assert await desk.run("fimls.edit", ALL_OF_IT)[1] is None

    assert desk.said == []
    assert workshop.model.requests == []


@pytest.mark.parametrize("diagnostic", ["x is one", {"message": "x is one", "code": 3}])
async def test_fix_takes_a_diagnostic_in_either_form(
    desk: Desk, workshop: ActingWorkshop, diagnostic: object
) -> None:
    workshop.model.answer = "```python\nx = 2\n```"
    await desk.open(NEOVIM)
    last = {"start": {"line": 4, "character": 0}, "end": {"line": 4, "character": 5}}

    await desk.run("fimls.fix", last, diagnostic=diagnostic)[1]

    assert desk.text == TEXT.replace("x = 1", "x = 2")
    assert "`x = 1`: x is one" in workshop.model.prompts[0]


async def test_a_client_that_never_answers_a_button_keeps_nobody_waiting(
    desk: Desk, workshop: ActingWorkshop
) -> None:
    desk.editor.answers["window/showMessageRequest"] = SILENCE
    await desk.open(VSCODE)

    result = await desk.run(GENERATE, AT_COMMENT, version=7)[1]

    assert result["applied"] is False


async def test_restarting_the_model_closes_that_of_actions(
    desk: Desk, workshop: ActingWorkshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = ActingWorkshop().model
    own.answer = "It adds."

    async def choose(*_given: object) -> object:
        return own

    monkeypatch.setattr(chat_keeping, "choose_chat", choose)
    editor = await desk.open(VSCODE)
    await desk.run(EXPLAIN, ALL_OF_IT)[1]

    await editor.ask("workspace/executeCommand", {"command": "fimls.restartModel"})

    assert own.is_closed
    assert workshop.model.requests == []
    assert await desk.run(EXPLAIN, ALL_OF_IT)[1] == {"markdown": "It adds.\n", "uri": None}


async def test_two_actions_are_done_one_after_the_other(
    desk: Desk, workshop: ActingWorkshop
) -> None:
    workshop.model.answer = "It adds."
    await desk.open(VSCODE)

    both = [desk.run(EXPLAIN, ALL_OF_IT)[1], desk.run(EXPLAIN, ALL_OF_IT)[1]]
    await asyncio.gather(*both)

    assert workshop.model.max_open == 1
