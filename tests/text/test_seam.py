"""A text in parts is the same text, and what is typed at one place leaves its ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.text.hole import Hole
from fimls.text.languages import language_of
from fimls.text.seam import Seam, parts_of

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
        assert "".join(parts_of(hole_in(states[-1]))) == states[-1].text


def test_typing_at_one_place_leaves_the_ends() -> None:
    seam = first = Seam(LONG).spliced(MIDDLE, MIDDLE, "a")
    for key in range(1, 1000):
        seam = seam.spliced(MIDDLE + key, MIDDLE + key, "a")
    head, between, tail = parts_of(hole_in(seam))
    assert head is first.head
    assert tail is first.tail
    # All but some lines around the place.
    assert len(between) < 6000


@pytest.mark.parametrize("seam", [Seam(LONG), Seam(LONG, LONG[:9], LONG[-9:]), None])
def test_what_is_typed_at_a_hole_and_taken_back(seam: Seam | None) -> None:
    hole = Hole(LONG, MIDDLE, PYTHON, seam=seam)
    typed = hole.after("é😀\n")
    assert typed.text == LONG[:MIDDLE] + "é😀\n" + LONG[MIDDLE:]
    assert typed.before("é😀\n") == hole


@pytest.mark.parametrize(
    "hole",
    [
        # It was never told in parts.
        Hole(LONG, 0, PYTHON),
        # These are parts of another text.
        Hole("x", 0, PYTHON, seam=Seam(LONG, LONG[:9], LONG[9:])),
    ],
)
def test_nothing_is_known(hole: Hole) -> None:
    assert parts_of(hole) == ("", hole.text, "")
