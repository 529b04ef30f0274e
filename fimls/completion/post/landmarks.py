"""Lines that structure a program, told by their words: definitions, openers, closers.

A line is enough to tell them in all languages that models are good at, and a line is all there is
while a text is streamed and the document is broken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fimls.text.language import Language

_MODIFIERS: Final = (
    r"(?:(?:export|default|declare|public|private|protected|internal|static|final|abstract|async"
    r"|pub(?:\([\w: ]+\))?|unsafe|extern(?: \"C\")?|inline|virtual|override|open|suspend|const"
    r"|partial|sealed|local|typedef|template ?<[^>]*>)\s+)*"
)

_FUNCTION: Final = re.compile(
    rf"{_MODIFIERS}(?:def|function\*?|fn|func|fun|sub|proc|procedure|defp?|defun)\b\s*[\w(*~<.:]"
)

_CONTAINER: Final = re.compile(
    rf"{_MODIFIERS}(?:class|interface|struct|enum|trait|impl|module|namespace|protocol|extension"
    r"|object|record|union|mod|type|contract|defmodule)\b\s*[\w<{(]"
)

# A function of the C family and a method of JavaScript have no keyword: a name before
# parentheses, a brace or nothing behind them, and no statement word in front.
_HEADLESS: Final = re.compile(
    r"(?!(?:if|for|while|switch|catch|else|return|do|new|throw|await|yield|case|assert|with|match"
    r"|unless|until|elif|elseif|foreach|using|lock|synchronized|try|when)\b)"
    r"[\w~][\w\s*&<>,:\[\]~?.]*\([^;]*?\)?[^;=(]*\{?"
)

# A function given as a value, as the callbacks of JavaScript are.
_CALLBACK: Final = re.compile(r"=>\s*\{?\s*\Z|\bfunction\b[^{]*\{\s*\Z|\bdo\s*\|[^|]*\|\s*\Z")

_CLOSER: Final = re.compile(r"[)\]}]|</|(?:end|endif|endfor|endfunction|endwhile|fi|done|esac)\b")

_CONTINUATION: Final = re.compile(
    r"(?:[)\]}]*\s*)?(?:else|elif|elseif|elsif|except|finally|catch|rescue|ensure|then)\b"
)

_REOPENED: Final = re.compile(r"[)\]}]+.*[({\[]\s*\Z|[)\]}]+.*=>\s*\Z")

_MAIN_BLOCK: Final = re.compile(r"if\s+__name__\s*==|if __FILE__ == \$0")

# Decorators, attributes and the inner lines of a block comment.
_LEAD: Final = re.compile(r"@\w|#!?\[|\[[A-Z]\w*|\*(?: |\Z)")

_OPENER_BY_INDENTATION: Final = re.compile(r"(?:[:(\[{,]|->|=>|\\)\s*\Z")
_OPENER: Final = re.compile(
    r"(?:[({\[]|=>|->|\bthen|\bdo|\belse|\bbegin|\brepeat|\bdo\s*\|[^|]*\|)\s*\Z"
)
_OPENER_WORDS: Final = re.compile(
    r"(?:(?:local\s+)?function|def|class|module|if|unless|while|until|for|case|begin)\b(?!.*\bend\b)"
)

# Languages that begin a block by a word and close it by `end` without an opener at the line's end.
CLOSED_BY_WORD: Final = frozenset({"ruby", "lua", "julia", "elixir", "vim", "cmake"})

# What has braces but no functions without a keyword: a line with parentheses is a call there.
_KEYWORDED: Final = frozenset({"python", "go", "rust", "ruby", "lua", "kotlin", "swift", "scala"})

# What begins a function with a type and may open its body on the next line.
_TYPED: Final = frozenset({"c", "cpp", "csharp", "java", "cuda-cpp", "objective-c", "dart"})

# No header is longer, and patterns take their time on the lines of generated files.
_MOST_HEADER_CHARS: Final = 400

# A rule of a style sheet and a block of a configuration are what a definition is elsewhere.
_RULES: Final = frozenset({"css", "scss", "less", "terraform", "protobuf", "graphql"})


def is_function(line: str, language: Language) -> bool:
    """Whether a line begins a function, or a method."""
    text = line.strip()
    if len(text) > _MOST_HEADER_CHARS:
        return False
    if _FUNCTION.match(text) or _CALLBACK.search(text):
        return True
    if language.by_indentation or language.id in _KEYWORDED or language.grammar == "sql":
        return False
    return _HEADLESS.fullmatch(text) is not None and text.endswith(("{", ")"))


def is_container(line: str) -> bool:
    """Whether a line begins a class, or whatever else holds definitions."""
    return _CONTAINER.match(line.strip()) is not None


def is_definition(line: str, language: Language) -> bool:
    """Whether a line begins something that stands beside others of its kind."""
    text = line.strip()
    if language.id in _RULES:
        return text.endswith("{")
    if _MAIN_BLOCK.match(text) or is_container(text):
        return True
    return is_function(text, language) and not _is_bare_call(text, language)


def is_lead(line: str, language: Language) -> bool:
    """Whether a line belongs to what comes after it: a decorator, an attribute, a comment."""
    text = line.strip()
    comments = (language.line_comment, *(language.block_comment or ())[:1])
    marks = tuple(mark for mark in comments if mark)
    return _LEAD.match(text) is not None or (bool(marks) and text.startswith(marks))


def closes(line: str) -> bool:
    """Whether a line begins with what closes a block."""
    return _CLOSER.match(line.strip()) is not None


def goes_on(line: str) -> bool:
    """Whether a line closes a block and opens its next part, as `else` does."""
    text = line.strip()
    return _CONTINUATION.match(text) is not None or _REOPENED.match(text) is not None


def opens(line: str, language: Language) -> bool:
    """Whether a line opens a block or a bracket that the next lines are in."""
    text = without_comment(line, language)
    if language.by_indentation:
        return _OPENER_BY_INDENTATION.search(text) is not None
    if _OPENER.search(text):
        return True
    return language.id in CLOSED_BY_WORD and _OPENER_WORDS.match(text.strip()) is not None


def without_comment(line: str, language: Language) -> str:
    """The line without a comment at its end; a mark within a string is taken for one as well."""
    mark = language.line_comment
    if mark is None or mark not in line:
        return line.rstrip()
    return re.split(rf"(?:^|\s){re.escape(mark)}", line, maxsplit=1)[0].rstrip()


def _is_bare_call(text: str, language: Language) -> bool:
    """Whether what looks like a function without a keyword may as well be a call."""
    before = text.partition("(")[0]
    if _FUNCTION.match(text) or text.endswith("{"):
        # A callback is a call at the top level, unless it is bound to a name.
        return bool(_CALLBACK.search(text)) and "=" not in before
    return language.id not in _TYPED or " " not in before.strip()
