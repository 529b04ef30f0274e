"""The prompt: which parts, in which order, and what is asked for again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fimls.completion.opening import Opening
from fimls.completion.prompt import Mode, Way, build
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


def test_the_begin_of_the_line_is_forced_behind_what_is_asked_for_again() -> None:
    place = hole("def f(a):\n█\n    return b\n")
    prompt = build(place, LINE, CAUSAL, 128, opening=Opening("    ", ("b =", "for b in ")))

    assert prompt is not None
    asked = prompt.generation
    assert (prompt.lead, asked.force, asked.starts) == ("\n", "\n    ", ("b =", "for b in "))


def test_a_backend_that_cannot_force_is_not_told_how_to_begin() -> None:
    place = hole("def f(a):\n█\n    return b\n")
    prompt = build(place, LINE, UNFORCED, 128, opening=Opening("    ", ("b =",)))

    assert prompt is not None
    assert (prompt.generation.force, prompt.generation.starts) == ("", ())


def test_a_backend_that_cannot_force_is_checked_instead() -> None:
    prompt = build(hole("def f(a):\n    return a█\n"), LINE, UNFORCED, 128)

    assert prompt is not None
    assert (prompt.generation.force, prompt.lead) == ("", " a")


WITH_SUFFIX = Way(suffix_as_file=True)
MARKED = replace(CAUSAL, file_marker="<file_sep>")


@pytest.mark.parametrize(
    ("picture", "language", "text"),
    [
        # The suffix first, without the blank lines between it and the cursor.
        (
            "def f(a):\n    █\n\nprint(f(1))\n",
            "python",
            "<file_sep>after_cursor.py\nprint(f(1))\n<file_sep>main.py\ndef f(a):",
        ),
        # The rest of the line is part of it.
        ("x = f(█)\n", "python", "<file_sep>after_cursor.py\n)\n<file_sep>main.py\nx = f("),
        # Files are named as those of the language are.
        ("x := █\n}\n", "go", "<file_sep>after_cursor.go\n}\n<file_sep>main.go\nx :="),
        ("x █\ny\n", "unheard", "<file_sep>after_cursor\ny\n<file_sep>main\nx"),
        # The marker in the text itself is none.
        (
            "s = '<file_sep>'\nx = █\n'<file_sep>'\n",
            "python",
            "<file_sep>after_cursor.py\n'< file_sep>'\n<file_sep>main.py\ns = '< file_sep>'\nx =",
        ),
    ],
)
def test_the_suffix_as_a_file_of_its_own(picture: str, language: str, text: str) -> None:
    place = replace(hole(picture), language=language_of(language))

    prompt = build(place, LINE, MARKED, 128, way=WITH_SUFFIX)

    assert prompt is not None
    assert (prompt.generation.prompt, prompt.mode) == (text, Mode.SPM)


@pytest.mark.parametrize(
    ("picture", "capabilities"),
    [
        # Nothing follows.
        ("x = █\n\n", MARKED),
        # Nothing comes before.
        ("█\nx = 1\n", MARKED),
        # The model knows no token for files.
        ("x = █\ny\n", CAUSAL),
        # It is shown the suffix anyway.
        ("x = █\ny\n", CODE_LLAMA),
    ],
)
def test_where_the_suffix_is_no_file_of_its_own(picture: str, capabilities: Capabilities) -> None:
    assert build(hole(picture), LINE, capabilities, 128, way=WITH_SUFFIX) is None


@pytest.mark.parametrize("capabilities", [CODE_LLAMA, CODESTRAL, CAUSAL])
def test_an_answer_drawn_by_chance_is_to_the_same_prompt(capabilities: Capabilities) -> None:
    likeliest = build(hole("x = █\n"), LINE, capabilities, 128)
    drawn = build(hole("x = █\n"), LINE, capabilities, 128, way=Way(temperature=0.4, seed=7))

    assert likeliest is not None
    assert drawn is not None
    assert (likeliest.generation.temperature, likeliest.generation.seed) == (0.0, 42)
    assert (drawn.generation.temperature, drawn.generation.seed) == (0.4, 7)
    assert replace(drawn.generation, temperature=0.0, seed=42) == likeliest.generation
    assert drawn.lead == likeliest.lead


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
