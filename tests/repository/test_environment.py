"""What open documents import is known from the project's virtual environment, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.repository import environment
from fimls.repository.environment import Environment
from fimls.settings import ContextSettings
from fimls.text.languages import LANGUAGES
from tests.repository.folders import indexed, seen
from tests.repository.test_ignore import made

if TYPE_CHECKING:
    from pathlib import Path

SITE = "lib/python3.11/site-packages"
INSTALLED = {
    "pyvenv.cfg": "",
    f"{SITE}/http/__init__.py": "from ._client import Client\nfrom http.codes import *\n",
    f"{SITE}/http/_client.py": "from ._hidden import hidden\nclass Client:\n    def get(): ...\n",
    f"{SITE}/http/_hidden.py": "def hidden(): ...\n",
    f"{SITE}/http/codes/__init__.py": "from .all import OK\n",
    f"{SITE}/http/codes/all.py": "OK = 200\n",
    f"{SITE}/single.py": "def alone(): ...\n",
    f"{SITE}/deep/er.py": "def far(): ...\n",
    f"{SITE}/stubs/__init__.pyi": "def typed() -> int: ...\n",
    f"{SITE}/other.py": "def unasked(): ...\n",
}
HTTP = {"http/__init__.py", "http/_client.py", "http/codes/__init__.py", "http/codes/all.py"}


@pytest.mark.parametrize(
    ("text", "known"),
    [
        # A package with the modules of its own that it gives from, but not what those use.
        ("import http\n", HTTP),
        ("from http import Client\n", HTTP),
        # A module by itself, one within a package, one that is declared only.
        ("import single\n", {"single.py"}),
        ("from deep.er import far\n", {"deep/er.py"}),
        ("import stubs\n", {"stubs/__init__.pyi"}),
        # What is in the project, in Python itself, nowhere, or no module at all.
        ("from . import single\nimport os\nimport nowhere\nimport deep\n", set()),
        ("x = 1\n", set()),
    ],
)
@pytest.mark.parametrize("name", [".venv", "venv", "app/env"])
async def test_what_is_imported_is_known(
    tmp_path: Path, name: str, text: str, known: set[str]
) -> None:
    root = made(tmp_path / "project", {"app/main.py": ""})
    made(root / name, INSTALLED)
    async with indexed(root, tmp_path / "cache") as index:
        await index.typed("app/main.py", LANGUAGES["python"], text)
        assert set(seen(index).files()) - {"app/main.py"} == known


async def test_it_is_shown_by_the_path_that_it_is_imported_by(tmp_path: Path) -> None:
    root = made(tmp_path / "project", {"main.py": ""})
    made(root / ".venv", INSTALLED)
    async with indexed(root, tmp_path / "cache") as index:
        await index.typed("main.py", LANGUAGES["python"], "import http\n")
        (found,) = seen(index).defining("get")
        assert (found.path, found.container) == ("http/_client.py", "Client")
        # Like code is looked for in the project only.
        assert list(seen(index).referring("hidden")) == []
        # It stays when the document goes, and what the project itself has there counts more.
        await index.closed("main.py")
        made(root, {"http/_client.py": "class Own: pass\n"})
        await index.told({"http/_client.py"})
        assert seen(index).defining("get") == ()
        assert [each.path for each in seen(index).defining("Own")] == ["http/_client.py"]
    # It is in no store.
    async with indexed(root, tmp_path / "cache") as index:
        assert set(seen(index).files()) == {"main.py", "http/_client.py"}


async def test_what_is_left_out(tmp_path: Path) -> None:
    root = made(tmp_path / "project", {"main.py": ""})
    made(root / ".venv", INSTALLED)
    settings = ContextSettings(exclude=("http/",))
    async with indexed(root, tmp_path / "cache", settings) as index:
        await index.typed("main.py", LANGUAGES["python"], "import http, single\n")
        assert set(seen(index).files()) == {"main.py", "single.py"}


async def test_no_link_leads_out_of_the_project(tmp_path: Path) -> None:
    outside = made(tmp_path / "outside", INSTALLED)
    root = made(tmp_path / "project", {"main.py": "", f".venv/{SITE}/": "", ".venv/pyvenv.cfg": ""})
    (root / "venv").symlink_to(outside, target_is_directory=True)
    (root / ".venv" / SITE / "single.py").symlink_to(outside / SITE / "single.py")
    (root / ".venv" / SITE / "http").symlink_to(outside / SITE / "http")
    async with indexed(root, tmp_path / "cache") as index:
        await index.typed("main.py", LANGUAGES["python"], "import http, single, deep.er\n")
        assert set(seen(index).files()) == {"main.py"}


def test_there_is_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path / ".venv", {"pyvenv.cfg": "", **{f"{SITE}/m{at}.py": "" for at in range(9)}})
    monkeypatch.setattr(environment, "_MOST_MODULES", 5)
    known = Environment(str(tmp_path))
    assert len(known.imported("a.py", [f"m{at}" for at in range(3)])) == 3
    assert [each.path for each in known.imported("a.py", [f"m{at}" for at in range(9)])] == [
        "m3.py",
        "m4.py",
    ]
    assert known.imported("a.py", ["m8"]) == []
