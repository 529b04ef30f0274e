"""The outline: signatures under their path, methods under their class, within a budget."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fimls.context.secrets import clear
from fimls.repository.facts import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fimls.repository.facts import Definition, RepoView

    Count = Callable[[str], int]

# What is longer is cut at a comma: its name and its first parameters are worth more than another
# signature is.
MOST_SIGNATURE_CHARS: Final = 60

# Of a value the begin tells what kind of thing it is; a whole table takes the room of six others.
_MOST_VALUE_CHARS: Final = 24

# A comment behind a header, before the body; one that something follows is within the header.
_REMARK: Final = re.compile(r"\s*[:{]\s+(?:#|//|/\*(?!.*\*/\s*\S))")
_STRING: Final = re.compile(r"""\"(?:\\.|[^"\\])*\"|'(?:\\.|[^'\\])*'""")
_QUOTE: Final = re.compile("[\"']")

# Brackets, and the sign between a variable and its value: no arrow and no comparison.
_SIGN: Final = re.compile(r"[(\[{]|[)\]}]|(?<![=!<>])=(?![=>])")

# Secrets are values: written in quotes, or behind a sign.
_VALUE: Final = re.compile("[\"'`=/]")

_INDENT: Final = "    "
_MORE: Final = "…"
_TORN: Final = re.compile(rf"\S*{_MORE}\Z")

# The least that a line costs: a line end, a name, its brackets.
_LEAST_TOKENS: Final = 4

# A definition is asked for its line when it is taken, when it is shown, and in the next map.
_KNOWN_LINES: Final = 512

_HOLDERS: Final = frozenset({Kind.CLASS, Kind.TYPE})
VARIABLES: Final = frozenset({Kind.FIELD, Kind.CONSTANT})


@dataclass(slots=True)
class _File:
    """What is shown of one file: definitions by what they stand in, and headers for these."""

    within: dict[str, list[Definition]] = field(default_factory=dict)
    headers: dict[str, Definition | None] = field(default_factory=dict)


class Outline:
    """An outline that grows while there is room.

    `comment` is what every line of it will begin with in the prompt, and `per_file` what each file
    takes there beside its path and its lines; both are counted too.
    """

    def __init__(
        self,
        view: RepoView,
        budget_tokens: int,
        count: Count,
        comment: str = "",
        per_file: int = 0,
    ) -> None:
        self.tokens = 0
        self._view = view
        self._budget = budget_tokens
        self._count = count
        self._comment = f"{comment} " if comment else ""
        self._per_file = per_file
        self._files: dict[str, _File] = {}
        self._costs: dict[str, int] = {}

    @property
    def is_full(self) -> bool:
        """Whether not even a short line fits any more."""
        return self._budget - self.tokens < _LEAST_TOKENS

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that it shows something of, sorted."""
        return tuple(sorted(self._files))

    def take(self, definition: Definition) -> bool:
        """Adds a definition; False where it does not fit, or is there already."""
        file = self._files.get(definition.path)
        if file is not None and _has(file, definition):
            return False
        cost = self._cost(line_of(definition))
        cost += self._named(definition.path) if file is None else 0
        header = self._missing_header(definition, file)
        cost += sum(map(self._cost, header))
        if self.tokens + cost > self._budget:
            return False
        self.tokens += cost
        self._add(definition, self._files.setdefault(definition.path, _File()))
        return True

    def reserve(self, path: str, text: str) -> bool:
        """Takes the room for a text of its own under a path; False where there is not enough."""
        tokens = self.tokens + self._named(path)
        for line in text.split("\n"):
            tokens += self._cost(line)
            if tokens > self._budget:
                return False
        self.tokens = tokens
        return True

    def shown(self, path: str) -> tuple[Definition, ...]:
        """The definitions of a file that it shows, headers too, in the order of their lines."""
        file = self._files.get(path, _File())
        headers = [each for each in file.headers.values() if each is not None]
        given = [each for found in file.within.values() for each in found]
        return tuple(sorted({*headers, *given}, key=_place))

    def text_of(self, path: str) -> str:
        """What it shows of a file."""
        file = self._files.get(path, _File())
        return "\n".join(_lines(file))

    def _missing_header(self, definition: Definition, file: _File | None) -> list[str]:
        """The header that a member needs and that is not there yet, as lines."""
        container = definition.container
        if not container or (file is not None and container in file.headers):
            return []
        holder = self._holder(definition)
        return [container if holder is None else line_of(holder, depth=0)]

    def _add(self, definition: Definition, file: _File) -> None:
        container = definition.container
        if container and container not in file.headers:
            file.headers[container] = self._holder(definition)
        if definition.kind in _HOLDERS and not container:
            file.headers[definition.name] = definition
        else:
            file.within.setdefault(container, []).append(definition)

    def _holder(self, definition: Definition) -> Definition | None:
        """The definition that a member stands in, where its own file has it."""
        facts = self._view.facts(definition.path)
        given = facts.definitions if facts is not None else ()
        holders = (each for each in given if each.name == definition.container)
        return next((each for each in holders if each.kind in _HOLDERS), None)

    def _named(self, path: str) -> int:
        return self._cost(path) + self._per_file

    def _cost(self, line: str) -> int:
        # Paths and headers are asked about for each entry below them.
        if line not in self._costs:
            self._costs[line] = self._count(f"{self._comment}{line}\n")
        return self._costs[line]


def _has(file: _File, definition: Definition) -> bool:
    header = file.headers.get(definition.name)
    return header == definition or definition in file.within.get(definition.container, ())


@lru_cache(maxsize=_KNOWN_LINES)
def line_of(definition: Definition, depth: int | None = None) -> str:
    """The line that shows a definition; members are indented where no `depth` is given."""
    steps = (1 if definition.container else 0) if depth is None else depth
    # Before anything else is cut off, and without what the index has cut off within a word: a part
    # of a secret does not look like one.
    text = _TORN.sub(_MORE, definition.signature)
    text = _without_remark(clear(text) if _VALUE.search(text) else text)
    if definition.kind in VARIABLES:
        text = _begun(text)
    return _INDENT * steps + shortened(text)


def _without_remark(header: str) -> str:
    """A header without the comment behind it; strings and parameters are not behind it."""
    for remark in _REMARK.finditer(header):
        before = header[: remark.start()]
        plain = _STRING.sub("", before)
        if not _QUOTE.search(plain) and plain.count("(") == plain.count(")"):
            return before
    return header


def _begun(variable: str) -> str:
    """A variable with the begin of its value, where that is long."""
    begin = _value_at(variable)
    if len(variable) - begin <= _MOST_VALUE_CHARS:
        return variable
    return variable[: begin + _MOST_VALUE_CHARS].rstrip() + _MORE


def _value_at(variable: str) -> int:
    """Where the value of a variable begins, behind its sign; at the end where it has none."""
    depth = 0
    for found in _SIGN.finditer(variable):
        if found[0] in "([{":
            depth += 1
        elif found[0] in ")]}":
            depth -= 1
        elif not depth:
            return found.end()
    return len(variable)


def shortened(signature: str) -> str:
    """A signature without its last parameters, where it is long."""
    if len(signature) <= MOST_SIGNATURE_CHARS:
        return signature
    cut = signature.rfind(",", 0, MOST_SIGNATURE_CHARS)
    if cut < MOST_SIGNATURE_CHARS // 2:
        return signature[:MOST_SIGNATURE_CHARS] + _MORE
    return f"{signature[:cut]}, {_MORE}"


def _lines(file: _File) -> Iterator[str]:
    """Definitions of the file in their order, each class followed by its members."""
    tops: list[tuple[int, str, str]] = [
        (each.line, line_of(each), "") for each in file.within.get("", ())
    ]
    for name, header in file.headers.items():
        members = file.within.get(name, [])
        line = header.line if header is not None else min(each.line for each in members)
        tops.append((line, name if header is None else line_of(header, depth=0), name))
    for _line, text, name in sorted(tops):
        yield text
        if name:
            yield from (line_of(each) for each in sorted(file.within.get(name, ()), key=_place))


def _place(definition: Definition) -> tuple[int, str]:
    return definition.line, definition.name
