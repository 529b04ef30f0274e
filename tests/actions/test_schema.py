"""The tables of a repository."""

from __future__ import annotations

import pytest

from fimls.actions.schema import definitions_in, schema_of, shown
from fimls.actions.validate_sql import validate_sql
from fimls.context.place import Place
from fimls.evaluation.context_view import MemoryView

USERS = "CREATE TABLE users (\n  id int,\n  name text\n);"
ORDERS = "create table if not exists shop.orders (id int, user_id int);"


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        (f"{USERS}\n{ORDERS}\n", ["users", "orders"]),
        ('CREATE TABLE "users" (id int);', ["users"]),
        ("CREATE OR REPLACE VIEW names AS SELECT name FROM users;", ["names"]),
        ("ALTER TABLE users ADD COLUMN age int;", ["users"]),
        # A semicolon in a string is no end.
        ("CREATE TABLE a (b text DEFAULT ';', c int);", ["a"]),
        # What is no definition, or has no end.
        ("SELECT * FROM users;\nINSERT INTO users VALUES (1);", []),
        ("-- create table users\nCREATE TABLE users (id int", []),
    ],
)
def test_definitions_are_found(text: str, tables: list[str]) -> None:
    assert [each.table for each in definitions_in(text)] == tables


def test_files_are_read_in_order_and_what_undoes_is_left_out() -> None:
    view = MemoryView(
        "/p",
        {
            "db/001_users.up.sql": f"{USERS}\n",
            "db/001_users.down.sql": "ALTER TABLE users RENAME TO gone;\n",
            "db/002_age.sql": "ALTER TABLE users ADD COLUMN age int;\n",
            "query.sql": ORDERS,
            "notes.md": "CREATE TABLE notes (id int);\n",
        },
    )

    found = schema_of(Place(view, "query.sql"), "CREATE TABLE here (id int);\n")

    assert [each.table for each in found] == ["users", "users", "here"]


def test_what_the_words_speak_of_is_shown_first() -> None:
    found = [*definitions_in(f"{USERS}\n{ORDERS}\nCREATE TABLE logs (id int);\n")]

    text = shown(found, "the order of each user", 60, lambda text: len(text) // 2)

    assert text == f"{USERS}\n{ORDERS}"
    assert shown(found, "logs", 1000, len) == "\n".join(each.text for each in found)


@pytest.mark.parametrize(
    "schema",
    [
        f"{USERS}\nALTER TABLE users ADD COLUMN age int;",
        # What SQLite does not have is taken for what it defines.
        f"{USERS}\nALTER TABLE IF EXISTS users ADD COLUMN IF NOT EXISTS age int, ADD COLUMN b int;",
    ],
)
def test_columns_may_be_added_later(schema: str) -> None:
    assert validate_sql("SELECT age FROM users;", schema).errors == ()
    (error,) = validate_sql("\nSELECT aeg FROM users;", schema, 5).errors
    assert error.startswith("Line 6: there is no column `aeg`.")
