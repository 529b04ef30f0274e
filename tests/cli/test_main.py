from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import IO, TYPE_CHECKING

import pytest

from fimls import __version__, errors
from fimls.cli import main as entry
from fimls.cli.main import COMMANDS, main

if TYPE_CHECKING:
    from argparse import ArgumentParser


def test_no_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    for command in COMMANDS:
        assert f"\n    {command} " in told.err


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["nonsense"], 2),
        # An option of another command.
        (["settings", "--tcp", "x"], 2),
        # `map` and `action` come with later issues.
        (["complete"], 2),
        (["--help"], 0),
        (["--version"], 0),
        *((([command, "--help"]), 0) for command in COMMANDS),
    ],
)
def test_usage(words: list[str], status: int, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == status
    told = capsys.readouterr()
    assert bool(told.err) == bool(status)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"fimls {__version__}\n"


def check_exit(
    error: BaseException, status: int, monkeypatch: pytest.MonkeyPatch, *words: str
) -> None:
    """What a command raises decides the exit status."""

    def configure(parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def run(_arguments: object) -> int:
        raise error

    command = SimpleNamespace(configure=configure, run=run)
    monkeypatch.setattr(entry, "import_module", lambda _name: command)
    assert main(["doctor", *words]) == status


@pytest.mark.parametrize(
    ("error", "status"),
    [
        # What the user gave is wrong.
        (errors.InputError("the reason"), 2),
        (errors.SettingError("the reason"), 2),
        # No model, whatever keeps it from us.
        (errors.Unreachable("the reason"), 3),
        (errors.HostRefused("the reason"), 3),
        (errors.ModelMissing("the reason"), 3),
        (errors.ProcessError("the reason"), 3),
    ],
)
def test_errors(
    error: errors.FimlsError,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    check_exit(error, status, monkeypatch)
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "fimls: the reason\n")


def test_no_model_is_one_object_where_objects_are_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    check_exit(errors.Unreachable("the reason"), 3, monkeypatch, "--json")
    told = capsys.readouterr()
    assert json.loads(told.out) == {"error": "the reason"}
    assert told.err == "fimls: the reason\n"


def test_an_interrupt_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    # 128 + SIGINT, as shells have it.
    check_exit(KeyboardInterrupt(), 130, monkeypatch)


def test_a_reader_that_has_gone_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    check_exit(BrokenPipeError(), 0, monkeypatch)


def test_what_the_machine_refuses_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    check_exit(OSError(28, "No space left on device"), 2, monkeypatch)
    assert capsys.readouterr().err == "fimls: [Errno 28] No space left on device\n"


def said_by(words: str, redirected: str, stdout: int | IO[bytes] = subprocess.PIPE) -> Said:
    """The exit status of a process of its own, and what it said on stdout and stderr."""
    shell = ["sh", "-c", f'exec "$0" -m fimls {words} {redirected}', sys.executable]
    ended = subprocess.run(shell, stdout=stdout, stderr=subprocess.PIPE, check=False)
    return ended.returncode, ended.stdout or b"", ended.stderr


Said = tuple[int, bytes, bytes]


@pytest.mark.parametrize(
    ("words", "redirected", "expected"),
    [
        # No input is an empty one.
        (
            "complete --stdin a.py:9",
            "<&-",
            (2, b"", b"fimls: a.py has 1 lines, there is no line 9\n"),
        ),
        ("serve", "<&-", (1, b"", b"")),
        # Nobody wants to hear the result, or what is wrong with the settings.
        ("settings --schema", ">&-", (0, b"", b"")),
        ("complete a.py:x", "2>&-", (2, b"", b"")),
    ],
)
def test_closed_streams(words: str, redirected: str, expected: Said) -> None:
    assert said_by(words, redirected) == expected


# One says less than its buffer holds, the other more.
@pytest.mark.parametrize("words", ["settings --schema", "settings --markdown"])
def test_an_output_that_takes_nothing(words: str) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    assert said_by(words, "", writes) == (0, b"", b"")
    os.close(writes)
    with Path("/dev/full").open("wb") as full:
        told = b"fimls: [Errno 28] No space left on device\n"
        assert said_by(words, "", full) == (2, b"", told)
