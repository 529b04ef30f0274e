"""What an action is asked with, and what comes of it: values that no editor has to be known for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fimls.actions.collect import Diagnostic
    from fimls.documents.snapshot import Snapshot
    from fimls.models.status import Command
    from fimls.text.edits import Edit


class Name(StrEnum):
    """The actions that there are; the editors' names for them have `fimls.` before these."""

    EXPLAIN = "explain"
    GENERATE = "generate"
    EDIT = "edit"
    FIX = "fix"


@dataclass(frozen=True, slots=True)
class Request:
    """An action on a range of a document, which is a cursor where its ends are the same.

    `start` and `end` are offsets in the snapshot's text.  `instruction` is for `edit` and
    `diagnostics` are for `fix`; the other actions need neither.
    """

    name: Name
    snap: Snapshot
    start: int
    end: int
    instruction: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a model says about some code, as Markdown."""

    markdown: str
    model: str


@dataclass(frozen=True, slots=True)
class Edits:
    """Edits that have been checked, in order; their offsets mean the snapshot's text.

    `checked` says what was checked, in a few words each, and `message` says so to the user.
    `attempts` is how often the model was asked.
    """

    edits: tuple[Edit, ...]
    checked: tuple[str, ...]
    message: str
    model: str
    attempts: int


class Why(StrEnum):
    """What stands in the way: what was asked, that no model is there, that it fails, or what it
    has answered."""

    INPUT = "input"
    NO_MODEL = "no model"
    MODEL = "model"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing comes of an action, and what the user can do about it.

    `command` does what `fix` says, where a command can.
    """

    why: Why
    message: str
    fix: str | None = None
    command: Command | None = None

    def __str__(self) -> str:
        return " ".join(_sentence(each) for each in (self.message, self.fix) if each)


Result = Explanation | Edits | Refusal
"""What comes of an action."""


def _sentence(words: str) -> str:
    said = words.strip()
    first, _, rest = said.partition(" ")
    # A name is written as it is, also where it begins a sentence.
    said = f"{first.capitalize()} {rest}" if first.isalpha() and rest else said
    return said if said.endswith((".", "!", "?")) else f"{said}."
