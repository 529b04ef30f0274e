"""The prompt: which parts, in which order, and what is asked for again."""

from __future__ import annotations

import pytest

from fimls.completion.prompt import Mode, build
from fimls.completion.values import Extent, Shape
from fimls.models.families import FAMILIES
from fimls.models.protocol import Capabilities
from fimls.text.hole import Hole
from fimls.text.languages import language_of

CODE_LLAMA = Capabilities(family=FAMILIES["codellama"], context_tokens=4096)
SAVES = Capabilities(family=FAMILIES["codellama"], context_tokens=4096, saves_prompts=True)
QWEN = Capabilities(family=FAMILIES["qwen2.5-coder"], context_tokens=4096, saves_prompts=True)
STARCODER = Capabilities(family=FAMILIES["starcoder"], context_tokens=4096, saves_prompts=True)
CODESTRAL = Capabilities(family=FAMILIES["codestral"], context_tokens=4096)
CAUSAL = Capabilities(family=None, context_tokens=2048, can_force=True, single_line=True)
UNFORCED = Capabilities(family=None, context_tokens=2048)

LINE, BLOCK = Shape(Extent.LINE), Shape(Extent.BLOCK)


def hole(picture: str) -> Hole:
    before, after = picture.split("█")
    return Hole(before + after, len(before), language_of("python"))


@pytest.mark.parametrize(
    ("picture", "capabilities", "mode"),
    [
        # Mid-line, in any case.
        ("x = █\n", CODE_LLAMA, Mode.PSM),
        ("x = █\n", SAVES, Mode.PSM),
        # At a line border the suffix first is better, if re-reading costs nothing.
        ("def f():\n    █\n", SAVES, Mode.SPM),
        ("def f():\n    █\n", CODE_LLAMA, Mode.PSM),
        # A family that was not measured so keeps the prefix first, whether it has the other order
        # or not.
        ("def f():\n    █\n", QWEN, Mode.PSM),
        ("def f():\n    █\n", STARCODER, Mode.PSM),
        # A family that has nothing else is asked with the suffix first everywhere.
        ("x = █\n", CODESTRAL, Mode.SPM),
        ("def f():\n    █\n", CODESTRAL, Mode.SPM),
        # No family: the prefix alone.
        ("x = █\n", CAUSAL, Mode.PREFIX),
    ],
)
def test_order(picture: str, capabilities: Capabilities, mode: Mode) -> None:
    prompt = build(hole(picture), LINE, capabilities, 128)

    assert prompt is not None
    assert prompt.mode is mode


def test_the_prompt_and_its_stops_are_the_family_s() -> None:
    prompt = build(hole("x = █\n"), LINE, CODESTRAL, 128)

    assert prompt is not None
    assert prompt.generation.prompt == "[SUFFIX]\n[PREFIX]x = "
    assert prompt.generation.stop == FAMILIES["codestral"].stops


@pytest.mark.parametrize(
    ("picture", "text", "lead"),
    [
        # A tokenizer would have joined the blank and the word: both are asked for again.
        ("def f(a):\n    return a█\n", "def f(a):\n    return", " a"),
        # A line end and the indentation after it are one token.
        ("def f(a):\n    █\n", "def f(a):", "\n    "),
        # The end of an operator is the end of a token.
        ("x = (█)\n", "x = (", ""),
    ],
)
def test_healing(picture: str, text: str, lead: str) -> None:
    prompt = build(hole(picture), LINE, CAUSAL, 128)

    assert prompt is not None
    assert (prompt.generation.prompt, prompt.lead, prompt.generation.force) == (text, lead, lead)


def test_a_backend_that_cannot_force_is_checked_instead() -> None:
    prompt = build(hole("def f(a):\n    return a█\n"), LINE, UNFORCED, 128)

    assert prompt is not None
    assert (prompt.generation.force, prompt.lead) == ("", " a")


@pytest.mark.parametrize(
    ("picture", "capabilities"),
    [
        # An empty document.
        ("█", CODE_LLAMA),
        ("  \n█\n", CODE_LLAMA),
        # Only the word begun.
        ("de█", CAUSAL),
    ],
)
def test_nothing_to_go_by(picture: str, capabilities: Capabilities) -> None:
    assert build(hole(picture), LINE, capabilities, 128) is None


def test_a_line_needs_few_tokens_and_a_block_as_many_as_the_user_allows() -> None:
    limits = [
        prompt.generation.max_tokens
        for shape in (LINE, BLOCK)
        if (prompt := build(hole("x = (█)\n"), shape, CAUSAL, 200)) is not None
    ]

    assert limits == [48, 200]


def test_the_prompt_leaves_room_for_the_answer() -> None:
    text = "value = compute(first, second)\n" * 2000
    small = Capabilities(family=FAMILIES["codellama"], context_tokens=512)

    prompt = build(hole(text + "█" + text), BLOCK, small, 128)

    assert prompt is not None
    assert len(prompt.generation.prompt.encode()) < (512 - 128) * 4


def test_a_secret_never_enters_a_prompt() -> None:
    text = 'token = "ghp_' + "a1B2" * 9 + '"\n'

    prompt = build(hole(text + "x = █\n" + text), LINE, CODE_LLAMA, 128)

    assert prompt is not None
    assert "ghp_" not in prompt.generation.prompt
