"""Diffs as models write them: applied where there is no doubt, else refused in words."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fimls.text.diff import Applied, Refused, apply_diff, is_diff
from fimls.text.edits import apply

if TYPE_CHECKING:
    from collections.abc import Callable

PATH = "shop/cart.py"

CART = """\
import math


def total(items):
    result = 0
    for item in items:
        result += item.price
    return result


def mean(items):
    return total(items) / len(items)
"""

FIXED = CART.replace("item.price", "item.price * item.count")

CLEAN = """\
--- a/shop/cart.py
+++ b/shop/cart.py
@@ -4,5 +4,5 @@
 def total(items):
     result = 0
     for item in items:
-        result += item.price
+        result += item.price * item.count
     return result
"""

BLOCK = """\
shop/cart.py
<<<<<<< SEARCH
    for item in items:
        result += item.price
=======
    for item in items:
        result += item.price * item.count
>>>>>>> REPLACE
"""


def check_applied(diff: str, before: str, after: str) -> None:
    """Checks what a diff makes of the one file of a request, and that its edits say the same."""
    found = apply_diff(diff, {PATH: before})

    assert isinstance(found, Applied), found
    assert found.texts == {PATH: after}
    assert apply(before, found.edits[PATH]) == after


def check_refused(diff: str, before: str, *words: str, path: str = PATH) -> None:
    """Checks that a diff is refused, and what the model is told."""
    found = apply_diff(diff, {path: before})

    assert isinstance(found, Refused), found
    assert [word for word in words if word not in found.reason] == [], found.reason


def changed(pattern: str, by: str, diff: str = CLEAN) -> str:
    found = re.sub(pattern, by, diff, flags=re.MULTILINE)
    assert found != diff
    return found


def outdented(diff: str) -> str:
    return changed(r"^([ +-])    ", r"\1", changed(r"^ def.*\n", "", diff))


HEADLESS = changed("(---|[+]{3}) .*\n", "")


@pytest.mark.parametrize(
    "diff",
    [
        # The eight of the study, and how models vary them.
        pytest.param(CLEAN, id="clean"),
        pytest.param(changed("-4,5 .4,5", "-40,5 +40,5"), id="wrong line numbers"),
        pytest.param(changed("-4,5 .4,5", "-4,9 +4,2"), id="wrong counts"),
        pytest.param(changed("@@ .*@@", "@@ ... @@"), id="no numbers"),
        pytest.param(changed("@@ .*@@", "@@"), id="a bare header"),
        pytest.param(changed("@@ .*@@", "@@ def total(items): @@"), id="a header in words"),
        pytest.param(changed("@@ .*@@\n", ""), id="no header of the hunk"),
        pytest.param(changed("(---|[+]{3}|@@) .*\n", ""), id="no header at all"),
        pytest.param(changed("    result = 0\n ", ""), id="context line dropped"),
        pytest.param(outdented(CLEAN), id="outdented"),
        pytest.param(changed("^([ +-])", r"\1    "), id="indented"),
        pytest.param(changed("^ ", ""), id="context lost its blank"),
        pytest.param(changed("^ def", "def"), id="one line of context lost its blank"),
        pytest.param(CLEAN.rstrip("\n"), id="no final line end"),
        # Blanks at line ends.
        pytest.param(changed("result = 0$", "result = 0  "), id="blanks at a line end"),
        pytest.param(changed("$", "\r"), id="carriage returns"),
        # Names of files.
        pytest.param(changed("(a|b)/shop/", ""), id="only the file's name"),
        pytest.param(changed("(a|b)/", "./"), id="names without sides"),
        pytest.param(changed("cart.py$", "cart.py\t2024-01-01 10:00:00"), id="names with dates"),
        pytest.param(changed("a/shop/cart.py|b/shop/cart.py", "original"), id="no name"),
        # What stands around it.
        pytest.param(f"diff --git a/{PATH} b/{PATH}\nindex 1..2 100644\n{CLEAN}", id="of git"),
        pytest.param(f"The change:\n\n{CLEAN}\nIt multiplies by the count.", id="with talk"),
        pytest.param(f"```diff\n{CLEAN}```\nIt multiplies by the count.", id="in a fence"),
        pytest.param(CLEAN + "\n\n" + CLEAN, id="said twice"),
        pytest.param(
            f"*** Begin Patch\n*** Update File: {PATH}\n{HEADLESS}*** End Patch",
            id="a patch as some were taught",
        ),
        # Wrong context at the outside, right within.
        pytest.param(changed("^ def total", " def sum_of"), id="wrong first line"),
        pytest.param(changed("^     return result", "     return 0"), id="wrong last line"),
        # Blocks.
        pytest.param(BLOCK, id="a block"),
        pytest.param(changed("shop/cart.py\n", "", BLOCK), id="a block without a name"),
        pytest.param(changed("shop/", "", BLOCK), id="a block with a short name"),
        pytest.param(changed("^shop/cart.py", "**shop/cart.py**", BLOCK), id="a name in bold"),
        pytest.param(f"```python\n{BLOCK}```\n", id="a block in a fence"),
        pytest.param(changed("(<<|>>|==)$|(<<|>>) ", r"\1\2\1\2 ", BLOCK), id="too many signs"),
        pytest.param(changed("<{7} SEARCH", "------- SEARCH", BLOCK), id="other signs"),
        pytest.param(changed("^    ", "", BLOCK), id="a block outdented"),
        pytest.param(changed("items:$", "items: ", BLOCK), id="a block with blanks"),
        pytest.param(BLOCK + "\n" + BLOCK, id="a block said twice"),
    ],
)
def test_a_diff_with_a_defect_is_applied(diff: str) -> None:
    check_applied(diff, CART, FIXED)


@pytest.mark.parametrize(
    ("diff", "before", "after"),
    [
        # A document in tabs, of which the model made blanks.
        (CLEAN, CART.replace("    ", "\t"), FIXED.replace("    ", "\t")),
        # The file has no final line end, and keeps none.
        (CLEAN, CART.rstrip("\n"), FIXED.rstrip("\n")),
        (BLOCK, CART.rstrip("\n"), FIXED[:-1]),
        # What is kept stays as the file has it, blanks and all.
        (CLEAN, CART.replace("= 0", "= 0 \t"), FIXED.replace("= 0", "= 0 \t")),
        # An empty file is written.
        (
            "--- /dev/null\n+++ b/shop/cart.py\n@@ -0,0 +1,2 @@\n+a = 1\n+b = 2\n",
            "",
            "a = 1\nb = 2\n",
        ),
        ("<<<<<<< SEARCH\n=======\na = 1\n>>>>>>> REPLACE", "", "a = 1\n"),
        # All numbers are right, so the few characters that it has will do, and so do equal lines.
        ("@@ -2 +2 @@\n-}\n+};\n", "}\n}\n}\n", "}\n};\n}\n"),
        ("@@ -1,0 +2,1 @@\n+b\n", "a\nc\n", "a\nb\nc\n"),
        # A removed comment of SQL is no header of a file.
        (
            "@@ ... @@\n select name\n--- the movie's name\n+-- its name\n from movies",
            "select name\n-- the movie's name\nfrom movies\n",
            "select name\n-- its name\nfrom movies\n",
        ),
        # The last line goes, and one comes after it.
        ("@@ -1,2 +1,1 @@\n first\n-last\n", "first\nlast", "first"),
        ("@@ -1,2 +1,3 @@\n first\n last\n+more\n", "first\nlast", "first\nlast\nmore"),
        # Two hunks, out of order and one with wrong numbers.
        (
            (
                "@@ -90 +90 @@\n-    second_value = 2\n+    second_value = 3\n"
                "@@ -1 +1 @@\n-    first_value = 1\n+    first_value = 0\n"
            ),
            "def f():\n    first_value = 1\n    second_value = 2\n",
            "def f():\n    first_value = 0\n    second_value = 3\n",
        ),
    ],
)
def test_a_file_keeps_its_ways(diff: str, before: str, after: str) -> None:
    check_applied(diff, before, after)


TWICE = "def f():\n    value = compute()\n\n\ndef g():\n    value = compute()\n"


@pytest.mark.parametrize(
    ("diff", "before", "words"),
    [
        # The place is in doubt.
        (
            "@@ @@\n-    value = compute()\n+    value = 1",
            TWICE,
            ("2 places", "lines 2, 6", "more"),
        ),
        (
            "<<<<<<< SEARCH\n    value = compute()\n=======\n    value = 1\n>>>>>>> REPLACE",
            TWICE,
            ("2 places",),
        ),
        ("@@ @@\n-    return 0\n+    return 1", "f(0)\n    return 0\n", ("10", "Repeat more")),
        # Also where the number of a line is wrong: nothing says which is meant.
        ("@@ -3,1 +3,1 @@\n-    value = compute()\n+    value = 1", TWICE, ("2 places",)),
        # Nothing to find it by.
        ("@@ ... @@\n+import json\n", CART, ("no lines to find its place by",)),
        ("<<<<<<< SEARCH\n\n=======\na = 1\n>>>>>>> REPLACE", CART, ("no lines to find",)),
        # It is not there.
        (
            "@@ @@\n-        result += item.cost\n+        result += 1",
            CART,
            ("no line `result += item.cost`", "exactly"),
        ),
        # A line within is missing, and context cannot be trimmed there.
        (
            "@@ @@\n-    result = 0\n-        result += item.price\n+    pass",
            CART,
            ("do not follow one another",),
        ),
        # It was done already, or does nothing.
        (CLEAN, FIXED, ("already",)),
        ("@@ @@\n     result = 0\n", CART, ("changes nothing",)),
        ("<<<<<<< SEARCH\nimport math\n=======\nimport math\n>>>>>>> REPLACE", CART, ("nothing",)),
        ("Sorry, I cannot do that.", CART, ("changes nothing",)),
        # Indentation that differs from line to line is no shift.
        ("@@ @@\n-  result = 0\n-      for item in items:\n+    pass", CART, ("do not follow",)),
        # Broken off.
        ("<<<<<<< SEARCH\nimport math\n=======\nimport os", CART, ("not finished", "REPLACE")),
        ("<<<<<<< SEARCH\nimport math\n<<<<<<< SEARCH\n", CART, ("begins anew",)),
        # Two changes to one line.
        (
            (
                "@@ @@\n-        result += item.price\n+        result += 1\n"
                "@@ @@\n-        result += item.price\n+        result += 2\n"
            ),
            CART,
            ("same lines", "line 7"),
        ),
    ],
)
def test_a_diff_is_refused_where_there_is_doubt(
    diff: str, before: str, words: tuple[str, ...]
) -> None:
    check_refused(diff, before, *words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("/etc/passwd", ("leads out of the project", PATH)),
        ("../cart.py", ("leads out",)),
        ("shop/../../cart.py", ("leads out",)),
        ("C:\\cart.py", ("leads out",)),
        ("~/cart.py", ("leads out",)),
        ("file:///cart.py", ("leads out",)),
        (".git/hooks/pre-commit", ("no file of this request", PATH)),
        (".github/workflows/ci.yml", ("no file of this request",)),
        (".vscode/settings.json", ("no file of this request",)),
        ("shop/order.py", ("no file of this request",)),
        # Another folder's file of the same name.
        ("market/cart.py", ("no file of this request",)),
    ],
)
def test_a_path_outside_the_request_is_refused(name: str, words: tuple[str, ...]) -> None:
    check_refused(changed("(a|b)/shop/cart.py", name.replace("\\", "\\\\")), CART, *words)
    check_refused(changed("^shop/cart.py", name.replace("\\", "\\\\"), BLOCK), CART, *words) if (
        re.fullmatch(r"[\w./-]+\.\w+", name)
    ) else None


def test_several_files_are_told_apart() -> None:
    diff = CLEAN + "--- a/other.py\n+++ b/other.py\n@@ ... @@\n-first_of_all = 1\n+first = 1\n"

    found = apply_diff(diff, {PATH: CART, "other.py": "first_of_all = 1\n", "third.py": ""})

    assert isinstance(found, Applied)
    assert found.texts == {PATH: FIXED, "other.py": "first = 1\n"}


@pytest.mark.parametrize(
    ("diff", "words"),
    [
        # Nothing, a part of a name, and one that is two files'.
        (changed("(---|[+]{3}) .*\n", ""), ("does not say which file", "`a/cart.py`")),
        (changed("(a|b)/shop/", ""), ("several files",)),
    ],
)
def test_of_several_files_one_has_to_be_named(diff: str, words: tuple[str, ...]) -> None:
    found = apply_diff(diff, {"a/cart.py": CART, "b/cart.py": CART})

    assert isinstance(found, Refused)
    assert [word for word in words if word not in found.reason] == [], found.reason


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (CLEAN, True),
        (BLOCK, True),
        ("@@ -1 +1 @@\n-a\n+b", True),
        # Code that only looks a little like it.
        (CART, False),
        ("x = [\n-1,\n+1,\n]", False),
        ("a << b\n>>> a\n=======\n", False),
        ("-- a comment\nselect 1;", False),
    ],
)
def test_a_diff_is_told_from_code(text: str, is_one: bool) -> None:
    assert is_diff(text) is is_one


LINES = st.lists(st.sampled_from(["", "a", "  b", "    return result", "}", "-- x", "+++ y"]))
TEXTS = st.one_of(
    LINES.map("\n".join),
    st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]), max_size=60),
)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, st.integers(0, 4))
def test_a_machine_s_diff_of_two_texts_makes_the_second_of_the_first(
    before: str, after: str, context: int
) -> None:
    diff = machine_diff(before, after, context)
    if before != after:
        check_applied(diff, before, after)


SOURCE = st.lists(
    st.integers(0, 40).map(lambda number: f"    value_{number} = compute({number})"),
    min_size=1,
    max_size=30,
    unique=True,
)


def _headless(diff: str) -> str:
    return re.sub(r"^@@ .*@@$", "@@ ... @@", diff, flags=re.MULTILINE)


def _shifted(diff: str) -> str:
    return re.sub(r"^([ +-])    ", r"\1", _headless(diff), flags=re.MULTILINE)


def _blank(diff: str) -> str:
    return re.sub(r"$", " ", _headless(diff), flags=re.MULTILINE)


@settings(max_examples=150, deadline=None)
@given(SOURCE, st.data(), st.sampled_from([_headless, _shifted, _blank]))
def test_without_numbers_lines_that_are_there_once_are_found(
    lines: list[str], data: st.DataObject, spoil: Callable[[str], str]
) -> None:
    line = data.draw(st.integers(0, len(lines) - 1))
    new = data.draw(st.lists(st.just("    pass"), max_size=2))
    before, after = "\n".join(lines), "\n".join([*lines[:line], *new, *lines[line + 1 :]])
    found = apply_diff(spoil(machine_diff(before, after, 3)), {PATH: before})

    assert isinstance(found, Applied), found
    assert [line.rstrip() for line in found.texts[PATH].split("\n")] == after.split("\n")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), TEXTS)
def test_whatever_is_said_gives_a_value(diff: str, text: str) -> None:
    for said in (diff, f"@@ @@\n{diff}", f"<<<<<<< SEARCH\n{diff}\n>>>>>>> REPLACE"):
        assert isinstance(apply_diff(said, {PATH: text}), Applied | Refused)


def machine_diff(before: str, after: str, context: int) -> str:
    """A diff of all parts between LFs: the empty one at the end stands for the final line end."""
    lines = difflib.unified_diff(
        before.split("\n"), after.split("\n"), f"a/{PATH}", f"b/{PATH}", n=context, lineterm=""
    )
    return "\n".join(lines)
