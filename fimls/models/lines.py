"""Lines in a stream of bytes: they end at LF, CRLF and CR, wherever the reads end.

`httpx.Response.aiter_lines` also splits at U+2028, U+0085 and the like, which JSON may hold as they
are: llama.cpp escapes none of them, Go not all.
"""

from __future__ import annotations

import re
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from fimls.errors import StreamBroken
from fimls.models.trouble import Condition

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


async def lines_of(chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The lines without their ends and without blank ones; closing it closes the chunks.

    Raises `StreamBroken` where one has no end.
    """
    rest = b""
    async with aclosing(chunks):
        async for chunk in chunks:
            *lines, rest = _LINE_END.split(rest + chunk)
            for line in filter(None, lines):
                yield line
            if len(rest) > _LONGEST_BYTES:
                message = "the server sent a line without an end"
                raise StreamBroken(message, condition=Condition.UNREADABLE)
    if line := rest.rstrip(b"\r"):
        yield line


# A line is a few hundred bytes; llama.cpp can be told to repeat the prompt in the last one.
_LONGEST_BYTES: Final = 1 << 20

# A CR at the end of a chunk may be the first half of a CRLF: it waits for what comes next.
_LINE_END: Final = re.compile(rb"\r\n|\n|\r(?!\Z)")
