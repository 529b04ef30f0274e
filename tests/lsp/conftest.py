"""A server in the test's own process, with an engine that does what the test wants."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from fimls.lsp.configuration import Configuration
from fimls.lsp.features import make_server
from fimls.settings import from_assignments
from fimls.testing.clock import VirtualClock
from tests.lsp.editor import Editor
from tests.lsp.fakes import Workshop

if TYPE_CHECKING:
    from pathlib import Path

    from fimls.lsp.language_server import FimlsServer

Connect = Callable[..., Editor]


@pytest.fixture
def workshop() -> Workshop:
    """Makes the engine."""
    return Workshop()


@pytest.fixture
def clock() -> VirtualClock:
    """The server's clock."""
    return VirtualClock()


@pytest.fixture
async def connect(
    tmp_path: Path, workshop: Workshop, clock: VirtualClock
) -> AsyncIterator[Connect]:
    """Makes a server and an editor that talks to it; `config.toml` is looked for in `tmp_path`."""
    servers: list[FimlsServer] = []

    def make(
        answers: Mapping[str, object] | None = None,
        *assignments: str,
        environ: Mapping[str, str] | None = None,
    ) -> Editor:
        around = {"FIMLS_CONFIG_DIR": str(tmp_path), **(environ or {})}
        wanted = Configuration(from_assignments(assignments), around)
        servers.append(make_server(wanted, clock, workshop.load))
        return Editor(servers[-1], answers)

    yield make
    for server in servers:
        await server.close()


@pytest.fixture
def editor(connect: Connect) -> Editor:
    """An editor that answers no requests, and a server with default settings."""
    return connect()
