"""`fimls serve`: the language server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from fimls.errors import InputError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_PORT = re.compile(r"\d{1,5}")
_HIGHEST_PORT = 65_535

_LEVELS = ("debug", "info", "warning", "error")


def configure(parser: ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument("--tcp", metavar="HOST:PORT", help="listen there instead of on stdin")
    parser.add_argument("--log-file", type=Path, metavar="F", help="append the log to this file")
    parser.add_argument(
        "--log-level", choices=_LEVELS, default="info", metavar="L", help=", ".join(_LEVELS)
    )


def run(arguments: Namespace) -> int:
    """Serves until the input closes."""
    from fimls.lsp.server import serve

    return serve(
        tcp=_address(arguments.tcp),
        assignments=arguments.assignments,
        log_file=arguments.log_file,
        log_level=arguments.log_level,
    )


def _address(text: str | None) -> tuple[str, int] | None:
    if text is None:
        return None
    host, colon, port = text.rpartition(":")
    if not (colon and _PORT.fullmatch(port) and int(port) <= _HIGHEST_PORT):
        raise InputError(f"--tcp wants HOST:PORT, not {text!r}")
    return host.strip("[]") or "127.0.0.1", int(port)
