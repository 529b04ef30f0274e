"""Where imports go: next to those that are there, sorted as these are, else at the top."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Final

from fimls.actions.imports.rules import RULES
from fimls.actions.imports.statements import Statement, leading, statements
from fimls.text.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fimls.actions.imports.rule import Import, Rule
    from fimls.text.language import Language

# A longer statement is not made longer: formatters would break it.
_MOST_CHARS: Final = 88

# Blank lines between imports and a definition in Python (PEP 8); elsewhere one will do.
_BEFORE_DEFINITION: Final = 2
_DEFINITIONS: Final = ("def ", "class ", "async def ", "@")


def import_edits(imports: Iterable[Import], text: str, language: Language) -> tuple[Edit, ...]:
    """The edits that bring these imports into a text (LF line ends); none for what it has.

    The offsets mean the text as it is.
    """
    rule = RULES.get(language.id)
    if rule is None:
        return ()
    lines = text.split("\n")
    found = statements(lines, rule)
    wanted = [each for each in dict.fromkeys(imports) if not _is_there(each, found)]
    if not wanted:
        return ()
    page = _Page(text, lines, rule, leading(lines, found, rule))
    if not page.statements:
        return (_at_top(wanted, page),)
    if rule.brackets and len(page.statements) == 1 and not page.statements[0].is_spec:
        return (_bracketed(wanted, page),)
    merged, left = _merged(wanted, page)
    return tuple(sorted((*merged, *_beside(left, page)), key=lambda edit: edit.start))


@dataclass(frozen=True)
class _Page:
    """A text, and the statements that it begins with."""

    text: str
    lines: Sequence[str]
    rule: Rule
    statements: Sequence[Statement]

    def offset(self, line: int) -> int:
        """Where a line begins."""
        starts = [0, *accumulate(len(each) + 1 for each in self.lines)]
        return min(starts[line], len(self.text))

    def write(self, imports: Sequence[Import]) -> list[str]:
        """The lines of the statements for some imports, those from one module together."""
        return [
            line
            for _, of_module in groupby(imports, key=lambda each: (each.module, bool(each.item)))
            for line in self.rule.write(list(of_module), self.text).split("\n")
        ]


def _is_there(wanted: Import, found: Sequence[Statement]) -> bool:
    name = (_name(wanted.module), wanted.item, wanted.alias)
    for each in (each for statement in found for each in statement.imports):
        if (_name(each.module), each.item, each.alias) in (name, (name[0], "*", "")):
            return True
    return False


def _name(module: str) -> str:
    """A module, whichever way it is named: Node's own have two names each."""
    return module.removeprefix("node:")


def _merged(wanted: list[Import], page: _Page) -> tuple[list[Edit], list[Import]]:
    """The statements that take in more names, and what they did not take."""
    edits: list[Edit] = []
    left = list(wanted)
    for each in page.statements if page.rule.merges else ():
        more = [new for new in left if _goes_into(new, each)]
        statement = page.rule.write([*each.imports, *more], page.text)
        if more and "\n" not in statement and len(statement) <= _MOST_CHARS:
            start = page.offset(each.first)
            edits.append(Edit(start, start + len(each.text), statement))
            left = [new for new in left if new not in more]
    return edits, left


def _goes_into(new: Import, statement: Statement) -> bool:
    """Whether a statement on one line may take in a name of the same module."""
    module = _name(statement.imports[0].module)
    if module != _name(new.module) or statement.end > statement.first + 1:
        return False
    is_plain = not any(sign in statement.text for sign in ("#", "//", "(", "\\", "import type"))
    items = [each.item for each in (*statement.imports, new)]
    return is_plain and not {"", "*", "default"} & set(items)


def _beside(wanted: Sequence[Import], page: _Page) -> Iterator[Edit]:
    """Statements of their own, each group of them where its kind stands."""

    def group(each: Import) -> int:
        return page.rule.order(each)[0]

    for kind, of_kind in groupby(sorted(wanted, key=page.rule.order), key=group):
        new = list(of_kind)
        own = [each for each in page.statements if group(each.imports[0]) == kind]
        if own:
            yield from _among(new, own, page)
        else:
            yield _apart(new, kind, page)


def _among(new: Sequence[Import], own: Sequence[Statement], page: _Page) -> Iterator[Edit]:
    """Each statement before the first one that comes after it, where they are sorted at all."""
    keys = [page.rule.order(each.imports[0])[1] for each in own]
    is_sorted = keys == sorted(keys)

    def line(each: Import) -> int:
        key = page.rule.order(each)[1]
        later = (at for at, there in enumerate(keys) if is_sorted and there > key)
        before = next(later, None)
        return own[-1].end if before is None else own[before].first

    for at, of_line in groupby(new, key=line):
        yield _insertion(page.write(list(of_line)), at, page)


def _apart(new: Sequence[Import], kind: int, page: _Page) -> Edit:
    """A group of its own, between those that come before it and after it."""
    before = [each for each in page.statements if page.rule.order(each.imports[0])[0] < kind]
    lines = page.write(new)
    if before:
        return _insertion(["", *lines], before[-1].end, page)
    return _insertion([*lines, ""], page.statements[0].first, page)


def _insertion(lines: Sequence[str], at: int, page: _Page) -> Edit:
    if at >= len(page.lines):
        # The last line has no end.
        return Edit(len(page.text), len(page.text), "".join(f"\n{line}" for line in lines))
    start = page.offset(at)
    return Edit(start, start, "".join(f"{line}\n" for line in lines))


def _bracketed(wanted: Sequence[Import], page: _Page) -> Edit:
    """A statement that stood alone, and the new ones, in brackets."""
    alone = page.statements[0]
    lines = _in_brackets(sorted((*alone.imports, *wanted), key=page.rule.order), page.rule)
    start = page.offset(alone.first)
    return Edit(start, start + len(alone.text), "\n".join(lines))


def _in_brackets(imports: Sequence[Import], rule: Rule) -> list[str]:
    begin, end = rule.brackets or ("", "")
    lines: list[str] = []
    for _, of_group in groupby(imports, key=lambda each: rule.order(each)[0]):
        lines += ["", *rule.write(list(of_group), begin).split("\n")]
    return [begin, *lines[1:], end]


def _at_top(wanted: Sequence[Import], page: _Page) -> Edit:
    """The first imports of a file, set off from what is around them."""
    at = page.rule.top(page.lines)
    new = sorted(wanted, key=page.rule.order)
    in_brackets = page.rule.brackets is not None and len(new) > 1
    lines = _in_brackets(new, page.rule) if in_brackets else page.write(new)
    if at and page.lines[at - 1].strip():
        lines = ["", *lines]
    rest = page.lines[at:]
    is_definition = page.rule is RULES["python"] and rest[:1] and rest[0].startswith(_DEFINITIONS)
    if rest and rest[0].strip():
        lines += [""] * (_BEFORE_DEFINITION if is_definition else 1)
    return _insertion(lines, at, page)
