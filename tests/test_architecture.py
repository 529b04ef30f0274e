"""The laws of the design hold in every file, and each of them bites."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.laws import (
    KNOWS,
    LAWS,
    LONGEST_FILE_LINES,
    MEDIAN_FUNCTION_LINES,
    PURE,
    addresses,
    median_length,
)
from tests.source import Source

ROOT = Path(__file__).resolve().parent.parent
# The bundled sample is what a user's project looks like, not our code.
SAMPLE = ROOT / "fimls" / "cli" / "sample"
# The machine that this runs on, and the one that it was written on.
MACHINE = (str(ROOT), str(Path.home()), *(f"/{top}" for top in ("root", "work")))

# What git tracks, told without git, since tests also run from an unpacked archive.
TRACKED = ("fimls", "tests", "docs", "editors", "examples", ".ci", ".github")
MADE = {"__pycache__", "node_modules", ".venv", "dist", "build", "out"}
BINARY = {".gif", ".png", ".svg", ".gguf", ".pyc", ".vsix"}


@cache
def sources() -> tuple[Source, ...]:
    paths = sorted((ROOT / "fimls").rglob("*.py"))
    return tuple(
        Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in paths
        if SAMPLE not in path.parents
    )


@pytest.mark.parametrize("law", LAWS)
def test_law(law: str) -> None:
    found = [
        f"{source.path}:{line}: {what}" for source in sources() for line, what in LAWS[law](source)
    ]
    assert not found, "\n".join([f"The law is: {law}.", *found])


def test_functions_are_short_in_the_median() -> None:
    assert median_length(list(sources())) <= MEDIAN_FUNCTION_LINES


def test_no_addresses_of_registries_or_machines() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {what}"
        for path in tracked()
        for line, what in addresses(path.read_text(encoding="utf-8", errors="replace"), MACHINE)
    ]
    assert not found, "\n".join(found)


def tracked() -> list[Path]:
    below = (path for place in TRACKED for path in (ROOT / place).rglob("*"))
    paths = (path for path in [*ROOT.iterdir(), *below] if path.is_file())
    return [
        path
        for path in paths
        if path.suffix not in BINARY and not MADE & set(path.relative_to(ROOT).parts)
    ]


def test_every_room_is_in_the_table() -> None:
    assert {source.room for source in sources()} <= {"", *KNOWS}


def test_the_pure_rooms_are_the_ones_of_the_design() -> None:
    # A renamed room would make its law empty; actions come with their own issue.
    there = {source.module for source in sources()}
    assert [place for place in PURE if place not in there and "actions" not in place] == []


def bad(path: str, code: str) -> tuple[str, str]:
    return f"fimls/{path}", f'"""A file."""\n{code}'


BITES = [
    ("a room knows only", *bad("text/lines.py", "from fimls.models import slot")),
    ("a room knows only", *bad("models/slot.py", "import fimls.completion.engine")),
    ("a room knows only", *bad("completion/runs.py", "from fimls import actions")),
    ("a room knows only", *bad("documents/a.py", "from ..context import window")),
    ("a room knows only", *bad("unheard/of.py", "import fimls.text")),
    # Within a function and for the type checker it is an import all the same.
    ("a room knows only", *bad("syntax/tree.py", "def f():\n import fimls.documents.store")),
    (
        "a room knows only",
        *bad("context/a.py", "if TYPE_CHECKING:\n from fimls.documents.store import Documents"),
    ),
    ("lsp is entered", *bad("cli/serve.py", "from fimls.lsp import sync")),
    ("testing is imported", *bad("cli/model.py", "from fimls.testing import clock")),
    ("testing is imported", *bad("models/a.py", "import fimls.testing.clock")),
    ("testing imports", *bad("testing/clock.py", "import httpx")),
    ("only lsp imports", *bad("cli/main.py", "from lsprotocol import types")),
    ("only lsp imports", *bad("completion/engine.py", "def f():\n import pygls.server")),
    ("only models opens", *bad("lsp/a.py", "import httpx")),
    ("only models opens", *bad("cli/a.py", "from urllib import request")),
    ("only models opens", *bad("cli/a.py", "await asyncio.open_connection('h', 1)")),
    ("only models opens", *bad("testing/a.py", "socket.create_connection(('h', 1))")),
    ("only lsp and testing", *bad("models/a.py", "await asyncio.start_server(f, 'h', 1)")),
    ("only lsp and testing", *bad("cli/a.py", "import http.server")),
    ("only lsp and testing", *bad("cli/a.py", "sock.bind(('', 0))")),
    ("only models, lsp", *bad("completion/a.py", "import socket")),
    ("only processes.py", *bad("models/a.py", "import subprocess")),
    ("only processes.py", *bad("cli/a.py", "await asyncio.create_subprocess_exec('a')")),
    ("only processes.py", *bad("cli/a.py", "import os\nos.execvp('a', ['a'])")),
    ("only processes.py", *bad("repository/a.py", "from multiprocessing import Pool")),
    ("time comes from", *bad("models/slot.py", "import time")),
    ("time comes from", *bad("completion/debounce.py", "await asyncio.sleep(1)")),
    ("time comes from", *bad("lsp/status.py", "from datetime import datetime")),
    ("pure rooms", *bad("text/a.py", "async def f(): ...")),
    ("pure rooms", *bad("syntax/a.py", "import asyncio")),
    ("pure rooms", *bad("context/a.py", "text = open('a').read()")),
    ("pure rooms", *bad("completion/shape.py", "text = path.read_text()")),
    ("pure rooms", *bad("completion/prompt.py", "import time")),
    ("pure rooms", *bad("completion/post/gate.py", "from pathlib import Path")),
    ("pure rooms", *bad("models/families.py", "def f():\n import socket")),
    ("pure rooms", *bad("actions/place.py", "import random")),
    ("only context.secrets makes Cleared text, by its", *bad("context/a.py", "Cleared('x')")),
    ("only context.secrets makes Cleared text, by its", *bad("models/a.py", "c.Cleared('x')")),
    ("only context.secrets makes Cleared text, by a", *bad("lsp/a.py", "cast('Cleared', x)")),
    ("only completion.prompt", *bad("completion/engine.py", "Generation(x, 1)")),
    ("only completion.prompt", *bad("models/a.py", "p.Generation(prompt='x')")),
    ("only actions build", *bad("completion/engine.py", "Chat((), 1)")),
    ("names say", *bad("text/utils.py", "")),
    ("names say", *bad("lsp/common/a.py", "")),
    ("names say", *bad("models/a.py", "class SlotManager: ...")),
    ("names say", *bad("models/a.py", "class BaseModel: ...")),
    ("functions have", *bad("a.py", "def f():\n" + " x = 1\n" * 60)),
    ("functions have", *bad("a.py", "x = 1\n" * LONGEST_FILE_LINES)),
    ("each file says", "fimls/a.py", "x = 1"),
    ("each function is", *bad("a.py", "def f(a) -> None: ...")),
    ("each function is", *bad("a.py", "def f(self, *, a: int): ...")),
    ("all exceptions", *bad("models/a.py", "class Sad(Exception): ...")),
    ("all exceptions", *bad("models/a.py", "class Sad(errors.ModelError): ...")),
    ("heavy libraries", *bad("models/http.py", "import httpx")),
    ("heavy libraries", *bad("syntax/tree.py", "from tree_sitter_python import language")),
    ("nothing is left", *bad("a.py", "def f():\n raise NotImplementedError")),
    ("nothing is left", *bad("a.py", "x = 1  # TO" + "DO: more")),
]


@pytest.mark.parametrize(("law", "path", "code"), BITES)
def test_the_law_bites(law: str, path: str, code: str) -> None:
    (check,) = [LAWS[name] for name in LAWS if name.startswith(law)]
    assert list(check(Source(path, code)))


def test_every_law_is_shown_to_bite() -> None:
    shown = tuple(law for law, _, _ in BITES)
    assert [law for law in LAWS if not law.startswith(shown)] == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        # What looks forbidden and is allowed where it stands.
        bad("models/http.py", "def f() -> None:\n import httpx"),
        bad("models/a.py", "if TYPE_CHECKING:\n import httpx"),
        bad("lsp/server.py", "from pygls.lsp.server import LanguageServer"),
        bad("cli/serve.py", "from fimls.lsp.server import serve\nfrom fimls import __version__"),
        bad("processes.py", "import subprocess"),
        bad("text/a.py", "from pathlib import PurePosixPath"),
        bad("repository/a.py", "import sqlite3\nsqlite3.connect('a')"),
        bad("completion/values.py", "from fimls.documents.snapshot import Snapshot"),
        bad("errors.py", "class Sad(Exception): ..."),
        bad("models/a.py", "class Baseline: ..."),
        bad("models/ollama.py", "Generation('', max_tokens=1)"),
    ],
)
def test_the_laws_bite_nothing_else(path: str, code: str) -> None:
    assert [law for law, check in LAWS.items() if list(check(Source(path, code)))] == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-" + "url https://mirror.example/simple",
        "x @ https://files.python" + "hosted.org/packages/x.whl",
        '"resolved": "https://registry.' + 'npmjs.org/x"',
        "see /home" + "/ann/project/file",
    ],
)
def test_addresses_are_found(line: str) -> None:
    assert list(addresses(line, ("/home" + "/ann",)))


def test_a_median_counts_all_functions() -> None:
    code = "def a():\n x\n\ndef b():\n x\n\ndef c():\n" + " x\n" * 30
    assert median_length([Source("fimls/a.py", code)]) == 2
