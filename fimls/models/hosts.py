"""Hosts: reads addresses as Ollama does, and tells whether one is this machine.

Code goes to no other machine before the user has allowed it, so an address is taken apart and
built anew from checked parts: what is judged here is exactly what is connected to.
"""

from __future__ import annotations

import re
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from fimls.errors import HostRefused, Unreachable
from fimls.models.trouble import Condition

DEFAULT_URL: Final = "http://127.0.0.1:11434"
"""Where Ollama listens when nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Host:
    """Where a server is: `url` is its base URL without credentials and without a final slash.

    `authorization` is the value of an HTTP header made of the credentials that the address had, ""
    for none; it is never printed.
    """

    url: str
    is_local: bool
    authorization: str = field(default="", repr=False)


@lru_cache(maxsize=16)
def resolve(host: str) -> Host:
    """Reads an address as Ollama reads `OLLAMA_HOST` (its `envconfig`, `ollama.md` §1).

    Without a scheme it is `http` on port 11434, with one the scheme's own port; a port that is no
    number is as if it were not there; `0.0.0.0` and `::` are read as loopback.  Raises
    `Unreachable` for what is no address of a web server.
    """
    scheme, rest = _scheme(host.strip().strip("\"'").strip())
    authority, _, path = rest.partition("/")
    credentials, _, place = authority.rpartition("@")
    name, port = _name_and_port(place)
    path = path.strip("/")
    if scheme not in _PORTS or not _is_plain(credentials, name, path):
        raise Unreachable(
            f"{masked(host)} is no address of a server (such as {DEFAULT_URL})",
            condition=Condition.BAD_ADDRESS,
        )
    name = _connectable(name)
    url = f"{scheme or 'http'}://{_bracketed(name)}:{port or _PORTS[scheme]}"
    return Host(f"{url}/{path}" if path else url, _is_this_machine(name), _basic(credentials))


def permit(host: Host, allow_remote: bool) -> None:
    """Raises `HostRefused` for a host that is not this machine and that nobody has allowed."""
    if host.is_local or allow_remote:
        return
    raise HostRefused(
        f"{host.url} is not this machine, and code goes nowhere else unless `allowRemote` is true"
    )


def permit_model(name: str, allow_remote: bool, *, remote_host: str = "") -> None:
    """Raises `HostRefused` for a model that Ollama itself asks elsewhere, unless that is allowed.

    `remote_host` is where, if the server's list of models tells.
    """
    if allow_remote or not (remote_host or is_cloud_name(name)):
        return
    place = remote_host or "the cloud"
    raise HostRefused(
        f"{name} runs in {place}, and code goes nowhere else unless `allowRemote` is true",
        condition=Condition.CLOUD_REFUSED,
    )


def is_cloud_name(model_name: str) -> bool:
    """Whether Ollama runs a model of that name on its own servers."""
    return model_name.lower().endswith((":cloud", "-cloud"))


def masked(host: str) -> str:
    """The address as the user gave it, without what may be a password."""
    scheme, found, rest = host.strip().partition("://")
    rest = rest if found else scheme
    shown = rest.rpartition("@")[2]
    return f"{scheme}://{shown}" if found else shown


@cache
def outside_hint() -> str:
    """How to reach a server outside, where this is a container or WSL; "" elsewhere.

    From in there, `localhost` is not the machine that the user thinks of.
    """
    if not _is_inside_another_system():
        return ""
    return (
        "if Ollama runs outside of this container or of WSL, set `host` to "
        "http://host.docker.internal:11434 and `allowRemote` to true"
    )


# Without a scheme, Ollama's own port; with one, the scheme's.
_PORTS: Final = {"": 11434, "http": 80, "https": 443}

_CONNECTABLE: Final = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104

_PORT: Final = re.compile(r"[0-9]{1,5}")
_HIGHEST_PORT: Final = 65535

# No `\`, `?` or `#`, about which the readers of URLs disagree, so that none of them finds another
# host than we did.  Names of machines have letters of any script.
_CREDENTIALS: Final = re.compile(r"[^\s\\?#\ud800-\udfff]*")
_NAME: Final = re.compile(r"[\w.-]*")
_PATH: Final = re.compile(r"[\w.~/+-]*")


def _scheme(text: str) -> tuple[str, str]:
    scheme, found, rest = text.partition("://")
    return (scheme.lower(), rest) if found else ("", text)


def _name_and_port(place: str) -> tuple[str, int | None]:
    """Splits at the last colon, unless that is a part of a bare IPv6 address."""
    name, colon, port = place.rpartition(":")
    if not colon or _is_ipv6(place.strip("[]")):
        name, port = place, ""
    number = int(port) if _PORT.fullmatch(port) else None
    return name.strip("[]").lower(), None if number is None or number > _HIGHEST_PORT else number


def _is_ipv6(text: str) -> bool:
    try:
        return isinstance(ip_address(text), IPv6Address) and "%" not in text
    except ValueError:
        return False


def _is_plain(credentials: str, name: str, path: str) -> bool:
    return bool(
        _CREDENTIALS.fullmatch(credentials)
        and (_NAME.fullmatch(name) or _is_ipv6(name))
        and _PATH.fullmatch(path)
    )


def _connectable(name: str) -> str:
    """The name to connect to: addresses in their usual spelling, those of any interface as own."""
    with suppress(ValueError):
        name = str(ip_address(name))
    return _CONNECTABLE.get(name, name)


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name


def _is_this_machine(name: str) -> bool:
    """Loopback addresses in their full spelling and `localhost`; nothing else (contract §3)."""
    if name == "localhost":
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _basic(credentials: str) -> str:
    if not credentials:
        return ""
    user, _, password = credentials.partition(":")
    pair = f"{unquote(user)}:{unquote(password)}"
    return "Basic " + b64encode(pair.encode()).decode()


def _is_inside_another_system() -> bool:
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        return True
    try:
        # WSL's kernels name their maker (learn.microsoft.com, "WSL 2 kernel").
        return "microsoft" in Path("/proc/version").read_text("utf-8").lower()
    except OSError:
        return False
