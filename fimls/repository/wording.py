"""What is written in a definition: its header in one line, its documentation, its types."""

from __future__ import annotations

import re
from typing import Final

# A header with this many characters fills a line and a half of an editor; what is longer is cut.
_LONGEST_HEADER: Final = 240

# Of a constant the begin of its value tells enough.
_LONGEST_VALUE: Final = 100

_LONGEST_DOC: Final = 160

# What is looked at for one of these: a file may consist of a single header.
_MOST_CHARS: Final = 2_000

_HEADER_END: Final = re.compile(r"(?:[\s:{;,(]|=>|(?<![=!<>])=|\bend\b)+$")
_PLAIN_END: Final = " :{;,("
_OTHER_END: Final = ("=", ">", "end")
_BLANKS: Final = re.compile(r"\s+")
_INNER_BLANK: Final = re.compile(r"(?<=[(\[]) | (?=[)\],])")
_LAST_COMMA: Final = re.compile(r",(?=[)\]])")

_COMMENT_MARKS: Final = re.compile(r"^(?:[/*#!\-;%=~+\s]|\[\[)+|[\s*/=\-~+\]]+$")
_MARKUP: Final = re.compile(r"</?\w[^<>]*>")
_QUOTES: Final = re.compile(r"""^[rRbBuUfF]*(?:\"{3}|'{3}|["'])|(?:\"{3}|'{3}|["'])$""")

_GENERIC: Final = re.compile(r"<[^<>]*>|\[[^\[\]]*\]")
_CALL: Final = re.compile(r"(?<=\w)\([^()]*\)")
_BETWEEN_TYPES: Final = re.compile(r"[,+;]|\b(?:extends|implements|with|use|where)\b")
_WORD: Final = re.compile(r"[^\W\d]\w*")
_DEEPEST_GENERIC: Final = 5


def header(text: str) -> str:
    """A header in one line, without what leads over to its body."""
    line = _one_line(text[:_MOST_CHARS]).rstrip(_PLAIN_END)
    # To look for the end of anything else takes longer than all the rest of it.
    if line.endswith(_OTHER_END) or line[-1:].isspace():
        line = _HEADER_END.sub("", line)
    return _cut(line, _LONGEST_HEADER)


def variable(text: str) -> str:
    """A variable with its value, in one line, which is cut where the value is long."""
    return _cut(_one_line(text[:_MOST_CHARS]).rstrip(" ;,"), _LONGEST_VALUE)


def doc_of_comment(text: str) -> str:
    """The first line of a comment that says something."""
    for line in text.splitlines():
        said = _MARKUP.sub("", _COMMENT_MARKS.sub("", line.strip()[:_MOST_CHARS])).strip()
        if _WORD.search(said):
            return _cut(said, _LONGEST_DOC)
    return ""


def doc_of_string(text: str) -> str:
    """The first line of a docstring that says something."""
    for line in _QUOTES.sub("", text.strip()).splitlines():
        if _WORD.search(line):
            return _cut(line.strip(), _LONGEST_DOC)
    return ""


def types_in(text: str) -> tuple[str, ...]:
    """The names of the types that a list of bases mentions, without what they are made with."""
    plain = text[:_MOST_CHARS].strip()
    if plain.startswith("(") and plain.endswith(")"):
        plain = plain[1:-1]
    plain = _CALL.sub("", _without_generics(plain))
    parts = (part for part in _BETWEEN_TYPES.split(plain) if "=" not in part)
    found = (_WORD.findall(part) for part in parts)
    return tuple(dict.fromkeys(words[-1] for words in found if words))


def type_in(text: str) -> str:
    """The name of the type that a receiver or an implementation is of."""
    words = _WORD.findall(_without_generics(text[:_MOST_CHARS]))
    return words[-1] if words else ""


def _without_generics(text: str) -> str:
    for _ in range(_DEEPEST_GENERIC):
        shorter = _GENERIC.sub("", text)
        if shorter == text:
            break
        text = shorter
    return text


def _one_line(text: str) -> str:
    text = text.strip()
    if "\n" not in text and "  " not in text and "\t" not in text:
        return text
    return _LAST_COMMA.sub("", _INNER_BLANK.sub("", _BLANKS.sub(" ", text)))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
