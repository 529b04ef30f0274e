"""The log: lengths, timings and reasons, on stderr or in a file, and never any code."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from fimls.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

# pygls writes whole messages into its log, and with them the user's code; what matters of its
# errors is logged by our own subclasses of it.
_SILENT = logging.CRITICAL + 1


def start_log(file: Path | None, level: str) -> None:
    """Begins to log to a file (appending), or to stderr; raises `InputError` for a wrong file."""
    root = logging.getLogger()
    root.addHandler(_handler(file))
    root.setLevel(logging.WARNING)
    logging.getLogger("fimls").setLevel(level.upper())
    logging.getLogger("pygls").setLevel(_SILENT)


def _handler(file: Path | None) -> logging.Handler:
    try:
        handler: logging.Handler = (
            logging.StreamHandler(sys.stderr)
            if file is None
            else logging.FileHandler(file, encoding="utf-8")
        )
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror or error}") from None
    handler.setFormatter(logging.Formatter(_FORMAT))
    return handler
