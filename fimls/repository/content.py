"""What the index keeps of a text, packed: its names in clear for the search, the rest compressed.

JSON and zlib and no format of Python's own: a store that somebody has written into can be wrong,
but it can do nothing.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from fimls.repository.facts import Chunk, Definition, FileFacts, Kind
from fimls.repository.identifiers import identifiers_in
from fimls.repository.pieces import cut, pieces_of
from fimls.repository.tags import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.text.language import Language

# The fastest level: the worker's time is what the first run is made of.
_LEVEL: Final = 1

# What text may be of at the most when it is unpacked; a store is not to fill the memory.
_MOST_BYTES: Final = 8_000_000

# With as many characters facts are never cut off by that.  Only the name of a class that is as long
# as a page, and stands beside each of its fields, comes near it.
_MOST_CHARS: Final = _MOST_BYTES // 4

DIGEST_BYTES: Final = 16
"""How long a digest is."""

# `json.dumps` and `json.loads` take as long again for what is around these.
_write: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_read: Final = json.JSONDecoder().raw_decode

_KINDS: Final = {str(kind): kind for kind in Kind}

NO_CONTENT: Final = (ValueError, KeyError, TypeError, AttributeError)
"""What reading raises where somebody has written something else into the store."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is known of a text, wherever it stands.

    `defined` and `used` are its names with blanks between them; `facts` and `text` are compressed.
    """

    digest: bytes
    defined: str
    used: str
    facts: bytes = field(repr=False)
    text: bytes = field(repr=False)


def digest_of(source: bytes, language: Language) -> bytes:
    """What a text in a language is known by; a text says other things in another language."""
    return blake2b(language.id.encode() + b"\0" + source, digest_size=DIGEST_BYTES).digest()


def content_of(text: str, digest: bytes, language: Language) -> Content:
    """What the index keeps of a text (with LF line ends)."""
    facts, statements = (found := read(text, "", language)).facts, found.statements
    used = " ".join(facts.references)
    rest = {
        "language": facts.language,
        # Read in a third of the time of an object's.
        "references": [used, [*facts.references.values()]],
        "imports": facts.imports,
        "bases": facts.bases,
    }
    rows = [
        (each.name, each.kind, each.line, each.signature, each.doc, each.container)
        for each in facts.definitions
    ]
    packed = f"{_write(rest)}\n{_write(rows)}"
    while rows and len(packed) > _MOST_CHARS:
        del rows[len(rows) // 2 :]
        packed = f"{_write(rest)}\n{_write(rows)}"
    starts = cut(text.count("\n") + 1, statements)
    lengths = [len(identifiers_in(piece)) for piece in pieces_of(text, starts)]
    return Content(
        digest,
        defined=" ".join(dict.fromkeys(name for name, *_ in rows)),
        used=used,
        facts=_compressed(packed),
        text=_compressed(f"{_write([starts, lengths])}\n{text}"),
    )


class Known:
    """What is known of a content, as that of a file at a path.

    `packed` is a line of JSON, and below it a list of the definitions.  Of another text nothing can
    be read: one of `NO_CONTENT` is raised.
    """

    def __init__(self, packed: str, path: str) -> None:
        self._packed = packed
        self._path = path
        self._named: dict[str, tuple[Definition, ...]] = {}

    def defining(self, name: str) -> tuple[Definition, ...]:
        """The definitions of a name, in the order of the file; the others are not read."""
        if name not in self._named:
            self._named[name] = tuple(self._found(name))
        return self._named[name]

    @cached_property
    def facts(self) -> FileFacts:
        """All that is known."""
        rest, end = _read(self._packed)
        names, counts = rest["references"]
        rows, _end = _read(self._packed, end + 1)
        return FileFacts(
            self._path,
            rest["language"],
            tuple([self._definition(*row) for row in rows]),
            dict(zip(names.split(), counts, strict=True)),
            tuple(rest["imports"]),
            {name: tuple(bases) for name, bases in rest["bases"].items()},
        )

    def _found(self, name: str) -> Iterator[Definition]:
        # Within strings quotes have a backslash before them, so that this begins a row.
        begin = f"[{_write(name)},"
        at = self._packed.find(begin, self._packed.find("\n"))
        while at >= 0:
            row, end = _read(self._packed, at)
            yield self._definition(*row)
            at = self._packed.find(begin, end)

    def _definition(
        self, name: str, kind: str, line: int, signature: str, doc: str, container: str
    ) -> Definition:
        return Definition(name, _KINDS[kind], self._path, line, signature, doc, container)


def known_of(facts: bytes, path: str) -> Known:
    """The packed facts of a content, as those of a file at that path."""
    return Known(_decompressed(facts), path)


def chunks_of(text: bytes, path: str) -> tuple[Chunk, ...]:
    """The pieces of a packed text, those without any word left out.

    Raises one of `NO_CONTENT` for what is none.
    """
    head, _, whole = _decompressed(text).partition("\n")
    starts, lengths = _read(head)[0]
    pieces = zip(starts, pieces_of(whole, starts), lengths, strict=True)
    return tuple(Chunk(path, start, piece, length) for start, piece, length in pieces if piece)


def _compressed(text: str) -> bytes:
    return zlib.compress(text.encode(errors="replace"), _LEVEL)


def _decompressed(packed: bytes) -> str:
    try:
        return zlib.decompressobj().decompress(packed, _MOST_BYTES).decode(errors="replace")
    except zlib.error as error:
        raise ValueError(str(error)) from error
