"""Code points and bytes are converted in both directions, whatever the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fimls.syntax.offsets import Offsets

# Characters of one, two, three and four bytes, and enough of them to need the index.
TEXTS = st.builds(
    lambda text, times: text * times,
    st.text(st.sampled_from("a\né€😀"), max_size=8),
    st.sampled_from([1, 300, 1024]),
)


@given(TEXTS, st.floats(0, 1))
def test_both_directions(text: str, share: float) -> None:
    offset = round(len(text) * share)
    offsets = Offsets(text, text.encode())

    byte = offsets.byte(offset)

    assert byte == len(text[:offset].encode())
    assert offsets.offset(byte) == offset


def test_a_byte_inside_a_character_means_before_it() -> None:
    offsets = Offsets("a😀b", "a😀b".encode())

    assert [offsets.offset(byte) for byte in range(7)] == [0, 1, 1, 1, 1, 2, 3]


def test_clamped_at_both_ends() -> None:
    for text in ("abc", "aé€"):
        offsets = Offsets(text, text.encode())

        assert (offsets.byte(-1), offsets.byte(9)) == (0, len(text.encode()))
        assert (offsets.offset(-1), offsets.offset(99)) == (0, 3)
