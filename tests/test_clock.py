"""The clocks that are passed in."""

from __future__ import annotations

from fimls.clock import busy_s


def test_work_is_counted() -> None:
    before_s = busy_s()
    while busy_s() == before_s:
        pass
    assert busy_s() > before_s
