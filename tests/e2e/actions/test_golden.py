"""Every golden case through a real server, in three editors.

With `FIMLS_UPDATE=1` in the environment what comes of the cases is written down anew, as the first
editor has it; the difference is the review.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.actions.cases import GOLDEN, UPDATE, Case, read, update
from tests.e2e.actions.playing import BY_PROGRESS, CANCELLED, MOVED_ON, STALE, play

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.actions.cases import Found
    from tests.e2e.actions.desk import Desk

CASES = [read(path) for path in sorted(GOLDEN.glob("*/*.toml"))]

# Those that the design names, by the language ids of the protocol.
LANGUAGES = {"python", "typescript", "go", "rust", "sql", "shellscript"}

# What each action has to go through in each language.
FAULTS = {
    "generate": {
        *("plain code", "fenced code with prose", "syntax error repaired at the second try"),
        *("broken for good", MOVED_ON, STALE, *CANCELLED),
    },
    "explain": {"plain", MOVED_ON, STALE, *CANCELLED},
}


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("path", [case.path for case in CASES], ids=_name)
async def test_golden(desk: Desk, path: Path) -> None:
    case = read(path)
    if case.fault == BY_PROGRESS and not desk.shows_progress:
        # There is nothing to press: the request itself is what such an editor takes back.
        assert desk.kind == "minimal"
        return
    found = await play(desk, case)
    if UPDATE and desk.kind == "vscode":
        update(case, found)
        case = read(path)

    assert found.expected == _expected(desk, case, found)


def _expected(desk: Desk, case: Case, found: Found) -> dict[str, Any]:
    """What comes of a case, less what an editor cannot show."""
    expected = dict(case.expected)
    if not desk.shows_buttons:
        expected.pop("buttons", None)
    if not desk.shows_documents and case.action == "explain" and case.fault in CANCELLED:
        # When it was taken back nobody could see how much had come.
        assert expected["after"].startswith(found.after)
        expected["after"] = found.after
    return expected


def test_each_case_says_why_it_exists() -> None:
    assert [case.name for case in CASES if len(case.why.split()) < 4] == []


def test_each_case_is_where_its_name_says() -> None:
    wrong = [
        case.name for case in CASES if not case.name.startswith(f"{case.action}/{case.language}_")
    ]
    assert wrong == []


def test_no_two_cases_are_about_the_same() -> None:
    seen = Counter((case.action, case.language, case.fault) for case in CASES)

    assert [each for each, count in seen.items() if count > 1] == []


def test_each_action_meets_each_fault_in_each_language() -> None:
    assert len(CASES) >= 60
    seen = {(case.action, case.language, case.fault) for case in CASES}
    lacking = {
        (action, language, fault)
        for action, faults in FAULTS.items()
        for language in LANGUAGES
        for fault in faults
    } - seen
    assert sorted(lacking) == []
