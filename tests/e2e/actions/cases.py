"""Golden cases of whole actions: what is there, what the model says, and what comes of it.

A case is a file `golden/<action>/<language>_<fault>.toml` with `why`, `action`, `language`,
`fault` (what the model or the user does), `before` (a picture of the document: `█` is the cursor,
`├…┤` the selection) and `answers` (what the model says, one after the other).  `eol` are the
document's line ends.  What comes of it is `after` (a picture of the edit, or the explanation; ""
where there is neither), `told` (the messages that the user sees), `buttons` (those that are under
them), `errors` (what the model was told to put right) and `asked` (how often it was asked).
"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fimls.testing.marks import marked
from fimls.text.edits import Edit
from fimls.text.lines import from_lf, to_lf
from tests.actions.pictures import drawn

if TYPE_CHECKING:
    from fimls.testing.lsp_documents import OpenDocument
    from fimls.testing.marks import Picture

GOLDEN = Path(__file__).parent / "golden"

UPDATE = bool(os.environ.get("FIMLS_UPDATE"))

_ENDINGS = {
    "python": "py",
    "typescript": "ts",
    "go": "go",
    "rust": "rs",
    "sql": "sql",
    "shellscript": "sh",
}


@dataclass(frozen=True)
class Case:
    """One case, as it stands in its file."""

    path: Path
    why: str
    action: str
    language: str
    fault: str
    before: str
    answers: tuple[str, ...] = ()
    eol: str = "\n"
    expected: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def file(self) -> str:
        """The name of its document."""
        return f"{self.path.stem}.{_ENDINGS[self.language]}"

    @property
    def said(self) -> Picture:
        """The document and the place in it, with its own line ends."""
        return marked(from_lf(self.before, self.eol))

    @property
    def text(self) -> str:
        """The document; what is selected belongs to it."""
        return self.said.result


@dataclass(frozen=True)
class Found:
    """What has come of a case."""

    after: str
    told: list[str]
    buttons: list[str]
    errors: list[str]
    asked: int

    @property
    def expected(self) -> dict[str, Any]:
        """In the form in which a case has it; what is empty is left out."""
        found = {name: getattr(self, name) for name in _RESULTS}
        return {name: each for name, each in found.items() if each or name == "after"}


_RESULTS = ("after", "told", "buttons", "errors", "asked")


def read(path: Path) -> Case:
    """A case from its file."""
    given = tomllib.loads(path.read_text("utf-8"))
    expected = {name: given.pop(name) for name in _RESULTS if name in given}
    answers = tuple(given.pop("answers", ()))
    return Case(path, **given, answers=answers, expected=expected)


def update(case: Case, found: Found) -> None:
    """Writes down what has come of a case."""
    head = case.path.read_text("utf-8").partition("\nafter = ")[0].rstrip()
    lines = [head, f"after = '''\n{found.after}'''"]
    for name in ("told", "buttons", "errors"):
        if words := getattr(found, name):
            listed = "".join(f"  {json.dumps(each, ensure_ascii=False)},\n" for each in words)
            lines.append(f"{name} = [\n{listed}]")
    lines += [f"asked = {found.asked}"] if found.asked else []
    case.path.write_text("\n".join(lines) + "\n", "utf-8")


def picture_of(edit: Any, before: OpenDocument) -> str:
    """The picture of a workspace edit of one document, of which `before` is the one before it."""
    changes = [*edit.get("changes", {}).items()]
    changes += [
        (each["textDocument"]["uri"], each["edits"]) for each in edit.get("documentChanges", ())
    ]
    ((uri, edits),) = changes
    assert uri == before.uri
    ordered = sorted(
        (_edit(each, before) for each in edits), key=lambda each: (each.start, each.end)
    )
    return to_lf(drawn(before.text, ordered))


def _edit(text_edit: Any, before: OpenDocument) -> Edit:
    between = text_edit["range"]
    start, end = before.offset(between["start"]), before.offset(between["end"])
    return Edit(start, end, text_edit["newText"])
