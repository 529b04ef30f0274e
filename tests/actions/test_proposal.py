"""From any answer to edits, or to words: what holds whatever a model says."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from fimls.actions.imports import is_imports_only
from fimls.actions.place import Site
from fimls.actions.proposal import Proposal, Rejected, Task, propose
from fimls.actions.validate import validate
from fimls.text.edits import apply
from fimls.text.languages import language_of

PYTHON = language_of("python")

TEXT = '''\
"""A cart."""

import os


class Cart:
    def total(self):
        result = 0
        for item in self.items:
            result += item.price
        return result


def clear(cart):
    cart.items = []
'''

START, END = TEXT.index("        result"), TEXT.index("\n\n\ndef clear")

ANSWERS = st.lists(
    st.sampled_from(
        [
        *("```python", "```", "result = json.dumps(self.items)", "return result", "Sure!", ""),
        *("        return result", "import math", "def clear(cart):", "    pass", "}", "(", '"""'),
        *("@@ ... @@", "-            result += item.price", "+            result += 1", "=======",
          "<<<<<<< SEARCH", ">>>>>>> REPLACE", "-def clear(cart):", "+import re", " import os"),
        ]
    ),
    max_size=9,
).map("\n".join)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(ANSWERS, st.booleans())
def test_an_edit_keeps_to_its_site_and_is_in_order(answer: str, cut: bool) -> None:
    found = propose(answer, Task(Site(TEXT, PYTHON, START, END), "cart.py"), cut=cut)

    if isinstance(found, Rejected):
        assert all(found.errors)
        return
    assert isinstance(found, Proposal)
    for edit in found.edits:
        is_import = edit.start == edit.end and is_imports_only(edit.text, PYTHON)
        assert is_import or START <= edit.start <= edit.end <= END + 1
    assert apply(TEXT, found.edits) != TEXT
    assert validate(TEXT, found.edits, PYTHON).is_good


def test_what_was_checked_is_said() -> None:
    answer = "```python\nreturn json.dumps(self.items)\n```"
    found = propose(answer, Task(Site(TEXT, PYTHON, START, END), "cart.py"))

    assert isinstance(found, Proposal)
    assert found.checked == ("parses as Python", "1 name imported: json")


def test_a_query_is_checked_against_its_tables() -> None:
    text = "-- all\n"
    site = Site(text, language_of("sql"), 0, 6, is_below=True)
    found = propose("select a from t;", Task(site, schema="create table t (a int);"))

    assert isinstance(found, Proposal)
    assert found.checked == ("parses as SQL", "its tables and columns are there")


def test_without_a_grammar_nothing_is_said_to_be_checked() -> None:
    site = Site("# add\n", language_of("r"), 0, 5, is_below=True)

    found = propose("x <- 1", Task(site))

    assert isinstance(found, Proposal)
    assert (apply("# add\n", found.edits), found.checked) == ("# add\nx <- 1\n", ())
