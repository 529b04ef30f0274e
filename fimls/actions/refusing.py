"""What no model is asked about: told with its cause and what to do about it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from fimls.actions.request import Name, Refusal, Why
from fimls.context.secrets import has_secret, is_secret_file
from fimls.documents.uris import path_of
from fimls.models.status import Command
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from fimls.actions.collect import Material, Selection
    from fimls.actions.place import Site
    from fimls.actions.prompting import TooLong
    from fimls.actions.request import Request
    from fimls.documents.snapshot import Snapshot
    from fimls.models.protocol import Model
    from fimls.settings import Settings

_SWITCH_ON: Final = Command("Switch on", "fimls.toggle")

_PROBLEMS: Final = {
    "too large": ("the file is larger than 2 MB", "select code in a smaller file"),
    "not text": ("the file is not text", "select code in a text file"),
}

# Control characters, halves of characters, what belongs to nobody; blanks and line ends are fine.
_UNWRITTEN: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
_WRITTEN: Final = "\t\n\r\f"
_SAMPLE_CHARS: Final = 4000

# One in ten: a text may well have an escape sign here and there.
_MOST_STRANGE: Final = 10

_NO_DIAGNOSTIC: Final = (
    "nothing is known to be wrong here",
    "give a `diagnostic`, or a range that has one",
)


def refused_document(snap: Snapshot, settings: Settings) -> Refusal | None:
    """Why there is no action at all in a document, or None."""
    if is_secret_file(path_of(snap.uri)):
        # Before all others, as with completions.
        return _input(f"`{snap.path}` holds secrets, and no model is shown it")
    if not settings.enabled:
        fix = "set `enabled` to true"
        return Refusal(Why.INPUT, "fimls is switched off", fix, _SWITCH_ON)
    if any(language_of(name).id == snap.language.id for name in settings.disabled_languages):
        name = snap.language.name
        return _input(f"{name} is switched off", "take it out of `disabledLanguages`")
    if snap.problem is not None:
        return _input(*_PROBLEMS[snap.problem])
    return None


def refused_place(request: Request, material: Material) -> Refusal | None:
    """Why an action has nothing to work on at its place, or None."""
    if request.name is Name.GENERATE:
        if material.instruction is not None:
            return None
        return _input(
            "there is no comment here that says what to write",
            "put the cursor on a comment, or select one",
        )
    if request.name is Name.FIX:
        # Its place is that of the diagnostic, whatever is selected.
        return None if material.diagnostics else _input(*_NO_DIAGNOSTIC)
    if not material.selection.text.strip():
        return _input("nothing is selected", "select some code, or go into a function")
    if _is_data(material.selection.text):
        return _input("the selection is not text", "select some code")
    if request.name is Name.EDIT and not request.instruction.strip():
        return _input("nothing says how to change the selection", "give an `instruction`")
    return None


def _is_data(text: str) -> bool:
    """Whether a text is mostly signs that nobody writes."""
    sample = text[:_SAMPLE_CHARS]
    strange = sum(
        sign not in _WRITTEN and unicodedata.category(sign) in _UNWRITTEN for sign in sample
    )
    return strange * _MOST_STRANGE > len(sample)


def refused_site(site: Site) -> Refusal | None:
    """Why code cannot be written over, or None: a secret in it would be lost."""
    start, end = site.range
    if site.is_below or not any(map(has_secret, site.text[start:end].split("\n"))):
        return None
    return _input(
        "there is a secret in this code, which no model is shown and an edit would lose",
        "select less, or move the secret out of the code",
    )


def too_long(found: TooLong, selection: Selection, model: Model) -> Refusal:
    """The refusal of a selection that the model's context does not hold, told with its size."""
    lines = selection.last_line - selection.first_line + 1
    size = (
        f"{lines:,} line{'' if lines == 1 else 's'}, about {found.tokens:,} tokens with what goes"
    )
    return _input(
        f"the selection is too long: {size} with it, and {model.name} has room for {found.room:,}",
        "select less, or raise `contextLength`",
    )


def _input(message: str, fix: str | None = None) -> Refusal:
    return Refusal(Why.INPUT, message, fix)
