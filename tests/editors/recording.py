"""Stands between an editor and a server, and keeps the editor's `initialize` request.

`python -m tests.editors.recording FOLDER MODULE [ARGUMENTS]` runs a server that is a Python module.
The tests of the editors do so where the environment names such a folder as `EDITOR_TEST_RECORD`:

    EDITOR_TEST_RECORD=tests/lsp/initialize python -m tests.editors.emacs

What differs from machine to machine is replaced, so that the file can be replayed anywhere.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any, Final

_HEADER: Final = re.compile(rb"Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n")

PROJECT: Final = "/project"
"""What stands for the folder that the editor has opened."""

_BLOCK_BYTES: Final = 1 << 16


def main(argv: list[str]) -> int:
    """Passes everything on in both directions; returns the server's exit status."""
    folder, *module = argv
    server = subprocess.Popen([sys.executable, "-m", *module], stdin=subprocess.PIPE)
    assert server.stdin is not None
    # When the server ends first, nobody waits for the editor's next word.
    passing = threading.Thread(target=_pass_on, args=(server.stdin, Path(folder)), daemon=True)
    passing.start()
    return server.wait()


def _pass_on(server: IO[bytes], folder: Path) -> None:
    """The editor's words, to the server; the first message is kept."""
    said = b""
    is_kept = False
    while block := os.read(sys.stdin.fileno(), _BLOCK_BYTES):
        server.write(block)
        server.flush()
        if not is_kept:
            said += block
            is_kept = _keep_first(said, folder)
    server.close()


def _keep_first(said: bytes, folder: Path) -> bool:
    """Writes the parameters of the first message, if it is whole; returns whether it is."""
    header = _HEADER.match(said)
    if header is None or len(said) < header.end() + int(header[1]):
        return False
    message = json.loads(said[header.end() : header.end() + int(header[1])])
    kept = json.dumps(anonymous(message["params"]), indent=1, ensure_ascii=False)
    (folder / f"{_name(message['params'])}.json").write_text(kept + "\n", encoding="utf-8")
    return True


def _name(params: dict[str, Any]) -> str:
    """The editor's, as it gives it."""
    client = params.get("clientInfo", {})
    said = f"{client.get('name', 'unknown')} {client.get('version', '')}".split("(")[0]
    return re.sub(r"[^a-z0-9.]+", "-", said.lower()).strip("-")


def anonymous(params: dict[str, Any]) -> dict[str, Any]:
    """The parameters of `initialize` without process ids and paths of the machine."""
    root = params.get("rootPath") or (params.get("rootUri") or "").removeprefix("file://")
    text = json.dumps(params)
    if root:
        text = text.replace(root.rstrip("/"), PROJECT)
    result: dict[str, Any] = json.loads(text)
    if result.get("processId") is not None:
        result["processId"] = 1
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
