"""What holds of every verdict, in all grammars: it is never the opposite of what is so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fimls.syntax.delta import Verdict, judge, judge_nearby
from fimls.syntax.grammars import GRAMMARS
from fimls.syntax.tree import Tree, parse

from .sources import SOURCES

# What is put in, or in place of something: whole, half and wrong.
PIECES = st.text("(){}[]<>\"'`:;,.=+-*/#\n abx01", max_size=12)


def tree_of(text: str, grammar: str) -> Tree:
    tree = parse(text, grammar)
    assert tree is not None
    return tree


def test_sources() -> None:
    assert set(SOURCES) == set(GRAMMARS)
    for grammar, source in SOURCES.items():
        assert not tree_of(source, grammar).root.has_error, grammar


@pytest.mark.parametrize("grammar", sorted(SOURCES))
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_what_fits_is_never_said_to_break(grammar: str, data: st.DataObject) -> None:
    """The author's own text, wherever it is missing: however much is at fault without it."""
    source = SOURCES[grammar]
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, min(len(source), start + 120)))
    holed, missing = source[:start] + source[end:], source[start:end]

    assert judge(tree_of(holed, grammar), start, start, missing) is not Verdict.BREAKS
    assert judge_nearby(holed, grammar, start, start, missing) is not Verdict.BREAKS


@pytest.mark.parametrize("grammar", sorted(SOURCES))
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_text_in_order_is_judged_rightly(grammar: str, data: st.DataObject) -> None:
    source = SOURCES[grammar]
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, min(len(source), start + 12)))
    text = data.draw(PIECES)
    is_broken = tree_of(source[:start] + text + source[end:], grammar).root.has_error

    verdict = judge(tree_of(source, grammar), start, end, text)

    assert verdict is not (Verdict.FITS if is_broken else Verdict.BREAKS)
