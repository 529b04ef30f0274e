"""Addresses are read as Ollama reads them, and only this machine is this machine."""

from __future__ import annotations

from base64 import b64decode

import pytest

from fimls.errors import HostRefused, Unreachable
from fimls.models.hosts import permit, permit_model, resolve


@pytest.mark.parametrize(
    ("given", "url", "is_local"),
    [
        # Nothing: Ollama's own default.
        ("", "http://127.0.0.1:11434", True),
        # Without a scheme, Ollama's port; with one, the scheme's.
        ("localhost", "http://localhost:11434", True),
        ("http://localhost", "http://localhost:80", True),
        ("https://localhost", "https://localhost:443", True),
        ("127.0.0.1:8080", "http://127.0.0.1:8080", True),
        (":1234", "http://127.0.0.1:1234", True),
        ("HTTP://LocalHost:1", "http://localhost:1", True),
        # As shells and Windows' dialogs leave it.
        (' "127.0.0.1:1234" ', "http://127.0.0.1:1234", True),
        # Any interface is no address to connect to.
        ("0.0.0.0", "http://127.0.0.1:11434", True),
        ("http://0.0.0.0:11434", "http://127.0.0.1:11434", True),
        ("::", "http://[::1]:11434", True),
        ("[::]:80", "http://[::1]:80", True),
        ("0:0:0:0:0:0:0:0", "http://[::1]:11434", True),
        # IPv6, with and without brackets.
        ("::1", "http://[::1]:11434", True),
        ("[::1]", "http://[::1]:11434", True),
        ("http://[::1]:5000/", "http://[::1]:5000", True),
        ("[2001:db8::1]:5000", "http://[2001:db8::1]:5000", False),
        # A port that is none is as if it were not there.
        ("localhost:port", "http://localhost:11434", True),
        ("localhost:99999", "http://localhost:11434", True),
        # A path stays, without its final slash.
        ("http://localhost:8000/v1/", "http://localhost:8000/v1", True),
        ("http://10.1.2.3/proxy/ollama", "http://10.1.2.3:80/proxy/ollama", False),
        # Ollama takes a lost bracket for a slip of the pen.
        ("http://[::1", "http://[::1]:80", True),
        # All of 127/8 is loopback.
        ("127.8.9.10", "http://127.8.9.10:11434", True),
        # Everything else is another machine, however near it looks.
        ("192.168.1.5", "http://192.168.1.5:11434", False),
        ("host.docker.internal", "http://host.docker.internal:11434", False),
        ("my_box", "http://my_box:11434", False),
        ("localhost.example.com", "http://localhost.example.com:11434", False),
        ("foo.localhost", "http://foo.localhost:11434", False),
        ("127.0.0.1.nip.io", "http://127.0.0.1.nip.io:11434", False),
        # Spellings that resolvers read as loopback, and people do not.
        ("127.1", "http://127.1:11434", False),
        ("2130706433", "http://2130706433:11434", False),
        ("0x7f.0.0.1", "http://0x7f.0.0.1:11434", False),
        # What comes before the @ is no host.
        ("http://127.0.0.1@example.com", "http://example.com:80", False),
        ("http://127.0.0.1:11434@example.com:1", "http://example.com:1", False),
        ("http://example.com@localhost:1", "http://localhost:1", True),
    ],
)
def test_addresses(given: str, url: str, is_local: bool) -> None:
    host = resolve(given)

    assert (host.url, host.is_local) == (url, is_local)
    # What has been read is read the same again.
    assert resolve(host.url) == resolve(url)


def test_loopback_in_the_form_of_ipv6_is_loopback() -> None:
    # Python 3.13 writes it in another way than 3.11.
    assert resolve("[::ffff:127.0.0.1]").is_local
    assert not resolve("[::ffff:10.0.0.1]").is_local


@pytest.mark.parametrize(
    "given",
    [
        # Not for the web.
        "ftp://localhost",
        "file:///etc/passwd",
        # Readers of URLs disagree about where the host ends.
        "http://localhost\\@example.com",
        "http://localhost#@example.com",
        "http://localhost?@example.com",
        "http://example.com%2f@localhost%00",
        "http://local host",
        "http://localhost/a?b=c",
        "http://[fe80::1%eth0]",
        "http://localhost\r\nX-Forged: 1",
        # Half of a character, which JSON can carry and UTF-8 cannot.
        "http://user:\ud83d@localhost",
    ],
)
def test_what_is_no_address(given: str) -> None:
    with pytest.raises(Unreachable, match="is no address of a server"):
        resolve(given)


def test_credentials_become_a_header_and_are_never_printed() -> None:
    host = resolve("https://me:p%40ss@example.com/v1")

    assert host.url == "https://example.com:443/v1"
    assert b64decode(host.authorization.removeprefix("Basic ")) == b"me:p@ss"
    assert "p%40ss" not in repr(host)
    assert host.authorization not in repr(host)


@pytest.mark.parametrize(
    "given", ["https://me:secret@exa mple.com", "me:secret@exa mple.com", "ftp://me:secret@x"]
)
def test_not_even_in_an_error(given: str) -> None:
    with pytest.raises(Unreachable) as raised:
        resolve(given)

    assert "secret" not in str(raised.value)


def test_another_machine_needs_to_be_allowed() -> None:
    permit(resolve("localhost"), False)
    permit(resolve("example.com"), True)
    with pytest.raises(HostRefused, match=r"http://example\.com:11434 .* `allowRemote` is true"):
        permit(resolve("me:secret@example.com"), False)


@pytest.mark.parametrize(
    ("name", "remote_host"),
    [
        # By name.
        ("gpt-oss:120b-cloud", ""),
        ("glm-4.6:cloud", ""),
        # A copy under another name: the list of models tells.
        ("mine:7b", "https://ollama.com:443"),
    ],
)
def test_a_model_that_runs_elsewhere_needs_to_be_allowed(name: str, remote_host: str) -> None:
    permit_model(name, True, remote_host=remote_host)
    with pytest.raises(HostRefused, match="`allowRemote` is true"):
        permit_model(name, False, remote_host=remote_host)


def test_a_model_here_is_a_model_here() -> None:
    permit_model("codellama:7b-code", False)
    permit_model("cloudy:7b", False)
