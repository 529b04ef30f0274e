"""Long documents in any language are in order, and stay the same."""

from __future__ import annotations

import pytest

from fimls.evaluation.volume import functions, languages, volume
from fimls.syntax.tree import parse
from fimls.text.languages import language_of


def test_languages() -> None:
    assert {"python", "typescript", "rust", "cpp", "lua", "php"} <= set(languages())


@pytest.mark.parametrize("language", languages())
def test_a_volume_is_in_order_until_it_is_broken(language: str) -> None:
    file = volume(language, 400)
    grammar = language_of(language).grammar

    assert 400 <= file.lines < 600
    tree = parse(file.text, grammar)
    assert tree is not None
    assert not tree.root.has_error
    middle = file.middles[len(file.middles) // 2]
    for line in file.breaks:
        broken = parse(file.text[: middle.above] + line + file.text[middle.above :], grammar)
        assert broken is not None
        assert broken.root.has_error, line


@pytest.mark.parametrize("language", languages())
def test_the_middles_are_where_they_are_said_to_be(language: str) -> None:
    file = volume(language, 400)
    last = 0
    for middle in file.middles:
        assert last <= middle.above < middle.start < middle.end
        assert middle.above == 0 or file.text[middle.above - 1] == "\n"
        assert file.text[middle.start : middle.end].strip()
        last = middle.end
    assert volume(language, 400) == file


def test_a_remark_stands_in_each_of_the_files() -> None:
    plain, remarked = volume("rust", 200), volume("rust", 200, "// 🦉\n")
    assert "🦉" not in plain.text
    assert remarked.text.count("🦉") == len(remarked.middles)


def test_functions_have_bodies_of_ten_lines() -> None:
    file = functions(120)
    for middle in file.middles:
        assert file.text[middle.start : middle.end].count("\n") == 9
        assert file.text[: middle.above].endswith("\n")
        assert file.text[middle.end :].startswith("\n")
