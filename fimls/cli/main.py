"""The entry of the command line: finds the command, reads its arguments, runs it.

Only the module of the command that was asked for is imported, so that `fimls serve` starts as
quickly as a bare server.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from fimls import __version__
from fimls.cli.exits import EXIT_DONE, EXIT_NO_MODEL, EXIT_USAGE
from fimls.errors import FimlsError, InputError, ModelError, ProcessError, SettingError

if TYPE_CHECKING:
    from collections.abc import Sequence

# The commands, with the line that `fimls --help` prints for each; each is a module of this room
# with `configure(parser)` and `run(arguments) -> exit status`.
COMMANDS = {
    "serve": "run the language server on stdin and stdout",
    "complete": "complete at FILE:LINE[:COL], as the server would",
    "action": "explain lines, or turn a comment into code",
    "map": "show what a completion at FILE[:LINE[:COL]] sees of other files",
    "model": "list, fetch or locate models",
    "doctor": "say what works here, and what to do about the rest",
    "demo": "watch the server complete a sample project",
    "eval": "measure",
    "settings": "print the settings as a JSON schema or as a page",
}

# Which exit status an error ends with; the first class that fits counts.
_EXITS: tuple[tuple[type[FimlsError], int], ...] = (
    (InputError, EXIT_USAGE),
    (SettingError, EXIT_USAGE),
    (ModelError, EXIT_NO_MODEL),
    (ProcessError, EXIT_NO_MODEL),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status of the contract (0, 1, 2 or 3)."""
    words = list(sys.argv[1:] if argv is None else argv)
    _open_closed_streams()
    _speak_utf8()
    parser = _parser(words)
    arguments = parser.parse_args(words)
    if not arguments.command:
        parser.print_help(sys.stderr)
        return EXIT_USAGE
    try:
        status = int(import_module(f"fimls.cli.{arguments.command}").run(arguments))
        sys.stdout.flush()
    except FimlsError as error:
        status = next((status for kind, status in _EXITS if isinstance(error, kind)), EXIT_USAGE)
        if status == EXIT_NO_MODEL and getattr(arguments, "json", False):
            # Who reads objects is given one; wrong usage has not come so far.
            print(json.dumps({"error": str(error)}))
        print(f"fimls: {error}", file=sys.stderr)
        return status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has closed it; there is nobody left to tell.
        _say_no_more()
        return EXIT_DONE
    except OSError as error:
        # No room on the disk that the output goes to, a folder that was removed meanwhile.
        _say_no_more()
        print(f"fimls: {error}", file=sys.stderr)
        return EXIT_USAGE
    return status


def _open_closed_streams() -> None:
    """Whoever starts us may have closed a stream, whose number the next file would be given."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nothing = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 (stays open)
            setattr(sys, name, nothing)


def _say_no_more() -> None:
    """What is left of the output goes nowhere: at its end, Python would try again and complain."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)


def _speak_utf8() -> None:
    """Code has characters that the encoding of a pipe on Windows does not."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fimls", description="Complete code in the middle.")
    parser.add_argument("--version", action="version", version=f"fimls {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    asked = next((word for word in words if not word.startswith("-")), None)
    for name, line in COMMANDS.items():
        command = commands.add_parser(name, help=line, description=f"{line[0].upper()}{line[1:]}.")
        if name == asked:
            import_module(f"fimls.cli.{name}").configure(command)
            _add_settings(command)
    return parser


def _add_settings(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--set",
        dest="assignments",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="a setting for this run, such as completion.maxTokens=64 (repeatable)",
    )
