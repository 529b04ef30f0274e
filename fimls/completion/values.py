"""The values that a completion passes through, from the question to the answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fimls.documents.snapshot import Snapshot
    from fimls.text.hole import Hole


class Reason(StrEnum):
    """Why nothing is shown; the value is the sentence that the user reads."""

    DISABLED = "completion is switched off"
    LANGUAGE_DISABLED = "completion is switched off for this language"
    PROSE = "prose is completed only where the user enables the language"
    SECRET_FILE = "the file is on the list of secret files"  # noqa: S105
    SECRET_LINE = "the line holds a secret"  # noqa: S105
    TOO_LARGE = "the file is over 2 MB"
    NOT_TEXT = "the file is not text"
    UNKNOWN_DOCUMENT = "the document is not open"
    INSIDE_WORD = "the cursor is inside a word"
    MID_LINE = "there is code after the cursor that a completion would split"
    NOTHING_TYPED = "there is nothing to go by yet"
    NO_MODEL = "no model can be reached"
    BUSY = "the model is busy with an action"
    MODEL_FAILED = "the model failed"
    TIMED_OUT = "the model took too long"
    EMPTY = "the model had nothing to say"
    DISAGREES = "the model did not go on from what is typed"
    UNSURE = "the model was not sure enough"
    ECHO = "the model repeated its prompt"
    REPEATS = "the model repeated a line beside the cursor, or itself"
    BREAKS_SYNTAX = "the text would break the syntax"
    MASK = "the text repeats a masked secret"
    SELECTED_ITEM = "the text does not begin with the item selected in the list"


@dataclass(frozen=True, slots=True)
class Skip:
    """Nothing to show, and why; `detail` adds what is particular to this case."""

    reason: Reason
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.reason.value} ({self.detail})" if self.detail else self.reason.value


@dataclass(frozen=True, slots=True)
class Overtaken:
    """The question is no longer of interest: a newer one took the model, or the text moved on."""


class Extent(StrEnum):
    """How far a completion may go."""

    LINE = "line"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a completion at a hole should look like, decided before the model is asked.

    `closer`: a block ends with the first line that ends with this, and with nothing else.
    `is_single`: not even a line that opens a block goes on with it.
    """

    extent: Extent
    closer: str = ""
    is_single: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """Text that fits, relative to the hole.

    `text` has LF line ends.  `replaces` counts the code points after the hole, on its line, that
    the text replaces.  `whole` is false while the run may still have more to show.
    """

    text: str
    replaces: int = 0
    whole: bool = True


@dataclass(frozen=True, slots=True)
class More:
    """Nothing can be said yet: the run has to go on."""


@dataclass(frozen=True, slots=True)
class FilterStep:
    """What one filter did to the text; `reason` is set where it dropped it."""

    name: str
    before: str
    after: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SelectedItem:
    """The item selected in the editor's list: `start` and `end` are offsets of what it replaces."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Ask:
    """A question for a completion: a document as it is now, a place in it, and who wants it.

    `explicit` is true where the user asked by a key.  `selected` is the selected list item.
    """

    snap: Snapshot
    hole: Hole
    explicit: bool = False
    selected: SelectedItem | None = None


@dataclass(frozen=True)
class Completion:
    """Text to show: it replaces `start` to `end` (offsets in the snapshot's text).

    `candidates` are other texts for the same place, best first, where the user wants several.
    """

    text: str
    start: int
    end: int
    ident: int = 0
    more: bool = False
    candidates: tuple[Completion, ...] = ()


Answer = Completion | Skip | Overtaken
