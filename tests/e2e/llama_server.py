"""A real llama-server (xllamacpp) in a process of its own, as a user would have started one.

`python -m tests.e2e.llama_server MODEL PORT BATCH KEY` prints one line of JSON with its port.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls import lifeline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Self

CONTEXT_TOKENS = 2048

# Whether the client is still there is looked at between batches (`docs/openai.md`); one of this
# size takes a fifth of a second.
BATCH_TOKENS = 32


@dataclass
class LlamaServer:
    """Runs while it is entered; port 0 is one that the system picks."""

    model: Path
    port: int = 0
    key: str = ""
    batch_tokens: int = BATCH_TOKENS
    _process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}

    def __enter__(self) -> Self:
        program = [sys.executable, "-m", "tests.e2e.llama_server"]
        self._process = subprocess.Popen(
            [*program, str(self.model), str(self.port), str(self.batch_tokens), self.key],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(json.loads(self._process.stdout.readline())["port"])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Kills it, as a crash would, and waits for its end."""
        assert self._process is not None
        self._process.kill()
        self._process.communicate()


def main(argv: Sequence[str]) -> None:
    """Serves until whoever started it ends."""
    import xllamacpp

    lifeline.hold()
    model, port, batch_tokens, key = argv
    params = xllamacpp.CommonParams()
    params.model.path = model
    params.hostnames, params.port = ["127.0.0.1"], int(port)
    params.api_keys = [key] if key else []
    params.n_ctx, params.n_parallel = CONTEXT_TOKENS, 1
    params.n_batch = params.n_ubatch = int(batch_tokens)
    # Two threads wait for each other, for seconds where the machine has other work to do.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.cache_ram_mib, params.ui, params.verbosity = 0, False, 0
    # It serves for as long as it is referred to.
    server = xllamacpp.Server(params)
    sys.stdout.write(json.dumps({"port": server.listening_address.rpartition(":")[2]}) + "\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
