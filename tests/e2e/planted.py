"""Secrets, planted wherever a prompt might take something from, and what stands beside them.

There are a hundred and more: ten shapes in each of six places of the project's own code, and files
that are never to be read at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from string import ascii_letters, ascii_uppercase, digits
from typing import TYPE_CHECKING, Final

from tests.e2e.workspaces import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_ALPHABET: Final = ascii_letters + digits

WORD: Final = "planted"
"""Stands, with a number, in every file that is never to be read."""


def _some(chance: Random, count: int, alphabet: str = _ALPHABET) -> str:
    # Letters and digits both, as a generator of keys has them.
    return "".join(chance.choices(alphabet, k=count - 2)) + "a7"


def _pem(chance: Random) -> str:
    # Of a key of 4,096 bits: longer than the pieces that the index cuts a file into.
    lines = "\n".join(_some(chance, 64) for _ in range(51))
    return f"-----BEGIN RSA PRIVATE KEY-----\n{lines}\n-----END RSA PRIVATE KEY-----"


@dataclass(frozen=True)
class Shape:
    """A shape of secrets: how one is written as a literal, under a name that may give it away."""

    name: str
    secret: Callable[[Random], str]
    literal: str = '"{}"'
    is_long: bool = False


SHAPES: Final = (
    Shape("limit", lambda chance: "AKIA" + _some(chance, 18, ascii_uppercase + digits).upper()),
    Shape("limit", lambda chance: "ghp_" + _some(chance, 36)),
    Shape("limit", lambda chance: "github_pat_" + _some(chance, 40)),
    Shape("limit", lambda chance: "sk-" + _some(chance, 48)),
    Shape(
        "limit", lambda chance: f"eyJ{_some(chance, 20)}.{_some(chance, 40)}.{_some(chance, 43)}"
    ),
    Shape("limit", _pem, literal='"""{}"""', is_long=True),
    Shape("password", lambda chance: _some(chance, 14)),
    Shape("client_secret", lambda chance: _some(chance, 32)),
    Shape("api_key", lambda chance: _some(chance, 24)),
    Shape("limit", lambda chance: _some(chance, 16), literal='"postgres://shop:{}@db/shop"'),
)


@dataclass(frozen=True)
class Planted:
    """A module with secrets of one shape, one in each place, and a file that uses it."""

    number: int
    secrets: tuple[str, ...]
    module: str
    edited: str
    """A line with a secret, which is typed into the module and not saved."""
    user: str
    """A picture of the file that uses it."""

    @property
    def path(self) -> str:
        """The module's path."""
        return f"vault/shape_{self.number}.py"

    @property
    def user_path(self) -> str:
        """The path of the file that uses it."""
        return f"use/user_{self.number}.py"

    @property
    def neighbours(self) -> tuple[str, ...]:
        """What stands right beside the secrets, and is to be shown."""
        number = self.number
        return f"connect_{number}(", f"class Client_{number}", f"retry_{number}(order"


def planted(number: int) -> Planted:
    """The module of a shape."""
    shape, chance = SHAPES[number], Random(number)
    secrets = tuple(shape.secret(chance) for _ in range(6))
    constant, default, field, body, edited, own = map(shape.literal.format, secrets)
    name = shape.name
    if shape.is_long:
        default = '""'
    filler = "".join(f"    first_{n}: int,\n" for n in range(4))
    module = f"""\
import os

{name.upper()} = {constant}


def connect_{number}(
    {name}: str = {default},
{filler}) -> None:
    os.connect({name})


class Client_{number}:
    {name}: str = {field}

    def retry_{number}(self, order: int) -> None:
        self.order = order


def similar_{number}(order, client):
    {name} = {body}
    client.retry_{number}(order)
    return client.send_{number}(order, client)
"""
    line = f"    {name} = {edited}\n    client.retry_{number}(order)\n"
    user = f"""\
from vault.shape_{number} import {name.upper()}, Client_{number}, connect_{number}

{name} = {own}


def other_{number}(order, client):
    connect_{number}(1, 2, 3, 4)
    client.retry_{number}(order)
    return client.send_{number}(█)
"""
    return Planted(number, secrets, module, line, user)


# Files of the built-in list.
_SECRET_FILES: Final = (
    *(".env", ".env.local", "prod.env", "deploy/.env.production", ".envrc"),
    *("id_rsa", ".ssh/config.py", ".aws/credentials", ".aws/helper.py", ".kube/config"),
    *("server.key", "cert.pem", "store.jks", "credentials.json", "secrets.yaml"),
    *("my-secrets.toml", "terraform.tfstate", "prod.tfvars", "service-account.json", ".netrc"),
)

# Files that git does not know, and those that fimls is told to leave alone.
_IGNORED: Final = (
    *("local_settings.py", "vault/private_one.py", "build/out_one.py", "vault/inner/hidden.py"),
    *("ours/left_out.py", "excluded/one.py"),
)

_IGNORE_FILES: Final = {
    ".gitignore": "local_settings.py\n/build/\n",
    "vault/.gitignore": "private_*.py\n",
    "vault/inner/.gitignore": "*\n!.gitignore\n",
    ".fimlsignore": "ours/\n",
}

EXCLUDED: Final = "excluded/"
"""What the user's own settings leave out besides."""


OPENED: Final = (
    *("local_settings.py", ".env", "ours/left_out.py", "excluded/one.py"),
    *("linked_26.py", "linked_folder/two_36.py", "notes.py"),
)
"""Files that no other is to see anything of, although they are open in the editor."""


def _forbidden(number: int) -> str:
    """What stands in a file that is never to be read: code that everybody would like to use."""
    word = f"{WORD}_{number}"
    return (
        f"def {word}(order, client):\n    client.retry_1(order)\n    return client.send_1(order)\n"
        f"\n\nclass Client_{word}:\n    {word}_total: int = 0\n"
    )


def plant(room: Path) -> tuple[Path, list[Planted]]:
    """Makes a workspace with all of them below a folder; some is beside the workspace."""
    root, outside = room / "project", room / "outside"
    modules = [planted(number) for number in range(len(SHAPES))]
    write(root, {each.path: each.module for each in modules})
    write(root, {each.user_path: each.user.replace("█", "") for each in modules})
    write(root, _IGNORE_FILES)
    forbidden = [*_SECRET_FILES, *_IGNORED]
    write(root, {path: _forbidden(at) for at, path in enumerate(forbidden)})
    left = range(len(forbidden), len(forbidden) + 20)
    write(outside, {f"one_{at}.py": _forbidden(at) for at in left[:10]})
    write(outside, {f"folder/two_{at}.py": _forbidden(at) for at in left[10:]})
    for at in left[:10]:
        (root / f"linked_{at}.py").symlink_to(outside / f"one_{at}.py")
    (root / "linked_folder").symlink_to(outside / "folder")
    (root / "notes.py").symlink_to(root / ".env")
    return root, modules
