"""Machines that are set up in odd ways: completions come all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.testing.fake_ollama import FakeOllama
    from tests.e2e.conftest import Start

URI = "file:///project/add.py"
TEXT = "def add(a, b):\n    return"


@pytest.mark.parametrize(
    "odd",
    [
        # A proxy in a language that the HTTP library lacks a package for: it is asked for nothing.
        {"ALL_PROXY": "socks5://127.0.0.1:9"},
        # Addresses that the library takes for a host and a port.
        {"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "localhost,::1/128,[::1]"},
        # Certificates are for TLS only, and these have been removed.
        {"SSL_CERT_FILE": "/nonexistent/certificates.pem"},
        # Nobody reads it where `host` is set.
        {"OLLAMA_HOST": "127.0.0.1:port"},
        # Nothing can be kept: neither what was indexed, nor what models there are.
        {"FIMLS_CACHE_DIR": "/dev/null/cache", "HOME": "/nonexistent"},
        # No language is set, as where an editor was not started from a shell.
        {"LC_ALL": "C", "LANG": "C"},
    ],
    ids=lambda odd: next(iter(odd)),
)
async def test_completions_come_all_the_same(
    odd: Mapping[str, str], start: Start, ollama: FakeOllama
) -> None:
    ollama.answer = " a + b\n"
    async with start(**odd) as served:
        client = served.client
        await client.initialize("file:///project/%C3%BC")
        client.open(URI, "python", TEXT)
        items = await client.inline_completion(URI, len(TEXT), explicit=True)
        await client.shutdown()

    assert items is not None
    assert [item["insertText"] for item in items] == [" a + b"]
    assert "window/showMessage" not in client.notifications
