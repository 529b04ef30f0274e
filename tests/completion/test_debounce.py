"""The wait before an automatic request follows the author's rhythm."""

from __future__ import annotations

import pytest

from fimls.completion.debounce import Rhythm


@pytest.mark.parametrize(
    ("gaps_s", "setting_ms", "wait_s"),
    [
        # The first key of all follows no other: nothing suggests that a second one is near.
        ([], "auto", 0.0),
        # Too little is known of the rhythm.
        ([0.1], "auto", 0.075),
        # A steady typist: the next key would come within this.
        ([0.12] * 6, "auto", 0.1596),
        # Key repeat is the quickest there is.
        ([0.01] * 6, "auto", 0.03),
        # However slow the typist, the wait is not to be felt.
        ([0.6] * 6, "auto", 0.25),
        # A key after a long pause is answered at once.
        ([0.12, 0.12, 0.12, 0.12, 2.0], "auto", 0.0),
        # One slow key among quick ones does not change the rhythm.
        ([0.12, 0.12, 0.12, 0.9, 0.12], "auto", 0.1596),
        # The user has fixed it.
        ([0.12] * 6, 40, 0.04),
        # Zero is a number too.
        ([0.12] * 6, 0, 0.0),
    ],
)
def test_wait(gaps_s: list[float], setting_ms: int | str, wait_s: float) -> None:
    rhythm, now_s = Rhythm(), 100.0
    rhythm.key(now_s)
    for gap_s in gaps_s:
        now_s += gap_s
        rhythm.key(now_s)

    assert rhythm.wait_s(setting_ms) == pytest.approx(wait_s)


@pytest.mark.parametrize(
    ("setting_ms", "wait_s"),
    [
        # A new line, or the end of what was shown: here authors look.
        ("auto", 0.0),
        # What the user has fixed holds everywhere.
        (40, 0.04),
    ],
)
def test_where_authors_stop_to_look(setting_ms: int | str, wait_s: float) -> None:
    rhythm = Rhythm()
    for key in range(7):
        rhythm.key(100.0 + key * 0.12)

    assert rhythm.wait_s(setting_ms, at_rest=True) == wait_s


def test_before_any_key_there_is_no_wait() -> None:
    assert Rhythm().wait_s("auto") == 0.0
