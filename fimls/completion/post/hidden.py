"""Hidden Unicode: characters that nobody sees, and blanks that no parser takes for blanks.

What is dropped here makes a name another name, or shows code in another order than it runs in
("Trojan Source", Boucher and Anderson 2021); what is left reads as it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# Nothing that a person types in a program: controls other than tab and line end, separators that
# only some programs take for line ends, marks without a width, overrides of the reading direction,
# fillers, and tags, which spell out words that only another model reads.
_HIDDEN: Final = (
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u115f\u1160\u180e\u200b\u2028-\u202e\u2060-\u206f\u3164"
    r"\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]+"
)

# Joiners, marks of direction and variants of the character before them: right in Arabic, Persian
# and Indic words and in pictures, but never after a character of ASCII.
_JOINERS: Final = (
    r"(?<![^\x00-\x7f])[\u200c-\u200f\u061c\ufe00-\ufe0f\U000e0100-\U000e01ef]+(?!\u20e3)"
)

_DROPPED: Final = re.compile(f"{_HIDDEN}|{_JOINERS}")

# Indentation that came from a web page or a text processor.
_WIDE_BLANKS: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_WIDE_INDENTATION: Final = re.compile(rf"(?m)^[ \t{_WIDE_BLANKS}]*[{_WIDE_BLANKS}][ \t]*")
_WIDE_BLANK: Final = re.compile(f"[{_WIDE_BLANKS}]")


def without_hidden(text: str, document: str) -> str:
    """The text without what is hidden in it, and indented by blanks and tabs only.

    A control character that the document has, as a script for terminals may, is its author's.
    """
    seen = _DROPPED.sub(lambda found: _of_author(found.group(), document), text)
    return _WIDE_INDENTATION.sub(lambda found: _WIDE_BLANK.sub(" ", found.group()), seen)


def apply(draft: Draft, site: Site) -> Draft:
    """Drops what is hidden in the text."""
    return replace(draft, text=without_hidden(draft.text, site.hole.text))


def _of_author(hidden: str, document: str) -> str:
    return "".join(each for each in hidden if each < " " and each in document)
