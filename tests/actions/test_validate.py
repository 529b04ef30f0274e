"""What has become worse with an edit, in words for the model."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fimls.actions.validate import validate
from fimls.actions.validate_sql import validate_sql
from fimls.syntax.tree import parse
from fimls.testing.marks import marked
from fimls.text.edits import Edit
from fimls.text.languages import language_of


def check_errors(picture: str, *words: str, language: str) -> None:
    """Checks what is said of the text between `├` and `┤`, what is before `╣` being replaced.

    With no words it is good.
    """
    said = marked(picture)
    edit = Edit(said.offset, said.offset + said.replaces, said.inserted)
    known = language_of(language)
    verdict = validate(said.text, [edit], known, parse(said.text, known.grammar))

    assert len(verdict.errors) == bool(words), verdict.errors
    assert [word for word in words if word not in verdict.errors[0]] == []


@pytest.mark.parametrize(
    ("language", "picture", "words"),
    [
        # In order, whatever is wrong elsewhere.
        ("python", "x = 1\n├y = 2\n┤", ()),
        ("python", "def broken(:\n    pass\n\n\nx = ├1┤", ()),
        ("go", "package a\n\nfunc f() {\n├\tx := 1\n┤}\n", ()),
        # The line, and what is wrong with it, in the document with the edit.
        ("python", "x = 1\n├y = (2\n┤", ("Line 2", "never closed", "`y = (2`")),
        ("python", "x = 1\n├\n\ny = 2)\n┤", ("Line 4", "unmatched ')'")),
        # What the grammar of Python lets pass.
        ("python", "├if x:\ny = 1\n┤", ("Line 2", "indented block")),
        ("python", "x = 1\n├  y = 2\n┤", ("Line 2", "unexpected indent")),
        ("python", "x = 1\n├return = 2\n┤", ("Line 2", "invalid syntax")),
        ("typescript", "let a = 1;\n├let b = f(2;\n┤", ("Line 2", "`)` is missing")),
        ("typescript", "├}\n┤let a = 1;\n", ("Line 1", "`}` is not valid")),
        ("go", "package a\n\nfunc f() {\n├\tx = = 1\n┤}\n", ("Line 4", "is not valid")),
        ("rust", "fn f() {\n├    let x = (1;\n┤}\n", ("Line 2", "`)` is missing")),
        ("shellscript", "ls\n├if true; then\n┤", ("2",)),
        ("sql", "├select a from (t;\n┤", ("Line 1",)),
    ],
)
def test_a_fault_is_said_in_words(language: str, picture: str, words: tuple[str, ...]) -> None:
    check_errors(picture, *words, language=language)


@pytest.mark.parametrize(
    ("language", "before", "after", "words"),
    [
        ("python", "def f():\n    pass", "def g():\n    pass", "`f` is no longer defined"),
        (
            "python",
            "class A:\n    def f(self): pass\n    x = 1",
            "class A:\n    x = 1",
            "`f` of `A`",
        ),
        ("python", "def f(): pass", "def f(): pass\ndef f(): pass", "now defined 2 times"),
        ("typescript", "const f = () => 1;", "const g = () => 1;", "`f` is no longer"),
        ("go", "package a\nfunc F() {}", "package a\nfunc G() {}", "`F` is no longer"),
        ("rust", "fn f() {}", "fn g() {}", "`f` is no longer"),
        ("java", "class A { int f() { return 1; } }", "class A { }", "`f` of `A` is no longer"),
        ("shellscript", "f() { ls; }", "g() { ls; }", "`f` is no longer"),
        ("sql", "create table t (a int);", "create table u (a int);", "`t` is no longer"),
        # New ones are welcome, and what is not there for all to see is free.
        ("python", "def f(): pass", "def f(): pass\ndef g(): pass", ""),
        ("python", "def f():\n    def g(): pass", "def f():\n    pass", ""),
        ("rust", "impl A { fn f() {} }", "impl A { fn f() {} }\nimpl B for A { fn f() {} }", ""),
    ],
)
def test_names_have_to_stay(language: str, before: str, after: str, words: str) -> None:
    edit = Edit(0, len(before), after)
    errors = validate(before, [edit], language_of(language)).errors

    assert len(errors) == bool(words), errors
    assert words in "".join(errors)


def test_without_a_grammar_nothing_is_checked() -> None:
    verdict = validate("a", [Edit(0, 1, "b")], language_of("plaintext"))

    assert (verdict.is_good, verdict.is_checked) == (True, False)


SCHEMA = """
create table movies (id integer primary key, title text, year integer);
CREATE TABLE `ratings` (
  movie_id INT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'of which movie',
  stars DECIMAL(3, 1), PRIMARY KEY (movie_id), KEY by_stars (stars)
) ENGINE=InnoDB;
create view best as select title from movies;
insert into movies values (1, 'Alien', 1979);
"""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        # Tables of two dialects, a view, and names of the query's own.
        ("select title from movies join ratings on movie_id = id where stars > 3", ()),
        ("select title from best", ()),
        ("with a as (select id as b from movies) select b from a", ()),
        ("create table t (a int); select a from t", ()),
        # Parameters of all kinds, and functions of other dialects.
        ("select id from movies where year = ? and title = ?", ()),
        ("select id from movies where year = :year and title = $1", ()),
        ("select date_trunc('month', year), now() from movies", ()),
        ("insert into movies (title) values ('a')", ()),
        # What is not there, with the line it is on.
        ("select titel from movies", ("Line 1", "no column `titel`", "movies(id, title, year)")),
        ("select id\nfrom movies\nwhere titel = 1", ("Line 3", "`titel`")),
        ("-- a\n\nselect 1 from films", ("Line 3", "no table `films`", "movies, ratings")),
        ("select 1;\nselect m.name from movies m", ("Line 2", "`m.name`")),
        ("insert into movies (name) values (1)", ("no column `name`",)),
        ("update movies set name = 1", ("no column `name`",)),
        ("delete from movies where name = 1", ("no column `name`",)),
        ("select id from movies a join movies b on 1", ("ambiguous", "of which table")),
    ],
)
def test_names_of_tables_and_columns_are_looked_up(code: str, words: tuple[str, ...]) -> None:
    found = validate_sql(code, SCHEMA)

    assert found.is_checked
    assert len(found.errors) == bool(words), found.errors
    assert [word for word in words if word not in found.errors[0]] == []


@pytest.mark.parametrize(
    "code",
    [
        # SQLite does not read these, so nothing can be said about them.
        "select year::text from movies",
        "select title from movies limit 3 percent",
        "select extract(year from now()) from movies",
        "select current_user from movies",
        "select * from information_schema.tables",
        "select id from movies where year > sysdate",
        # Nor is any of these carried out: they would touch files.
        "attach database 'x.db' as x",
        "vacuum into 'x.db'",
        "pragma writable_schema = on",
        "create table t as select writefile('x', 'y')",
    ],
)
def test_what_sqlite_cannot_tell_is_not_told(code: str) -> None:
    found = validate_sql(code, SCHEMA)

    assert (found.errors, found.is_checked) == ((), False)


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_what_sqlite_does_not_take_is_no_fault(sign: str) -> None:
    assert not validate_sql(f"select title {sign} from movies", f"{SCHEMA}{sign};").errors


def test_without_tables_nothing_is_looked_up() -> None:
    assert not validate_sql("select a from b", "-- nothing").is_checked


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_there_gives_a_value(code: str, schema: str) -> None:
    assert validate_sql(code, SCHEMA + schema) is not None
