"""A text in parts is the same text, and what two states of it are known to share they do share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.text.hole import Hole
from fimls.text.languages import language_of
from fimls.text.seam import Seam, same_ends

PYTHON = language_of("python")

# Longer than what is kept between the ends, and the same nowhere.
LONG = "".join(f"line_{number} = {number}\n" for number in range(4000))
MIDDLE = len(LONG) // 2

# Most edits are near the one before, as authors make them; some are far away, some are long.
EDITS = st.lists(
    st.tuples(
        st.one_of(st.integers(-40, 40), st.integers(-5000, 5000), st.integers(-MIDDLE, MIDDLE)),
        st.one_of(st.just(0), st.integers(0, 50), st.integers(0, 20_000)),
        st.one_of(st.text("ab\né😀", max_size=3), st.just("x" * 9000)),
    ),
    max_size=12,
)


def hole_in(seam: Seam) -> Hole:
    return Hole(seam.text, 0, PYTHON, seam=seam)


@given(EDITS)
def test_edits_as_on_the_whole_text(edits: list[tuple[int, int, str]]) -> None:
    at, states = MIDDLE, [Seam(LONG)]
    for step, size, new in edits:
        old = states[-1]
        at = min(max(0, at + step), len(old.text))
        end = min(at + size, len(old.text))
        states.append(old.spliced(at, end, new))
        assert states[-1].text == old.text[:at] + new + old.text[end:]
        at += len(new)
    for one in states:
        for other in states:
            head, tail = same_ends(hole_in(one), hole_in(other))
            assert one.text[:head] == other.text[:head]
            assert one.text[len(one.text) - tail :] == other.text[len(other.text) - tail :]


def test_typing_at_one_place_leaves_the_ends() -> None:
    seam = first = Seam(LONG).spliced(MIDDLE, MIDDLE, "a")
    for key in range(1, 1000):
        seam = seam.spliced(MIDDLE + key, MIDDLE + key, "a")
    head, tail = same_ends(hole_in(first), hole_in(seam))
    # All but some lines around the place.
    assert len(LONG) - head - tail < 5000


@pytest.mark.parametrize(
    "other",
    [
        # It was never told in parts.
        Hole(LONG, 0, PYTHON),
        # These are parts of another text.
        Hole("x", 0, PYTHON, seam=Seam(LONG, LONG[:9], LONG[9:])),
        # The same ends by chance are other objects: to find out would be to compare them.
        Hole(LONG, 0, PYTHON, seam=Seam(LONG, LONG[:10], LONG[10:])),
    ],
)
def test_nothing_is_known(other: Hole) -> None:
    mine = Hole(LONG, 0, PYTHON, seam=Seam(LONG, LONG[:10], LONG[10:]))
    assert same_ends(mine, other) == same_ends(other, mine) == (0, 0)
