"""The embedded model's own process: serves one GGUF file on a loopback port until the parent ends.

`python -m fimls.models.embedded_child MODEL N_CTX THREADS`, with the key in the environment.  The
one line it reports is JSON: `{"url": …}`, or `{"error": …}` with exit status 1.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import TYPE_CHECKING

from fimls import lifeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xllamacpp

KEY_VARIABLE = "FIMLS_EMBEDDED_KEY"
"""The environment variable with the key that requests must carry."""

# A cancelled prompt is noticed between batches: with 128 the next request waits 0.5-0.8 s, with
# the default of 2048 up to 6.7 s, at no loss of speed (embedded.md §2.2).
_BATCH_TOKENS = 128

# The default of 8192 MiB grew to 1.6 GB within 270 requests (embedded.md §2.1).
_SAVED_PROMPTS_MIB = 0


def main(argv: Sequence[str]) -> None:
    """Loads the model, reports, and serves until the parent is gone."""
    lifeline.hold()
    report = lifeline.private_stdout()
    model, context_tokens, threads = argv[0], int(argv[1]), int(argv[2])
    key = os.environ.pop(KEY_VARIABLE)
    try:
        server = _serve(model, context_tokens, threads, key)
        # The reference held here is what keeps the server alive.
        said = {"url": server.listening_address}
    except Exception as error:  # noqa: BLE001  Whatever it is, the parent shall hear of it.
        said = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(said), file=report, flush=True)
    if "error" in said:
        os._exit(1)
    threading.Event().wait()


def _serve(model: str, context_tokens: int, threads: int, key: str) -> xllamacpp.Server:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = model
    # Port 0: the kernel picks one that is free.
    params.hostnames, params.port, params.api_keys = ["127.0.0.1"], 0, [key]
    params.n_ctx, params.n_parallel = context_tokens, 1
    params.n_batch = params.n_ubatch = _BATCH_TOKENS
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.cache_ram_mib = _SAVED_PROMPTS_MIB
    params.ui, params.endpoint_slots, params.verbosity = False, False, 0
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main(sys.argv[1:])
