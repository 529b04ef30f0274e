"""Bodies that are begun: a text that ends one right after its documentation leaves the rest behind.

A function with nothing but a docstring parses, so no grammar tells that its lines have gone to a
definition which the model put in between.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fimls.completion.post.landmarks import is_container, is_function
from fimls.completion.post.site import width
from fimls.text.brackets import Nesting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.completion.post.site import Site

# What a docstring begins with; a comment says as little about whether a body has begun.
_DOCUMENTS: Final = re.compile(r"\s*(?:[rRuU]{0,2}[\"']|#)")

# How far above the hole its definition is looked for: few docstrings are longer.
_MOST_LINES: Final = 80


def leaves_empty(columns: int, site: Site) -> bool:
    """Whether a text that begins at `columns` ends a body of which only the documentation is there.

    Only where the document goes on with that body below the hole, and not with the documentation
    of what the text may define.
    """
    if not site.starts_line or not site.below or _DOCUMENTS.match(site.below[0]):
        return False
    if width(site.below[0]) <= columns or width(site.above[-1] if site.above else "") <= columns:
        return False
    header = _documented(site)
    return header is not None and columns <= width(header) < width(site.below[0])


def _documented(site: Site) -> str | None:
    """The definition that the hole is in, if there is nothing but its documentation above."""
    above: list[str] = []
    for line in site.upwards():
        if len(above) == _MOST_LINES:
            return None
        above.append(line)
        if is_function(line, site.hole.language) or is_container(line):
            return line if _is_documentation(above[-2::-1], line, site) else None
    return None


def _is_documentation(lines: Sequence[str], header: str, site: Site) -> bool:
    """Whether these lines are the rest of a header, and its documentation."""
    nesting = Nesting(site.hole.language)
    nesting.feed(header)
    for line in lines:
        if not nesting.is_open and _DOCUMENTS.match(line) is None:
            return False
        nesting.feed(line)
    return not nesting.is_open
