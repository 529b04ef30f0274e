"""How much two texts, or their bytes, have in common at either end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fimls.text.sharing import shared, shared_end

TEXTS = st.text("ab\n", max_size=12)


def walked(one: str, other: str, most: int) -> int:
    """The same, told one character at a time."""
    pairs = zip(one[:most], other[:most], strict=False)
    return next((at for at, (mine, its) in enumerate(pairs) if mine != its), most)


@given(TEXTS, TEXTS, st.data())
def test_both_ends(one: str, other: str, data: st.DataObject) -> None:
    shorter = min(len(one), len(other))
    most = data.draw(st.integers(0, shorter))
    assert shared(one, other) == walked(one, other, shorter)
    assert shared(one, other, most) == walked(one, other, most)
    assert shared_end(one, other, most) == walked(one[::-1], other[::-1], most)
    assert shared_end(one.encode(), other.encode(), most) == shared_end(one, other, most)
