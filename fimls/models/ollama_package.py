"""Loading the `ollama` package, whatever the environment says of proxies and certificates."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import ModuleType

_PACKAGE: Final = "ollama"

# The part that its clients are in.  It stays loaded where the rest of the package fails to.
_CLIENTS: Final = "ollama._client"


def load() -> ModuleType:
    """The package; it takes 0.2 s the first time.

    As it is imported it makes a client for its own functions, which nobody here calls, and fails
    where httpx cannot use what it finds in `ALL_PROXY` (a SOCKS proxy), `NO_PROXY` (an IPv6
    address), `SSL_CERT_FILE` (no such file), or the package itself `OLLAMA_HOST`.  Our own clients
    read none of them, so in that case it does without its client.
    """
    try:
        return importlib.import_module(_PACKAGE)
    except Exception:
        clients = sys.modules.get(_CLIENTS)
        if clients is None:
            raise
        return _without_its_client(clients)


def _without_its_client(clients: ModuleType) -> ModuleType:
    """The package with one that nothing was made in; other clients are whole."""
    made = clients.Client.__init__
    clients.Client.__init__ = lambda _client: None
    try:
        return importlib.import_module(_PACKAGE)
    finally:
        clients.Client.__init__ = made
