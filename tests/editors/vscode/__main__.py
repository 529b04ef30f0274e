"""Runs the extension in VS Code: its tests beside the extensions, and stories in the workbench."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.editors.cache import REPOSITORY, UnfetchedError, once, ran
from tests.editors.node import install_locked, node_environ, node_version
from tests.editors.session import session
from tests.editors.vscode.installed import chromium, vscode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.editors.session import Session

_HERE: Final = Path(__file__).resolve().parent
_EXTENSION: Final = REPOSITORY / "editors" / "vscode"
_IMAGES: Final = REPOSITORY / "docs" / "images"


def main(argv: list[str]) -> int:
    """Returns 0 where all tests have passed."""
    parser = argparse.ArgumentParser(prog="python -m tests.editors.vscode", description=__doc__)
    parser.add_argument("--pictures", action="store_true", help="renew those of docs/images")
    parser.add_argument("step", nargs="*", help=f"default: {' '.join(_STEPS)}")
    given = parser.parse_args(argv)
    try:
        environ = _prepared()
    except UnfetchedError as error:
        print(f"VS Code and its extension cannot be made ready: {error}", file=sys.stderr)
        return 1
    if given.pictures:
        environ["EDITOR_TEST_IMAGES"] = str(_IMAGES)
    return max(asyncio.run(_passed(environ, step)) for step in given.step or _STEPS)


def _prepared() -> dict[str, str]:
    """Fetches and builds everything, and tells the versions; where things are, for the tests."""
    editor, browser, environ = vscode(), chromium(), node_environ()
    print(f"VS Code {editor.version} · Chromium {browser.version} · Node.js {node_version()}")
    for folder in (_HERE.parent, _EXTENSION):
        install_locked(folder)
    ran(["npx", "tsc", "--project", "."], environ=environ, folder=_HERE.parent)
    ran(["npm", "run", "vsix"], environ=environ, folder=_EXTENSION)
    return {
        **environ,
        "EDITOR_TEST_VSCODE": str(editor.path),
        "EDITOR_TEST_CHROMIUM": str(browser.path),
        "EDITOR_TEST_CHROMIUM_ENVIRON": json.dumps(browser.environ),
        "EDITOR_TEST_EXTENSION": str(_EXTENSION),
        "EDITOR_TEST_VSIX": str(_EXTENSION / "fimls.vsix"),
    }


async def _passed(environ: Mapping[str, str], step: str) -> int:
    """Runs one step in a home of its own; where it fails, it is told what can be looked at."""
    command, furnish = _STEPS[step]
    print(f"VS Code: {step}", flush=True)
    left = once("vscode-left", lambda _folder: None) / step
    shutil.rmtree(left, ignore_errors=True)
    left.mkdir()
    async with session(environ) as around:
        around.environ["EDITOR_TEST_REPORT"] = str(around.folder / "report.txt")
        around.environ["EDITOR_TEST_LEFT"] = str(left)
        programs = furnish(around)
        # VS Code asks a shell that its user has logged in to for what is on the path.
        profile = f'PATH="{programs}:$PATH"\n'
        (around.folder / ".profile").write_text(profile, encoding="utf-8")
        status = await around.run(["node", *command[:-1], str(_HERE / command[-1])])
        if status:
            print(f"what VS Code said and showed is in {left}", file=sys.stderr)
        return status


def _with_server(around: Session) -> Path:
    """A machine that has `fimls`, and Ollama."""
    around.environ["EDITOR_TEST_OLLAMA"] = around.ollama.url
    # A value that no other source has, so that a request tells where it comes from.
    around.environ["FIMLS_KEEP_ALIVE"] = "7m"
    return around.folder / "bin"


def _with_python(around: Session) -> Path:
    """A machine that has Python, and neither fimls nor Ollama nor any setting."""
    for name in [each for each in around.environ if each.startswith("FIMLS_")]:
        del around.environ[name]
    # Port 9 is for what is thrown away; nothing listens there.
    around.environ["OLLAMA_HOST"] = "127.0.0.1:9"
    programs = around.folder / "python"
    programs.mkdir()
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}"
    (programs / "python3").symlink_to(base)
    return programs


# The programs of each, and the machine that they need.
_STEPS: Final[Mapping[str, tuple[tuple[str, ...], Callable[[Session], Path]]]] = {
    "extension-host": (("extension_host.ts",), _with_server),
    "story": (("--test", "story.test.ts"), _with_server),
    "readme": (("--test", "readme.test.ts"), _with_python),
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
