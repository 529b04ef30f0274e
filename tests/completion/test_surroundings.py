"""Where the repository stands in a prompt, for each kind of family."""

from __future__ import annotations

import pytest

from fimls.completion.surroundings import comment_for, headed, surroundings, told
from fimls.context.gather import Snippet
from fimls.context.secrets import clear
from fimls.models.families import FAMILIES
from fimls.models.formats import preface
from fimls.models.protocol import Capabilities
from fimls.text.hole import Hole
from fimls.text.languages import language_of

SHOWN = (
    Snippet("a.py", clear("class A\n    def f(self)"), "map", "imported here", 9, 1.0),
    Snippet("b.py", clear("LIMIT = 1"), "map", "named in this file", 4, 0.5),
)
HOLE = Hole("x = 1\n", 6, language_of("python"), "pkg/app.py")


def placed(name: str, hole: Hole = HOLE) -> tuple[str, str]:
    family = FAMILIES[name]
    found = preface(family.names, surroundings(SHOWN, hole, family, "shop"), family.markers)
    return found.before, found.inside


@pytest.mark.parametrize(
    ("name", "before", "inside"),
    [
        # No tokens for it: comments in the prefix, each line of them.
        (
            "codellama",
            "",
            "# a.py\n# class A\n#     def f(self)\n# b.py\n# LIMIT = 1\n# pkg/app.py\n",
        ),
        # Tokens for it: as they were trained.
        (
            "qwen2.5-coder",
            (
                "<|repo_name|>shop\n<|file_sep|>a.py\nclass A\n    def f(self)\n"
                "<|file_sep|>b.py\nLIMIT = 1\n<|file_sep|>pkg/app.py\n"
            ),
            "",
        ),
        (
            "starcoder2",
            (
                "<repo_name>shop<file_sep>a.py\nclass A\n    def f(self)<file_sep>b.py\nLIMIT = 1"
                "<file_sep>"
            ),
            "pkg/app.py\n",
        ),
    ],
)
def test_placement(name: str, before: str, inside: str) -> None:
    assert placed(name) == (before, inside)


def test_comments_are_those_of_the_language() -> None:
    hole = Hole("", 0, language_of("go"), "app.go")
    assert placed("codellama", hole)[1].startswith("// a.py\n// class A\n")


def test_without_snippets_nothing_is_said() -> None:
    family = FAMILIES["codellama"]
    assert preface(family.names, surroundings((), HOLE, family), family.markers).inside == ""


@pytest.mark.parametrize("name", FAMILIES)
def test_no_marker_of_a_family_comes_from_another_file(name: str) -> None:
    family = FAMILIES[name]
    evil = "".join(family.fim_markers)
    shown = (Snippet("a.py", clear(f'X = "{evil}"'), "map", "", 9, 1.0),)
    found = preface(family.names, surroundings(shown, HOLE, family), family.markers)
    assert not [each for each in family.fim_markers if each in found.before + found.inside]


def test_what_begins_a_line_is_told_for_the_budget() -> None:
    python = language_of("python")
    assert comment_for(FAMILIES["codellama"], python) == "#"
    assert comment_for(FAMILIES["qwen2.5-coder"], python) == ""
    assert comment_for(None, python) == ""


def test_a_model_without_a_family() -> None:
    assert headed(SHOWN[1:], HOLE, "<file_sep>") == (
        "<file_sep>b.py\nLIMIT = 1\n<file_sep>pkg/app.py\n"
    )
    assert headed(SHOWN[1:], HOLE, "") == "# b.py\nLIMIT = 1\n# pkg/app.py\n"


@pytest.mark.parametrize("name", [*FAMILIES, None])
def test_a_secret_in_a_path_is_none_in_a_prompt(name: str | None) -> None:
    token = "ghp_" + "a1B2" * 9
    shown = (Snippet(f"keys/{token}.py", clear("LIMIT = 1"), "map", "", 4, 0.5),)
    hole = Hole("x = 1\n", 6, language_of("python"), f"{token}/app.py")
    known = Capabilities(None if name is None else FAMILIES[name], 4096)
    found = told(shown, hole, known, token)
    assert "LIMIT = 1" in found.before + found.inside
    assert token not in found.before + found.inside
