"""The grammars are loaded when they are asked for, and may be missing."""

from __future__ import annotations

import sys

import pytest

from fimls.syntax.grammars import GRAMMARS, has_grammar, new_parser, parser_of
from fimls.text.languages import LANGUAGES


@pytest.mark.parametrize("name", sorted(GRAMMARS))
def test_every_grammar_is_installed(name: str) -> None:
    assert has_grammar(name)
    assert parser_of(name) is parser_of(name)


def test_the_languages_name_these_grammars() -> None:
    assert {language.grammar for language in LANGUAGES.values()} - {None} == set(GRAMMARS)


@pytest.mark.parametrize("name", [None, "", "cobol"])
def test_no_such_grammar(name: str | None) -> None:
    assert not has_grammar(name)


def test_a_wheel_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    parser_of.cache_clear()
    monkeypatch.setitem(sys.modules, "tree_sitter_lua", None)

    assert not has_grammar("lua")

    parser_of.cache_clear()


def test_a_parser_of_ones_own() -> None:
    assert new_parser("python") is not parser_of("python")
    assert new_parser("python") is not new_parser("python")
    assert new_parser("cobol") is None
