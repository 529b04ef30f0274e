"""What is found in ASCII is what is found in any script."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from fimls.text.finding import finder

WORD = r"[^\W\d]\w*"
TEXT = st.text(st.sampled_from("abZ09_ .(\n\t'é漢Ⅷ٣ª😀"), max_size=40)


@given(TEXT)
def test_the_same_as_the_expression_finds(text: str) -> None:
    assert finder(WORD)(text) == re.findall(WORD, text)
