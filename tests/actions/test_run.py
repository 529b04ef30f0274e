"""Actions from a request to what comes of it: asked, checked, repaired, refused."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fimls.actions.request import Edits, Explanation, Name, Refusal, Why
from fimls.actions.run import run
from fimls.actions.watching import Watcher
from fimls.errors import ModelFailed
from fimls.models.families import FAMILIES
from fimls.models.protocol import Capabilities, Generation
from fimls.models.status import Command, State, Status
from fimls.settings import Settings
from fimls.testing.scripted import Pause
from fimls.text.edits import apply
from tests.actions.acting import BASE, CHAT, Scripted, Stage, model_that, request_for
from tests.actions.pictures import drawn

if TYPE_CHECKING:
    from pathlib import Path

    from fimls.actions.request import Result

COMMENT = "def total(prices):\n    # the sum as JSON█\n\n\nx = 1\n"
GOOD = "Sure:\n```python\nreturn json.dumps(sum(prices))\n```\n"
BAD = "```python\nreturn json.dumps(sum(prices)\n```\n"

NOBODY = Status(
    State.OFFLINE,
    message="nothing follows instructions here",
    fix="run `ollama pull codellama:7b-instruct`",
    command=Command("Pull it", "fimls.pull", ("codellama:7b-instruct",)),
)


def said_to(model: Scripted, at: int = -1) -> str:
    """All that the model was told in one of its requests."""
    request = model.requests[at]
    if isinstance(request, Generation):
        return request.prompt
    return "\n\n".join(message.content for message in request.messages)


def refused(result: Result) -> Refusal:
    assert isinstance(result, Refusal), result
    return result


def edited(result: Result) -> Edits:
    assert isinstance(result, Edits), result
    return result


async def test_a_comment_becomes_code_with_its_imports() -> None:
    stage = Stage(model_that(GOOD))
    request = request_for(COMMENT, Name.GENERATE)

    found = edited(await stage.run(request))

    assert drawn(request.snap.text, found.edits) == (
        "├import json\n\n\n┤def total(prices):\n    # the sum as JSON"
        "├\n    return json.dumps(sum(prices))┤\n\n\nx = 1\n"
    )
    assert found.message == "Parses as Python; 1 name imported: json."
    assert (found.attempts, found.model) == (1, "scripted")
    assert stage.words[:2] == ["Looking for a model", "Waiting for the model"]
    # The code alone is told, as it comes.
    assert stage.texts[-1] == "return json.dumps(sum(prices))"


async def test_an_error_is_shown_to_the_model_which_repairs_it() -> None:
    model = model_that(lambda prompt: GOOD if "cannot be used" in prompt else BAD)
    stage = Stage(model)

    found = edited(await stage.run(request_for(COMMENT, Name.GENERATE)))

    assert found.attempts == 2
    assert "Repairing (1 of 2)" in stage.words
    again = model.requests[1].messages
    assert [message.role for message in again] == ["system", "user", "assistant", "user"]
    assert again[2].content == BAD
    assert "- Line 6: '(' was never closed" in again[3].content


async def test_what_stays_broken_is_refused_after_the_second_repair() -> None:
    model = model_that(BAD)

    found = refused(await Stage(model).run(request_for(COMMENT, Name.GENERATE)))

    assert found.why is Why.ANSWER
    assert "scripted was asked 3 times" in found.message
    assert "'(' was never closed" in found.message
    assert "Nothing was changed" in str(found)
    assert len(model.requests) == 3
    # The first two are as likely as can be; the third is not once more the same.
    assert [request.temperature > 0 for request in model.requests] == [False, False, True]


@pytest.mark.parametrize(
    ("picture", "name", "language", "words"),
    [
        # Nothing to explain, to change, or to follow.
        ("├  \n┤x = 1\n", Name.EXPLAIN, "python", "nothing is selected"),
        ("x = 1\n█\n", Name.EXPLAIN, "python", "nothing is selected"),
        ("█", Name.EXPLAIN, "python", "nothing is selected"),
        ("├\n\n┤", Name.EDIT, "python", "nothing is selected"),
        ("x█ = 1\n", Name.GENERATE, "python", "no comment here"),
        # Marks alone say nothing.
        ("# ---█\n", Name.GENERATE, "python", "no comment here"),
        ("├x = 1┤\n", Name.EDIT, "python", "nothing says how"),
        ("├x = 1┤\n", Name.FIX, "python", "nothing is known to be wrong"),
        # What is no text is not shown to anybody.
        ("├a\0b┤\n", Name.EXPLAIN, "plaintext", "not text"),
        ("├\x7fELF\x02\x01\x01\x03┤\n", Name.EXPLAIN, "plaintext", "not text"),
        # A secret that would be lost.
        ('├password = "hunter22hunter22"┤\n', Name.EDIT, "python", "secret"),
    ],
)
async def test_bad_input_is_told_and_asks_no_model(
    picture: str, name: Name, language: str, words: str
) -> None:
    model = model_that(GOOD)
    request = request_for(picture, name, language)
    if "secret" in words:
        request = replace(request, instruction="change it")

    found = refused(await Stage(model).run(request))

    assert found.why is Why.INPUT
    assert words in found.message
    assert found.fix
    assert model.requests == []


@pytest.mark.parametrize("name", list(Name))
async def test_a_secret_file_has_no_actions(name: Name) -> None:
    model = model_that(GOOD)
    request = request_for("├# KEY=1┤\n", name, "shellscript", uri="file:///project/.env")

    found = refused(await Stage(model).run(request))

    assert "`.env` holds secrets" in found.message
    assert model.requests == []


@pytest.mark.parametrize(
    ("settings", "words", "command"),
    [
        (Settings(enabled=False), "fimls is switched off", "fimls.toggle"),
        (Settings(disabled_languages=("python",)), "Python is switched off", None),
    ],
)
async def test_what_is_switched_off_stays_so(
    settings: Settings, words: str, command: str | None
) -> None:
    found = refused(
        await Stage(model_that(GOOD), settings=settings).run(request_for(COMMENT, Name.GENERATE))
    )

    assert found.message == words
    assert (found.command.command if found.command else None) == command


async def test_without_a_model_that_fits_the_reason_and_the_fix_are_told() -> None:
    model = model_that(GOOD, BASE)

    found = refused(
        await Stage(NOBODY, completion=model).run(request_for("├x = 1┤\n", Name.EXPLAIN))
    )

    assert (found.why, found.message, found.fix) == (Why.NO_MODEL, NOBODY.message, NOBODY.fix)
    assert found.command == NOBODY.command
    assert model.requests == []


async def test_a_comment_is_completed_where_nothing_follows_instructions() -> None:
    says = "    return json.dumps(sum(prices))\n\n\ndef other():\n    pass\n"
    model = model_that(says, BASE)
    request = request_for(COMMENT, Name.GENERATE)

    found = edited(await Stage(NOBODY, completion=model).run(request))

    assert apply(request.snap.text, found.edits) == (
        "import json\n\n\ndef total(prices):\n    # the sum as JSON\n"
        "    return json.dumps(sum(prices))\n\n\nx = 1\n"
    )
    assert said_to(model) == "def total(prices):\n    # the sum as JSON\n"


async def test_a_model_that_fills_in_is_shown_what_follows() -> None:
    family = FAMILIES["codellama"]
    model = model_that("    return sum(prices)\n", Capabilities(family, 4096))

    await Stage(NOBODY, completion=model).run(request_for(COMMENT, Name.GENERATE))

    prompt = said_to(model)
    assert prompt.startswith("<PRE> def total(prices):\n    # the sum as JSON\n <SUF>")
    assert "x = 1" in prompt
    assert model.requests[0].stop == family.stops


async def test_a_function_that_has_been_begun_is_gone_on_with() -> None:
    model = model_that("\n    return sum(prices)\n\n\nprint(total([]))\n", BASE)
    request = request_for("# the sum█\ndef total(prices):\n", Name.GENERATE)

    found = edited(await Stage(NOBODY, completion=model).run(request))

    assert apply(request.snap.text, found.edits) == (
        "# the sum\ndef total(prices):\n    return sum(prices)\n"
    )


async def test_a_query_is_checked_by_the_tables_of_the_repository() -> None:
    def answers(prompt: str) -> str:
        right = "SELECT name FROM users WHERE age > 30;"
        return (
            f"```sql\n{right if 'no column `nam`' in prompt else right.replace('name', 'nam')}\n```"
        )

    model = model_that(answers)
    files = {"db/001.sql": "create table users (\n  id int,\n  name text,\n  age int\n);\n"}
    request = request_for("-- names of users older than 30█\n", Name.GENERATE, "sql")

    found = edited(await Stage(model, files=files).run(request))

    assert found.attempts == 2
    assert "create table users (" in said_to(model, 0)
    assert found.message == "Parses as SQL; its tables and columns are there."
    assert apply(request.snap.text, found.edits).endswith(
        "SELECT name FROM users WHERE age > 30;\n"
    )


async def test_an_explanation_streams_and_knows_what_is_called() -> None:
    pieces = ["## What it is for\n", "It adds", " up.\n"]
    model = model_that([step for piece in pieces for step in (piece, Pause(0), Pause(0))])
    files = {"prices.py": 'def price_of(item, currency="EUR"):\n    """The price."""\n'}
    stage = Stage(model, files=files)
    picture = "def half(x):\n    return x / 2\n\n\n├y = half(price_of(z))┤\n"

    found = await stage.run(request_for(picture, Name.EXPLAIN))

    assert found == Explanation("## What it is for\nIt adds up.\n", "scripted")
    assert [*dict.fromkeys(stage.texts)] == [
        "## What it is for\n",
        "## What it is for\nIt adds",
        "## What it is for\nIt adds up.\n",
    ]
    asked = said_to(model)
    assert "def half(x)" in asked
    assert 'def price_of(item, currency="EUR")    (prices.py: The price.)' in asked
    assert "y = half(price_of(z))" in asked


async def test_a_cursor_explains_the_function_that_it_is_in() -> None:
    model = model_that("It adds.")
    picture = (
        "class A:\n    def add(self, b):\n        return self.a█ + b\n\n    def other(self): ...\n"
    )

    await Stage(model).run(request_for(picture, Name.EXPLAIN))

    assert "    def add(self, b):\n        return self.a + b\n```" in said_to(model)
    assert "It stands in:\n```\nclass A\n```" in said_to(model)
    assert "other" not in said_to(model)


async def test_thoughts_and_roles_are_not_part_of_an_explanation() -> None:
    says = "<think>\nhm\n</think>\nAs an AI language model, I cannot run it. It lists files.\n"
    stage = Stage(model_that([says[:20], says[20:]]))

    found = await stage.run(request_for("├ls -l┤\n", Name.EXPLAIN, "shellscript"))

    assert found == Explanation("It lists files.\n", "scripted")
    assert stage.texts == ["It lists files.\n"]


async def test_an_explanation_that_goes_round_is_ended() -> None:
    line = "It returns a list of the items in it.\n"
    model = model_that([step for _ in range(40) for step in (line, Pause(0), Pause(0))])
    stage = Stage(model)

    found = await stage.run(request_for("├x = 1┤\n", Name.EXPLAIN))

    assert model.cancelled == 1
    assert all(text.count(line.strip()) < 4 for text in stage.texts)
    assert isinstance(found, Explanation)
    assert found.markdown.count(line.strip()) == 1
    assert found.markdown.endswith("*(The model began to repeat itself here.)*\n")


async def test_a_base_model_that_was_named_explains_by_going_on() -> None:
    model = model_that(" adds up.\n", BASE)

    found = await Stage(model).run(request_for("├x = 1┤\n", Name.EXPLAIN))

    assert found == Explanation("## What it is for\n\nThis code adds up.\n", "scripted")
    assert isinstance(model.requests[0], Generation)


LONG = "".join(
    f"def part_{number}(value):\n" + "    value += 1\n" * 60 + "    return value\n\n\n"
    for number in range(12)
)


async def test_a_long_selection_is_read_by_its_scopes_first() -> None:
    def answers(prompt: str) -> str:
        return "It counts. Up." if "What does this part do?" in prompt else "All of it counts."

    model = model_that(answers, replace(CHAT, context_tokens=2048))
    stage = Stage(model)

    found = await stage.run(request_for(f"├{LONG}┤", Name.EXPLAIN))

    assert found == Explanation("All of it counts.\n", "scripted")
    *parts, whole = (said_to(model, at) for at in range(len(model.requests)))
    assert 1 < len(parts) < 12
    assert all("def part_" in part for part in parts)
    assert f"Reading part 1 of {len(parts)}" in stage.words
    assert "- lines 1 to " in whole
    assert "`part_11`: It counts. Up." in whole


async def test_what_no_context_holds_is_refused_with_its_size() -> None:
    model = model_that("It counts.", replace(CHAT, context_tokens=1024))

    found = refused(await Stage(model).run(request_for(f"├{LONG * 20}┤", Name.EXPLAIN)))

    assert found.why is Why.INPUT
    assert "15,360 lines, about" in found.message
    assert "has room for" in found.message
    assert "`contextLength`" in str(found)
    assert model.requests == []


async def test_a_long_function_that_is_to_be_changed_is_refused_with_its_size() -> None:
    model = model_that(GOOD, replace(CHAT, context_tokens=1024))
    request = request_for(f"├{LONG}┤", Name.EDIT, instruction="shorten it")

    found = refused(await Stage(model).run(request))

    assert "768 lines, about" in found.message
    assert model.requests == []


async def test_an_edit_keeps_to_the_selection() -> None:
    model = model_that("```python\ny = math.pi\n```")
    request = request_for("x = 1\n├y = 2┤\nz = 3\n", Name.EDIT, instruction="use pi")

    found = edited(await Stage(model).run(request))

    assert apply(request.snap.text, found.edits) == "import math\n\nx = 1\ny = math.pi\nz = 3\n"
    assert "Change it like this:\nuse pi" in said_to(model)


@pytest.mark.parametrize("place", ["├print(nam)┤", "print(n█am)"])
async def test_a_fix_is_for_the_lines_found_fault_with(place: str) -> None:
    model = model_that("```python\nprint(name)\n```")
    picture = f"name = 1\nif name:\n    {place}\n"
    request = request_for(picture, Name.FIX, diagnostic="undefined name 'nam'")

    found = edited(await Stage(model).run(request))

    assert apply(request.snap.text, found.edits) == "name = 1\nif name:\n    print(name)\n"
    assert "- `print(nam)`: undefined name 'nam'" in said_to(model)


async def test_secrets_are_in_no_prompt() -> None:
    model = model_that(GOOD)
    picture = 'api_key = "sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"\n' + COMMENT

    await Stage(model).run(request_for(picture, Name.GENERATE))

    assert "sk-aaaa" not in said_to(model)
    assert "<redacted>" in said_to(model)


async def test_an_answer_with_the_mask_of_a_secret_is_refused() -> None:
    model = model_that('```python\nreturn "<redacted>"\n```')

    found = refused(await Stage(model).run(request_for(COMMENT, Name.GENERATE)))

    assert "<redacted>" in found.message
    assert len(model.requests) == 1


async def test_a_model_that_fails_is_told_with_its_fix() -> None:
    model = model_that([ModelFailed("out of memory")])

    found = refused(await Stage(model).run(request_for(COMMENT, Name.GENERATE)))

    assert found.why is Why.MODEL
    assert "out of memory" in found.message
    assert found.fix


async def test_a_prompt_of_the_users_is_used_and_its_faults_are_told(tmp_path: Path) -> None:
    (tmp_path / "generate.txt").write_text("[user]\nMine: {{instruction}}", "utf-8")
    model = model_that(GOOD)
    stage = Stage(model, prompts=tmp_path)

    await stage.run(request_for(COMMENT, Name.GENERATE))
    assert said_to(model) == "Mine: the sum as JSON"

    (tmp_path / "generate.txt").write_text("[user]\n{{nothing}}", "utf-8")
    found = refused(await stage.run(request_for(COMMENT, Name.GENERATE)))
    assert "{{nothing}}" in found.message
    assert found.why is Why.INPUT
    assert len(model.requests) == 1


async def test_cancelling_closes_the_connection_first() -> None:
    closing = asyncio.Event()
    model = model_that(["```python\nx = 1\n", asyncio.Event(), "return x\n"])
    model.closing = [closing]
    heard = asyncio.Event()
    watcher = Watcher(on_text=lambda _text: heard.set())
    request = request_for(COMMENT, Name.GENERATE)
    running = asyncio.ensure_future(run(request, Stage(model).env(), watcher))
    await heard.wait()

    running.cancel()
    for _ in range(10):
        await asyncio.sleep(0)
    assert not running.done()
    closing.set()

    with pytest.raises(asyncio.CancelledError):
        await running
    assert model.open == 0


async def test_a_silent_model_is_waited_for() -> None:
    stage = Stage(model_that([Pause(0), GOOD]))

    assert isinstance(await stage.run(request_for(COMMENT, Name.GENERATE)), Edits)
