"""What stands behind the cursor on its line: where nothing is wanted, and where a line is."""

from __future__ import annotations

import pytest

from fimls.completion.values import Reason
from tests.completion.shape.checks import LINE, check_shape


@pytest.mark.parametrize(
    ("language", "drawn", "reason"),
    [
        # There is nothing to go by.
        ("python", "█", Reason.NOTHING_TYPED),
        ("python", "\n  \n█\n", Reason.NOTHING_TYPED),
        # A completion would split the word, in code, a comment and a string.
        ("python", "pri█nt(x)\n", Reason.INSIDE_WORD),
        ("python", "x = 1  # the num█ber\n", Reason.INSIDE_WORD),
        ("go", 'x := "hel█lo"\n', Reason.INSIDE_WORD),
        # What is inserted before code runs into it.
        ("python", "x = █foo()\n", Reason.MID_LINE),
        ("javascript", "const x = █foo();\n", Reason.MID_LINE),
        ("shellscript", "echo █$HOME\n", Reason.MID_LINE),
        # An operand follows the closer.
        ("python", "x = (a█) + b\n", Reason.MID_LINE),
        # The argument may be finished.
        ("python", "foo(a█, b)\n", Reason.MID_LINE),
        # What follows is a member of what stands before.
        ("java", "list█.size();\n", Reason.MID_LINE),
        # Words of a comment, of a string and of a page.
        ("python", "x = 1  # the █ of it\n", Reason.MID_LINE),
        ("python", "x = 'the █ of it'\n", Reason.MID_LINE),
        ("html", "<p>the █ of it</p>\n", Reason.MID_LINE),
        ("markdown", "The █ of it.\n", Reason.MID_LINE),
        # A line that no person has written.
        ("javascript", "x = [█" + "1, 2, " * 99 + "];\n", Reason.MID_LINE),
    ],
)
def test_an_automatic_request_is_skipped(language: str, drawn: str, reason: Reason) -> None:
    check_shape(drawn, reason, language)


@pytest.mark.parametrize(
    ("language", "drawn"),
    [
        # The editor has closed the bracket, the quote, the tag: what is missing is inside.
        ("python", "print(█)\n"),
        ("python", 'print("█")\n'),
        ("javascript", "foo(bar(█));\n"),
        ("javascript", "const x = `█`;\n"),
        ("rust", "let v: Vec<█> = vec![];\n"),
        ("typescript", "const x: Array<█>;\n"),
        ("typescriptreact", "const x = <p>█</p>;\n"),
        ("typescriptreact", "const x = <A b={█} />;\n"),
        ("html", "<li>█</li>\n"),
        ("html", "<p><a>█</a> and more</p>\n"),
        ("python", "x = d[█]\n"),
        ("c", "int x[█];\n"),
        ("cpp", "auto f = [█]\n"),
        ("shellscript", "if [ █ ]; then\n  a\nfi\n"),
        ("ruby", "xs.each { |█| }\n"),
        # An index, an import list, an interpolation: a brace or bracket without lines in it.
        ("javascript", "import {█};\n"),
        ("rust", "use std::collections::{█};\n"),
        ("typescriptreact", "const x = <p>{█}</p>;\n"),
        ("html", "<p>{{ █ }}</p>\n"),
        # Punctuation that ends or opens something may stand behind the cursor.
        ("javascript", "foo(█);\n"),
        ("javascript", "if (█) {\n}\n"),
        ("python", "def f(█):\n    pass\n"),
        ("css", "a { color: █; }\n"),
        ("json", '{"a": █},\n'),
        ("java", "for (int i : █) {\n}\n"),
        ("javascript", "setTimeout(() => █);\n"),
        # A comment at the line's end, and the mark with which the line goes on.
        ("python", "x = █  # why\n"),
        ("c", "x = █; /* why */\n"),
        ("go", "x := █ // why\n"),
        ("shellscript", "docker run █ \\\n  -it\n"),
        # An argument is missing, and no other is split.
        ("python", "foo(█, b)\n"),
        ("python", "foo(a, █, c)\n"),
        ("python", "x = (█) + b\n"),
        ("python", "def f(█) -> int:\n    pass\n"),
        # An operand is missing before an operator or a keyword.
        ("python", "x = █ if a else b\n"),
        ("python", "if a and █ or c:\n    pass\n"),
        ("python", "x = [█ for y in z]\n"),
        ("javascript", "const x = a ? █ : b;\n"),
        ("javascript", "import {█} from 'x';\n"),
        ("sql", "SELECT █ FROM users;\n"),
        # The string ends here, whatever follows it.
        ("python", 'open("█", encoding="utf-8")\n'),
        ("python", 'open("data/█", encoding="utf-8")\n'),
        ("html", '<a href="█" class="b">c</a>\n'),
        ("json", '{"a": "█", "b": 1}\n'),
    ],
)
def test_line_within_a_line(language: str, drawn: str) -> None:
    check_shape(drawn, LINE, language)


@pytest.mark.parametrize(
    ("language", "drawn"),
    [
        # Code within a string: an expression, before what the string goes on with.
        ("python", 'x = f"a {█}"\n'),
        ("python", 'x = f"a {█} b"\n'),
        ("python", 'x = f"a {b█} c", d\n'),
        ("javascript", "x = `a ${b█} c`;\n"),
        ("ruby", 'x = "a #{b█} c"\n'),
    ],
)
def test_line_in_an_interpolation(language: str, drawn: str) -> None:
    # Only the tree tells that this is code.
    check_shape(drawn, LINE, language, by_text=False)
