from __future__ import annotations

import pytest

from fimls.evaluation.share import Share


@pytest.mark.parametrize(
    ("share", "percent", "error", "said"),
    [
        # The error is the root of p(1-p)/n.
        (Share(40, 400), 10.0, 1.5, "10.0 ±1.5"),
        # Where all are, the formula knows no error.
        (Share(5, 5), 100.0, 0.0, "100.0 ±0.0"),
        # No share of nothing.
        (Share(0, 0), 0.0, 0.0, "none"),
    ],
)
def test_share(share: Share, percent: float, error: float, said: str) -> None:
    assert (share.percent, share.error) == pytest.approx((percent, error))
    assert str(share) == said
    assert share.as_json() == {
        "part": share.part,
        "of": share.whole,
        "percent": pytest.approx(percent),
        "error": pytest.approx(error),
    }
