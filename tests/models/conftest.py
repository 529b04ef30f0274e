"""What tests of several backends begin with."""

from __future__ import annotations

import asyncio

import pytest


@pytest.fixture(name="no_connections")
async def no_connections_fixture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be connected to, nor a name be looked up."""

    async def refuse(*_: object, **__: object) -> None:
        raise AssertionError("connected")

    for name in ("create_connection", "getaddrinfo"):
        monkeypatch.setattr(asyncio.get_running_loop(), name, refuse)
