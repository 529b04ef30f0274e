"""Which actions are offered where; listing them talks to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.actions.desk import command_of

if TYPE_CHECKING:
    from tests.e2e.actions.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "import json\n\n\ndef total(prices):\n    # add them up\n    return sum(prices)\n"
IMPORT, COMMENT, RETURN = (CODE.index(each) for each in ("import", "# add", "return"))

EXPLAIN = ("Explain selection", "fimls.explain")
GENERATE = ("Turn comment into code", "refactor.rewrite.fimls.generate")
EDIT = ("Edit selection…", "refactor.rewrite.fimls.edit")


@pytest.mark.parametrize(
    ("start", "end", "automatic", "only", "offered"),
    [
        # On code, on a comment, in a function and out of it.
        (IMPORT, IMPORT, False, None, set()),
        (RETURN, RETURN, False, None, {EXPLAIN}),
        (COMMENT, COMMENT, False, None, {EXPLAIN, GENERATE}),
        (IMPORT, IMPORT + 6, False, None, {EXPLAIN, EDIT}),
        # A menu that opens by itself without a selection is short.
        (RETURN, RETURN, True, None, set()),
        (COMMENT, COMMENT, True, None, {GENERATE}),
        # The editor wants some kinds only.
        (COMMENT, COMMENT, False, ["fimls.explain"], {EXPLAIN}),
        (COMMENT, COMMENT, False, ["refactor"], {GENERATE}),
        (COMMENT, COMMENT, False, ["refactor.rewrite.fimls.generate"], {GENERATE}),
        (COMMENT, COMMENT, False, ["source.organizeImports"], set()),
    ],
)
async def test_what_is_offered(
    desk: Desk,
    start: int,
    end: int,
    automatic: bool,
    only: list[str] | None,
    offered: set[tuple[str, str]],
) -> None:
    desk.begin()
    document = desk.open("listed.py", "python", CODE)
    calls = len(desk.ollama.seen.calls)
    found = await desk.client.code_actions(document.uri, start, end, only=only, automatic=automatic)
    desk.client.close_document(document.uri)

    # Only VS Code's client can be asked for an instruction.
    expected = offered if desk.kind == "vscode" else offered - {EDIT}
    assert {each["title"] for each in found} == {title for title, _kind in expected}
    if desk.kind != "minimal":
        assert {(each["title"], each["kind"]) for each in found} == expected
    assert len(desk.ollama.seen.calls) == calls
    assert all(command_of(each)["arguments"][0]["version"] == 1 for each in found)


async def test_resolving_adds_nothing(desk: Desk) -> None:
    desk.begin()
    document = desk.open("listed.py", "python", CODE)
    calls = len(desk.ollama.seen.calls)
    listed = await desk.client.code_actions(document.uri, COMMENT)
    # A mere command, as a client is given that knows no actions, is nothing to resolve.
    listed = [each for each in listed if "kind" in each]
    resolved = [await desk.client.request("codeAction/resolve", each) for each in listed]
    desk.client.close_document(document.uri)

    assert resolved == listed
    assert bool(listed) == (desk.kind != "minimal")
    assert len(desk.ollama.seen.calls) == calls
