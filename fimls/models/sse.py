"""Server-sent events (WHATWG HTML, §9.2), as far as servers of models use them."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.models.lines import lines_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


@dataclass(frozen=True, slots=True)
class Event:
    """A field of a stream with its value, such as `data`; `error` is llama.cpp's own."""

    field: str
    value: str


async def events(chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[Event, None]:
    """The fields of a stream of bytes, without comments and blank lines.

    Each `data` line counts for itself: no such server spreads its JSON over several.  Bytes that
    are no UTF-8 become U+FFFD.
    """
    async with aclosing(lines_of(chunks)) as lines:
        async for line in lines:
            field, _, value = line.decode("utf-8", "replace").partition(":")
            # A line without a field's name is a comment.
            if field:
                yield Event(field, value.removeprefix(" "))
