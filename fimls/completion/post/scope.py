"""Where a text leaves the scope that it began in, told from its lines and their indentation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.completion.post.landmarks import (
    closes,
    goes_on,
    is_container,
    is_definition,
    is_function,
    is_lead,
    opens,
)
from fimls.completion.post.site import width
from fimls.text.brackets import Nesting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fimls.completion.post.site import Site


@dataclass(frozen=True, slots=True)
class End:
    """The end of a scope: the lines before `keep` are in it, which is seen after `seen` lines."""

    keep: int
    seen: int


@dataclass(frozen=True, slots=True)
class _Scope:
    """The scope that a text begins in; widths are columns of indentation.

    Lines narrower than `floor` are outside.  `base` is the width of the text's own first line.
    `closed`: the document has what closes the scope, or needs nothing.  `in_function`: it is in
    the body of a function, where definitions follow upon statements as they please.
    """

    floor: int
    base: int
    closed: bool
    in_function: bool


def end_of_scope(lines: Sequence[str], site: Site) -> End | None:
    """Where the lines leave the scope that the first of them is in.

    None where they do not, as far as they have come.
    """
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return None
    scope = _scope(lines, first, site)
    siblings = _Siblings(scope, site)
    for at, line in _outer_lines(lines, site):
        outside = _leaves(line, at == 0, scope, site)
        if outside is not None:
            return End(at + 1 if outside else at, at + 1)
        keep = siblings.end(at, line)
        if keep is not None:
            return End(keep, at + 1)
    return None


def _scope(lines: Sequence[str], first: int, site: Site) -> _Scope:
    hole, language = site.hole, site.hole.language
    own = not site.starts_line
    head = hole.line_before + lines[0] if own else _with_begin(first, lines[first], site)
    base = width(head)
    # After a comma the next lines stand beside the first, not within it.
    opened = own and opens(head, language) and not head.rstrip().endswith(",")
    above = list(headers(site, base))
    function, in_function = _definition(above, site)
    inner = base + opened if own else width(hole.line_before)
    floor = function + 1 if _may_leave_block(function, site) else max(inner, function + 1)
    widths = [base] if opened else [width(line) for line in above if width(line) < floor]
    return _Scope(floor, base, _is_closed(site, max(widths, default=-1)), in_function)


def _may_leave_block(function: int, site: Site) -> bool:
    """Whether a text may leave the block that it begins in, up to the function's end.

    A body that is gone on with may come to its end and the function go on.  Code after the cursor
    may stand anywhere in the function, and the text has to lead up to it.
    """
    return site.leads_on or (site.starts_line and function >= 0)


def _with_begin(at: int, line: str, site: Site) -> str:
    """A line of the text as it will stand in the document."""
    return site.hole.line_before + line if at == 0 else line


def _definition(above: Sequence[str], site: Site) -> tuple[int, bool]:
    """The width of the definition that the hole is in (-1 for none), and whether it is a function.

    A function within a function is a part of it like any other block.
    """
    found, in_function = -1, False
    for line in above:
        if is_container(line):
            return (width(line) if found < 0 else found), in_function
        if is_function(line, site.hole.language):
            found, in_function = width(line), True
    return found, in_function


def headers(site: Site, base: int) -> Iterator[str]:
    """The lines that open what the hole is in, innermost first: each narrower than the last."""
    least = base
    above = site.upwards()
    if not site.starts_line:
        next(above, None)
    for line in above:
        if least == 0:
            return
        if width(line) < least and not closes(line):
            least = width(line)
            yield line


def _is_closed(site: Site, header: int) -> bool:
    """Whether the document closes, after the hole, what a line of the width `header` opened."""
    if closes(site.hole.line_after):
        return True
    outer = next((line for line in site.below if width(line) <= header), None)
    return outer is not None and width(outer) == header and closes(outer)


def _outer_lines(lines: Sequence[str], site: Site) -> Iterator[tuple[int, str]]:
    """The visible lines that do not begin within a bracket or string of the text itself."""
    nesting = Nesting(site.hole.language)
    for at, line in enumerate(lines):
        inside = nesting.is_open
        nesting.feed(line)
        if line.strip() and not inside:
            yield at, _with_begin(at, line, site)


def _leaves(line: str, is_first: bool, scope: _Scope, site: Site) -> bool | None:
    """Whether a line is outside: None for no, else whether it still belongs to the text."""
    if width(line) >= scope.floor or (is_first and not site.starts_line):
        return None
    if goes_on(line):
        return None
    if closes(line):
        # What the editor closed on the cursor's own line is trimmed later, with the line end.
        return not scope.closed or closes(site.hole.line_after)
    return False


class _Siblings:
    """Watches for a definition beside the first one, line by line."""

    def __init__(self, scope: _Scope, site: Site) -> None:
        self._scope = scope
        self._language = site.hole.language
        self._defined = False
        self._stated = False
        self._lead: int | None = None

    def end(self, at: int, line: str) -> int | None:
        """The number of lines before a sibling that begins here, if one does."""
        if self._scope.in_function or width(line) > self._scope.base:
            return None
        if closes(line) or goes_on(line) or line.strip() == "{":
            return None
        if self._defined:
            return at
        if is_definition(line, self._language):
            self._defined = True
            return (at if self._lead is None else self._lead) if self._stated else None
        if is_lead(line, self._language):
            self._lead = at if self._lead is None else self._lead
        else:
            self._stated, self._lead = True, None
        return None
