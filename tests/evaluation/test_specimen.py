from __future__ import annotations

import pytest

from fimls.evaluation.specimen import BREAKS, specimen
from fimls.syntax.tree import parse


def test_the_file_is_the_same_each_time() -> None:
    assert specimen(200) == specimen(200)


def test_size() -> None:
    assert 1980 <= specimen(2000).text.count("\n") <= 2000


def test_the_file_is_code() -> None:
    tree = parse(specimen(2000).text, "python")
    assert tree is not None
    assert not tree.root.has_error


def test_functions_are_where_they_are_said_to_be() -> None:
    file = specimen(200)
    assert len(file.functions) == file.text.count("\ndef ")
    for function in file.functions:
        body = file.text[function.start : function.end]
        assert file.text[: function.start].endswith("):\n")
        assert body.count("\n") == 10
        assert all(line.startswith("    ") for line in body.splitlines())
        assert file.text[function.end :].startswith("\n")


@pytest.mark.parametrize("line", BREAKS)
def test_breaks_break(line: str) -> None:
    file = specimen(200)
    at = file.functions[3].end
    tree = parse(file.text[:at] + line + file.text[at:], "python")
    assert tree is not None
    assert tree.root.has_error
