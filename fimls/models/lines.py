"""Lines in a stream of bytes: they end at LF, CRLF and CR, wherever the reads end.

`httpx.Response.aiter_lines` also splits at U+2028, U+0085 and the like, which JSON may hold as they
are: llama.cpp escapes none of them, Go not all.
"""

from __future__ import annotations

import re
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


async def lines_of(chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The lines without their ends and without blank ones; closing it closes the chunks."""
    rest = b""
    async with aclosing(chunks):
        async for chunk in chunks:
            *lines, rest = _LINE_END.split(rest + chunk)
            for line in filter(None, lines):
                yield line
    if line := rest.rstrip(b"\r"):
        yield line


# A CR at the end of a chunk may be the first half of a CRLF: it waits for what comes next.
_LINE_END: Final = re.compile(rb"\r\n|\n|\r(?!\Z)")
