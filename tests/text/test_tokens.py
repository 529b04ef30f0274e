"""The token estimate against counts of the real tokenizers."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.text import tokens
from fimls.text.tokens import (
    CODE_LLAMA,
    DEEPSEEK_CODER,
    DEEPSEEK_CODER_V2,
    GEMMA,
    GRANITE4,
    MISTRAL,
    QWEN,
    SMOLLM2,
    STARCODER,
    STARCODER2,
    Rate,
    count,
)

RATES = st.sampled_from([rate for rate in vars(tokens).values() if isinstance(rate, Rate)])
NOTHING = Rate(*[0.0] * len(fields(Rate)))
TEXT = st.text(st.sampled_from("abzAZ09 \t\n(){}._\0\réж漢한\u2028😀"), max_size=60)

PYTHON = '''\
def mean_absolute_deviation(numbers: list[float]) -> float:
    """For a given list of numbers, the mean distance from their mean."""
    mean = sum(numbers) / len(numbers)
    return sum(abs(x - mean) for x in numbers) / len(numbers)
'''
GO = """\
\tif err := json.Unmarshal(data, &config); err != nil {
\t\treturn nil, fmt.Errorf("reading %s: %w", path, err)
\t}
\treturn &Server{config: config, started: time.Now()}, nil
"""
DIGITS = "0x9f86d081, 884765392, 1234567890, 3.14159265358979\n" * 4
GERMAN = "# Prüft, ob der übergebene Schlüssel gültig ist, und löscht sonst die Größe der Fläche.\n"
RUSSIAN = "# Проверяет права пользователя и записывает ошибку в журнал, если доступ запрещён.\n"
CHINESE = "# 用户登录后检查权限，没有权限时跳转到错误页面；日志写入文件。\n"
KOREAN = "# 사용자의 권한을 확인하고 권한이 없으면 오류 페이지로 이동한다.\n"
DRAWING = "# ├── src ─────────── 📦\n# │   └── main.py → “entry” 🚀\n"


CODE = (PYTHON, GO, DIGITS)
COMMENTS = (GERMAN, RUSSIAN, CHINESE, KOREAN, DRAWING)


@pytest.mark.parametrize(
    ("rate", "code", "comments"),
    [
        # The embedded model, which knows little but English.
        (SMOLLM2, (66, 66, 208), (42, 63, 56, 71, 31)),
        # SentencePiece: a blank of its own in front of the text.
        (CODE_LLAMA, (70, 64, 209), (34, 33, 43, 52, 33)),
        (MISTRAL, (73, 63, 209), (35, 34, 33, 38, 34)),
        (GEMMA, (68, 58, 208), (23, 22, 20, 22, 23)),
        # Large vocabularies: few tokens for what is not English.
        (QWEN, (56, 49, 208), (29, 21, 22, 21, 27)),
        (DEEPSEEK_CODER_V2, (69, 56, 208), (39, 36, 23, 59, 29)),
        # Up to three digits in a token.
        (GRANITE4, (56, 49, 112), (30, 28, 24, 27, 27)),
        # Small ones for code: three tokens for a syllable of Korean.
        (DEEPSEEK_CODER, (75, 60, 208), (43, 42, 28, 86, 34)),
        (STARCODER, (66, 58, 208), (34, 32, 20, 30, 24)),
        (STARCODER2, (66, 58, 208), (34, 32, 20, 30, 24)),
    ],
)
def test_count_against_the_real_tokenizers(
    rate: Rate, code: tuple[int, ...], comments: tuple[int, ...]
) -> None:
    """The numbers are what the tokenizers say; how they were asked is told in `tokens.py`."""
    for text, tokens_of_it in zip(CODE, code, strict=True):
        assert 0.95 * tokens_of_it <= count(text, rate) <= 1.5 * tokens_of_it
    # One figure stands for many scripts, so that the best known of them are counted too high.
    for text, tokens_of_it in zip(COMMENTS, comments, strict=True):
        assert 0.95 * tokens_of_it <= count(text, rate) <= 2.1 * tokens_of_it


@given(TEXT, TEXT, RATES)
def test_more_text_never_counts_less(head: str, tail: str, rate: Rate) -> None:
    assert count(head + tail, rate) >= max(count(head, rate), count(tail, rate))


@given(TEXT, RATES)
def test_never_more_than_the_bytes(text: str, rate: Rate) -> None:
    assert 0 <= count(text, rate) <= len(text.encode())


def test_a_blank_before_a_word_is_free() -> None:
    assert count("return Value", SMOLLM2) == count("returnValue", SMOLLM2)


def test_half_a_surrogate_pair_is_counted_as_the_three_bytes_it_is() -> None:
    assert count("\ud83d", QWEN) <= 3
    assert count("\ud83d" * 100, QWEN) >= 100


def test_no_character_beyond_ascii_is_free() -> None:
    """The classes of a rate have no gap between them, which would be at one of their borders."""
    borders = (0x80, 0x250, 0x300, 0x370, 0x400, 0x530, 0x800, 0x2000, 0x2C00, 0x3000, 0xA000)
    for border in (*borders, 0xF900, 0xFB00, 0xFF00, 0xFFF0, 0x10000):
        for point in (max(border - 1, 0x80), border):
            assert count(chr(point) * 40, QWEN) >= 20


@given(st.text(st.sampled_from("abAB09 ._(\r\n\té"), max_size=40))
def test_words_capitals_and_marks_are_told_apart(text: str) -> None:
    """By expressions that say what a `Rate` means, whatever is quicker."""
    words, marks = re.findall("[A-Z]?[a-z]+|[A-Z]+", text), re.findall(r"[!-/:-@\[-`{-~\r]+", text)
    for part, expected in {
        "word": len(words),
        "letter": len("".join(words)),
        "capital": len(re.findall("[A-Z](?=[A-Z])", text)),
        "digit": len(re.findall("[0-9]", text)),
        "marks": len(marks),
        "mark": len("".join(marks)),
    }.items():
        assert count(text, replace(NOTHING, **{part: 1.0})) == expected
