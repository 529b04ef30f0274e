"""Characters that nobody sees are dropped."""

from __future__ import annotations

import pytest

from fimls.completion.post.hidden import without_hidden
from tests.completion.post.checks import check_filter


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        # Marks without a width, within a name and at its ends.
        ("\u200bval\u2060ue\ufeff = 1", "value = 1"),
        # Overrides of the reading direction and isolates.
        ("x = 1  # \u202eabc\u202c \u2066d\u2069", "x = 1  # abc d"),
        # Tags, which spell out words for other models.
        ("x\U000e0041\U000e0042\U000e007f = 1", "x = 1"),
        # Controls of terminals; tabs and line ends are no such.
        ("\x1b[0mx\x00 =\t1\n\x07y", "[0mx =\t1\ny"),
        # Separators that only some programs take for line ends.
        ("x = 1\u2028y = 2\u0085", "x = 1y = 2"),
        # Joiners and variants after a character of ASCII make another name of it.
        ("na\u200dme\ufe0f = 1", "name = 1"),
        # A filler that looks like a blank and is a letter.
        ("if x\u3164:", "if x:"),
        # Blanks of other kinds in an indentation; within a line they may be text.
        ("if x:\n\u00a0\u3000  y()", "if x:\n    y()"),
    ],
)
def test_what_is_hidden_is_dropped(raw: str, seen: str) -> None:
    assert without_hidden(raw, "") == seen


@pytest.mark.parametrize(
    "clean",
    [
        # Pictures made of several, a flag, a keycap.
        's = "👩\u200d💻 ❤\ufe0f 🇫🇷 1\ufe0f\u20e3"',
        # A joiner within a Persian word.
        's = "می\u200cخواهم"',
        # A price as the French write it.
        's = "10\u00a0000 €"',
        "\tx = 1\n\n    y = 2\n",
    ],
)
def test_clean_in_clean_out(clean: str) -> None:
    check_filter("hidden characters", f"├{clean}┤", f"├{clean}┤")


def test_a_control_character_of_the_document_s_is_kept() -> None:
    red = "RED='\x1b[31m'\n"

    check_filter("hidden characters", f"{red}├{red}┤", f"{red}├{red}┤", language="shellscript")
