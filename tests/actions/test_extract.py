"""Code out of answers, at their end and while they stream."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fimls.actions.extract import Form, extract
from fimls.text.languages import language_of

CODE = "def add(a, b):\n    return a + b"


def check_code(answer: str, code: str, *, language: str = "python") -> None:
    """Checks the code of a whole answer, and that while it streams nothing else is taken for it."""
    known = language_of(language)
    found = extract(answer, known, done=True)

    assert (found.form, found.text) == (Form.CODE, code)
    for end in range(len(answer)):
        part = extract(answer[:end], known, done=False)
        assert part.form is not Form.DIFF
        assert code.startswith(part.text), (answer[:end], part.text)


@pytest.mark.parametrize(
    "answer",
    [
        # Fences of all kinds, and none.
        CODE,
        f"\n\n{CODE}\n\n",
        f"```python\n{CODE}\n```",
        f"```\n{CODE}\n```\n",
        f"```Python\n{CODE}\n```",
        f"```py\n{CODE}\n```",
        f"``` python\n{CODE}\n```",
        f'```python title="add.py"\n{CODE}\n```',
        f"```python:src/add.py\n{CODE}\n```",
        f"```{{.python}}\n{CODE}\n```",
        f"````python\n{CODE}\n````",
        f"~~~python\n{CODE}\n~~~",
        f"```python\n\n{CODE}\n\n```",
        # Parts of fences.
        f"```python\n{CODE}",
        f"```python\n{CODE}\n``",
        f"{CODE}\n```",
        # Line ends of another kind.
        f"```python\n{CODE}\n```".replace("\n", "\r\n"),
        # Talk around it.
        f"Sure!\n\n```python\n{CODE}\n```\n\nThis adds two numbers.",
        f"Here's the function:\n```python\n{CODE}\n```",
        f"**Solution**\n\n```python\n{CODE}\n```",
        f"Here is the function:\n\n{CODE}\n\nIt adds two numbers.",
        f"{CODE}\n\nNote that this only works for numbers.",
        f"{CODE}\n\nExplanation:\n- It takes two numbers.\n- It returns their sum.",
        # Other blocks that are not meant.
        f"```bash\npip install numpy\n```\n\n```python\n{CODE}\n```",
        f"```python\n{CODE}\n```\n\nOutput:\n\n```\n3\n```",
        f"```python\n{CODE}\n```\nUsage:\n```python\nprint(add(1, 2))\n```",
        f"```python\n{CODE}\n```\nTo run it:\n```sh\npython add.py\n```",
        # Marks and tokens.
        f"[PYTHON]\n{CODE}\n[/PYTHON]",
        f"{CODE}\n<|endoftext|>",
        f"```python\n{CODE}\n```</s>",
        # Thoughts.
        f"<think>\n\n</think>\n\n{CODE}",
        f"<think>I add `a`\nand b.</think>\n```python\n{CODE}\n```",
        f"<thinking>\nHm.\n</thinking>\n{CODE}",
        # The name of the language, of a fence that is gone.
        f"python\n{CODE}",
    ],
)
def test_code_is_found(answer: str) -> None:
    found = extract(answer, language_of("python"), done=True)

    assert (found.form, found.text) == (Form.CODE, CODE)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (f"```python\n{CODE}\n```\n\nThis adds.", CODE),
        (f"Sure! Here it is:\n\n```python\n{CODE}\n```", CODE),
        (f"{CODE}\n", CODE),
        (f"<think>\nx = 1\n</think>\n{CODE}\n", CODE),
        ("```python\nimport json\n\nx = json.dumps(1)\n```", "import json\n\nx = json.dumps(1)"),
        ("```python\ntext = '''\n```\n'''\n```\n", "text = '''\n```\n'''"),
    ],
)
def test_what_streams_is_the_begin_of_what_is_found(answer: str, code: str) -> None:
    check_code(answer, code)


@pytest.mark.parametrize(
    ("language", "answer", "code"),
    [
        # Names of languages and of their kin.
        ("typescript", "```js\nconst a = 1;\n```", "const a = 1;"),
        ("typescript", "```tsx\nconst a = 1;\n```", "const a = 1;"),
        ("shellscript", "```bash\nls -l\n```", "ls -l"),
        ("shellscript", "```\n$ never mind\n```\n```sh\nls\n```", "$ never mind"),
        ("sql", "```postgresql\nSELECT 1;\n```", "SELECT 1;"),
        ("go", "```golang\nx := 1\n```", "x := 1"),
        ("rust", "```rs\nlet x = 1;\n```", "let x = 1;"),
        # Only in another language: it is what there is.
        ("rust", "```c\nint x = 1;\n```", "int x = 1;"),
        # A fence on one line, and backticks alone.
        ("sql", "```SELECT 1;```", "SELECT 1;"),
        ("sql", "`SELECT 1;`", "SELECT 1;"),
        # What looks like prose and is code.
        ("sql", "SELECT name FROM films;", "SELECT name FROM films;"),
        ("python", "# The sum of both.\nx = a + b", "# The sum of both.\nx = a + b"),
        ("typescript", "// This is it.\nlet x = a", "// This is it.\nlet x = a"),
        ("python", "Movie = namedtuple('Movie', 'title')", "Movie = namedtuple('Movie', 'title')"),
        ("python", '"""This is a text."""\n\nx = 1', '"""This is a text."""\n\nx = 1'),
        # Numbers before lines are no code, but numbers that do not count may be.
        ("python", "1 | x = 1\n2 | y = 2", "x = 1\ny = 2"),
        ("python", "7\tx = 1\n8\ty = 2", "x = 1\ny = 2"),
        ("yaml", "1: a\n3: b", "1: a\n3: b"),
        # Marks that are not those of thoughts.
        ("python", "x = '<think>'\ny = '</think>'", "x = '<think>'\ny = '</think>'"),
    ],
)
def test_each_language_has_its_ways(language: str, answer: str, code: str) -> None:
    found = extract(answer, language_of(language), done=True)

    assert (found.form, found.text) == (Form.CODE, code)


@pytest.mark.parametrize(
    "answer",
    [
        # A unified diff, in a fence of its own, of the language's, or in none; and blocks.
        "```diff\n-x = 1\n+x = 2\n```",
        "```python\n@@ ... @@\n-x = 1\n+x = 2\n```",
        "--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n",
        "x.py\n```\n<<<<<<< SEARCH\nx = 1\n=======\nx = 2\n>>>>>>> REPLACE\n```",
    ],
)
def test_a_diff_is_found(answer: str) -> None:
    assert extract(answer, language_of("python"), done=True).form is Form.DIFF


def test_of_code_and_diff_the_code_is_taken() -> None:
    answer = f"```diff\n-x = 1\n+x = 2\n```\nSo it is:\n```python\n{CODE}\n```"

    assert extract(answer, language_of("python"), done=True).text == CODE


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "said nothing"),
        (" \n\n", "said nothing"),
        ("<think>So I", "only thought"),
        ("<think>So I do it.</think>", "only thought"),
        ("I cannot do that.", "in words"),
        ("```python\n\n```", "in words"),
    ],
)
def test_nothing_is_said_so(answer: str, reason: str) -> None:
    found = extract(answer, language_of("python"), done=True)

    assert found.form is Form.NOTHING
    assert reason in found.reason


@pytest.mark.parametrize(
    ("answer", "is_whole"),
    [("```python\nx = 1\n```", True), ("```python\nx = 1\n", False), ("x = 1", True)],
)
def test_a_fence_tells_whether_it_is_whole(answer: str, is_whole: bool) -> None:
    assert extract(answer, language_of("python"), done=True).is_whole is is_whole


PARTS = st.sampled_from(
    [
        *("```", "```python", "~~~", "<think>", "</think>", "x = 1", "    y = 2", "", "Sure!"),
        *("This is it.", "@@ @@", "-a", "+b", "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE"),
        *('"""', "[PYTHON]", "1 | x", "import json", "package a", "{", "}"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PARTS, max_size=12).map("\n".join), st.booleans())
def test_whatever_is_said_gives_a_value(answer: str, done: bool) -> None:
    found = extract(answer, language_of("python"), done=done)

    assert bool(found.text.strip()) == (found.form is not Form.NOTHING)
