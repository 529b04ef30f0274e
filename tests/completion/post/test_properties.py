"""What holds for whatever a model says."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from fimls.completion.drawable import undrawable
from fimls.completion.post import Site, fit
from fimls.completion.post.draft import Draft
from fimls.completion.post.forward import lacks_end
from fimls.completion.post.unfinished import finished
from fimls.completion.values import Ask, Completion, Extent, Fit
from fimls.documents.snapshot import Snapshot
from fimls.syntax.delta import Verdict, judge
from fimls.testing.marks import marked
from tests.completion.post.checks import (
    BLOCK,
    LINE,
    check_stream,
    is_in_order_with,
    site_of,
)

# Lines that models say in Python, with what they do wrong, down to half lines.
LINES = st.sampled_from(
    [
        "x = 1",
        "return x",
        "    return x",
        "    x = foo(",
        "        a,",
        "    )",
        ")",
        "if x:",
        "    if x:",
        "        y()",
        "    y()",
        "else:",
        "    else:",
        "",
        "    ",
        "def g(x):",
        "class A:",
        "@cached",
        "# a note",
        "    # Path: a.py",
        '"""',
        '    s = "',
        "```python",
        "```",
        "x = 1\r",
        "y<EOT>",
        "def f(x):",
        "    z = (1))",
        '<redacted>"',
        "Here is the code:",
        "<think>",
        "</think>",
        "\treturn x",
        "  return x",
        "x\u200b = 1",
        "g(1, [2",
        *(f"g({at})" for at in range(2)),
    ]
)

TEXTS = st.builds(
    lambda lines, end: "\n".join(lines) + end,
    st.lists(LINES, max_size=9),
    st.sampled_from(["", "\n"]),
)

HOLES = st.sampled_from(
    [
        "█\n",
        "def f(x):█\n",
        "def f(x):\n    █\n",
        "def f(x):\n    █\n    return x\n",
        "def f(x):\n█    return x\n",
        "def f(x):\n    █return x\n",
        "def f(x):\n    y = 2\n    █",
        "class A:\n    █\n\n    def b(self):\n        pass\n",
        "print(█)\n",
        'print("█")\n',
        "foo(a, [█], b)\n",
        "x = [\n    █\n]\n",
        "def f(x):\n    y = 1\n█\n    return x\n",
        "def f(x):\n\tif x:\n\t\ty = 1\n\t█\n",
    ]
)

# The same for a language of braces.
JAVASCRIPT_LINES = st.sampled_from(
    [
        "x = 1;",
        "return x;",
        "  return x;",
        "if (x) {",
        "  if (x) {",
        "    y();",
        "  }",
        "}",
        "});",
        "} else {",
        "function g(x) {",
        "const h = (x) => { // a note",
        "const z =",
        "/**",
        " * a note",
        " */",
        "@cached",
        "g(1, [2",
        "g(1,",
        "const s = `a",
        "",
        "// Path: a.js",
        "// a note",
        "```js",
        "```",
        "Here is the code:",
        "<think>",
        "</think>",
        "\tz();",
        "y()\u200b;",
    ]
)

JAVASCRIPT_TEXTS = st.builds(
    lambda lines, end: "\n".join(lines) + end,
    st.lists(JAVASCRIPT_LINES, max_size=8),
    st.sampled_from(["", "\n"]),
)

JAVASCRIPT_HOLES = st.sampled_from(
    [
        "█\n",
        "function f(x) {█\n",
        "function f(x) {█}\n",
        "function f(x) {\n  █\n}\n",
        "function f(x) {\n  █\n  return x;\n}\n",
        "function f(x) {\n  █return x;\n}\n",
        "function f(x) {\n\tif (x) {\n\t\t█\n\t}\n}\n",
        "g(█)\n",
        "g(█);\n",
        "const s = `█`;\n",
        "x.forEach((y) => {█});\n",
        # Torn: a comment, a call and a block that lack their ends.
        "/**\n * a\n █\n}\n/** b */\nf();\n",
        "function f(x) {\n  g(\n    1,\n    █\n}\n",
        "function f(x) {\n  if (x) {\n    y();\n  █\n",
    ]
)

EXTENTS = st.sampled_from([LINE, BLOCK])


@settings(max_examples=150, deadline=None)
@given(said=TEXTS, drawn=HOLES, extent=EXTENTS, cut=st.booleans(), grammar=st.booleans())
@example(said="x\n<EOT>", drawn="█\n", extent=BLOCK, cut=False, grammar=True)
# Only the second line shows that the first says the hole's indentation once more.
@example(
    said="\treturn x\nx = 1",
    drawn="x = [\n    █\n]\n",
    extent=BLOCK,
    cut=False,
    grammar=False,
)
@example(
    said="        a,\nx = 1", drawn="x = [\n    █\n]\n", extent=BLOCK, cut=False, grammar=False
)
@example(
    said="```python\n        a,\nx = 1",
    drawn="x = [\n    █\n]\n",
    extent=BLOCK,
    cut=False,
    grammar=False,
)
def test_the_split_makes_no_difference(
    said: str, drawn: str, extent: Extent, cut: bool, grammar: bool
) -> None:
    site = site_of(marked(drawn), extent, "python", grammar=grammar)

    check_stream(said, site, fit(said, site, done=True, cut=cut), cut=cut)


@settings(max_examples=150, deadline=None)
@given(said=TEXTS, drawn=HOLES, extent=EXTENTS)
def test_what_is_shown_adds_no_fault(said: str, drawn: str, extent: Extent) -> None:
    _check_faults(said, site_of(marked(drawn), extent, "python"))


@settings(max_examples=150, deadline=None)
@given(said=JAVASCRIPT_TEXTS, drawn=JAVASCRIPT_HOLES, extent=EXTENTS)
def test_what_is_shown_adds_no_fault_with_braces(said: str, drawn: str, extent: Extent) -> None:
    _check_faults(said, site_of(marked(drawn), extent, "javascript"))


@settings(max_examples=150, deadline=None)
@given(said=TEXTS, drawn=HOLES, extent=EXTENTS)
def test_only_what_an_editor_draws_is_replaced(said: str, drawn: str, extent: Extent) -> None:
    site = site_of(marked(drawn), extent, "python")
    found = fit(said, site, done=True)
    if not isinstance(found, Fit):
        return
    hole = site.hole
    ask = Ask(Snapshot("file:///a.py", 1, hole.language, "a.py", hole.text), hole)
    answer = Completion(found.text, hole.offset, hole.offset + found.replaces)

    assert 0 <= found.replaces <= len(hole.line_after)
    assert not re.search(r"[\r\ufeff]", found.text)
    assert undrawable(ask, answer) is None


@settings(max_examples=150, deadline=None)
@given(said=TEXTS, drawn=HOLES, extent=EXTENTS)
# Behind the note the bracket after the cursor would be a part of that.
@example(said="    )\n# a note\n    )\n    )", drawn="print(█)\n", extent=BLOCK)
def test_what_is_shown_is_shown_again(said: str, drawn: str, extent: Extent) -> None:
    site = site_of(marked(drawn), extent, "python")
    found = fit(said, site, done=True)
    if isinstance(found, Fit):
        assert fit(found.text, site, done=True) == found


@settings(max_examples=100, deadline=None)
@given(said=JAVASCRIPT_TEXTS, drawn=JAVASCRIPT_HOLES, extent=EXTENTS, cut=st.booleans())
# A string that goes on, among arguments that do not end.
@example(
    said="g(1,\ng(1, [2\nconst s = `a",
    drawn="function f(x) {█\n",
    extent=Extent.LINE,
    cut=False,
)
# A line end, and what is left of the next line's indentation behind that of the cursor.
@example(said="\n\tz();", drawn="function f(x) {\n  █\n}\n", extent=Extent.LINE, cut=False)
def test_the_split_makes_no_difference_with_braces(
    said: str, drawn: str, extent: Extent, cut: bool
) -> None:
    site = site_of(marked(drawn), extent, "javascript")
    found = fit(said, site, done=True, cut=cut)

    check_stream(said, site, found, cut=cut)
    if isinstance(found, Fit) and not cut:
        assert fit(found.text, site, done=True) == found


def _check_faults(said: str, site: Site) -> None:
    """Checks that a document in order stays so, and that one that is not gets no worse.

    At the very place the number of faults tells nothing: what is being typed is not whole.
    """
    found = fit(said, site, done=True)
    if not isinstance(found, Fit):
        return
    hole = site.hole
    assert found.text.strip()
    assert site.tree is not None
    if lacks_end(site):
        # The comment is taken to go on up to the end of the next one, with all that is between.
        return
    if not site.tree.root.has_error:
        assert is_in_order_with(found, site)
        return
    draft = Draft(found.text, found.replaces)
    drafts = (draft, *finished(draft, site))
    start, end = hole.offset, hole.offset + found.replaces
    verdicts = [judge(site.tree, start, end, each.text) for each in drafts]
    assert any(verdict is not Verdict.BREAKS for verdict in verdicts)
