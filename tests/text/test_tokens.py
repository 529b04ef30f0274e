"""The token estimate against counts of the real tokenizers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.text.tokens import CODE_LLAMA, SMOLLM2, Rate, count

RATES = st.sampled_from([SMOLLM2, CODE_LLAMA])
TEXT = st.text(st.sampled_from("abzAZ09 \t\n(){}._\0\réж漢\u2028😀"), max_size=60)

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
CHINESE = "# 用户登录后检查权限，没有权限时跳转到错误页面；日志写入文件。\n"


@pytest.mark.parametrize(
    ("text", "smollm2", "code_llama"),
    [
        # Plain code, three to four characters per token.
        (PYTHON, 66, 70),
        # Tabs and marks.
        (GO, 66, 64),
        # A token for every digit: where counting characters fails by three times.
        (DIGITS, 208, 209),
        # Scripts that the tokenizers hardly know.
        (CHINESE, 56, 43),
    ],
)
def test_count_against_the_real_tokenizers(text: str, smollm2: int, code_llama: int) -> None:
    """The numbers are what the tokenizers say; how they were asked is told in `tokens.py`."""
    assert 0.95 * smollm2 <= count(text, SMOLLM2) <= 1.5 * smollm2
    assert 0.95 * code_llama <= count(text, CODE_LLAMA) <= 1.5 * code_llama


@given(TEXT, TEXT, RATES)
def test_more_text_never_counts_less(head: str, tail: str, rate: Rate) -> None:
    assert count(head + tail, rate) >= max(count(head, rate), count(tail, rate))


@given(TEXT, RATES)
def test_never_more_than_the_bytes(text: str, rate: Rate) -> None:
    assert 0 <= count(text, rate) <= len(text.encode())


def test_a_blank_before_a_word_is_free() -> None:
    assert count("return Value", SMOLLM2) == count("returnValue", SMOLLM2)
