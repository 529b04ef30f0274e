"""What the gate lets through adds no fault, in all grammars, whatever is missing and is said."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fimls.completion.post import Site, gate
from fimls.completion.post.draft import Draft
from fimls.completion.post.forward import lacks_end
from fimls.completion.values import Extent, Shape
from fimls.evaluation.breaking import BREAKINGS
from fimls.syntax.tree import Tree, parse
from fimls.text.hole import Hole
from fimls.text.languages import LANGUAGES
from tests.completion.post.checks import is_in_order_with
from tests.syntax.sources import SOURCES

LANGUAGE_OF = {language.grammar: language for language in LANGUAGES.values()}

# A word of text, or the end of a line: where people stop to type.
MOST_CHARS = 80


def tree_of(text: str, grammar: str) -> Tree:
    tree = parse(text, grammar)
    assert tree is not None
    return tree


@pytest.mark.parametrize("grammar", sorted(SOURCES))
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_document_in_order_stays_so(grammar: str, data: st.DataObject) -> None:
    """A text is put in before any line; it is one of the document's own, as it is or broken."""
    source = SOURCES[grammar]
    starts = [0, *(at + 1 for at, char in enumerate(source) if char == "\n")]
    offset = data.draw(st.sampled_from(starts))
    site = Site(
        Hole(source, offset, LANGUAGE_OF[grammar]), tree_of(source, grammar), Shape(Extent.BLOCK)
    )

    result = gate.apply(Draft(data.draw(said(source))), site)

    if isinstance(result, Draft):
        assert is_in_order_with(result, site)


@pytest.mark.parametrize("grammar", sorted(SOURCES))
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_document_with_a_hole_is_in_order_or_waits_for_more(
    grammar: str, data: st.DataObject
) -> None:
    """Faults elsewhere are none of the gate's; it adds none to those that there are."""
    source = SOURCES[grammar]
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, min(len(source), start + MOST_CHARS)))
    holed = source[:start] + source[end:]
    before = tree_of(holed, grammar)
    site = Site(Hole(holed, start, LANGUAGE_OF[grammar]), before, Shape(Extent.BLOCK))

    result = gate.apply(Draft(data.draw(said(source[start:end] or source))), site)

    # A comment that has lost its end is taken to go on up to the next one's, with all between.
    if isinstance(result, Draft) and not before.root.has_error and not lacks_end(site):
        assert is_in_order_with(result, site)


@st.composite
def said(draw: st.DrawFn, text: str) -> str:
    """A part of a text, as it is or broken as models break it."""
    start = draw(st.integers(0, len(text) - 1))
    middle = text[start : draw(st.integers(start + 1, min(len(text), start + MOST_CHARS)))]
    breaking = draw(st.sampled_from([None, *BREAKINGS.values()]))
    broken = None if breaking is None else breaking(middle, random.Random(len(middle)))
    return broken or middle
