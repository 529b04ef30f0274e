"""Where the repository stands in a prompt: native tokens, or comments in the file's language.

Pure.  Families with tokens for other files are shown the signatures as they stand; in the others
they stand in the prefix, where bare headers would look like code of this very file that has lost
its bodies, so each line is a comment.  The filters know these comments, so that no completion
repeats them (`completion/post/echo.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.context.secrets import clear
from fimls.models.formats import NOTHING, OtherFile, Preface, Surroundings, broken, preface

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.context.gather import Snippet
    from fimls.context.outline import Count
    from fimls.models.families import Family
    from fimls.models.formats import FileNames
    from fimls.models.protocol import Capabilities
    from fimls.text.hole import Hole
    from fimls.text.language import Language

# What a family says of other files where it has no tokens for them (`models/families.py`).
_IN_COMMENTS: Final = "{comment} "

_DEFAULT_COMMENT: Final = "#"


def told(
    snippets: Sequence[Snippet], hole: Hole, capabilities: Capabilities, repository: str = ""
) -> Preface:
    """What a model is told of the repository around a hole, ready for its prompt."""
    family = capabilities.family
    if not snippets:
        return NOTHING
    if family is None:
        return Preface(before=headed(snippets, hole, capabilities.file_marker))
    return preface(family.names, surroundings(snippets, hole, family, repository), family.markers)


def comments(snippets: Sequence[Snippet], hole: Hole, family: Family | None) -> frozenset[str]:
    """The lines of that which look like comments of the file, so that they may be taken for code.

    Those that name a file, and all where each line is a comment.
    """
    if not snippets:
        return frozenset()
    mark = hole.language.line_comment or _DEFAULT_COMMENT
    paths = (hole.path, *(each.path for each in snippets))
    heads = {f"{mark} {path}" for path in paths}
    if family is not None:
        heads |= {_head(family.names.file, path, mark) for path in paths}
    if not comment_for(family, hole.language):
        return frozenset(heads)
    texts = (line for each in snippets for line in each.text.split("\n") if line.strip())
    return frozenset({*heads, *(f"{mark} {line}".rstrip() for line in texts)})


def _head(template: str, path: str, mark: str) -> str:
    return template.format(path=path, comment=mark).strip().partition("\n")[0]


def framing(
    hole: Hole, capabilities: Capabilities, repository: str, count: Count
) -> tuple[int, int]:
    """The tokens that are told beside the other files, and beside path and lines of each of them.

    A marker is one token.  Line ends are counted with the lines.
    """
    family, mark = capabilities.family, hole.language.line_comment or _DEFAULT_COMMENT
    if family is None:
        markers = tuple(filter(None, (capabilities.file_marker,)))
        head = capabilities.file_marker or f"{mark} "
        return _tokens(f"{head}{hole.path}\n", markers, count), _tokens(head, markers, count)
    names = family.names
    own = f"{names.repository}{names.hole}{names.hole_inside}"
    each = "" if comment_for(family, hole.language) else _frame(names)
    given = {"name": repository, "comment": mark}
    return (
        _tokens(own.format(**given, path=hole.path), family.markers, count),
        _tokens(each.format(**given, path=""), family.markers, count),
    )


def _frame(names: FileNames) -> str:
    return names.file.removesuffix("\n") + names.end.removesuffix("\n")


def _tokens(text: str, markers: tuple[str, ...], count: Count) -> int:
    found = [marker for marker in markers if marker in text]
    for marker in found:
        text = text.replace(marker, "")
    return count(text) + len(found)


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
    return Surroundings(files, clear(hole.path), clear(repository), mark)


def headed(snippets: Sequence[Snippet], hole: Hole, marker: str) -> str:
    """The same for a model without a family that knows a token before file names, if any."""
    mark = marker or f"{hole.language.line_comment or _DEFAULT_COMMENT} "
    known = (marker,) if marker else ()
    texts = [(clear(each.path), each.text) for each in snippets]
    blocks = [f"{mark}{path}\n{broken(text, known) if known else text}\n" for path, text in texts]
    return "".join([*blocks, f"{mark}{clear(hole.path)}\n"])


def _other(snippet: Snippet, comment: str) -> OtherFile:
    if not comment:
        return OtherFile(clear(snippet.path), snippet.text)
    lines = (f"{comment} {line}".rstrip() for line in snippet.text.split("\n"))
    return OtherFile(clear(snippet.path), clear("\n".join(lines)))
