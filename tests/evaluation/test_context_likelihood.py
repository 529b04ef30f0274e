"""The likelihood of a masked line: forced, not generated; with and without what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.evaluation.context import Shown
from fimls.evaluation.context_likelihood import as_json, likelihoods, mean_of
from fimls.evaluation.context_tasks import masked_lines
from fimls.evaluation.context_view import MemoryView
from fimls.models.protocol import Capabilities, Piece

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from fimls.models.protocol import Generation

VIEW = MemoryView(
    "/p",
    {
        "pkg/b.py": "def fetch(name: str) -> int: ...\n\nclass Box:\n    size: int = 0\n",
        "pkg/a.py": "from b import fetch\n\ndef run(box):\n    return fetch(box.size)\n",
    },
)


class Forced:
    """Says what it is forced to; finds it likelier where the prompt tells of the class."""

    name = "forced"
    backend = "embedded"
    host = ""
    capabilities = Capabilities(
        None, 2048, can_force=True, gives_logprobs=True, single_line=True, file_marker="<file_sep>"
    )

    def __init__(self) -> None:
        self.asked: list[Generation] = []

    async def generate(self, request: Generation) -> AsyncGenerator[Piece, None]:
        self.asked.append(request)
        log = -1.0 if "size: int" in request.prompt else -3.0
        blanks = len(request.force) - len(request.force.lstrip())
        # What stands before the line is no part of its likelihood.
        yield Piece(request.force[:blanks], (-9.0,))
        yield Piece(request.force[blanks:], (log, log))
        yield Piece(" and on", (-7.0,))


async def test_the_line_is_scored_with_and_without() -> None:
    model = Forced()
    (found,) = await likelihoods(model, masked_lines(VIEW, 3, "seed"), 512)  # type: ignore[arg-type]
    assert found.line == "pkg/a.py:4"
    assert found.by_shown == {Shown.WINDOW: -3.0, Shown.MAP: -1.0, Shown.ALL: -1.0}
    assert found.gain == pytest.approx(2.0)
    assert mean_of([found, found], Shown.MAP) == -1.0
    assert as_json(found)["line"] == "pkg/a.py:4"


async def test_what_is_shown_stands_before_the_file() -> None:
    model = Forced()
    await likelihoods(model, masked_lines(VIEW, 3, "seed"), 512)  # type: ignore[arg-type]
    window, shown, _all = model.asked
    assert shown.prompt.startswith("<file_sep>pkg/b.py\ndef fetch(name: str) -> int\nclass Box\n")
    assert shown.prompt.endswith("<file_sep>pkg/a.py\n" + window.prompt)
    assert {each.force.strip() for each in model.asked} == {"return fetch(box.size)"}
