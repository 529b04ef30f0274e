"""Finds the markers of a vocabulary in megabytes of JSON, block by block.

A whole answer takes a parser 0.1 s, and none of the standard library lets anything else run
meanwhile, be it in a thread.  Of all that only strings that look like markers are wanted.
"""

from __future__ import annotations

import re
from typing import Final

from fimls.models.templates import MARKER
from fimls.models.wire import parsed, text


class Vocabulary:
    """Reads JSON as it comes and keeps the strings that are markers; never an error.

    Where they stand does not matter: elsewhere in the answer no string is a marker and nothing
    else.
    """

    def __init__(self) -> None:
        self._found: set[str] = set()
        self._left = b""
        self._is_lost = False

    @property
    def markers(self) -> frozenset[str]:
        """What has been found so far."""
        return frozenset(self._found)

    def read(self, block: bytes) -> None:
        """Takes the next block, which may begin and end anywhere."""
        if self._is_lost:
            return
        content, self._left = self._left + block, b""
        for string in _STRING.finditer(content):
            if string["likely"] is not None:
                self._keep(text(parsed(b'"' + string["likely"] + b'"')))
            elif string["end"] is None:
                # The rest of it is yet to come.
                self._left = content[string.start() :]
                break
        self._is_lost = len(self._left) > _LONGEST_BYTES

    def _keep(self, token: str) -> None:
        if MARKER.fullmatch(token.removeprefix("\u2581")):
            self._found.add(token)


# `<` as Go writes it, `[`, or either of them after SentencePiece's blank; and not long.
_STRING: Final = re.compile(
    rb'"(?:(?P<likely>(?:\xe2\x96\x81|\\u2581)?(?:<|\\u003[cC]|\[)(?:[^"\\ ]|\\.){1,120})"'
    rb'|(?:[^"\\]|\\.)*+(?P<end>")?)',
    re.DOTALL,
)

# No string of such an answer is this long; licences come nearest.
_LONGEST_BYTES: Final = 1_048_576
