"""What an insertion does to the syntax of a text, in all languages alike."""

from __future__ import annotations

import pytest

from fimls.syntax.delta import Verdict, judge, judge_nearby, judge_wholly, repairs
from fimls.syntax.effort import Effort
from fimls.syntax.tree import parse
from fimls.testing.marks import marked


def check_judge(grammar: str, picture: str, verdict: Verdict) -> None:
    drawn = marked(picture)
    before = parse(drawn.text, grammar)
    assert before is not None
    end = drawn.offset + drawn.replaces
    assert judge(before, drawn.offset, end, drawn.inserted) is verdict


@pytest.mark.parametrize(
    ("grammar", "picture"),
    [
        # A statement in a body, in each language.
        ("python", "def f(a):\n    x = a\n    ├return x + 1┤\n"),
        ("javascript", "function f(a) {\n  ├return a + 1;┤\n}\n"),
        ("typescript", "function f(a: number): number {\n  ├return a as number;┤\n}\n"),
        ("tsx", "const A = () => (\n  <div>\n    ├<b>{x}</b>┤\n  </div>\n);\n"),
        ("go", "package p\n\nfunc f() int {\n\t├return 1┤\n}\n"),
        ("rust", "fn f() -> i32 {\n    ├let x = 1;\n    x + 1┤\n}\n"),
        ("java", "class A {\n    int f() {\n        ├return 1;┤\n    }\n}\n"),
        ("c", "int f(void) {\n    ├return 1;┤\n}\n"),
        ("cpp", "int A::f() {\n    ├return this->x;┤\n}\n"),
        ("c_sharp", "class A {\n    int F() {\n        ├return 1;┤\n    }\n}\n"),
        ("ruby", "def f(a)\n  ├a + 1┤\nend\n"),
        ("php", "<?php\nfunction f($a) {\n    ├return $a + 1;┤\n}\n"),
        ("bash", 'f() {\n  ├echo "$1"┤\n}\n'),
        ("lua", "function f(a)\n  ├return a + 1┤\nend\n"),
        ("html", "<ul>\n  ├<li>a</li>┤\n</ul>\n"),
        ("css", "a {\n  ├color: red;┤\n}\n"),
        ("json", '{"a": 1├, "b": [2]┤}\n'),
        ("yaml", "a:\n  b: 1\n  ├c: [2]┤\n"),
        ("toml", "[a]\nb = 1\n├c = [2]┤\n"),
        ("sql", "SELECT a FROM t ├WHERE a = 1┤;\n"),
        # Within brackets that the editor has closed already.
        ("python", "print(├foo(bar)┤)\n"),
        ("python", "d = {'a': ├{'b': 1}┤}\n"),
        # What stands after the cursor is said again, and replaced.
        ("python", "print(├foo(bar))┤)╣\n"),
        # Prose in a comment and in a string, with brackets and quotes.
        ("python", "# see├ f(, don't┤\nx = 1\n"),
        ("python", 'def f():\n    """├Do (it.┤\n    """\n'),
        # A header whose body is not there yet: this grammar takes it.
        ("python", "├for x in y:┤\n"),
        # Characters of several bytes, before and in the text.
        ("python", "é = '😀'\nx = ├'€' + é┤\n"),
        # Nothing.
        ("python", "x = 1├┤\n"),
    ],
)
def test_fits(grammar: str, picture: str) -> None:
    check_judge(grammar, picture, Verdict.FITS)


@pytest.mark.parametrize(
    ("grammar", "picture"),
    [
        # A bracket too many, or too few, in each language.
        ("python", "x = foo(├a))┤)\n"),
        ("javascript", "function f() {\n  ├g();\n}┤\n}\n"),
        ("typescript", "const x: number[] = [├1, [2┤];\n"),
        ("tsx", "const A = () => <div>├<b>┤</div>;\n"),
        ("go", "package p\n\nfunc f() {\n\t├if x {┤\n}\n"),
        ("rust", "fn f() {\n    ├g(1;┤\n}\n"),
        ("java", "class A {\n    int f() {\n        ├return (1;┤\n    }\n}\n"),
        ("c", "int f(void) {\n    ├return 1);┤\n}\n"),
        ("cpp", "int A::f() {\n    ├return x[1;┤\n}\n"),
        ("c_sharp", "class A {\n    int F() {\n        ├return 1;\n    }\n}┤\n    }\n}\n"),
        ("ruby", "def f(a)\n  ├a.each do |b|┤\nend\n"),
        ("php", "<?php\nfunction f($a) {\n    ├return $a +;┤\n}\n"),
        ("bash", "f() {\n  ├if true; then┤\n}\n"),
        ("lua", "function f(a)\n  ├return a)┤\nend\n"),
        ("html", "<ul>\n  ├<li></ul>┤\n</ul>\n"),
        ("css", "a {\n  ├color: red; }┤\n}\n"),
        ("json", '{"a": [1├]┤]}\n'),
        ("yaml", "a:\n  b: ├[1┤\n  c: 2\n"),
        ("toml", "[a]\nb = [1├, [2┤]\nc = 2\n"),
        ("sql", "SELECT a FROM t├ WHERE a IN (1┤;\n"),
        # A string that does not end.
        ("python", "x = ├'abc┤\ny = 1\n"),
        # The body's indentation is left in a way that no block has.
        ("python", "def f():\n    a = 1\n    ├else:┤\n        b = 2\n"),
        # Words that no language has in this order.
        ("python", "x = 1\n├Here is the code you asked for:┤\n"),
        # What it replaces is missing then.
        ("python", "print(├foo┤)╣\n"),
    ],
)
def test_breaks(grammar: str, picture: str) -> None:
    check_judge(grammar, picture, Verdict.BREAKS)


@pytest.mark.parametrize(
    ("grammar", "picture"),
    [
        # Half a statement, which the text makes whole.
        ("python", "def f(├self, x):┤\n    return 1\n"),
        ("python", "x = ├1┤\n"),
        ("python", "a = foo(├b, c)┤\n\n\ndef g():\n    return [1]\n"),
        ("typescript", "const x = foo(├a, b);┤\n\nfunction g(): void {\n  h();\n}\n"),
        ("go", "package p\n\nfunc f() {\n\tif x ├{ return }┤\n}\n\nfunc g() {}\n"),
        ("java", "class A {\n    int f(├int a) { return a; }┤\n\n    int g() { return 1; }\n}\n"),
        ("json", '{"a": ├1┤}\n'),
        # Half a statement, which stays half: what was opened is still to be closed.
        ("python", "x = foo(├a, b┤\n\n\ndef g():\n    return 1\n"),
        ("python", "def f(├self, a┤\n\n\ndef g():\n    return 1\n"),
        ("python", "x = [├1, 2, foo(3┤\ny = 1\n"),
        ("javascript", "const x = foo(├a, {b: 1}┤\n\nfunction g() {\n  h();\n}\n"),
        # A block is opened by what completes its header.
        ("javascript", "if (x ├=== 1) {┤\n\nfunction g() {\n  h();\n}\n"),
        ("c", "int f(int a├, int b) {┤\n\nint g(void) {\n    return 1;\n}\n"),
        ("ruby", "if a ├== 1┤\n\ndef g\n  1\nend\n"),
        ("lua", "if a ├== 1 then┤\n\nfunction g()\n  return 1\nend\n"),
        ("bash", "if ├true; then┤\n\ng() {\n  echo 1\n}\n"),
        # An operand is still to come.
        ("python", "x = ├1 +┤\n\n\ndef g():\n    return 1\n"),
    ],
)
def test_broken_at_the_hole(grammar: str, picture: str) -> None:
    check_judge(grammar, picture, Verdict.FITS)


BROKEN = "x = foo(1,\n\n\n" + "".join(f"def f{n}(a):\n    return a\n\n\n" for n in range(30))
"""A bracket is open at the top: the parser finds fault with all that follows."""


@pytest.mark.parametrize(
    ("picture", "verdict"),
    [
        # What fits its own lines fits.
        ("def g(a):\n    b = a\n    ├return [b, a]┤\n", Verdict.FITS),
        # It does so where they too are just being typed.
        ("def g(a):\n    return foo(├a, 1)┤\n", Verdict.FITS),
        # What breaks them breaks.
        ("def g(a):\n    b = a\n    ├return [b, a┤\n", Verdict.BREAKS),
        ("def g(a):\n    return foo(a├))┤)\n", Verdict.BREAKS),
    ],
)
def test_broken_elsewhere(picture: str, verdict: Verdict) -> None:
    check_judge("python", f"{BROKEN}{picture}", verdict)
    check_judge("python", f"{picture}\n\n{BROKEN}", verdict)


def test_broken_nearby_stays_as_it_was() -> None:
    """The line above is broken, and the text has nothing to do with it."""
    check_judge("python", "x = = 1\ny = ├2┤\n", Verdict.FITS)
    check_judge("javascript", "let = = 1;\n\nlet y = ├2;┤\n", Verdict.FITS)


def test_what_cannot_be_told() -> None:
    """The line was broken and is so still, and nothing that might follow would mend it."""
    check_judge("python", "x = foo(a b ├c d┤\n", Verdict.UNKNOWN)


LARGE = "".join(
    f"class A{n}:\n    def f(self, a):\n        if a:\n            return [a, {n}]\n\n\n"
    for n in range(5000)
)
"""30,000 lines: more than the parser goes through for one change."""


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        # The fragment alone tells both.
        ("            b = a\n", Verdict.FITS),
        ("            b = (a\n", Verdict.BREAKS),
        # This grammar takes it, as it takes much that Python does not.
        ("b = a\n", Verdict.FITS),
    ],
)
def test_a_large_document(text: str, verdict: Verdict) -> None:
    before = parse(LARGE, "python")
    assert before is not None
    line = LARGE.index("            return", len(LARGE) // 2)

    assert judge(before, line, line, text) is verdict


@pytest.mark.parametrize(
    ("picture", "verdict"),
    [
        ("x = 1\n├y = 2\n┤", Verdict.FITS),
        ("x = 1\n├y = (2\n┤", Verdict.BREAKS),
        ("x = foo(├a, b┤\n", Verdict.FITS),
        ("x = foo(a b ├c d┤\n", Verdict.UNKNOWN),
    ],
)
def test_from_the_whole(picture: str, verdict: Verdict) -> None:
    drawn = marked(picture)
    assert judge_wholly(drawn.text, "python", drawn.offset, drawn.offset, drawn.inserted) is verdict


@pytest.mark.parametrize(
    ("picture", "whether"),
    [
        # The line is broken without the text.
        ("x = foo(├a)┤\ny = 1\n", True),
        # It is not.
        ("x = 1\n├y = 2\n┤", False),
        # It stays so.
        ("x = foo(├a, ┤\ny = 1\n", False),
    ],
)
def test_repairs(picture: str, whether: bool) -> None:
    drawn = marked(picture)
    change = (drawn.offset, drawn.offset, drawn.inserted)
    for _again in range(2):
        assert repairs(drawn.text, "python", *change) is whether
    assert not repairs(drawn.text, "cobol", *change)


def test_what_it_has_cost() -> None:
    """It is the same whether the verdict was remembered, and does not change it."""
    whole = "".join(f"def f{n}(a):\n    return a\n\n\n" for n in range(40))
    first, second, least = Effort(1000), Effort(1000), Effort(1)

    for effort in (first, second, least):
        assert judge_nearby(whole, "python", 0, 0, "x = (\n", effort) is Verdict.BREAKS

    assert first.left == second.left < 1000
    assert least.left < 0


def test_no_grammar() -> None:
    assert judge_nearby("x", "cobol", 0, 0, "y") is Verdict.UNKNOWN
    assert judge_nearby("x", None, 0, 0, "y") is Verdict.UNKNOWN


def test_a_namespace_that_nobody_indents() -> None:
    """From the lines around it cannot be told whether one is closed; from the whole it can."""
    text = "namespace a {\n\n" + "int x;\n" * 40 + "int f() { return 1; }\n"
    before = parse(text, "cpp")
    assert before is not None
    assert judge_nearby(text, "cpp", len(text), len(text), "}\n") is not Verdict.BREAKS
    assert judge(before, len(text), len(text), "}\n") is Verdict.FITS
