"""What goes over the pipes between the server and its workers: rows of fields with lengths.

Made of the standard library only: it is what a worker reads before anything else.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

LENGTH: Final = struct.Struct(">I")
"""How the length of a row or a field is written."""

MOST_BYTES: Final = 16_000_000
"""The longest row: no file that is read comes near it."""


class Source(Protocol):
    """Where bytes are read from, as from a pipe."""

    def read(self, size: int, /) -> bytes:
        """That many bytes, fewer only at the end."""


def packed(fields: Sequence[bytes]) -> bytes:
    """A row, ready to be written."""
    body = body_of(fields)
    return LENGTH.pack(len(body)) + body


def body_of(fields: Sequence[bytes]) -> bytes:
    """A row without its length, as it may be a field of another one."""
    return b"".join([part for each in fields for part in (LENGTH.pack(len(each)), each)])


def fields_of(body: bytes) -> list[bytes]:
    """The fields of a row, without its length; raises ValueError where it is broken off."""
    fields, at = [], 0
    while at < len(body):
        if at + LENGTH.size > len(body):
            raise ValueError("a row is broken off")
        (length,) = LENGTH.unpack_from(body, at)
        at += LENGTH.size
        if at + length > len(body):
            raise ValueError("a row is broken off")
        fields.append(body[at : at + length])
        at += length
    return fields


def row_from(source: Source) -> list[bytes] | None:
    """The next row of a pipe; None at its end."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = source.read(length)
    return None if len(body) < length else fields_of(body)
