from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from fimls.testing.fake_ollama import FakeOllama
    from tests.cli.conftest import Ran

    Run = Callable[..., Awaitable[Ran]]

CODE = b"def add(a, b):\n    return \n"


async def check_refused(run: Run, folder: Path, data: bytes | None, place: str, told: str) -> None:
    """Wrong input ends with 2 and one line on stderr that says what is wrong."""
    if data is not None:
        (folder / "code.py").write_bytes(data)
    ran = await run("complete", str(folder / place))
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err
    assert ran.err.startswith("fimls: ")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("data", "place", "told"),
    [
        # The file is gone.
        (None, "code.py:1", "cannot be read"),
        # A folder is no file.
        (None, ".:1", "cannot be read"),
        # Neither UTF-8 nor anything that says what it is.
        (b"caf\xe9\n", "code.py:1", "is not UTF-8 text"),
        # UTF-8, but of a program.
        (b"a\0b\n", "code.py:1", "is not text"),
        # One byte over what the server works on too.
        (b"x" * 2_000_001, "code.py:1", "is over 2 MB"),
        # No line at all.
        (CODE, "code.py", "a place is FILE:LINE or FILE:LINE:COL"),
        (CODE, "code.py:", "a place is FILE:LINE or FILE:LINE:COL"),
        (CODE, "code.py:one", "a place is FILE:LINE or FILE:LINE:COL"),
        # Lines and columns begin at 1, as compilers print them.
        (CODE, "code.py:0", "there is no line 0"),
        (CODE, "code.py:1:0", "there is no column 0"),
        # The text ends with a line end, so there is a third, empty line, but no fourth.
        (CODE, "code.py:4", "has 3 lines, there is no line 4"),
        # Column 15 is the end of the line, where a completion may be wanted.
        (CODE, "code.py:1:16", "has 14 characters, there is no column 16"),
    ],
)
async def test_wrong_input(
    run: Run, tmp_path: Path, data: bytes | None, place: str, told: str
) -> None:
    await check_refused(run, tmp_path, data, place, told)


@pytest.mark.parametrize("folder", ["gone", "code.py"])
async def test_a_workspace_that_is_no_folder(run: Run, tmp_path: Path, folder: str) -> None:
    (tmp_path / "code.py").write_bytes(CODE)
    place = str(tmp_path / "code.py:2")
    ran = await run("complete", place, "--workspace", str(tmp_path / folder))
    assert (ran.status, ran.out) == (2, "")
    assert "--workspace wants a folder" in ran.err


async def test_wrong_setting(run: Run, file: Path) -> None:
    ran = await run("complete", f"{file}:2", "--set", "completion.maxTokens")
    assert (ran.status, ran.out) == (2, "")
    assert "--set takes key=value" in ran.err


async def test_text(run: Run, file: Path, ollama: FakeOllama) -> None:
    ran = await run("complete", f"{file}:2")
    assert (ran.status, ran.out, ran.err) == (0, "a + b\n", "")
    assert len(ollama.prompts) == 1


async def test_json(run: Run, file: Path, ollama: FakeOllama) -> None:
    ran = await run("complete", f"{file}:2", "--json")
    assert ran.status == 0
    here = {"line": 1, "character": 11}
    stages = ran.json.pop("stages_ms")
    assert stages["listen"] > 0
    assert ran.json | {"stages_ms": None} == {
        "text": "a + b",
        "range": {"start": here, "end": here},
        "skip": None,
        "backend": "ollama",
        "model": "codellama:7b-code",
        "mode": "psm",
        "stages_ms": None,
    }


async def test_explained(run: Run, file: Path, ollama: FakeOllama) -> None:
    told = (await run("complete", f"{file}:2", "--explain", "--json")).json
    assert told["prompt"] == ollama.prompts[0]
    assert told["raw"].startswith("a + b")
    assert told["context"] == []
    assert {"name", "before", "after", "reason"} == set(told["filters"][0])


async def test_explained_for_people(run: Run, file: Path, ollama: FakeOllama) -> None:
    ran = await run("complete", f"{file}:2", "--explain")
    assert ran.status == 0
    assert f"{ollama.requests[0].model} on ollama" in ran.out
    for part in ("listen", "prompt", "raw answer", "shown"):
        assert part in ran.out


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of which one file uses another."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    (folder / "orders.py").write_text("def open_order(name: str) -> int: ...\n")
    (folder / "app.py").write_text("from orders import open_order\n\nwanted = \n")
    return folder


async def test_other_files_are_shown(run: Run, project: Path, ollama: FakeOllama) -> None:
    told = (await run("complete", f"{project / 'app.py'}:3", "--explain", "--json")).json
    assert ollama.prompts[0].startswith(
        "<PRE> # orders.py\n# def open_order(name: str) -> int\n# app.py\nfrom orders"
    )
    (piece,) = told["context"]
    assert {"path", "kind", "tokens", "score", "reason"} == set(piece)
    assert (piece["path"], piece["kind"], piece["reason"]) == ("orders.py", "map", "imported here")


async def test_other_files_are_explained(run: Run, project: Path, ollama: FakeOllama) -> None:
    ran = await run("complete", f"{project / 'app.py'}:3", "--explain")
    assert ran.status == 0
    assert "imported here" in ran.out


@pytest.mark.parametrize(
    "setting",
    [
        # The user wants none of it.
        "context.repoMap=false",
        "context.repoMapTokens=0",
        # The context has no room for more than what stands around the hole.
        "contextLength=1024",
    ],
)
async def test_no_other_files(run: Run, project: Path, ollama: FakeOllama, setting: str) -> None:
    await run("complete", f"{project / 'app.py'}:3", "--set", setting)
    assert ollama.prompts[0].startswith("<PRE> from orders")


async def test_the_project_may_be_named(run: Run, project: Path, ollama: FakeOllama) -> None:
    inner = project / "inner"
    inner.mkdir()
    (inner / "own.py").write_text("from orders import open_order\n\nwanted = \n")
    (inner / "pyproject.toml").write_text("")
    place = f"{inner / 'own.py'}:3"
    await run("complete", place)
    await run("complete", place, "--workspace", str(project))
    alone, together = ollama.prompts
    assert alone.startswith("<PRE> from orders")
    assert "# def open_order(name: str) -> int\n# inner/own.py\n" in together


async def test_a_column_is_before_its_character(run: Run, file: Path, ollama: FakeOllama) -> None:
    # Before the last blank of the line, which is then what follows.
    await run("complete", f"{file}:2:11")
    assert ollama.prompts == ["<PRE> def add(a, b):\n    return <SUF> \n <MID>"]


async def test_unsaved_text(
    run: Run, file: Path, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsaved = io.TextIOWrapper(io.BytesIO(b"def mul(c, d):\r\n    return "))
    monkeypatch.setattr(sys, "stdin", unsaved)
    assert (await run("complete", f"{file}:2", "--stdin")).status == 0
    assert "def mul(c, d):\n    return" in ollama.prompts[0]
    assert "add" not in ollama.prompts[0]


async def test_unsaved_text_of_a_file_that_is_not_there_yet(
    run: Run, tmp_path: Path, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CODE)))
    assert (await run("complete", f"{tmp_path / 'new.py'}:2", "--stdin")).status == 0


async def test_nothing_to_show(run: Run, file: Path, ollama: FakeOllama) -> None:
    ollama.answer = ""
    ran = await run("complete", f"{file}:2", "--json")
    assert (ran.status, ran.json["text"]) == (1, "")
    assert ran.json["skip"] == "the model had nothing to say"
    assert "the model had nothing to say" in ran.err


async def test_a_secret_file_is_not_completed(run: Run, tmp_path: Path, ollama: FakeOllama) -> None:
    (tmp_path / "credentials.json").write_text("{\n")
    ran = await run("complete", f"{tmp_path / 'credentials.json'}:1")
    assert (ran.status, ran.out, ollama.prompts) == (1, "", [])
    assert "secret" in ran.err


async def test_no_model(run: Run, file: Path) -> None:
    ran = await run("complete", f"{file}:2")
    assert (ran.status, ran.out) == (3, "")
    assert "no model can be reached" in ran.err
    assert "fimls model get" in ran.err


async def test_no_model_in_json(run: Run, file: Path) -> None:
    ran = await run("complete", f"{file}:2", "--json")
    assert (ran.status, ran.json["text"]) == (3, "")
    assert ran.json["skip"].startswith("no model can be reached")


async def test_a_wrong_value_keeps_its_default(run: Run, file: Path, ollama: FakeOllama) -> None:
    ran = await run("complete", f"{file}:2", "--set", "completion.maxTokens=many")
    assert (ran.status, ran.out) == (0, "a + b\n")
    assert "completion.maxTokens" in ran.err
    assert ollama.requests[-1].max_tokens == 128


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "code.py"
    path.write_bytes(CODE)
    return path
