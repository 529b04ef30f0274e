"""Answers by turn: what a fake model says to the first request, to the second, and so on."""

from __future__ import annotations

from typing import Generic, TypeVar

A = TypeVar("A")


class InTurn(Generic[A]):
    """Gives one answer after the other; the last one stays.

    `count` is how many have been given.  It goes where a fake server takes a function of the
    request: `FakeOllama(answer=InTurn("wrong", "right"))`.
    """

    def __init__(self, *answers: A) -> None:
        if not answers:
            raise ValueError("answers by turn need one answer at least")
        self.answers = answers
        self.count = 0

    def __call__(self, _request: object) -> A:
        """The answer whose turn it is."""
        answer = self.answers[min(self.count, len(self.answers) - 1)]
        self.count += 1
        return answer
