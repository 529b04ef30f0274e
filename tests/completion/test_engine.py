"""The engine: who is answered, when, with what, and what happens to the model meanwhile."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from fimls.completion.env import Question
from fimls.completion.values import Answer, Ask, Completion, Overtaken, Reason, SelectedItem, Skip
from fimls.documents.snapshot import Snapshot
from fimls.errors import ModelFailed
from fimls.models.protocol import Piece
from fimls.models.status import State, Status
from fimls.settings import CompletionSettings, Settings
from fimls.testing.scripted import Break, Pause

if TYPE_CHECKING:
    from tests.completion.conftest import Desk


def shown(answer: Answer) -> str | None:
    return answer.text if isinstance(answer, Completion) else None


def reason(answer: Answer) -> Reason | None:
    return answer.reason if isinstance(answer, Skip) else None


async def test_a_completion(desk: Desk) -> None:
    desk.script("a + b\n")

    answer = await desk.answer("def add(a, b):\n    return █\n")

    assert isinstance(answer, Completion)
    assert (answer.text, answer.start, answer.end) == ("a + b", 26, 26)


async def test_the_line_is_shown_when_it_ends_and_the_connection_is_closed_then(desk: Desk) -> None:
    desk.script("a ", "+ b\n", Pause(60), "never said")

    answer = await desk.answer("def add(a, b):\n    return █\n")
    await desk.clock.settle()

    assert shown(answer) == "a + b"
    assert desk.clock.now() < 1001
    assert desk.model.cancelled == 1


async def test_what_agrees_is_served_from_the_run(desk: Desk) -> None:
    desk.script("a + b\n")
    await desk.answer("def add(a, b):\n    return █\n")

    answer = await desk.answer("def add(a, b):\n    return a +█\n")

    assert shown(answer) == " b"
    assert len(desk.model.requests) == 1


async def test_a_served_run_is_not_debounced(desk: Desk) -> None:
    desk.script("a + b\n")
    await desk.answer("def add(a, b):\n    return █\n")
    before_s = desk.clock.now()

    await desk.answer("def add(a, b):\n    return a█\n")

    assert desk.clock.now() == before_s


@pytest.mark.parametrize(
    ("waited_s", "ends"),
    [
        # A slow model, and keys that come before the rest of the block.
        (0.0, "c = 1"),
        # The rest is there, of which most editors are told nothing.
        (5.0, "return d"),
    ],
)
async def test_a_block_of_which_the_begin_is_shown_stays_one_while_it_is_typed(
    desk: Desk, waited_s: float, ends: str
) -> None:
    desk.script("if b:\n        c = 1\n    ", Pause(2), "d = 2\n    return d\n")
    begin = shown(await desk.answer("def f(a, b):\n    █\n")) or ""
    assert begin == "if b:\n        c = 1"
    await desk.clock.advance(waited_s)

    for typed in ("i", "if b", "if b:", "if b:\n", "if b:\n        c"):
        left = shown(await desk.answer(f"def f(a, b):\n    {typed}█\n")) or ""
        assert left.startswith(begin.removeprefix(typed))
        assert (typed + left).endswith(ends)

    assert len(desk.model.requests) == 1


async def test_typing_along_joins_the_run_under_way(desk: Desk) -> None:
    gate = asyncio.Event()
    desk.script("a ", gate, "+ b\n")
    first = desk.ask("def add(a, b):\n    return █\n", explicit=True)
    await desk.clock.settle()

    second = desk.ask("def add(a, b):\n    return a█\n", explicit=True)
    await desk.clock.settle()
    assert (len(desk.model.requests), desk.model.open) == (1, 1)
    gate.set()

    assert isinstance(await first, Overtaken)
    assert shown(await second) == " + b"
    assert len(desk.model.requests) == 1


@pytest.mark.parametrize(
    ("now", "left_s"),
    [
        # Something else is typed: that may be a slip.
        ("def add(a, b):\n    return b█\n", 0.6),
        # It is followed by a change that is none.
        ("def add(a):\n    return █\n", 0.0),
    ],
)
async def test_typing_otherwise_ends_the_run(desk: Desk, now: str, left_s: float) -> None:
    desk.script("a ", Pause(60))
    first = desk.ask("def add(a, b):\n    return █\n", explicit=True)
    await desk.clock.settle()

    desk.open(now)
    await desk.clock.advance(left_s - 0.01)
    assert desk.model.open == (left_s > 0)
    await desk.clock.advance(0.02)

    assert isinstance(await first, Overtaken)
    assert (desk.model.cancelled, desk.model.open) == (1, 0)


async def test_a_run_that_turns_out_to_be_something_else_is_no_answer(desk: Desk) -> None:
    gate = asyncio.Event()
    desk.script(gate, "total = a + b\n")
    first = desk.ask("def add(a, b):\n    █\n", explicit=True)
    await desk.clock.settle()
    # Nothing has been said yet that it could disagree with.
    second = desk.ask("def add(a, b):\n    return █\n")
    await desk.clock.settle()
    desk.script("a + b\n")
    gate.set()
    await desk.clock.advance(1)

    assert isinstance(await first, Overtaken)
    assert shown(await second) == "a + b"


async def test_a_slip_ends_nothing(desk: Desk) -> None:
    desk.script("a ", Pause(0.5), "+ b\n")
    desk.ask("def add(a, b):\n    return █\n", explicit=True)
    await desk.clock.settle()
    for line in ("return q", "return qz", "return q", "return "):
        desk.open(f"def add(a, b):\n    {line}█\n")
        await desk.clock.advance(0.12)

    answer = await desk.answer("def add(a, b):\n    return █\n", explicit=True)

    assert shown(answer) == "a + b"
    assert len(desk.model.requests) == 1


async def test_who_asks_after_typing_otherwise_has_the_model_at_once(desk: Desk) -> None:
    desk.script("a ", Pause(60))
    desk.ask("def add(a, b):\n    return █\n", explicit=True)
    await desk.clock.settle()
    desk.open("def add(a, b):\n    return b█\n")
    desk.script(" - a\n")

    answer = await desk.answer("def add(a, b):\n    return b█\n")

    assert shown(answer) == " - a"
    assert desk.clock.now() < 1000.6


async def test_a_newer_question_of_another_document_takes_the_model(desk: Desk) -> None:
    desk.script("a ", Pause(60))
    first = desk.ask("x = █\n", explicit=True)
    await desk.clock.settle()
    desk.script("1\n")

    second = desk.ask("y = █\n", explicit=True, uri="file:///project/b.py")

    assert shown(await desk.clock.drive(second)) == "1"
    assert isinstance(await first, Overtaken)
    assert desk.model.max_open == 1


async def test_an_automatic_question_waits_for_the_next_key(desk: Desk) -> None:
    desk.script("1\n")
    desk.settings = Settings(completion=CompletionSettings(debounce_ms=100))
    await desk.completer.configure(desk.settings, frozenset())

    asked = desk.ask("x = █\n")
    await desk.clock.advance(0.05)
    assert desk.model.requests == []
    await desk.clock.advance(0.06)

    assert shown(await asked) == "1"


@pytest.mark.parametrize(
    ("pictures", "waits"),
    [
        # A new line: authors look up there.
        (("x = 1█\n", "x = 1\n    █\n"), False),
        # Its indentation is taken back, key by key.
        (("x = 1\n        █\n", "x = 1\n    █\n"), True),
        # Within a line the next key is near.
        (("x = 1\ny█\n", "x = 1\ny =█\n"), True),
    ],
)
async def test_between_keys_it_waits_but_where_authors_stop(
    desk: Desk, pictures: tuple[str, str], waits: bool
) -> None:
    desk.script("z = 2\n")
    before, after = pictures
    for _key in range(6):
        desk.open(before)
        await desk.clock.advance(0.12)

    asked = desk.ask(after)
    await desk.clock.advance(0.1)

    assert asked.done() is not waits
    await desk.clock.advance(0.1)
    assert asked.done()


async def test_at_the_end_of_what_was_said_the_model_is_asked_at_once(desk: Desk) -> None:
    desk.script("1\n")
    await desk.answer("x = █\n")
    for picture in ("x =█\n", "x = █\n") * 3:
        desk.open(picture)
        await desk.clock.advance(0.12)

    asked = desk.ask("x = 1█\n")
    await desk.clock.advance(0.01)

    assert asked.done()
    assert len(desk.model.requests) == 2


async def test_a_question_overtaken_while_it_waits_never_reaches_the_model(desk: Desk) -> None:
    desk.settings = Settings(completion=CompletionSettings(debounce_ms=100))
    await desk.completer.configure(desk.settings, frozenset())
    asked = desk.ask("x = █\n")
    await desk.clock.advance(0.05)

    desk.open("x = 1█\n")
    await desk.clock.settle()

    assert isinstance(await asked, Overtaken)
    assert desk.model.requests == []


async def test_a_question_taken_back_closes_the_connection_unless_another_takes_it_up(
    desk: Desk,
) -> None:
    desk.script("a ", Pause(60))
    asked = desk.ask("x = █\n", explicit=True)
    await desk.clock.settle()

    asked.cancel()
    await desk.clock.advance(0.1)
    assert desk.model.open == 1
    await desk.clock.advance(0.2)

    assert (desk.model.open, desk.model.cancelled) == (0, 1)


async def test_a_question_taken_back_and_asked_again_goes_on(desk: Desk) -> None:
    gate = asyncio.Event()
    desk.script("1 ", gate, "+ 2\n")
    first = desk.ask("x = █\n", explicit=True)
    await desk.clock.settle()
    first.cancel()
    second = desk.ask("x = 1█\n", explicit=True)
    await desk.clock.advance(1)
    gate.set()

    assert shown(await second) == " + 2"
    assert len(desk.model.requests) == 1


async def test_who_asks_by_a_key_gets_a_new_try_where_the_run_has_nothing(desk: Desk) -> None:
    desk.script("")
    await desk.answer("x = █\n", explicit=True)
    desk.script("1\n")

    assert reason(await desk.answer("x = █\n")) is Reason.EMPTY
    assert shown(await desk.answer("x = █\n", explicit=True)) == "1"
    assert len(desk.model.requests) == 2


async def test_who_types_on_gets_a_new_try_where_the_run_has_nothing(desk: Desk) -> None:
    # The author goes along with what does not fit, and no more than that is known.
    desk.script("1 )(\n")
    assert reason(await desk.answer("x = █\n")) is Reason.BREAKS_SYNTAX
    desk.script(" + 2\n")
    snap = desk.documents.at("file:///project/a.py")
    assert snap is not None

    again = await desk.clock.drive(desk.completer.complete(Ask(snap, snap.hole_at(4))))
    asked = len(desk.model.requests)

    assert reason(again) is Reason.BREAKS_SYNTAX
    assert shown(await desk.answer("x = 1█\n")) == " + 2"
    assert (asked, len(desk.model.requests)) == (1, 2)


async def test_after_the_shown_line_the_model_is_asked_for_the_next(desk: Desk) -> None:
    # The stream is closed at the end of the line, in the middle of the next one.
    desk.script("total = 0\n", "    for x", Pause(60))
    await desk.answer("def f(xs):\n    return █\n", explicit=True)
    desk.script("print(1)\n")

    answer = await desk.answer("def f(xs):\n    return total = 0\n    █\n", explicit=True)

    assert len(desk.model.requests) == 2
    assert shown(answer) == "print(1)"


async def test_closing_the_document_leaves_nothing(desk: Desk) -> None:
    desk.script("a ", Pause(60))
    asked = desk.ask("x = █\n", explicit=True)
    await desk.clock.settle()

    desk.documents.close("file:///project/a.py")
    desk.completer.closed("file:///project/a.py")
    await desk.clock.settle()

    assert isinstance(await asked, Overtaken)
    assert desk.model.open == 0


async def test_questions_are_held_while_the_model_loads(desk: Desk) -> None:
    desk.model.loading = [Pause(20)]
    desk.script("1\n")
    asked = desk.ask("x = █\n")
    await desk.clock.advance(19)
    assert not asked.done()
    await desk.clock.advance(2)

    assert shown(await asked) == "1"


async def test_a_question_overtaken_while_the_model_loads_is_answered_and_the_load_goes_on(
    desk: Desk,
) -> None:
    desk.model.loading = [Pause(20)]
    asked = desk.ask("x = █\n")
    await desk.clock.advance(5)

    desk.open("x = 1█\n")
    await desk.clock.settle()
    assert isinstance(await asked, Overtaken)

    await desk.clock.advance(16)
    assert (desk.model.warm_ups, desk.model.is_warm) == (1, True)


async def test_no_model(desk: Desk) -> None:
    desk.found = Status(State.OFFLINE, message="Ollama is not running", fix="start it")

    answer = await desk.answer("x = █\n")

    assert str(answer) == "no model can be reached (Ollama is not running)"


LATE = 16.0


@pytest.mark.parametrize(
    ("steps", "expected", "why"),
    [
        # It hangs without a word.
        ([Pause(LATE)], None, Reason.TIMED_OUT),
        # It hangs in the middle of a line: half a line is not shown.
        (["1 +", Pause(LATE)], None, Reason.TIMED_OUT),
        # It has nothing to say.
        ([""], None, Reason.EMPTY),
        # It fails before the first word.
        ([ModelFailed("out of memory")], None, Reason.MODEL_FAILED),
        # It fails half-way through the line.
        (["1 +", ModelFailed("out of memory")], None, Reason.MODEL_FAILED),
        # Its stream ends without saying that it is done, in the middle of a line.
        (["1 +", Break.OFF], None, Reason.MODEL_FAILED),
    ],
)
async def test_a_model_in_trouble(
    desk: Desk, steps: list[Any], expected: str | None, why: Reason | None
) -> None:
    desk.script(*steps)

    answer = await desk.answer("x = █\n", explicit=True)

    assert (shown(answer), reason(answer)) == (expected, why)


async def test_after_a_failure_the_next_question_is_asked_again(desk: Desk) -> None:
    desk.script(Break.OFF)
    await desk.answer("x = █\n", explicit=True)
    desk.script("1\n")

    assert shown(await desk.answer("x = █\n", explicit=True)) == "1"


@pytest.mark.parametrize(
    ("logprob", "explicit", "expected"),
    [
        # Sure enough to be shown unasked.
        (-0.2, False, "1 + 2"),
        # Each token is likely enough by itself, and the whole is not.
        (-1.6, False, None),
        # Who asks by a key sees it all the same.
        (-1.6, True, "1 + 2"),
    ],
)
async def test_a_small_model_is_shown_unasked_only_when_it_is_sure(
    desk: Desk, logprob: float, explicit: bool, expected: str | None
) -> None:
    desk.becomes(single_line=True)
    pieces = [Piece(text, logprobs=(logprob,)) for text in ("1", " +", " 2")]
    desk.script(*pieces, Piece("\n", logprobs=(-9.0,)))

    answer = await desk.answer("x = █\n", explicit=explicit)

    assert shown(answer) == expected


@pytest.mark.parametrize(
    ("explicit", "expected"),
    [
        # Nothing below would be reached any more: a model that knows only what stands above.
        (False, None),
        (True, "return b"),
    ],
)
async def test_what_does_not_lead_on_is_shown_to_who_asks_only(
    desk: Desk, explicit: bool, expected: str | None
) -> None:
    desk.becomes(single_line=True)
    desk.script(Piece("return b\n", logprobs=(-0.2,)))

    answer = await desk.answer("def f(b):\n    █\n    return b + 1\n", explicit=explicit)

    assert shown(answer) == expected


async def test_a_model_that_goes_on_from_something_else_is_not_shown(desk: Desk) -> None:
    desk.becomes(family=None)
    desk.script(" other = 1\n")

    answer = await desk.answer("x = (val█\n", explicit=True)

    assert reason(answer) is Reason.DISAGREES


async def test_the_selected_item_is_part_of_the_text(desk: Desk) -> None:
    desk.script("(1)\n")

    answer = await desk.answer("x.app█\n", explicit=True, selected=SelectedItem(2, 5, "append"))

    assert isinstance(answer, Completion)
    assert (answer.text, answer.start, answer.end) == ("append(1)", 2, 5)


async def test_whole_lines_that_fit_are_shown_before_the_block_is_there(desk: Desk) -> None:
    desk.script("total = 0\n    for x in xs:\n", Pause(1), "        total += x\n", "\nz = 1\n")

    asked = desk.ask("def f(xs):\n    █\n\nprint(f([]))\n")
    await desk.clock.advance(0.4)

    early = await asked
    assert isinstance(early, Completion)
    assert (early.text, early.more) == ("total = 0", True)
    await desk.clock.advance(1)
    assert desk.more == [("file:///project/a.py", 1)]


async def test_who_types_on_does_not_wait_anew_for_what_fits_already(desk: Desk) -> None:
    desk.script("if (x) {\n", Pause(9), "    g();\n  }\n")
    # It has begun to answer, and has said its first line.
    desk.ask("function f(x) {\n  █\n}\n", language="javascript")
    await desk.clock.advance(0.3)

    waited = []
    for typed in ("i", "if", "if "):
        asked = desk.ask(f"function f(x) {{\n  {typed}█\n}}\n", language="javascript")
        await desk.clock.advance(0.02)
        waited.append(asked.done())
        await desk.clock.advance(0.1)

    assert waited == [True, True, True]
    early = await asked
    assert isinstance(early, Completion)
    assert (early.text, early.more) == ("(x) {", True)


async def test_the_whole_block_is_shown_to_who_asks_by_a_key(desk: Desk) -> None:
    desk.script("total = 0\n    for x in xs:\n", Pause(1), "        total += x\n", "\nz = 1\n")

    answer = await desk.answer("def f(xs):\n    █\n\nprint(f([]))\n", explicit=True)

    assert shown(answer) == "total = 0\n    for x in xs:\n        total += x"


@pytest.mark.parametrize(
    ("picture", "uri", "language", "settings", "why"),
    [
        # Switched off altogether.
        ("x = █\n", "a.py", "python", Settings(enabled=False), Reason.DISABLED),
        # Switched off for the language.
        (
            "x = █\n",
            "a.py",
            "python",
            Settings(disabled_languages=("python",)),
            Reason.LANGUAGE_DISABLED,
        ),
        # Prose.
        ("Hello █\n", "a.md", "markdown", Settings(), Reason.PROSE),
        # A secret file, wherever it is, and whatever language it has.
        ("KEY=█\n", ".env", "plaintext", Settings(), Reason.SECRET_FILE),
        ("x█\n", ".aws/credentials", "ini", Settings(), Reason.SECRET_FILE),
        # A secret on the cursor's line.
        ('password = "hunter2hunter2"█\n', "a.py", "python", Settings(), Reason.SECRET_LINE),
        # Inside a key that began far above.
        ("-----BEGIN PRIVATE KEY-----\nabc█\n", "a.txt", "python", Settings(), Reason.SECRET_LINE),
        # Not text.
        ("a\0b█\n", "a.py", "python", Settings(), Reason.NOT_TEXT),
        # Too large.
        ("x" * 2_100_000 + "█", "a.py", "python", Settings(), Reason.TOO_LARGE),
    ],
)
async def test_what_is_never_completed(
    desk: Desk, picture: str, uri: str, language: str, settings: Settings, why: Reason
) -> None:
    await desk.completer.configure(settings, frozenset())

    answer = await desk.answer(
        picture, explicit=True, uri=f"file:///project/{uri}", language=language
    )

    assert reason(answer) is why
    assert desk.model.requests == []


async def test_prose_is_completed_where_the_user_enables_it(desk: Desk) -> None:
    settings = Settings(enabled_languages=("markdown",))
    await desk.completer.configure(settings, frozenset())
    desk.script("world\n")

    answer = await desk.answer("Hello █\n", uri="file:///project/a.md", language="markdown")

    assert shown(answer) == "world"


async def test_the_trace_tells_how_it_came_about(desk: Desk) -> None:
    desk.script("a + b\n")
    await desk.answer("def add(a, b):\n    return █\n")

    trace = desk.completer.last("file:///project/a.py")

    assert trace is not None
    assert (trace.backend, trace.model, trace.raw) == ("ollama", "scripted", "a + b\n")
    assert {"refuse", "model", "shape", "prompt", "listen"} <= set(trace.stages_ms)


async def test_other_settings_drop_the_runs(desk: Desk) -> None:
    from fimls.settings import Effect

    desk.script("1\n")
    await desk.answer("x = █\n", explicit=True)
    completion = CompletionSettings(max_tokens=64, speculate="off")
    changed = replace(desk.settings, completion=completion)
    await desk.completer.configure(changed, frozenset({Effect.DROP_RUNS}))

    await desk.answer("x = █\n", explicit=True)

    assert len(desk.model.requests) == 2


async def test_what_was_asked_goes_with_its_answer(desk: Desk) -> None:
    """Not as garbage: it has a text and a tree, and freeing many of these at once takes 40 ms."""
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        for line in ("return ", "x = ", "y = "):
            desk.script(Pause(0.1), "a + b\n")
            await desk.answer(f"def add(a, b):\n    {line}█\n")
            await desk.clock.advance(1)
        gc.collect()
        left = [each for each in gc.garbage if isinstance(each, Question | Snapshot)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()

    assert left == []
