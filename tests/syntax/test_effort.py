from __future__ import annotations

from fimls.syntax.effort import Effort


def test_so_many_calls_and_no_more() -> None:
    effort = Effort(2)
    assert [effort.is_spent_by_one_more() for _ in range(3)] == [False, False, True]


def test_a_part_is_spent_of_the_whole() -> None:
    whole = Effort(100)
    part = whole.part(10)
    part.spend(3)
    assert not part.is_spent_by_one_more()
    assert (part.left, whole.left) == (6, 96)
    # What the whole has left is no limit of the part's: verdicts do not depend on it.
    whole.spend(200)
    assert not part.is_spent_by_one_more()


def test_the_time_may_be_over_before() -> None:
    now = 0.0

    def is_late() -> bool:
        return now > 1.0

    effort = Effort(10, is_late=is_late)
    assert not effort.is_spent_by_one_more()
    now = 2.0
    assert effort.is_spent_by_one_more()
    assert not effort.is_spent
