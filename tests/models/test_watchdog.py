"""The watchdog barks at silence over several requests, and at nothing that a healthy model does."""

from __future__ import annotations

import pytest

from fimls.models.watchdog import SILENCE_S, Watchdog

# Requests to a model, one after the other: how long each took, and whether anything was heard.
Requests = list[tuple[float, bool]]


def listened(*requests: tuple[float, bool], dog: Watchdog | None = None) -> Watchdog:
    dog, now_s = dog or Watchdog(), 0.0
    for took_s, was_heard in requests:
        ident = dog.began(now_s)
        if was_heard:
            dog.heard(ident)
        now_s += took_s
        dog.ended(ident, now_s)
    return dog


@pytest.mark.parametrize(
    ("requests", "suspicious"),
    [
        ([], False),
        # Two questions whose time was over, as the settings have it by default.
        ([(15, False), (15, False)], True),
        # One alone may have met a long prompt.
        ([(SILENCE_S, False)], False),
        # Three that together were silent for that long.
        ([(12, False), (12, False), (6, False)], True),
        ([(12, False), (12, False)], False),
        # Something was heard in between.
        ([(15, False), (15, True), (15, False)], False),
        # A slow answer is an answer.
        ([(100, True), (100, True)], False),
        # Somebody types: each request is overtaken by the next, and tells nothing.
        ([(0.3, False)] * 500, False),
        # Nor does that make silence forgotten.
        ([(15, False), (0.3, False), (15, False)], True),
    ],
)
def test_what_is_suspicious(requests: Requests, *, suspicious: bool) -> None:
    assert listened(*requests).is_suspicious is suspicious


def test_a_reload_begins_anew_with_more_patience_each_time() -> None:
    dog = listened((15, False), (15, False))
    dog.reset()
    assert not dog.is_suspicious
    # A machine that is slow and nothing else comes to its end of reading once.
    assert not listened((15, False), (15, False), dog=dog).is_suspicious
    assert listened((15, False), (15, False), dog=dog).is_suspicious
    assert dog.reloads == 1
    dog.reset()
    assert dog.reloads == 2
    # Something is heard: it is as in the beginning.
    assert listened((1, True), (15, False), (15, False), dog=dog).is_suspicious
    assert dog.reloads == 0


def test_a_reload_for_another_reason_costs_no_patience() -> None:
    dog = listened((15, False))
    dog.reset()
    assert dog.reloads == 0
    assert listened((15, False), (15, False), dog=dog).is_suspicious


def test_a_request_from_before_the_reload_tells_nothing() -> None:
    dog = Watchdog()
    old = dog.began(0)
    dog.reset()
    dog.ended(old, 100)
    dog.heard(old)
    assert not listened((15, False), dog=dog).is_suspicious


def test_two_requests_at_once_are_told_apart() -> None:
    dog = Watchdog()
    first, second = dog.began(0), dog.began(1)
    dog.heard(second)
    dog.ended(second, 20)
    dog.ended(first, 31)
    assert not dog.is_suspicious
    assert listened((15, False), dog=dog).is_suspicious
