"""Tests in all real editors, one after the other: `python -m tests.editors`."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Final

from tests.editors.cache import REPOSITORY

# The quick ones first, so that what is wrong with the server shows at once.
_SUITES: Final = ("node_client", "emacs", "neovim", "vscode")


def main() -> int:
    """Runs every suite, whatever came of the one before; returns 0 where all have passed."""
    failed = [suite for suite in _SUITES if not _passes(suite)]
    print(f"failed: {', '.join(failed)}" if failed else "all editors passed", flush=True)
    return 1 if failed else 0


def _passes(suite: str) -> bool:
    began_s = time.monotonic()
    command = [sys.executable, "-m", f"{__package__}.{suite}"]
    status = subprocess.run(command, cwd=REPOSITORY, check=False).returncode
    print(f"{suite}: {time.monotonic() - began_s:.0f} s\n", flush=True)
    return status == 0


if __name__ == "__main__":
    sys.exit(main())
