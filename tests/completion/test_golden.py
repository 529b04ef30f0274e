"""Golden cases of post-processing: one file each, in the folder of the filter that it is about.

A case has `why`, `language`, `situation` (what the hole is in), `fault` (what the model does wrong,
or `none`), `extent` (line or block), `before` (a picture of the document with what the model says
in it) and one of `after` (a picture with what is shown), `unchanged = true` and `dropped` (the
reason, as the user reads it).  `cut = true`: the run was broken off.  `grammar = true`: only a
parser can tell.  `fixme` says why the present result is wrong.
With `FIMLS_UPDATE=1` in the environment, `after` is rewritten; the difference is the review.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from fimls.completion.post import FILTERS, fit
from fimls.completion.values import Extent, Fit, Reason
from fimls.testing.marks import marked, picture
from tests.completion.post.checks import BOTH, GRAMMAR, check_fit, site_of

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(GOLDEN.glob("*/*.toml"))
UPDATE = bool(os.environ.get("FIMLS_UPDATE"))


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", CASES, ids=_name)
def test_golden(path: Path) -> None:
    case = _read(path)
    if UPDATE and "after" in case:
        _update(path, case)
        case = _read(path)
    check_fit(
        case["before"],
        _expected(case),
        extent=Extent(case["extent"]),
        language=case["language"],
        cut=case.get("cut", False),
        by=(GRAMMAR,) if case.get("grammar") else BOTH,
    )


def test_each_case_says_why_it_exists() -> None:
    assert [_name(path) for path in CASES if len(_why(path).split()) < 5] == []


def test_each_folder_is_a_filter_s() -> None:
    names = {each.name.replace(" ", "_") for each in FILTERS}

    assert {path.parent.name for path in CASES} <= names


@pytest.mark.parametrize("of", [("before",), ("language", "situation", "fault")])
def test_no_two_cases_are_the_same(of: tuple[str, ...]) -> None:
    seen = Counter(tuple(_read(path)[name] for name in of) for path in CASES)

    assert [case for case, count in seen.items() if count > 1] == []


def test_there_are_enough_cases_in_enough_languages() -> None:
    assert len(CASES) >= 150
    assert len({_read(path)["language"] for path in CASES}) >= 12


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _why(path: Path) -> str:
    return str(_read(path)["why"])


def _expected(case: dict[str, Any]) -> str | Reason:
    if "dropped" in case:
        return Reason(case["dropped"])
    return str(case["before"] if case.get("unchanged") else case["after"])


def _update(path: Path, case: dict[str, Any]) -> None:
    said = marked(case["before"])
    site = site_of(said, Extent(case["extent"]), case["language"])
    found = fit(said.inserted, site, done=True, cut=case.get("cut", False))
    assert isinstance(found, Fit)
    after = picture(said.text, said.offset, found.text, found.replaces)
    text = path.read_text("utf-8")
    path.write_text(
        re.sub(r"after = '''.*?'''", lambda _: f"after = '''\n{after}'''", text, flags=re.DOTALL),
        "utf-8",
    )
