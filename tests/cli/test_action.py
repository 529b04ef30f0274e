"""`fimls action`: an explanation, a diff, or why there is neither."""

from __future__ import annotations

import asyncio
import io
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from fimls.cli.action_screen import Screen
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.faults import Fault
from fimls.testing.turns import InTurn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from tests.cli.conftest import Ran

    Run = Callable[..., Awaitable[Ran]]

CODE = "def total(prices):\n    # add them up as JSON\n"
RIGHT = "```python\nreturn json.dumps(sum(prices))\n```\n"
WRONG = "```python\nreturn json.dumps(sum(prices)\n```\n"
AFTER = f"import json\n\n\n{CODE}    return json.dumps(sum(prices))\n"
DIFF = """\
--- a/total.py
+++ b/total.py
@@ -1,2 +1,6 @@
+import json
+
+
 def total(prices):
     # add them up as JSON
+    return json.dumps(sum(prices))
"""
MARKDOWN = "## What it is for\n\nIt adds prices up.\n"


@pytest.fixture
async def ollama(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeOllama]:
    """An Ollama with Code Llama, both the one that completes and the one that is told things."""
    models = ("codellama:7b-code", "codellama:7b-instruct")
    async with FakeOllama(models=models, answer=RIGHT) as fake:
        monkeypatch.setenv("FIMLS_HOST", fake.url)
        monkeypatch.setenv("FIMLS_CONTEXT_REPO_MAP", "false")
        yield fake


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "total.py"
    path.write_text(CODE)
    return path


def text_of(file: Path) -> str:
    """The text of a file with the line ends that it has."""
    return file.read_bytes().decode()


def rewrite(file: Path, text: str) -> None:
    file.write_bytes(text.encode())


async def test_an_edit_is_shown_as_a_diff(run: Run, file: Path, ollama: FakeOllama) -> None:
    ran = await run("action", "generate", f"{file}:2")
    assert (ran.status, ran.out) == (0, DIFF)
    assert "Python" in ran.err
    assert text_of(file) == CODE


async def test_an_edit_is_made(run: Run, file: Path, ollama: FakeOllama) -> None:
    ran = await run("action", "generate", f"{file}:2", "--apply")
    assert (ran.status, ran.out) == (0, DIFF)
    assert text_of(file) == AFTER


async def test_a_file_that_changes_meanwhile(run: Run, file: Path, ollama: FakeOllama) -> None:
    def answer(_request: object) -> str:
        rewrite(file, "# mine\n" + CODE)
        return RIGHT

    ollama.answer = answer
    ran = await run("action", "generate", f"{file}:2", "--apply")
    assert (ran.status, ran.out) == (1, DIFF)
    assert f"{file} has changed meanwhile" in ran.err
    assert text_of(file) == "# mine\n" + CODE


async def test_an_edit_as_an_object(run: Run, file: Path, ollama: FakeOllama) -> None:
    ollama.answer = InTurn(WRONG, RIGHT)
    rewrite(file, CODE.replace("\n", "\r\n"))
    ran = await run("action", "generate", f"{file}:2", "--json", "--apply")
    told = ran.json
    top, below = told.pop("edits")
    assert ran.status == 0
    assert told.pop("diff").startswith("--- a/total.py\n+++ b/total.py\n@@ -1,2 +1,6 @@\n")
    assert top["newText"].startswith("import json\r\n")
    assert below["range"]["start"] == {"line": 1, "character": 25}
    assert told.pop("checked")
    assert told.pop("message")
    assert told == {
        "action": "generate",
        "model": "codellama:7b-instruct",
        "attempts": 2,
        "applied": True,
    }
    assert text_of(file) == AFTER.replace("\n", "\r\n")


async def test_an_explanation(run: Run, file: Path, ollama: FakeOllama) -> None:
    ollama.answer = MARKDOWN
    ran = await run("action", "explain", f"{file}:1-2")
    assert (ran.status, ran.out, ran.err) == (0, MARKDOWN, "")


async def test_an_explanation_as_an_object(run: Run, file: Path, ollama: FakeOllama) -> None:
    ollama.answer = MARKDOWN
    ran = await run("action", "explain", f"{file}:1-2", "--json")
    assert ran.status == 0
    assert ran.json["markdown"].strip() == MARKDOWN.strip()
    assert (ran.json["action"], ran.json["model"]) == ("explain", "codellama:7b-instruct")


async def test_an_explanation_that_breaks_off(run: Run, file: Path, ollama: FakeOllama) -> None:
    ollama.answer = MARKDOWN
    ollama.fail_next(Fault.RESET, after=6)
    ran = await run("action", "explain", f"{file}:1-2")
    # What has been said can still be read, and ends with its line.
    assert ran.status == 3
    assert ran.out.strip()
    assert MARKDOWN.startswith(ran.out.rstrip("\n"))
    assert ran.out.endswith("\n")
    assert ran.err.startswith("fimls: ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        # Lines that are none, or that are not there.
        (["explain", "{file}"], "lines are FILE:START or FILE:START-END"),
        (["explain", "{file}:9"], "there is no line 9"),
        (["explain", "{file}:2-1"], "end before they begin"),
        (["explain", "{folder}/gone.py:1"], "cannot be read"),
        # Options of other actions.
        (["explain", "{file}:1", "--apply"], "`explain` makes none"),
        (["generate", "{file}:2", "--instruction", "x"], "--instruction is for `edit`"),
        (["explain", "{file}:1", "--diagnostic", "x"], "--diagnostic is for `fix`"),
        # A line without a comment, and one with nothing at all.
        (["generate", "{file}:1"], "comment"),
        (["explain", "{file}:3"], "elect"),
        # A file whose text goes to no model.
        (["explain", "{folder}/.env:1"], "secret"),
    ],
)
async def test_wrong_input(
    run: Run, file: Path, ollama: FakeOllama, words: list[str], told: str
) -> None:
    (file.parent / ".env").write_text("TOKEN=1\n")
    ran = await run("action", *(word.format(file=file, folder=file.parent) for word in words))
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err
    assert ran.err.startswith("fimls: ")
    assert ollama.requests == []


@pytest.mark.parametrize("more", [[], ["--json"]])
async def test_no_model_that_is_told_things(
    run: Run, file: Path, ollama: FakeOllama, more: list[str]
) -> None:
    ollama.remove("codellama:7b-instruct")
    ran = await run("action", "explain", f"{file}:1-2", *more)
    assert ran.status == 3
    assert "ollama pull codellama:7b-instruct" in ran.err
    assert not any(request.is_chat for request in ollama.requests)
    if more:
        assert "does not follow instructions" in ran.json["error"]
        assert "ollama pull" in ran.json["fix"]


@pytest.mark.parametrize("more", [[], ["--json"]])
async def test_an_answer_of_no_use(
    run: Run, file: Path, ollama: FakeOllama, more: list[str]
) -> None:
    ollama.answer = WRONG
    ran = await run("action", "generate", f"{file}:2", "--apply", *more)
    assert ran.status == 1
    assert bool(ran.out) == bool(more)
    assert "its answer cannot be used: Line 6" in ran.err
    assert text_of(file) == CODE


@pytest.mark.parametrize(
    "words",
    [
        ["edit", "{file}:2", "--instruction", "use a word for it"],
        ["fix", "{file}:2", "--diagnostic", "use a word for it"],
    ],
)
async def test_an_action_that_is_told_what_to_do(
    run: Run, file: Path, ollama: FakeOllama, words: list[str]
) -> None:
    rewrite(file, "def total(prices):\n    return sum(prices)\n")
    ollama.answer = "    added = sum(prices)\n    return added\n"
    ran = await run("action", *(word.format(file=file) for word in words), "--apply")
    assert ran.status == 0
    assert text_of(file) == "def total(prices):\n    added = sum(prices)\n    return added\n"
    assert any("use a word for it" in str(each) for each in ollama.requests[-1].messages)


async def test_settings(run: Run, file: Path, ollama: FakeOllama) -> None:
    ollama.install("codellama:13b-instruct")
    ran = await run("action", "explain", f"{file}:1", "--set", "chatModel=codellama:13b-instruct")
    assert ran.status == 0
    assert ollama.requests[-1].model == "codellama:13b-instruct"


async def test_what_the_project_knows(
    run: Run, file: Path, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIMLS_CONTEXT_REPO_MAP", "true")
    (file.parent / "pyproject.toml").write_text("")
    (file.parent / "schema.sql").write_text("CREATE TABLE ratings (stars INTEGER);\n")
    query = file.parent / "query.sql"
    query.write_text("-- the mean rating\n")
    ollama.answer = InTurn("SELECT AVG(score) FROM ratings;", "SELECT AVG(stars) FROM ratings;")
    ran = await run("action", "generate", f"{query}:1", "--apply")
    assert ran.status == 0
    assert query.read_text() == "-- the mean rating\nSELECT AVG(stars) FROM ratings;\n"


async def test_it_is_interrupted(file: Path, ollama: FakeOllama) -> None:
    ollama.answer = MARKDOWN
    ollama.fail_next(Fault.STALL, after=6)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "fimls", "action", "explain", f"{file}:1-2"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    said = await process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, err = await process.communicate()
    # The connection is closed, and what was said ends with its line.
    await ollama.seen.until(lambda: ollama.cancelled == 1)
    assert process.returncode == 130
    assert MARKDOWN.startswith((said + rest).decode().rstrip("\n"))
    assert rest.endswith(b"\n")
    assert err == b""


def test_the_screen_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", terminal)
    with Screen(streams=True) as screen:
        screen.progress("Looking for a model")
        screen.progress("Waiting for the model")
        screen.text("It")
        screen.text("It adds")
        # Words about it would stand in the middle of the text.
        screen.progress("Writing: 2 lines")
        screen.text("Anew")
    shown = terminal.getvalue()
    # It is drawn now and then, and taken away before the text begins.
    assert "Waiting for the model" in shown
    assert "Writing" not in shown
    assert capsys.readouterr().out == "It adds\n\nAnew\n"


def test_a_text_that_is_cut_is_not_printed_again(capsys: pytest.CaptureFixture[str]) -> None:
    with Screen(streams=True) as screen:
        screen.text("It adds.\nAgain.\nAgain.\n")
        screen.text("It adds.\n*(cut)*\n")
        screen.text("It adds.\n*(cut)*\n")
    assert capsys.readouterr().out == "It adds.\nAgain.\nAgain.\n\n*(cut)*\n"
