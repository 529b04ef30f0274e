"""What a child process does for itself at its start, so that it ends when its parent does.

Only the standard library's lightest modules are imported here: every child runs this first.
`python -m fimls.lifeline COMMAND …` does it for a command that knows nothing of it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Sequence

PARENT_VARIABLE = "FIMLS_PARENT_PID"
"""The environment variable in which a parent tells its own process id."""

_STDIN, _STDOUT, _STDERR = 0, 1, 2

# prctl(2): the first argument that sets the signal sent to us when our parent ends.
_PR_SET_PDEATHSIG = 1


def hold() -> None:
    """Ends this process as soon as the one that started it has ended, on every platform.

    The parent holds the other end of our standard input and writes nothing into it that we would
    miss: its end is the parent's end.  Linux is asked for a signal besides, because the thread
    that watches the input cannot run while native code holds the interpreter's lock.
    """
    _ask_the_kernel()
    threading.Thread(target=_end_with_the_input, name="lifeline", daemon=True).start()


def private_stdout() -> TextIO:
    """The channel to the parent; whatever else is printed from now on goes to standard error."""
    channel = os.fdopen(os.dup(_STDOUT), "w", encoding="utf-8")
    os.dup2(_STDERR, _STDOUT)
    return channel


def _end_with_the_input() -> None:
    while os.read(_STDIN, 4096):
        pass
    os._exit(0)


def _ask_the_kernel() -> None:
    if sys.platform != "linux":
        return
    import ctypes

    # The signal belongs to the parent's thread that started us: the one of its event loop, whose
    # end is the end of all who could use us.
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # A parent that ended before the kernel was asked is not reported any more.
    if os.environ.pop(PARENT_VARIABLE, str(os.getppid())) != str(os.getppid()):
        os._exit(0)


def main(argv: Sequence[str]) -> None:
    """Becomes the command `argv`, which the kernel then ends together with our parent (Linux)."""
    _ask_the_kernel()
    try:
        os.execvp(argv[0], list(argv))  # noqa: S606
    except OSError as error:
        sys.exit(f"{argv[0]} cannot be started: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
