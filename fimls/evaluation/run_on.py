"""What models write after a finished function: another one, a test, a program that calls it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fimls.completion.post.landmarks import is_function
from fimls.text.indentation import indentation
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.evaluation.tasks import Task


@dataclass(frozen=True, slots=True)
class RunOn:
    """Code of a language that comes after a function; "" where there is no such thing."""

    function: str
    test: str
    main: str


_PYTHON = RunOn(
    "def normalize(values):\n    total = sum(values)\n    return total or 1\n",
    "def test_normalize():\n    assert normalize([1, 1]) == [0.5, 0.5]\n",
    'if __name__ == "__main__":\n    print(normalize([1, 2, 3]))\n',
)
_JAVASCRIPT = RunOn(
    "function normalize(values) {\n  const total = values.length;\n  return total || 1;\n}\n",
    "test('normalize', () => {\n  expect(normalize([])).toBe(1);\n});\n",
    "console.log(normalize([1, 2, 3]));\n",
)
_C = RunOn(
    "int normalize(int total)\n{\n    return total ? total : 1;\n}\n",
    "void test_normalize(void)\n{\n    assert(normalize(0) == 1);\n}\n",
    'int main(void)\n{\n    printf("%d\\n", normalize(3));\n    return 0;\n}\n',
)

RUN_ONS: Final[Mapping[str, RunOn]] = MappingProxyType(
    {
        "python": _PYTHON,
        "javascript": _JAVASCRIPT,
        "typescript": _JAVASCRIPT,
        "go": RunOn(
            "func normalize(n int) int {\n\tif n == 0 {\n\t\treturn 1\n\t}\n\treturn n\n}\n",
            "func TestNormalize(t *testing.T) {\n\tif normalize(0) != 1 {\n\t\tt.Fail()\n\t}\n}\n",
            "func main() {\n\tfmt.Println(normalize(3))\n}\n",
        ),
        "rust": RunOn(
            "fn normalize(total: u32) -> u32 {\n    total.max(1)\n}\n",
            "#[test]\nfn normalizes() {\n    assert_eq!(normalize(0), 1);\n}\n",
            'fn main() {\n    println!("{}", normalize(3));\n}\n',
        ),
        "java": RunOn(
            "private int normalize(int total) {\n    return total == 0 ? 1 : total;\n}\n",
            "@Test\nvoid normalizes() {\n    assertEquals(1, normalize(0));\n}\n",
            "public static void main(String[] args) {\n    System.out.println(args.length);\n}\n",
        ),
        "csharp": RunOn(
            "private int Normalize(int total)\n{\n    return total == 0 ? 1 : total;\n}\n",
            "[Fact]\npublic void Normalizes()\n{\n    Assert.Equal(1, Normalize(0));\n}\n",
            "static void Main(string[] args)\n{\n    Console.WriteLine(args.Length);\n}\n",
        ),
        "c": _C,
        "cpp": RunOn(
            _C.function,
            "TEST(Normalize, Zero) {\n    EXPECT_EQ(normalize(0), 1);\n}\n",
            "int main() {\n    std::cout << normalize(3);\n    return 0;\n}\n",
        ),
        "ruby": RunOn(
            "def normalize(values)\n  values.sum || 1\nend\n",
            "def test_normalize\n  assert_equal 1, normalize([])\nend\n",
            "if __FILE__ == $0\n  puts normalize([1, 2])\nend\n",
        ),
        "php": RunOn(
            "function normalize($total)\n{\n    return $total ?: 1;\n}\n",
            "function testNormalize()\n{\n    assert(normalize(0) === 1);\n}\n",
            "",
        ),
        "shellscript": RunOn(
            'normalize() {\n  echo "${1:-1}"\n}\n',
            'test_normalize() {\n  [ "$(normalize)" = 1 ]\n}\n',
            'main "$@"\n',
        ),
        "lua": RunOn(
            "local function normalize(total)\n  return total or 1\nend\n",
            "function test_normalize()\n  assert(normalize() == 1)\nend\n",
            "print(normalize(3))\n",
        ),
    }
)
"""By language id."""

# A line that does nothing but close what is open.
_CLOSER: Final = re.compile(r"([ \t]*)(?:[)\]}]+[;,)]*|end|fi|done|esac|;;)")


def continued(task: Task, code: str) -> str | None:
    """The middle, what closes the function it is in, and `code` at the function's indentation.

    None where there is no such code in the task's language, or no function around the hole that
    the document closes.
    """
    if not code:
        return None
    if language_of(task.language).by_indentation:
        return f"{task.middle.rstrip()}\n\n\n{code}"
    margin = _margin(task)
    closers = None if margin is None else _closers(task.suffix, margin)
    if margin is None or closers is None:
        return None
    rest = task.suffix.partition("\n")[0] if task.suffix[:1] != "\n" else ""
    moved = "".join(f"{margin}{line}\n" for line in code.splitlines())
    return "\n".join([task.middle.rstrip("\n") + rest, *closers, "", moved])


def _margin(task: Task) -> str | None:
    """The indentation of the function around the hole."""
    language = language_of(task.language)
    lines = (task.prefix + task.middle.partition("\n")[0]).split("\n")
    inner = len(indentation(lines[-1]))
    for line in reversed(lines[:-1]):
        blanks = indentation(line)
        # A brace on a line of its own belongs to the header above it.
        if line.strip() not in {"", "{"} and len(blanks) < inner:
            inner = len(blanks)
            if is_function(line, language):
                return blanks
    return None


def _closers(suffix: str, margin: str) -> list[str] | None:
    """The closing lines of the suffix, up to the one that ends what has that indentation."""
    closers = []
    for line in suffix.split("\n")[1 if suffix[:1] != "\n" else 0 :]:
        if found := _CLOSER.fullmatch(line):
            closers.append(line)
            if found[1] == margin:
                return closers
        elif line.strip() and len(indentation(line)) < len(margin):
            return None
    return None
