"""Where the repository stands in a prompt: native tokens, or comments in the file's language.

Pure.  Families with tokens for other files are shown the signatures as they stand; in the others
they stand in the prefix, where bare headers would look like code of this very file that has lost
its bodies, so each line is a comment.  The head of each block is a path, which the filters know
for an echo (`completion/post/echo.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.context.secrets import clear
from fimls.models.formats import OtherFile, Surroundings, broken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.context.gather import Snippet
    from fimls.models.families import Family
    from fimls.text.hole import Hole
    from fimls.text.language import Language

# What a family says of other files where it has no tokens for them (`models/families.py`).
_IN_COMMENTS: Final = "{comment} "

_DEFAULT_COMMENT: Final = "#"


def comment_for(family: Family | None, language: Language) -> str:
    """What begins each line about other files in a family's prompt, "" for nothing.

    `context.gather` counts it, so that the budget holds in the prompt as well.
    """
    if family is None or not family.names.file.startswith(_IN_COMMENTS):
        return ""
    return language.line_comment or _DEFAULT_COMMENT


def surroundings(
    snippets: Sequence[Snippet], hole: Hole, family: Family, repository: str = ""
) -> Surroundings:
    """What a family is told of the repository around a hole; nothing where there is nothing."""
    if not snippets:
        return Surroundings()
    comment = comment_for(family, hole.language)
    files = tuple(_other(each, comment) for each in snippets)
    mark = hole.language.line_comment or _DEFAULT_COMMENT
    return Surroundings(files, hole.path, repository, mark)


def headed(snippets: Sequence[Snippet], hole: Hole, marker: str) -> str:
    """The same for a model without a family that knows a token before file names, if any."""
    mark = marker or f"{hole.language.line_comment or _DEFAULT_COMMENT} "
    known = (marker,) if marker else ()
    texts = [(each.path, each.text) for each in snippets]
    blocks = [f"{mark}{path}\n{broken(text, known) if known else text}\n" for path, text in texts]
    return "".join([*blocks, f"{mark}{hole.path}\n"])


def _other(snippet: Snippet, comment: str) -> OtherFile:
    if not comment:
        return OtherFile(snippet.path, snippet.text)
    lines = (f"{comment} {line}".rstrip() for line in snippet.text.split("\n"))
    return OtherFile(snippet.path, clear("\n".join(lines)))
