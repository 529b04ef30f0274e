"""The result of an edit against the document as it was: what has got worse, in words.

The words are for the model, which is asked again with them, and for the user in the end; lines
count from 1, in the document with the edit.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.actions.definitions import Sort, definitions
from fimls.actions.interpreted import errors_of_interpreter
from fimls.syntax.tree import parse
from fimls.text.edits import apply
from fimls.text.line_bounds import line_end, line_number, line_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fimls.syntax.faults import Fault
    from fimls.syntax.tree import Tree
    from fimls.text.edits import Edit
    from fimls.text.language import Language

# More errors than this at once say nothing more to anybody.
_MOST_ERRORS: Final = 5

# Of a line so much is shown.
_SHOWN_CHARS: Final = 80

# What a parser marks as one fault may be half a file: so much of a line is taken for the place.
_SMALL_BYTES: Final = 40

# A class of Rust may have several `impl`, and what C declares it defines again.
_SEVERAL: Final = frozenset({"rust", "c", "cpp"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What has become worse with an edit: nothing where `errors` are none.

    `is_checked` tells whether there was anything to check it by; `by` says what, for people.
    """

    errors: tuple[str, ...]
    is_checked: bool = True
    by: str = ""

    @property
    def is_good(self) -> bool:
        """Whether nothing has become worse, as far as could be told."""
        return not self.errors


def validate(
    text: str, edits: Sequence[Edit], language: Language, before: Tree | None = None
) -> Verdict:
    """Compares a text (LF line ends) with edits to what it is without them.

    `before` is its tree, where there is one already.  There may be no more faults than there were,
    and what was defined has to be so still.
    """
    if before is None or before.text != text:
        before = parse(text, language.grammar)
    after = None if before is None else parse(apply(text, edits), language.grammar, before)
    if before is None or after is None:
        return Verdict((), is_checked=False)
    # An interpreter says it best; and what does not parse has lost names, which says nothing more.
    errors = (
        errors_of_interpreter(before, after, _replaced(edits), _spans(edits))
        or tuple(_syntax_errors(before, after, edits))
        or tuple(_lost_names(before, after, edits))
    )
    return Verdict(tuple(dict.fromkeys(errors))[:_MOST_ERRORS], by=f"parses as {language.name}")


def _syntax_errors(before: Tree, after: Tree, edits: Sequence[Edit]) -> Iterator[str]:
    """The faults of the text with the edits, if it has more of them than it had."""
    if after.faults is None:
        yield "The result cannot be parsed at all: brackets or quotes are not closed."
        return
    had = len(before.faults) if before.faults is not None else _MOST_ERRORS
    if len(after.faults) <= had:
        return
    spans = _spans(edits)
    new = [each for each in after.faults if _is_near(after, each, spans)] or list(after.faults)
    known = Counter(_shape(before, each) for each in before.faults or ())
    for fault in new:
        shape = _shape(after, fault)
        if known[shape] > 0:
            known[shape] -= 1
            continue
        yield _in_words(after, fault, spans)


def _replaced(edits: Sequence[Edit]) -> list[tuple[int, int]]:
    """Where the edits are in the text without them, in the same order."""
    return sorted((edit.start, edit.end) for edit in edits)


def _spans(edits: Sequence[Edit]) -> list[tuple[int, int]]:
    """Where the edits are in the text with them, from the first line that is new."""
    spans: list[tuple[int, int]] = []
    grown = 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        start = edit.start + grown
        begin = start + len(edit.text) - len(edit.text.lstrip("\n"))
        spans.append((begin, start + len(edit.text)))
        grown += len(edit.text) - (edit.end - edit.start)
    return spans


def _is_near(after: Tree, fault: Fault, spans: Iterable[tuple[int, int]]) -> bool:
    start, end = after.offset(fault.start), after.offset(fault.end)
    return any(start <= last + 1 and first - 1 <= end for first, last in spans)


def _shape(tree: Tree, fault: Fault) -> tuple[str, bytes]:
    """A fault without its place, which moves with every edit above it."""
    return fault.kind, tree.source[fault.start : fault.end]


def _in_words(tree: Tree, fault: Fault, spans: Sequence[tuple[int, int]]) -> str:
    offset = tree.offset(fault.start)
    around = [span for span in spans if offset < span[0] and tree.offset(fault.end) >= span[0]]
    if around:
        # What is wrong within has made the parser doubt all that is around it.
        first, last = (line_number(tree.text, at) for at in around[-1])
        return f"Lines {first} to {last}: a bracket, a quote or a block is not closed here."
    number = line_number(tree.text, offset)
    line = tree.text[line_start(tree.text, offset) : line_end(tree.text, offset)]
    line = line.strip()[:_SHOWN_CHARS]
    shown = f" in `{line}`" if line else ""
    wrong = tree.source[fault.start : fault.end].decode(errors="replace")
    if fault.kind.startswith("missing "):
        return f"Line {number}: `{fault.kind.removeprefix('missing ')}` is missing{shown}."
    if "\n" in wrong or len(wrong) > _SMALL_BYTES:
        return f"Line {number}: this is not valid{shown}."
    return f"Line {number}: `{wrong}` is not valid{'' if wrong.strip() == line else shown}."


def _lost_names(before: Tree, after: Tree, edits: Sequence[Edit]) -> Iterator[str]:
    """What was defined once and is so no more; new definitions are welcome."""
    if _named(before, _replaced(edits)) == _named(after, _spans(edits)):
        # All others are as they were: they are counted only where these are not.
        return
    had, have = _named(before), _named(after)
    for (owner, name), count in had.items():
        now = have[(owner, name)]
        where = f" of `{owner}`" if owner else ""
        if not now:
            yield f"`{name}`{where} is no longer defined: keep it."
        elif now > count and after.grammar not in _SEVERAL:
            yield f"`{name}`{where} is now defined {now} times: define it once."


def _named(tree: Tree, spans: Sequence[tuple[int, int]] | None = None) -> Counter[tuple[str, str]]:
    return Counter(
        (each.owner, each.name)
        for each in definitions(tree, spans)
        if each.name and (each.sort is Sort.FUNCTION or tree.grammar not in _SEVERAL)
    )
