"""Runs fimls with the protocol library of VS Code as its client."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Final

from tests.editors.cache import UnfetchedError
from tests.editors.node import install_locked, node_environ, node_version
from tests.editors.session import session

_HERE: Final = Path(__file__).resolve().parent
_LIBRARY: Final = "vscode-languageserver-protocol"


def main() -> int:
    """Returns 0 where all tests have passed."""
    packages = _HERE.parent
    try:
        version = node_version()
        install_locked(packages)
    except UnfetchedError as error:
        print(f"the client on Node.js cannot be fetched: {error}", file=sys.stderr)
        return 1
    library = packages / "node_modules" / _LIBRARY / "package.json"
    number = json.loads(library.read_text(encoding="utf-8"))["version"]
    print(f"{_LIBRARY} {number} · Node.js {version}", flush=True)
    return asyncio.run(_tested())


async def _tested() -> int:
    async with session(node_environ()) as around:
        return await around.run(["node", "--test", str(_HERE / "client.test.ts")])


if __name__ == "__main__":
    sys.exit(main())
