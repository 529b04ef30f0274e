"""Prompts: plain text that may be replaced, and what is said where it cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.actions.filling import NAMES as VALUES
from fimls.actions.prompt_files import NAMES, bundled, load
from fimls.actions.templates import read_template, render, render_completion
from fimls.context.secrets import clear
from fimls.errors import PromptError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fimls.text.cleared import Cleared


def values(**given: str) -> Mapping[str, Cleared]:
    return {name: clear(text) for name, text in given.items()}


def check_user(template: str, wanted: str, **given: str) -> None:
    """Checks what the user's part of a template becomes."""
    (message,) = render(read_template("own", f"[user]\n{template}"), values(**given))

    assert (message.role, message.content) == ("user", wanted)


@pytest.mark.parametrize(
    ("template", "given", "wanted"),
    [
        ("a {{x}} b", {"x": "1"}, "a 1 b"),
        ("{{ x }}{{x}}", {"x": "1"}, "11"),
        # Left out where there is nothing, with the lines around it.
        ("a\n{{#x}}\nb {{x}}\n{{/x}}\nc", {"x": "1"}, "a\n\nb 1\n\nc"),
        ("a\n{{#x}}\nb {{x}}\n{{/x}}\nc", {"x": " \n"}, "a\n\nc"),
        ("{{#x}}{{y}}{{/x}}", {"x": "1", "y": "2"}, "2"),
        # What a value says is no template, and braces of code are none.
        ("{{x}}", {"x": "{{y}} [user]"}, "{{y}} [user]"),
        ("f() { return {a: 1}; }", {}, "f() { return {a: 1}; }"),
        # Line ends of another editor.
        ("a\r\nb", {}, "a\nb"),
    ],
)
def test_values_are_put_in(template: str, given: dict[str, str], wanted: str) -> None:
    check_user(template, wanted, **given)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("[user]\n{{nope}}", ("`own`", "{{nope}}", "code")),
        ("[user]\n{{#nope}}a{{/nope}}", ("{{#nope}}",)),
        ("[user]\n{{#code}}a", ("{{#code}}", "other end")),
        ("no parts", ("`own`", "[user]")),
        ("[person]\na", ("[person]", "[system]")),
        ("[user]\na\n[user]\nb", ("[user] twice",)),
        ("[completion]\na", ("no [user] part",)),
    ],
)
def test_a_template_that_cannot_be_used_is_named(template: str, words: tuple[str, ...]) -> None:
    with pytest.raises(PromptError) as raised:
        render(read_template("own", template), values(code="x"))

    assert [word for word in words if word not in str(raised.value)] == []


def test_a_model_that_cannot_chat_needs_a_part_of_its_own() -> None:
    with pytest.raises(PromptError, match="completion"):
        render_completion(read_template("own", "[user]\na"), {})


def test_an_empty_part_is_no_message() -> None:
    template = read_template("own", "[system]\n{{x}}\n[user]\na")

    assert [each.role for each in render(template, values(x=""))] == ["user"]


@pytest.mark.parametrize("name", NAMES)
def test_each_prompt_that_comes_along_can_be_used(name: str) -> None:
    template = load(name)
    given = values(**{each: f"the {each}" for each in VALUES})

    assert render(template, given)[-1].role == "user"
    assert all("{{" not in message.content for message in render(template, given))
    assert not template.can_complete or render_completion(template, given)


def test_a_file_of_the_user_takes_the_place(tmp_path: Path) -> None:
    (tmp_path / "explain.txt").write_text("[user]\nmy own", "utf-8")

    assert render(load("explain", tmp_path), {})[0].content == "my own"
    assert load("generate", tmp_path).parts == read_template("generate", bundled("generate")).parts


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff\xfe", "cannot be read"), (b"[user]\n" + b"a" * 200_000, "larger than 100 kB")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "explain.txt"
    file.write_bytes(content)

    with pytest.raises(PromptError, match=words) as raised:
        load("explain", tmp_path)

    assert str(file) in str(raised.value)
