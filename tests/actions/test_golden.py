"""Golden cases of actions, from the model's answer to the edit: one file each, by action.

A case has `why`, `action`, `language`, `fault` (what the model does wrong, or how it answers),
`before` (a picture of the document: `█` is the cursor, `├…┤` the selection), `answer` (what the
model says) and one of `after` (a picture with each text that is put in between `├` and `┤`) and
`errors` (what the model is told instead).  `cut = true`: the answer was broken off.  `schema` are
the tables that are known, `path` is the document's name.
With `FIMLS_UPDATE=1` in the environment, `after` and `errors` are rewritten; the difference is the
review.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from fimls.actions.proposal import Proposal, Rejected, propose
from tests.actions.pictures import drawn, task_of

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(GOLDEN.glob("*/*.toml"))
UPDATE = bool(os.environ.get("FIMLS_UPDATE"))

# Those that the design names, by the language ids of the protocol.
LANGUAGES = {"python", "typescript", "go", "rust", "sql", "shellscript"}


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", CASES, ids=_name)
def test_golden(path: Path) -> None:
    case = _read(path)
    found = _found(case)
    if UPDATE:
        _update(path, found)
        case = _read(path)

    assert found == (case.get("after") or case["errors"])


def test_each_case_says_why_it_exists() -> None:
    assert [_name(path) for path in CASES if len(str(_read(path)["why"]).split()) < 5] == []


def test_each_case_is_in_the_folder_of_its_action() -> None:
    assert [_name(path) for path in CASES if path.parent.name != _read(path)["action"]] == []


def test_no_two_cases_are_about_the_same() -> None:
    of = ("action", "language", "fault")
    seen = Counter(tuple(_read(path)[name] for name in of) for path in CASES)

    assert [case for case, count in seen.items() if count > 1] == []


def test_there_are_enough_cases_in_all_languages() -> None:
    assert len(CASES) >= 60
    assert {str(_read(path)["language"]) for path in CASES} >= LANGUAGES


def _found(case: dict[str, Any]) -> str | list[str]:
    task = task_of(
        case["before"],
        case["action"],
        case["language"],
        path=case.get("path", ""),
        schema=case.get("schema", ""),
    )
    found = propose(case["answer"], task, cut=case.get("cut", False))
    if isinstance(found, Rejected):
        return list(found.errors)
    assert isinstance(found, Proposal)
    return drawn(task.site.text, found.edits)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _update(path: Path, found: str | list[str]) -> None:
    head = path.read_text("utf-8").partition("\nafter = ")[0].partition("\nerrors = ")[0]
    if isinstance(found, str):
        last = f"after = '''\n{found}'''"
    else:
        lines = "".join(f"  {json.dumps(each, ensure_ascii=False)},\n" for each in found)
        last = f"errors = [\n{lines}]"
    path.write_text(f"{head.rstrip()}\n{last}\n", "utf-8")
