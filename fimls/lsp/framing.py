"""Messages as LSP has them in a stream of bytes: a header that tells the length, and the body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import asyncio

# As in HTTP, the case of a name means nothing, nor do blanks.  Where a header is not understood its
# body is read as headers, and no answer ever comes: so bare line feeds will do as well.
_LENGTH: Final = re.compile(rb"content-length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?\n", re.IGNORECASE)


async def next_body(reader: asyncio.StreamReader) -> bytes | None:
    """The body of the next message; None at the end of the input.

    What tells no length is passed over.  Raises ValueError where no line ends, and
    `IncompleteReadError` or OSError where the client has gone in the middle of a message.
    """
    length: int | None = None
    while line := await reader.readline():
        told = _LENGTH.fullmatch(line)
        if told is not None and length is None:
            length = int(told[1])
        elif length is not None and not line.strip():
            return await reader.readexactly(length)
    return None
