"""What the template of an Ollama model tells about its fill-in-the-middle format.

Pure.  Such templates are of Go's `text/template`; one that fills in the middle mentions `.Suffix`
and is given `.Prompt`, `.Suffix` and next to nothing else (`ollama.md` §1.6).  It is therefore
rendered here as if these two were all there is, and what is then around them is the format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.models.families import Family
from fimls.models.formats import FileNames, Format, Place
from fimls.models.specimens import PREFIX_MARK, SUFFIX_MARK
from fimls.text.tokens import CODE_LLAMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Learned:
    """What a template writes before, between and after prefix and suffix, and their order.

    It is as the template has it, blanks and all.
    """

    before: str
    between: str
    after: str
    suffix_first: bool

    @property
    def text(self) -> str:
        """The format with `PREFIX_MARK` and `SUFFIX_MARK` in the places of the two."""
        marks = (PREFIX_MARK, SUFFIX_MARK)
        first, second = reversed(marks) if self.suffix_first else marks
        return f"{self.before}{first}{self.between}{second}{self.after}"

    @property
    def markers(self) -> tuple[str, ...]:
        """The markers in it, in their order and each once."""
        return tuple(dict.fromkeys(MARKER.findall(self.text)))

    @property
    def family(self) -> Family:
        """A family of this one model, which is asked as the template does."""
        render = Format(
            prefix=self.between if self.suffix_first else self.before,
            suffix=self.before if self.suffix_first else self.between,
            middle=self.after,
            markers=self.markers,
        )
        return Family(
            name="template",
            title="a format of the model's own template",
            psm=None if self.suffix_first else render.psm,
            spm=render.spm if self.suffix_first else None,
            stops=self.markers,
            markers=self.markers,
            fim_markers=self.markers,
            rate=CODE_LLAMA,
            names=_BY_COMMENTS,
        )


# No token is known that would name another file.
_BY_COMMENTS: Final = FileNames(Place.INSIDE, file="{comment} {path}\n", hole="{comment} {path}\n")


MARKER: Final = re.compile(r"<[^<>\s\ufdd0\ufdd1]{1,40}>|\[[A-Z_]{2,20}\]")
"""What markers look like: `<PRE>`, `<|fim_prefix|>`, `<[fim-suffix]>`, `[SUFFIX]`."""


def learned_from(template: str) -> Learned | None:
    """The format that a template asks in, or None where it has none that can be made out.

    None too where it mentions `.Suffix` but uses a part twice, or marks neither of them.
    """
    if ".Suffix" not in template or len(template) > _LONGEST_TEMPLATE:
        return None
    text = _rendered(template)
    if (text.count(PREFIX_MARK), text.count(SUFFIX_MARK)) != (1, 1):
        return None
    before, first, rest = _MARKS.split(text, maxsplit=1)
    between, _second, after = _MARKS.split(rest, maxsplit=1)
    # A line end after the last marker comes from how templates are written.
    after = _LAST_LINE_ENDS.sub("", after)
    found = Learned(before, between, after, suffix_first=first == SUFFIX_MARK)
    return found if len(found.markers) >= _FEWEST_MARKERS else None


_LAST_LINE_ENDS: Final = re.compile(r"(?<=[>\]])\n+\Z")

_MARKS: Final = re.compile(f"([{PREFIX_MARK}{SUFFIX_MARK}])")

# The longest of Ollama's library have some 10,000 characters.
_LONGEST_TEMPLATE: Final = 50_000

# One marker could not tell where the suffix is and where the middle.
_FEWEST_MARKERS: Final = 2


# Templates: text, and actions in double braces.

# A `-` next to a brace, with a blank on its other side, takes away all blanks beyond the brace.
_ACTION: Final = re.compile(
    r"\{\{(?P<trims>-(?=\s))?"
    r"(?P<body>\s*+/\*.*?\*/\s*?|(?>\"(?:\\.|[^\"\\\n])*\"|`[^`]*`|(?!\s-\}\}|\}\}).)*+)"
    r"(?:\s-\}\}\s*+|\}\})",
    re.DOTALL,
)

# What begins a part that an `end` ends.
_OPENING: Final = frozenset({"if", "with", "range", "define", "block"})

# Parts that nothing is shown of: they are defined for other places, or go over lists, and there are
# none.
_NEVER: Final = frozenset({"define", "range"})


@dataclass(slots=True)
class _Part:
    """A part of a template that is under way: whether it is shown, and whether a branch was."""

    shown: bool
    settled: bool


def _rendered(template: str) -> str:
    """The template's text where prefix and suffix are their marks and all else is absent."""
    shown: list[str] = []
    parts = [_Part(shown=True, settled=True)]
    names: dict[str, str] = {}
    for text, action in _actions(template):
        if parts[-1].shown:
            shown.append(text)
        shown.append(_done(action, parts, names))
    return "".join(shown)


def _actions(template: str) -> Iterator[tuple[str, str]]:
    """The actions, each with the text before it; none for the text after the last.

    An action without an end ends the reading.
    """
    at = 0
    while (begin := template.find("{{", at)) >= 0:
        action = _ACTION.match(template, begin)
        if action is None:
            return
        text = template[at:begin]
        yield text.rstrip() if action["trims"] else text, action["body"]
        at = action.end()
    yield template[at:], ""


def _done(action: str, parts: list[_Part], names: dict[str, str]) -> str:
    """Follows an action, and returns what it shows."""
    word, rest = _split(action)
    part = parts[-1]
    if word in _OPENING:
        holds = part.shown and word not in _NEVER and _holds(word, rest, names)
        # Within what is not shown, no branch is.
        settled = holds or not part.shown or word == "define"
        parts.append(_Part(shown=holds, settled=settled))
    elif word == "else":
        _turn(part, rest, names)
    elif word == "end":
        # One `end` too many does no harm.
        parts[1:] = parts[1:-1]
    elif part.shown:
        return _said(action, names)
    return ""


def _split(action: str) -> tuple[str, str]:
    """The first word, and what comes after it."""
    word, *rest = action.split(None, 1) or [""]
    return word, "".join(rest)


def _turn(part: _Part, rest: str, names: dict[str, str]) -> None:
    word, condition = _split(rest)
    part.shown = not part.settled and (not word or _holds(word, condition, names))
    part.settled = part.settled or part.shown


def _holds(word: str, condition: str, names: dict[str, str]) -> bool:
    if word == "block":
        return True
    value = _value(condition, names)
    if word == "with" and value:
        names["."] = value
    return bool(value)


def _said(action: str, names: dict[str, str]) -> str:
    assigned = _ASSIGNMENT.match(action)
    if assigned is None:
        return _value(action, names)
    names[assigned["name"]] = _value(action[assigned.end() :], names)
    return ""


_ASSIGNMENT: Final = re.compile(r"\s*(?P<name>\$\w+)\s*:?=")


# Expressions.  Their values are texts; "" is what is absent or not true.

_WORD: Final = re.compile(r"\"(?:\\.|[^\"\\])*\"|`[^`]*`|[()|]|[^\s()|\"`]+")

_FIELDS: Final[Mapping[str, str]] = {
    ".Prompt": PREFIX_MARK,
    "$.Prompt": PREFIX_MARK,
    ".Suffix": SUFFIX_MARK,
    "$.Suffix": SUFFIX_MARK,
    "true": "true",
}


# Before the name of a function, so that no text is taken for one.
_FUNCTION: Final = "\0"


# Real ones have two or three.
_MOST_BRACKETS: Final = 50


def _value(expression: str, names: Mapping[str, str]) -> str:
    if expression.count("(") > _MOST_BRACKETS:
        return ""
    return _evaluated(iter(_WORD.findall(expression)), names)


def _evaluated(words: Iterator[str], names: Mapping[str, str]) -> str:
    """The value of all words up to a closing bracket; a pipe hands on what comes before it."""
    commands: list[list[str]] = [[]]
    for word in words:
        if word == ")":
            break
        if word == "|":
            commands.append([])
        elif word == "(":
            commands[-1].append(_evaluated(words, names))
        else:
            commands[-1].append(_term(word, names, is_first=not commands[-1]))
    value = _called(commands[0])
    for command in commands[1:]:
        value = _called([*command, value])
    return value


def _term(word: str, names: Mapping[str, str], *, is_first: bool) -> str:
    if word[0] in '"`':
        return word[1:-1].replace("\\n", "\n").replace('\\"', '"')
    if word in _FIELDS:
        return _FIELDS[word]
    if word[0] in ".$":
        return names.get(word, "")
    return f"{_FUNCTION}{word}" if is_first else ""


def _called(command: list[str]) -> str:
    if not command:
        return ""
    function, *values = command
    if not function.startswith(_FUNCTION):
        return function
    match function[1:]:
        case "and":
            return next((value for value in values if not value), values[-1] if values else "")
        case "or":
            return next((value for value in values if value), "")
        case "not":
            return "" if any(values) else "true"
        case "eq" | "ne" as name:
            is_same = len(set(values)) == 1
            return "true" if is_same == (name == "eq") else ""
        case "print" | "println" | "trim" | "trimSpace":
            return "".join(values)
        case _:
            return ""
