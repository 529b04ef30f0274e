"""Which trouble is told in so many words: a story of statuses, and what the user hears of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fimls.lsp.telling import Telling
from fimls.models.conditions import Condition, row_of
from fimls.models.status import SWITCHED_OFF, State, Status
from tests.lsp.fakes import LOADING, READY

BUSY = replace(READY, state=State.BUSY)
LOOKING = Status(State.STARTING, message="looking for a model")
SECRET = Status(State.OFF, message=".env holds secrets", uri="file:///project/.env")
UNSEEN = replace(READY, state=State.ERROR, message="fimls cannot complete here: no httpx")


def trouble(condition: Condition, message: str = "it is so") -> Status:
    row = row_of(condition, "ollama")
    return replace(READY, state=row.state, message=message, fix=row.fix, condition=condition.value)


AWAY = trouble(Condition.UNREACHABLE)
AWAY_STILL = trouble(Condition.UNREACHABLE, "it still is")
MISSING = trouble(Condition.MODEL_MISSING)
REFUSED = trouble(Condition.HOST_REFUSED)
BROKEN = trouble(Condition.BROKEN_OFF)
DIED = trouble(Condition.RUNNER_DIED)
GONE = trouble(Condition.CLIENT_GONE)


def told(*statuses: Status) -> list[str]:
    """The messages that are told where each of the statuses lasts."""
    telling, heard = Telling(), []
    for status in statuses:
        if telling.follow(status) and telling.is_due(status):
            telling.told(status)
            heard += [status.condition or status.message]
    return heard


@pytest.mark.parametrize(
    ("statuses", "heard"),
    [
        # All is well.
        ([LOOKING, LOADING, READY, BUSY, READY], []),
        # What lasts is told at once, and once.
        ([LOOKING, AWAY], ["unreachable"]),
        ([LOOKING, AWAY, LOADING, READY, BUSY, AWAY], ["unreachable"]),
        ([LOOKING, REFUSED], ["host refused"]),
        # Two wordings of one condition.
        ([AWAY, AWAY_STILL, AWAY], ["unreachable"]),
        # Another kind is told anew, and the first is not told again.
        ([AWAY, MISSING, AWAY], ["unreachable", "model missing"]),
        ([AWAY, LOADING, READY, BUSY, MISSING], ["unreachable", "model missing"]),
        # What is passing is told when it goes on, which an answered request ends.
        ([READY, BUSY, BROKEN], []),
        ([READY, BUSY, BROKEN, BUSY, BROKEN, BUSY, BROKEN, BUSY, BROKEN], ["broken off"]),
        ([BUSY, BROKEN, BUSY, BROKEN, BUSY, READY, BUSY, BROKEN, BUSY, BROKEN], []),
        # Another wording of it is not another time.
        ([BUSY, BROKEN, replace(BROKEN, message="it broke"), BROKEN, BROKEN], []),
        # A model that can be loaded, and dies over each request, is not well.
        ([BUSY, DIED, LOADING, READY, BUSY, DIED], ["runner died"]),
        # What we did ourselves is not told, however often.
        ([BUSY, GONE] * 20, []),
        # What the user has switched off, and what is said of one document.
        ([READY, SWITCHED_OFF, READY, SECRET], []),
        # Trouble that has no row.
        ([UNSEEN, BUSY, UNSEEN], ["fimls cannot complete here: no httpx"]),
        # The user has had the model looked for anew, and wants to know.
        ([AWAY, LOOKING, AWAY], ["unreachable", "unreachable"]),
    ],
)
def test_what_is_told(statuses: list[Status], heard: list[str]) -> None:
    assert told(*statuses) == heard


@pytest.mark.parametrize(
    ("after", "is_due"),
    [
        # While a request is under way, what was the matter still is.
        ([], True),
        ([BUSY], True),
        ([BUSY, AWAY_STILL], True),
        # It is over, or has become another.
        ([LOADING], False),
        ([READY], False),
        ([MISSING], False),
        ([SWITCHED_OFF], False),
        ([LOOKING], False),
        ([READY, BUSY], False),
    ],
)
def test_what_has_not_lasted_is_not_told(after: list[Status], *, is_due: bool) -> None:
    telling = Telling()
    assert telling.follow(AWAY)
    for status in after:
        telling.follow(status)
    assert telling.is_due(AWAY) is is_due
