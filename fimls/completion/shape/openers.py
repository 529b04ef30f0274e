"""Lines that open something: a block of statements, the elements of a bracket, a tag's content.

Told by the line alone, since a document is hardly ever in order where a body is missing.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fimls.completion.post.landmarks import CLOSED_BY_WORD, is_function, opens, without_comment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.text.language import Language

# No person writes longer headers, and patterns take their time on the lines of generated files.
_MOST_CHARS: Final = 400

# A bracket that nothing follows; after a name `[` is an index.
_BRACKET: Final = re.compile(r"(?:[({]|(?<![\w)\]])\[)\s*\Z")

# A brace or bracket that holds statements, members or elements; not an interpolation, a block of a
# template, an attribute or an index.
_BRACE: Final = re.compile(r"(?<![{$#])\{\s*\Z")
_LIST: Final = re.compile(r"(?<![\w)\]\[#])\[\s*\Z")

# Where `[` holds no elements, but a condition, an index or what a closure takes along.
_WITHOUT_LISTS: Final = frozenset(
    {"c", "cpp", "csharp", "java", "objective-c", "objective-cpp", "cuda-cpp"}
    | {"shellscript", "fish"}
)

# Braces of JSX, of `use a::{` and of `import {` take an expression or names.
_NAMES: Final = re.compile(
    r"(?:\w=|[^=\s]>|::)\{\s*\Z|\s*(?:import|export|use|from|const|let|var)\s*\{\s*\Z"
)

# Where `=>` and `->` begin a body; elsewhere they select a member, or an arm or a type follows.
_ARROWS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("javascript", "javascriptreact", "typescript", "typescriptreact"), "=>"),
        **dict.fromkeys(("vue", "svelte", "astro", "csharp", "dart", "scala"), "=>"),
        **dict.fromkeys(("java", "kotlin", "groovy", "elixir", "erlang"), "->"),
        **dict.fromkeys(("coffeescript", "haskell", "elm", "ocaml", "fsharp"), "->"),
    }
)

# What begins a statement of Python that ends with a colon, or is the end of its header.
_HEADER: Final = re.compile(
    r"\s*(?:async\s+)?(?:def|class|if|elif|else|for|while|try|except|finally|with|match|case"
    r"|func)\b|\s*[)\]}]"
)

# A label; with a blank behind it a statement is due on the line, or it is the key of a value.
_LABEL: Final = re.compile(r"\s*(?:case\b.*|default|public|private|protected)\s*:\Z")

# Languages in which words open bodies, and the words.
_WORDED: Final = frozenset(
    {"ruby", "lua", "julia", "elixir", "shellscript", "fish", "pascal", "ada", "vhdl"}
    | {"haskell", "elm", "ocaml", "fsharp", "erlang"}
)
_WORD: Final = re.compile(
    r"(?:^|[\s;)])(?:then|do|else|begin|repeat|rescue|ensure|of|where|loop)\s*\Z"
    r"|\bdo\s*\|[^|]*\|\s*\Z"
)

# Where a word closes a definition its body begins after the parameters, not after the name.
_SIGNATURE: Final = re.compile(r"(?:(?:local\s+)?function|def)\b.*\)\s*\Z|[^()]*\bfunction\b.*\)\Z")

_SHELLS: Final = frozenset({"shellscript", "fish"})

# `case x in` and the pattern of one of its branches.
_BRANCH: Final = re.compile(r"\s*case\b.*\bin\s*\Z|\s*[^\s()]+\)\s*\Z")

# A key of YAML with nothing behind it; with a blank behind it a value is due on the line.
_KEY: Final = re.compile(r"\s*[^\s#].*:\Z")

# Where a function begins with its type.
_TYPED: Final = frozenset({"c", "cpp", "csharp", "java", "php", "cuda-cpp", "objective-c"})

_SECTIONED: Final = frozenset({"toml", "ini", "properties"})
_SECTION: Final = re.compile(r"\s*\[+[^\[\]]+\]+\s*\Z")

_RULE_OF_MAKE: Final = re.compile(r"[^\s#=:][^=]*:(?!=)[^=]*\Z")

_TAGGED: Final = frozenset(
    {"html", "xml", "xsl", "vue", "svelte", "astro", "handlebars", "razor", "php"}
    | {"javascript", "javascriptreact", "typescriptreact"}
)

# A tag at the end of a line; what stands before it tells it from a comparison and a type.
_TAG: Final = re.compile(r"(?:^|[\s({>])<([A-Za-z][\w:.-]*)?(?:\s[^<>]*)?(?<![-=/])>\s*\Z")

# The elements of HTML that have no content.
_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"}
    | {"track", "wbr"}
)


def opens_here(line: str, language: Language) -> bool:
    """Whether a body is due at the end of a line that is being typed."""
    text = line[-_MOST_CHARS:]
    if _is_bracket_or_arrow(text, language):
        return True
    if language.id == "yaml":
        return _KEY.match(text) is not None
    if _opens_by_colon(text, language):
        return True
    if language.id in _TAGGED and open_tag(text) is not None:
        return True
    if language.id in CLOSED_BY_WORD and _SIGNATURE.match(text.strip()):
        return True
    return language.id in _WORDED and _WORD.search(text) is not None


def opens_below(line: str, language: Language) -> bool:
    """Whether the lines below a line are a body of it; a comment at its end does not count."""
    text = without_comment(line[-_MOST_CHARS:], language)
    if opens_here(text, language) or (language.id in _SECTIONED and _SECTION.match(text)):
        return True
    if language.id in CLOSED_BY_WORD:
        return opens(text, language)
    if language.id in _SHELLS:
        return _BRANCH.match(text) is not None
    if language.id == "makefile":
        return _RULE_OF_MAKE.match(text) is not None
    # In the style of Allman the brace stands on a line of its own.
    return text.endswith(")") and _is_typed_header(text, language)


def opens_body(line: str, language: Language) -> bool:
    """Whether a line ends with a brace or bracket in which more than a line may stand."""
    text = line[-_MOST_CHARS:]
    if language.id not in _WITHOUT_LISTS and _LIST.search(text):
        return True
    return _BRACE.search(text) is not None and _NAMES.search(text) is None


def open_tag(line: str) -> str | None:
    """The name of the tag whose content begins at the end of a line; "" for a fragment of JSX."""
    found = _TAG.search(line[-_MOST_CHARS:])
    if found is None:
        return None
    name = found.group(1) or ""
    return None if name.lower() in _VOID else name


def _is_bracket_or_arrow(text: str, language: Language) -> bool:
    if _BRACKET.search(text):
        return True
    arrow = _ARROWS.get(language.id)
    return arrow is not None and text.rstrip().endswith(arrow)


def _opens_by_colon(text: str, language: Language) -> bool:
    if not text.rstrip().endswith(":"):
        return False
    if not language.by_indentation:
        return _LABEL.match(text) is not None
    # Within a bracket a colon stands before a type, a value or the end of a slice.
    unclosed = sum(text.count(each) for each in "([{") - sum(text.count(each) for each in ")]}")
    return _HEADER.match(text) is not None and unclosed <= 0


def _is_typed_header(text: str, language: Language) -> bool:
    return language.id in _TYPED and " " in text.strip() and is_function(text, language)
