"""The snippets of `docs/editors.md`, so that what is tested is what is documented."""

from __future__ import annotations

import re

from tests.editors.cache import REPOSITORY

_PAGE = REPOSITORY / "docs" / "editors.md"


def snippet(section: str, language: str) -> str:
    """The first block of code in that language below that heading."""
    text = _PAGE.read_text(encoding="utf-8")
    found = re.search(
        rf"^#+ {re.escape(section)}\n(?:(?!#+ ).*\n)*?```{language}\n((?:.*\n)*?)```",
        text,
        re.MULTILINE,
    )
    if found is None:
        raise LookupError(f"docs/editors.md has no {language} below {section!r}")
    return found[1]
