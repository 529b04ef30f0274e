"""Each way of spoiling says of a task what it is named after."""

from __future__ import annotations

import pytest

from fimls.evaluation.run_on import RUN_ONS
from fimls.evaluation.spoiling import SPOILINGS
from fimls.evaluation.tasks import Task, own

PYTHON = Task(
    "t/1",
    "def area(shape):\n    width = shape.width\n    height = shape.height\n",
    "    return width * height\n\n\nprint(area(SHAPE))\n",
    "    if width < 0:\n        width = abs(width)\n    height = abs(height)\n",
)
ON_LINE = Task("t/2", "first = 1\ntotal = sum(", ")\nprint(total)\n", "[1, 2]")
BEHIND = Task("t/3", "def f():\n    ", "\n", "return [1]\n")
JAVA = Task(
    "t/4",
    "class A {\n    int f(int n) {\n        if (n > 0) {\n            ",
    "\n        }\n        return 0;\n    }\n\n    int g;\n}\n",
    "return n;",
    "java",
)

# As `RUN_ONS` has it, within the class.
JAVA_TEST = """\
    @Test
    void normalizes() {
        assertEquals(1, normalize(0));
    }
"""

M, HIDDEN = PYTHON.middle, "\u200b"


@pytest.mark.parametrize(
    ("name", "task", "said"),
    [
        ("clean", PYTHON, M),
        # The cursor has moved, so the answer begins behind the blanks.
        ("clean, behind the indentation", PYTHON, M.lstrip()),
        # What the document has next, as far as a model gets.
        ("suffix echo", PYTHON, M + "    return width * height\n\n\nprint(area(SHAPE))\n"),
        # The lines before the hole are said again.
        ("prompt echo", PYTHON, PYTHON.prefix + M),
        # Within a line it is that line's begin.
        ("prompt echo", ON_LINE, "total = sum([1, 2]"),
        # One line above is too little to be told from chance.
        ("prompt echo", BEHIND, None),
        ("path of a file", PYTHON, f"# Path: src/app.txt\n{M}"),
        ("path of a file", ON_LINE, None),
        ("loop", PYTHON, M + "    height = abs(height)\n" * 8),
        # A single line is no loop.
        ("loop", ON_LINE, None),
        ("run-on: function", PYTHON, f"{M.rstrip()}\n\n\n{RUN_ONS['python'].function}"),
        # Where blocks are closed by braces, the model closes them first.
        (
            "run-on: test",
            JAVA,
            f"return n;\n        }}\n    }}\n\n{JAVA_TEST}",
        ),
        ("code fence", BEHIND, "```python\nreturn [1]\n```\n\nThis code completes the function as"),
        ("talk, code fence", BEHIND, "Here is the code that goes there:\n\n```python\nreturn [1]"),
        ("talk after it", BEHIND, "return [1]\n\nThis code completes the function as you asked.\n"),
        (
            "thoughts",
            BEHIND,
            "<think>\nThe lines around tell what is missing.\n</think>\n\nreturn [1]\n",
        ),
        ("control token", ON_LINE, "[1, 2]<"),
        ("line end missing", PYTHON, M.rstrip()),
        ("line end missing", ON_LINE, None),
        ("carriage returns", PYTHON, M.replace("\n", "\r\n")),
        ("carriage returns", ON_LINE, None),
        ("hidden character", PYTHON, f"    {HIDDEN}{M.lstrip()}"),
        ("doubled closer", ON_LINE, "[1, 2]]"),
        ("doubled closer", JAVA, None),
        ("missing closer", BEHIND, "return [1\n"),
        ("missing closer", JAVA, None),
        ("doubled indentation", PYTHON, M),
        ("doubled indentation", ON_LINE, None),
        ("a level too deep", BEHIND, "    return [1]\n"),
        ("a level too deep", ON_LINE, None),
        ("first line unindented", PYTHON, M.lstrip()),
        ("first line unindented", BEHIND, None),
        (
            "tabs and blanks mixed up",
            PYTHON,
            "\tif width < 0:\n\t\twidth = abs(width)\n\theight = abs(height)\n",
        ),
        ("tabs and blanks mixed up", BEHIND, None),
    ],
)
def test_spoiling(name: str, task: Task, said: str | None) -> None:
    spoiling = next(each for each in SPOILINGS if each.name == name)
    found = spoiling.spoil(spoiling.hole(task))
    if said is None or found is None:
        assert found == said
    else:
        assert found.startswith(said)
        # Only talk and a control token are followed by more than a row spells out.
        assert found == said or "fence" in name or "token" in name


def test_every_way_is_met_by_our_own_tasks() -> None:
    """But one: all of our holes are behind the indentation."""
    tasks = own()
    missing = [
        each.name
        for each in SPOILINGS
        if not any(each.spoil(each.hole(task)) is not None for task in tasks)
    ]
    assert missing == ["line end missing", "first line unindented"]


def test_every_language_of_our_own_runs_on() -> None:
    ways = [each for each in SPOILINGS if each.name.startswith("run-on: function")]
    spoilt = {task.language for task in own() for each in ways if each.spoil(task) is not None}
    assert spoilt == {task.language for task in own()}
