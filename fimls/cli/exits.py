"""The exit statuses of all commands (contract §1)."""

from __future__ import annotations

EXIT_DONE = 0
EXIT_NOTHING = 1
EXIT_USAGE = 2
EXIT_NO_MODEL = 3
