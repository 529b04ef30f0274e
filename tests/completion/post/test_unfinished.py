"""A line that begins something fits if it would when that is finished."""

from __future__ import annotations

import pytest

from fimls.completion.post.draft import Draft
from fimls.completion.post.unfinished import fits_when_finished
from fimls.testing.marks import marked
from tests.completion.post.checks import GRAMMAR, LINE, check_fit, site_of

# Where each of these languages has its statements, and where its definitions.
STATEMENTS = {
    "typescript": "function m() {\n  ├…┤\n}\n",
    "javascript": "function m() {\n  ├…┤\n}\n",
    "java": "class A {\n  void m() {\n    ├…┤\n  }\n}\n",
    "c": "void m(void) {\n  ├…┤\n}\n",
    "cpp": "void m() {\n  ├…┤\n}\n",
    "go": "package a\n\nfunc m() {\n\t├…┤\n}\n",
    "rust": "fn m() {\n  ├…┤\n}\n",
}


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("typescript", "if (a) {"),
        ("typescript", "for (const a of b) { // one after the other"),
        ("typescript", "try {"),
        ("typescript", "do {"),
        ("typescript", "const f = async (a: B): Promise<C> => {"),
        ("typescript", "const a = {"),
        ("typescript", "describe('a', () => {"),
        ("typescript", "return ("),
        ("typescript", "if ("),
        ("typescript", "const a ="),
        ("javascript", "export const a = ["),
        ("javascript", "function f(a,"),
        ("java", "try {"),
        ("java", "for (int a : b) {"),
        ("java", "items.forEach(a -> {"),
        ("java", "int[] a = {"),
        ("java", "return a.with("),
        ("java", "f(a, b,"),
        ("c", "struct a {"),
        ("c", "typedef struct {"),
        ("c", "static const int a[] = {"),
        ("c", "if (a &&"),
        ("cpp", "try {"),
        ("go", "if err := f(); err != nil {"),
        ("go", "go func() {"),
        ("go", "return &A{"),
        ("rust", "let a = match b {"),
        ("rust", "let Some(a) = b else {"),
        ("rust", "#[cfg(a)] if a {"),
    ],
)
def test_what_begins_something_fits(language: str, line: str) -> None:
    assert _fits_as_statement(language, line)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        # Nothing has a body of which only the name is there.
        ("typescript", "a {"),
        ("java", "a {"),
        ("c", "a {"),
        # What is open is open at the wrong place.
        ("typescript", "if (a {"),
        ("typescript", "const a b = {"),
        ("go", "for i := range {"),
        # It begins nothing.
        ("typescript", "const a b"),
        ("rust", "let a = b c;"),
    ],
)
def test_what_is_wrong_stays_so(language: str, line: str) -> None:
    assert not _fits_as_statement(language, line)


@pytest.mark.parametrize(
    ("language", "raw"),
    [
        # An annotation, which stands on a line of its own.
        ("java", "class A {\n  ├@Override┤\n}\n"),
        ("typescript", "class A {\n  ├@Input({ alias: 'a' })┤\n}\n"),
        # A comment over several lines.
        ("typescript", "├/** Loads a key,┤\nf();\n"),
        # An element of a list that has more of them.
        ("typescript", "f(\n  a,\n  ├() => {┤\n  b,\n);\n"),
        # The editor has closed what the author has opened.
        ("typescript", "function m() {\n  a.map((├b: B) => {┤)\n}\n"),
    ],
)
def test_where_it_stands(language: str, raw: str) -> None:
    said = marked(raw)

    assert fits_when_finished(Draft(said.inserted), site_of(said, LINE, language))


def test_a_bracket_that_the_editor_has_closed_is_replaced() -> None:
    check_fit(
        "function m() {\n  if (├a) {\n    b┤)\n}\n",
        "function m() {\n  if (├a) {┤)╣\n}\n",
        extent=LINE,
        language="typescript",
        cut=True,
        by=(GRAMMAR,),
    )


def _fits_as_statement(language: str, line: str) -> bool:
    said = marked(STATEMENTS[language].replace("…", line))
    return fits_when_finished(Draft(said.inserted), site_of(said, LINE, language))
