"""Three editors, each at a server of its own that all cases of a module share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from fimls.testing.lsp_profiles import PROFILES
from tests.e2e.actions.desk import seated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest

    from tests.e2e.actions.desk import Desk

SCHEMA = """\
CREATE TABLE movies (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    year INTEGER
);

CREATE TABLE ratings (
    movie_id INTEGER NOT NULL REFERENCES movies (id),
    stars INTEGER NOT NULL
);
"""
"""The tables of the workspace, in a file that is not open."""

PRICES = """\
def price_of(name: str, *, in_cents: bool = False) -> float:
    return 1.0
"""
"""What code of the workspace may call, in another such file."""


@pytest_asyncio.fixture(params=PROFILES, scope="module", loop_scope="module")
async def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Desk]:
    """An editor of each kind, in a workspace whose files are in the index."""
    room = tmp_path_factory.mktemp(request.param)
    (room / "project").mkdir()
    (room / "project" / "pyproject.toml").write_text("")
    (room / "project" / "schema.sql").write_text(SCHEMA)
    (room / "project" / "prices.py").write_text(PRICES)
    async with seated(request.param, room) as found:
        await _indexed(found)
        yield found


async def _indexed(desk: Desk) -> None:
    """Waits until the tables are known: not every client is told of the end of the indexing."""
    text = "-- all movies\n"
    uri = desk.open("first.sql", "sql", text).uri
    command = {"command": "fimls.generate", "arguments": [{"uri": uri, "range": _at_begin()}]}
    desk.ollama.answer = "There are none."
    while not any("ratings" in asked for asked in desk.chats):
        await desk.client.run(command)
    desk.client.close_document(uri)


def _at_begin() -> dict[str, dict[str, int]]:
    begin = {"line": 0, "character": 0}
    return {"start": begin, "end": begin}
