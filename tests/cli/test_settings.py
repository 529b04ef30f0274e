from __future__ import annotations

import json

import pytest

from fimls.cli.main import main
from fimls.settings import markdown, schema


@pytest.mark.parametrize("flag", ["--schema", "--json"])
def test_schema(flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", flag]) == 0
    assert json.loads(capsys.readouterr().out) == schema()


def test_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", "--markdown"]) == 0
    assert capsys.readouterr().out == markdown()


@pytest.mark.parametrize("words", [[], ["--schema", "--markdown"]])
def test_one_form_is_wanted(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["settings", *words])
    assert ended.value.code == 2
