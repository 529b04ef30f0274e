"""Control tokens are dropped, with everything behind them."""

from __future__ import annotations

import pytest

from tests.completion.post.checks import BLOCK, LINE, check_filter, check_fit


@pytest.mark.parametrize(
    "token",
    [
        # Code Llama says its end as text, with a blank before it or without.
        "<EOT>",
        " <EOT>",
        "<PRE>",
        " <SUF>",
        "<MID>",
        # Qwen, DeepSeek, StarCoder, Codestral, Llama 3: whichever model is asked.
        "<|endoftext|>",
        "<|fim_prefix|>",
        "<｜fim▁begin｜>",
        "<fim_suffix>",
        "<fim-middle>",
        "[SUFFIX]",
        "<|im_end|>",
        "<|eot_id|>",
        "<file_sep>",
    ],
)
def test_any_family_s_token_ends_the_text(token: str) -> None:
    check_filter("control tokens", f"x = ├1{token}def f():┤\n", "x = ├1┤\n")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # What is said behind the token is another text.
        ("def f():\n    ├return 1<EOT>\n    return 2┤\n", "def f():\n    ├return 1┤\n"),
        # The token stands on a line of its own.
        ("def f():\n    ├return 1\n<|endoftext|>\nabc┤\n", "def f():\n    ├return 1┤\n"),
    ],
)
def test_nothing_behind_a_token_is_shown(raw: str, shown: str) -> None:
    check_fit(raw, shown, extent=BLOCK)


@pytest.mark.parametrize(
    ("language", "clean"),
    [
        # Comparisons, generics, tags and redirections have angle brackets too.
        ("python", "x = ├a < b > c┤\n"),
        ("rust", "let x: ├Vec<MID> = vec![];┤\n".replace("<MID>", "<Mid>")),
        ("html", "├<pre>x</pre>┤\n"),
        ("shellscript", "cat ├<<EOT\nx\nEOT┤\n"),
        # A pipe is an operator, and an attribute stands in brackets.
        ("javascript", "const y = ├a <b || c> d┤\n"),
        ("csharp", "├[Suffix]┤\n"),
    ],
)
def test_clean_in_clean_out(language: str, clean: str) -> None:
    check_filter("control tokens", clean, clean, language=language, extent=LINE)
