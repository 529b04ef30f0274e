from __future__ import annotations

import sys

import pytest

from fimls.errors import ProcessError
from fimls.evaluation import startup
from fimls.evaluation.startup import Startup, as_json, measure


async def test_measure() -> None:
    found = await measure(1)
    assert len(found.bare_ms) == len(found.fimls_ms) == 1
    # An interpreter alone takes more than that.
    assert min(found.bare_ms + found.fimls_ms) > 10


@pytest.mark.parametrize(
    ("fimls_ms", "ratio", "met"),
    [
        ((100.0, 130.0, 900.0), 1.3, True),
        ((131.0, 131.0, 131.0), 1.31, False),
    ],
)
def test_medians_count(fimls_ms: tuple[float, ...], ratio: float, met: bool) -> None:
    found = as_json(Startup((100.0, 90.0, 800.0), fimls_ms))
    assert (found["ratio"], found["met"]) == (ratio, met)
    assert found["bare_ms"] == {"median": 100.0, "least": 90.0}


async def test_a_server_that_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    dead = {"bare": (sys.executable, "-c", "pass"), "fimls": (sys.executable, "-c", "pass")}
    monkeypatch.setattr(startup, "_commands", lambda _assignments: dead)
    with pytest.raises(ProcessError, match="ended before it answered"):
        await measure(1)
