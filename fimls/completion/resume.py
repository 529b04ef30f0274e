"""Where an author is likely to go on in a document that has just been opened.  Pure."""

from __future__ import annotations

import re
from typing import Final

# An editor indents a new line; who saves it so has not yet written it.
_BEGUN: Final = re.compile(r"^[ \t]+$", re.MULTILINE)


def place_to_go_on(text: str) -> int | None:
    """The end of the only line that is indented and empty, or None.

    Where there are several, blanks at line ends are a habit and tell nothing.
    """
    found = _BEGUN.finditer(text)
    first = next(found, None)
    return None if first is None or next(found, None) is not None else first.end()
