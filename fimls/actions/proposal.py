"""From a model's answer to the edits that may be offered, or to what is wrong with it.

This is all of an action that comes after the model: nothing in it waits or looks anywhere else, so
that a repaired answer goes the very same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.actions.echoes import without_usage
from fimls.actions.elisions import elision_in
from fimls.actions.extract import Form, extract
from fimls.actions.imports import (
    import_edits,
    imported_names,
    is_imports_only,
    lifted,
    missing_imports,
)
from fimls.actions.place import place
from fimls.actions.validate import validate
from fimls.text.diff import Refused, apply_diff
from fimls.text.edits import Edit, apply
from fimls.text.line_bounds import line_number, line_start, next_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fimls.actions.place import Site
    from fimls.syntax.tree import Tree


@dataclass(frozen=True, slots=True)
class Task:
    """What an answer is for: its site, the file's name, and the tables known for SQL."""

    site: Site
    path: str = ""
    schema: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Edits that may be offered, in order; their offsets mean the text (LF line ends) as it is.

    `checked` says what was checked, in a few words each; nothing could be where it is empty.
    """

    edits: tuple[Edit, ...]
    checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """What is wrong with an answer, each in a sentence that the model can act on."""

    errors: tuple[str, ...]


def propose(
    answer: str, task: Task, tree: Tree | None = None, *, cut: bool = False
) -> Proposal | Rejected:
    """What becomes of an answer.

    `tree` is that of the site's text, where there is one.  `cut`: the answer was broken off at its
    most tokens.
    """
    site = task.site
    found = extract(answer, site.language, done=True)
    if found.form is Form.NOTHING:
        return Rejected((found.reason,))
    if cut and (found.form is Form.DIFF or not found.is_whole or "```" not in answer):
        return Rejected(("The answer was broken off before its end. Write less.",))
    edits = _by_diff(found.text, task) if found.form is Form.DIFF else _by_code(found.text, site)
    if isinstance(edits, Rejected):
        return edits
    left_out = elision_in("\n".join(edit.text for edit in edits), site.text, site.language)
    if left_out is not None:
        return Rejected(
            (f"The line `{left_out}` stands for code that is left out: give all of it.",)
        )
    if apply(site.text, edits) == site.text:
        return Rejected(("That changes nothing.",))
    return _judged(edits, task, tree)


def _by_code(code: str, site: Site) -> tuple[Edit, ...]:
    """The code at its site, and its imports at the top."""
    text, language = site.text, site.language
    start, end = site.range
    code = "\n".join(without_usage(code.split("\n"), language))
    imports, rest = lifted(code, language)
    if not site.is_below and any(lifted(text[start:end], language)[0]):
        # Imports are what is being changed: they stay where they are.
        imports, rest = (), code
    wanted = (*imports, *missing_imports(rest, text, language))
    own = (place(rest, site),) if rest.strip() else ()
    beside = (
        each
        for each in import_edits(wanted, text, language)
        if all(each.end <= edit.start or each.start >= edit.end for edit in own)
    )
    return tuple(sorted((*beside, *own), key=lambda edit: (edit.start, edit.end)))


def _by_diff(diff: str, task: Task) -> tuple[Edit, ...] | Rejected:
    """What a diff does, if it keeps to the lines of the site, imports excepted."""
    site = task.site
    path = task.path or "file"
    applied = apply_diff(diff, {path: site.text})
    if isinstance(applied, Refused):
        return Rejected((applied.reason,))
    first, last = _lines_of(site)
    for edit in applied.edits[path]:
        is_import = edit.start == edit.end and is_imports_only(edit.text, site.language)
        if not is_import and not first <= edit.start <= edit.end <= last:
            line = line_number(site.text, edit.start)
            begin, end = (line_number(site.text, at) for at in (first, max(first, last - 1)))
            return Rejected(
                (f"It changes line {line}; only the lines {begin} to {end} may be changed.",)
            )
    return tuple(applied.edits[path])


def _lines_of(site: Site) -> tuple[int, int]:
    """The whole lines that a diff may change: those of the range, or what is below a comment."""
    start, end = site.range
    last = next_line(site.text, end if site.until is None else site.until)
    first = next_line(site.text, end) if site.is_below else line_start(site.text, start)
    return first, last


def _judged(edits: Sequence[Edit], task: Task, tree: Tree | None) -> Proposal | Rejected:
    site = task.site
    verdict = validate(site.text, edits, site.language, tree)
    if not verdict.is_good:
        return Rejected(verdict.errors)
    checked = [verdict.by] if verdict.is_checked and verdict.by else []
    if site.language.id == "sql" and task.schema:
        from fimls.actions.validate_sql import validate_sql

        code = "".join(edit.text for edit in edits)
        line = line_number(site.text, edits[0].start) + len(code) - len(code.lstrip("\n"))
        named = validate_sql(code.strip("\n"), task.schema, line)
        if named.errors:
            return Rejected(named.errors)
        checked += ["its tables and columns are there"] if named.is_checked else []
    return Proposal(tuple(edits), (*checked, *_imports_in_words(edits, site)))


def _imports_in_words(edits: Iterable[Edit], site: Site) -> tuple[str, ...]:
    added: list[str] = []
    for edit in edits:
        if is_imports_only(edit.text, site.language):
            had = imported_names(site.text[edit.start : edit.end], site.language)
            added += (each for each in imported_names(edit.text, site.language) if each not in had)
    names = [*dict.fromkeys(added)]
    if not names:
        return ()
    return (f"{len(names)} name{'' if len(names) == 1 else 's'} imported: {', '.join(names)}",)
