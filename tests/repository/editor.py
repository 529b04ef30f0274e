"""An editor's server in a process of its own, as far as the index goes.

`python -m tests.repository.editor ROOT CACHE` indexes a folder and prints what each file defines.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from tests.repository.folders import indexed, names, seen


async def main(root: Path, cache: Path) -> None:
    """Prints one JSON object: the names by file."""
    async with indexed(root, cache) as index:
        sys.stdout.write(json.dumps(names(seen(index))))


if __name__ == "__main__":
    asyncio.run(main(*map(Path, sys.argv[1:])))
