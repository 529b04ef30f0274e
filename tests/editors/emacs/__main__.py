"""Runs fimls in Emacs, by lsp-mode and by eglot, with the snippets of the documentation."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.editors.cache import UnfetchedError
from tests.editors.documented import snippet
from tests.editors.emacs.installed import emacs
from tests.editors.session import session

if TYPE_CHECKING:
    from tests.editors.emacs.installed import Emacs
    from tests.editors.session import Session

_HERE: Final = Path(__file__).resolve().parent

# The heading of the snippet that is tested, and the file of the tests.
_CLIENTS: Final = {"Emacs, lsp-mode": "lsp-mode-tests.el", "Emacs, eglot": "eglot-tests.el"}

_TEXT: Final = "icon = '😀'; vat = 1\ndef price(net):\n    return \n\n# a function that doubles\n"


def main() -> int:
    """Returns 0 where all tests of both clients have passed."""
    try:
        tested = emacs()
    except UnfetchedError as error:
        print(f"Emacs cannot be fetched: {error}", file=sys.stderr)
        return 1
    print(" · ".join(f"{name} {version}" for name, version in tested.versions.items()), flush=True)
    return max(asyncio.run(_tested(tested, *client)) for client in _CLIENTS.items())


async def _tested(tested: Emacs, section: str, tests: str) -> int:
    async with session(tested.environ) as around:
        init = around.folder / "init.el"
        init.write_text(snippet(section, "elisp"), encoding="utf-8")
        project = _project(around)
        command = [*tested.command, "-L", str(_HERE), "-l", str(init), "-l", str(_HERE / tests)]
        return await around.run([*command, "-f", "ert-run-tests-batch-and-exit"], project)


def _project(around: Session) -> Path:
    """A folder that both clients take for a project, with one file."""
    project = around.folder / "shop"
    (project / ".git").mkdir(parents=True)
    (project / "prices.py").write_text(_TEXT, encoding="utf-8")
    return project


if __name__ == "__main__":
    sys.exit(main())
