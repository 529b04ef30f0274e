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
from typing import TYPE_CHECKING, Any, Final

from fimls.repository.facts import Chunk, Definition, FileFacts, Kind
from fimls.repository.identifiers import counted
from fimls.repository.pieces import cut
from fimls.repository.tags import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.text.language import Language

# The fastest level: the worker's time is what the first run is made of.
_LEVEL: Final = 1

# What text may be of at the most when it is unpacked; a store is not to fill the memory.
_MOST_BYTES: Final = 4_000_000

_DIGEST_BYTES: Final = 16


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
    return blake2b(language.id.encode() + b"\0" + source, digest_size=_DIGEST_BYTES).digest()


def content_of(text: str, digest: bytes, language: Language) -> Content:
    """What the index keeps of a text (with LF line ends)."""
    facts, statements = (found := read(text, "", language)).facts, found.statements
    rows = [
        [each.name, each.kind, each.line, each.signature, each.doc, each.container]
        for each in facts.definitions
    ]
    known = {
        "language": facts.language,
        "definitions": rows,
        "references": facts.references,
        "imports": facts.imports,
        "bases": facts.bases,
        "pieces": cut(text.count("\n") + 1, statements),
    }
    packed = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    return Content(
        digest,
        defined=" ".join(dict.fromkeys(each.name for each in facts.definitions)),
        used=" ".join(facts.references),
        facts=_compressed(packed),
        text=_compressed(text),
    )


class Unpacked:
    """A content's facts as they are read: by the parts that are asked for."""

    def __init__(self, known: Mapping[str, object]) -> None:
        self._known = known

    @cached_property
    def _named(self) -> Mapping[str, list[Any]]:
        """The rows of the definitions by their names: a map asks for a thousand names."""
        found: dict[str, list[Any]] = {}
        for row in self._rows:
            found.setdefault(row[0], []).append(row)
        return found

    @property
    def _rows(self) -> list[Any]:
        rows: list[Any] = self._known["definitions"]  # type: ignore[assignment]
        return rows

    def definitions(self, path: str, name: str | None = None) -> tuple[Definition, ...]:
        """The definitions, of one name or of all, as those of a file at that path."""
        rows = self._rows if name is None else self._named.get(name, ())
        return tuple(
            Definition(each, Kind(kind), path, line, signature, doc, container)
            for each, kind, line, signature, doc, container in rows
        )

    def facts(self, path: str) -> FileFacts:
        """All facts, as those of a file at that path."""
        known: dict[str, object] = dict(self._known)
        bases: dict[str, list[str]] = known["bases"]  # type: ignore[assignment]
        return FileFacts(
            path,
            language=str(known["language"]),
            definitions=self.definitions(path),
            references=known["references"],  # type: ignore[arg-type]
            imports=tuple(known["imports"]),  # type: ignore[arg-type]
            bases={name: tuple(each) for name, each in bases.items()},
        )

    def chunks(self, path: str, text: str) -> tuple[Chunk, ...]:
        """The pieces of its text, those without any word left out."""
        starts: list[int] = list(self._known["pieces"])  # type: ignore[call-overload]
        lines = text.split("\n")
        spans = zip(starts, [*starts[1:], len(lines)], strict=True)
        pieces = ((start, "\n".join(lines[start:end]).rstrip()) for start, end in spans)
        return tuple(
            Chunk(path, start, piece, counted(piece)) for start, piece in pieces if piece.strip()
        )


def unpacked(facts: bytes) -> Unpacked:
    """The facts of a content; raises ValueError for what is none."""
    known = json.loads(_decompressed(facts))
    if not isinstance(known, dict):
        raise ValueError("no facts")  # noqa: TRY004  It is the value of a row in a file.
    return Unpacked(known)


def text_of(text: bytes) -> str:
    """The text of a content; raises ValueError for what is none."""
    return _decompressed(text).decode(errors="replace")


def _compressed(text: str) -> bytes:
    return zlib.compress(text.encode(errors="replace"), _LEVEL)


def _decompressed(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _MOST_BYTES)
    except zlib.error as error:
        raise ValueError(str(error)) from error
