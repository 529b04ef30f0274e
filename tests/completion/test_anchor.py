"""What has been typed at an anchor is told the same from a text in parts as from the whole."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from fimls.completion.anchor import Anchor
from fimls.text.hole import Hole
from fimls.text.languages import language_of
from fimls.text.seam import Seam

PYTHON = language_of("python")

URI = "file:///a.py"

# Longer than what is kept between the ends, and much the same everywhere: what is compared at a
# wrong place would often be found.
LONG = "ab\n" * 4000
MIDDLE = len(LONG) // 2

# Typed mostly where the last was typed, and the hole mostly there.
STEPS = st.one_of(
    st.integers(-3, 3),
    st.integers(-2500, 2500),
    st.integers(-MIDDLE, MIDDLE),
    # At either end of the text.
    st.sampled_from([-len(LONG) * 2, len(LONG) * 2]),
)
EDITS = st.lists(
    st.tuples(STEPS, st.integers(0, 3), st.sampled_from(["", "a", "b", ")", "ab\n", "é"])),
    min_size=1,
    max_size=6,
)


def plain(hole: Hole) -> Hole:
    return replace(hole, seam=None)


@given(EDITS, STEPS, STEPS)
def test_parts_make_no_difference(
    edits: list[tuple[int, int, str]], before: int, after: int
) -> None:
    at, seams = MIDDLE, [Seam(LONG).spliced(MIDDLE, MIDDLE, "x")]
    for step, size, new in edits:
        text = seams[-1].text
        at = min(max(0, at + step), len(text))
        seams.append(seams[-1].spliced(at, min(at + size, len(text)), new))
        at += len(new)
    last = seams[-1]
    now = Hole(last.text, min(max(0, at + after), len(last.text)), PYTHON, seam=last)
    for seam in seams:
        offset = min(max(0, at + before), len(seam.text))
        then = Hole(seam.text, offset, PYTHON, seam=seam)
        known, unknown = Anchor.at(URI, then), Anchor.at(URI, plain(then))
        assert known.typed_since(now) == unknown.typed_since(plain(now)) == _typed(then, now)
        assert known.written_in(now) == unknown.written_in(plain(now)) == _written(then, now)


def _written(then: Hole, now: Hole) -> str | None:
    """What is between what stood before the hole and what stood after it."""
    is_longer = len(now.text) >= len(then.text)
    if not (is_longer and now.text.startswith(then.prefix) and now.text.endswith(then.suffix)):
        return None
    return now.text[len(then.prefix) : len(now.text) - len(then.suffix)]


def _typed(then: Hole, now: Hole) -> str | None:
    """The same up to where the hole is now, where only closers come after that."""
    written = _written(then, now)
    length = now.offset - then.offset
    if written is None or not 0 <= length <= len(written):
        return None
    typed, added = written[:length], written[length:]
    is_closed = typed and added.strip() and not added.strip(" \t\n)")
    return typed if not added or is_closed else None
