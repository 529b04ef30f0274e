"""Languages by id, by file name and by extension."""

from __future__ import annotations

from collections import Counter

import pytest

from fimls.text.language_table import ALIASES, ROWS
from fimls.text.languages import LANGUAGES, language_of

GRAMMARS = {
    *("python", "javascript", "typescript", "tsx", "go", "rust", "java", "c", "cpp", "c_sharp"),
    *("ruby", "php", "bash", "lua", "html", "css", "json", "yaml", "toml", "sql"),
}


@pytest.mark.parametrize(
    ("language_id", "path", "expected"),
    [
        # What the editor says wins over the file's name.
        ("python", "x.rs", "python"),
        ("plaintext", "notes.py", "plaintext"),
        # The command line knows no id.
        ("", "src/app.py", "python"),
        ("", "C:\\src\\App.TSX", "typescriptreact"),
        # A whole name wins over an extension.
        ("", "CMakeLists.txt", "cmake"),
        ("", "a/Dockerfile", "dockerfile"),
        ("", ".git/COMMIT_EDITMSG", "git-commit"),
        ("", "tsconfig.json", "jsonc"),
        # A name that begins with a dot is not an extension.
        ("", ".py", "plaintext"),
        ("", ".bashrc", "shellscript"),
        # Vim's file types and Emacs' modes.
        ("cs", "", "csharp"),
        ("sh", "", "shellscript"),
        ("gitcommit", "", "git-commit"),
        ("javascript.jsx", "", "javascriptreact"),
        # An id of an extension that nobody here knows, in a file that is known.
        ("fancy-python", "x.py", "python"),
        # Ids are told apart without their case.
        ("Python", "", "python"),
        # Nothing known: the id stays, for `disabledLanguages`.
        ("cobol", "x.cbl", "cobol"),
        ("", "README", "plaintext"),
        ("", "", "plaintext"),
    ],
)
def test_language_of(language_id: str, path: str, expected: str) -> None:
    assert language_of(language_id, path).id == expected


def test_an_unknown_language_is_code_of_which_nothing_is_known() -> None:
    unknown = language_of("cobol", "x.cbl")

    assert (unknown.grammar, unknown.line_comment, unknown.prose) == (None, None, False)


def test_nothing_is_in_two_rows() -> None:
    ids = Counter(row.id for row in ROWS)
    files = Counter(key for row in ROWS for key in (*row.extensions, *row.filenames))

    assert [key for key, times in (*ids.items(), *files.items()) if times > 1] == []


def test_rows_are_well_formed() -> None:
    extensions = [extension for row in ROWS for extension in row.extensions]

    assert all(e.startswith(".") and e == e.lower() for e in extensions)
    assert all(row.id == row.id.lower() for row in ROWS)


def test_every_grammar_has_a_language_and_no_other_is_named() -> None:
    assert {row.grammar for row in ROWS} - {None} == GRAMMARS


def test_aliases_lead_to_rows_and_hide_none() -> None:
    assert set(ALIASES.values()) <= set(LANGUAGES)
    assert set(ALIASES) & set(LANGUAGES) == set()


@pytest.mark.parametrize(
    "language_id", ["markdown", "plaintext", "git-commit", "restructuredtext", "latex"]
)
def test_prose(language_id: str) -> None:
    assert LANGUAGES[language_id].prose


@pytest.mark.parametrize("language_id", ["python", "yaml", "haskell", "makefile"])
def test_by_indentation(language_id: str) -> None:
    assert LANGUAGES[language_id].by_indentation
