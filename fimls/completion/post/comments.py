"""Comments at the end of a text that stand outside of what is above and below them.

Models that have come to an end say `# Example usage:`; a comment breaks no syntax, wherever it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.completion.post.site import width
from fimls.syntax.scopes import Kind
from fimls.text.brackets import Nesting

if TYPE_CHECKING:
    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# Where comments stand at the left edge, whatever they are about: commands go on around them.
_FREE: Final = frozenset({"dockerfile", "makefile"})


def ends_astray(draft: Draft, site: Site) -> bool:
    """Whether a text ends with a comment that is less deep than the lines above and below it."""
    lines = _visible(draft, site)
    if not lines or not site.below or not _is_comment(lines[-1], site):
        return False
    above = lines[-2] if len(lines) > 1 else next(site.upwards(), "")
    columns = width(lines[-1])
    if columns >= min(width(above), width(site.below[0])):
        return False
    nesting = Nesting(site.hole.language)
    for line in lines[:-1]:
        nesting.feed(line)
    return not nesting.is_quoted


def _visible(draft: Draft, site: Site) -> list[str]:
    """The lines of the text that can be seen, as they would stand in the document."""
    lines = (site.hole.line_before + draft.text).split("\n")
    if len(lines) == 1 and site.hole.line_before:
        # The author has begun the line, and said with it where it stands.
        return []
    return [line for line in lines if line.strip()]


def _is_comment(line: str, site: Site) -> bool:
    language = site.hole.language
    if language.line_comment is None or language.prose or language.id in _FREE:
        return False
    return line.lstrip().startswith(language.line_comment) and site.kind is Kind.CODE
