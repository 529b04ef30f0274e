"""The bare model says its first line, and nothing is done to it."""

from __future__ import annotations

from typing import Any

import pytest

from fimls.completion.values import Ask, Completion, Skip
from fimls.documents.snapshot import Snapshot
from fimls.errors import ModelFailed
from fimls.evaluation.bare import Bare
from fimls.models.families import FAMILIES
from fimls.models.protocol import Capabilities, End, Generation, Piece
from fimls.testing.clock import VirtualClock
from fimls.testing.marks import marked
from fimls.testing.scripted import ScriptedModel
from fimls.text.languages import language_of

PLAIN = Capabilities(family=None, context_tokens=2048, can_force=True, single_line=True)
FAMILY = Capabilities(family=FAMILIES["codellama"], context_tokens=2048)


def asked(drawn: str) -> Ask:
    picture = marked(drawn)
    snap = Snapshot(
        uri="untitled:a.py",
        version=0,
        language=language_of("python"),
        path="a.py",
        source=picture.text,
    )
    return Ask(snap, snap.hole_at(picture.offset), explicit=True)


async def bare(drawn: str, *said: Any, can: Capabilities = PLAIN) -> tuple[object, Any]:
    """The answer of a model that says that, and the request it was made to."""
    model: Any = ScriptedModel(Piece, Piece("", end=End.STOP), can, answer=list(said))
    trace = await Bare(model, 64, VirtualClock()).traced(asked(drawn))
    return trace.answer, model.requests[-1] if model.requests else None


@pytest.mark.parametrize(
    ("drawn", "said", "text"),
    [
        # At the start of a line the line end is a part of it, as the model said it.
        ("def f(a):\n█", ["    return a\n", "def g"], "    return a\n"),
        # Blank lines are none.
        ("def f(a):\n█", ["\n\n    ret", "urn a\nx"], "\n\n    return a\n"),
        # Within a line the line has an end of its own.
        ("x = f(█)\n", ["a)\n", "y = 2\n"], "a)"),
        # The model ends before the line does.
        ("x = █", ["1"], "1"),
        # Nothing is filtered, not even what does not fit.
        ("x = █", ["((<EOT>\n"], "((<EOT>"),
    ],
)
async def test_first_line(drawn: str, said: list[str], text: str) -> None:
    answer, _ = await bare(drawn, *said)
    assert isinstance(answer, Completion)
    assert answer.text == text


async def test_the_prefix_as_it_stands() -> None:
    _, request = await bare("value = 1\nif value > 1 and va█", "lue\n")
    assert isinstance(request, Generation)
    assert request.prompt == "value = 1\nif value > 1 and va"
    assert request.force == ""


async def test_a_family_is_asked_in_its_format() -> None:
    _, request = await bare("x = █\ny = 2\n", "1\n", can=FAMILY)
    assert request.prompt.startswith("<PRE>")


async def test_a_model_that_fails() -> None:
    answer, _ = await bare("x = █", ModelFailed("out of memory"))
    assert isinstance(answer, Skip)
    assert answer.detail == "out of memory"


async def test_nothing_to_go_by() -> None:
    answer, request = await bare("█", "x")
    assert isinstance(answer, Skip)
    assert request is None
