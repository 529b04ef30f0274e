"""What the index knows of a file, and the immutable view of a folder that a request works on."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from fimls.repository.identifiers import counted

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Collection, Mapping


class Kind(StrEnum):
    """What a definition makes: a constant is any variable of a module, a type also an alias."""

    FUNCTION = "function"
    METHOD = "method"
    CLASS = "class"
    FIELD = "field"
    CONSTANT = "constant"
    TYPE = "type"
    MODULE = "module"

    # That of its text, without a call of a function: a map asks for it a thousand times.
    __hash__ = str.__hash__


class Definition(NamedTuple):
    """A name that a file gives to others, as a reader of its outline would see it.

    A tuple, since some hundreds are made for a map: a data class takes four times as long.
    """

    name: str
    kind: Kind
    path: str
    """Relative to the workspace folder, with "/" as separator."""

    line: int
    """The 0-based line of the name."""

    signature: str
    """The header as written, in one line, blanks collapsed: no body, no ":" or "{" at its end."""

    doc: str = ""
    """The first line of its docstring or of the comment above it."""

    container: str = ""
    """The class (or type, implementation, module) that it stands in; "" for none."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """All that the index keeps of one file, but its text."""

    path: str
    language: str
    """The `id` of a `Language`."""

    definitions: tuple[Definition, ...] = ()
    """In the order of the file."""

    references: Mapping[str, int] = field(default_factory=dict)
    """The identifiers that the file uses, and how often."""

    imports: tuple[str, ...] = ()
    """What it imports, as written: `a.b`, `./x`, `fmt`."""

    bases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of classes, with the names of their bases."""


@dataclass(frozen=True)
class Chunk:
    """A few lines of a file that stand together, for finding code like the one at the cursor."""

    path: str
    first_line: int
    """The 0-based line that it begins at."""

    text: str
    length: int
    """How many identifiers are in it."""

    @cached_property
    def identifiers(self) -> Counter[str]:
        """The identifiers in it, and how often: looked up where it may be one of the likest."""
        return counted(self.text)


class RepoView(Protocol):
    """A folder as it is at one moment; it never changes, so that a request works on one."""

    @property
    def folder(self) -> str:
        """The folder's path on this machine."""

    @property
    def version(self) -> int:
        """Another number: something has changed."""

    def files(self) -> Collection[str]:
        """The relative paths of the files that are indexed, sorted."""

    def facts(self, path: str) -> FileFacts | None:
        """What is known of a file; None where it is not indexed."""

    def defining(self, name: str) -> tuple[Definition, ...]:
        """The definitions of a name, sorted by path and line."""

    def defining_count(self, name: str) -> int:
        """How many files define a name, without looking at them."""

    def referring(self, name: str) -> Collection[str]:
        """The paths of the files that use a name, sorted."""

    def chunks(self, path: str) -> tuple[Chunk, ...]:
        """The pieces that a file was cut into; none where it is not indexed."""

    def similar(self, identifiers: Mapping[str, float], limit: int) -> tuple[Chunk, ...]:
        """The pieces that share most with weighted identifiers, the best first, at most `limit`."""
