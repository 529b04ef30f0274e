"""What prompts show of the repository: made on entering, kept while typing, renewed in a pause."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fimls.completion.maps import Maps, budget_for
from fimls.completion.prompt import room_beside
from fimls.completion.reading import Reading
from fimls.completion.values import Ask, Reason, Skip
from fimls.context.place import Place
from fimls.documents.snapshot import Snapshot
from fimls.errors import PromptTooLong
from fimls.evaluation.context_view import MemoryView
from fimls.models.families import FAMILIES
from fimls.settings import CompletionSettings, ContextSettings, Settings
from fimls.testing.clock import VirtualClock
from fimls.testing.scripted import Pause
from fimls.text.languages import language_of
from tests.completion.conftest import CODE_LLAMA, NOT_AHEAD, URI

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fimls.completion.maps import Around
    from fimls.models.protocol import Capabilities
    from fimls.repository.facts import Definition
    from tests.completion.conftest import Desk

ORDERS = "def open_order(name: str): ...\n\n\ndef close_order(name: str): ...\n"
WALLS = "def paint_wall(color: str): ...\n\n\ndef clean_wall(color: str): ...\n"
FILES = {"orders.py": ORDERS, "walls.py": WALLS}

AT_ORDERS = "from orders import open_order, close_order\n\n\ndef f():\n    open_order(█\n"
BELOW = AT_ORDERS.replace("█", "1)\n    █")
# Its author is about to go on in the line that is indented.
BEGUN = AT_ORDERS.replace("open_order(█", "█")
SHOWN = "# def open_order(name: str)\n"
CHANGED = "# def open_order(name: bytes)\n"

OTHER = "file:///project/b.py"


def place(path: str, files: dict[str, str] | None = None, version: int = 1) -> Place:
    view = MemoryView("/project", files or FILES)
    view.version = version
    return Place(view, path)


def lies(desk: Desk, files: dict[str, str] | None = None, version: int = 1) -> None:
    """The documents lie in a folder with these files."""
    desk.places[URI] = place("a.py", files, version)
    desk.places[OTHER] = place("b.py", files, version)


def changes(desk: Desk) -> None:
    """A signature has become another one."""
    lies(
        desk,
        {**FILES, "orders.py": ORDERS.replace("open_order(name: str", "open_order(name: bytes")},
        2,
    )


async def prompt_for(desk: Desk, picture: str, uri: str = URI, *, explicit: bool = True) -> str:
    """The prompt that a question gives."""
    asked = len(desk.model.prompts)
    desk.script("x\n")
    await desk.answer(picture, uri=uri, explicit=explicit)
    return desk.model.prompts[asked]


async def test_the_first_question_has_it(desk: Desk) -> None:
    lies(desk)
    prompt = await prompt_for(desk, AT_ORDERS)
    assert prompt.startswith("<PRE> # orders.py\n")
    assert f"{SHOWN}# def close_order(name: str)\n# a.py\nfrom orders import" in prompt


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("qwen2.5-coder", "<|repo_name|>project\n<|file_sep|>orders.py\ndef open_order("),
        ("starcoder2", "<repo_name>project<file_sep>orders.py\ndef open_order("),
        # It has the suffix first everywhere, and the other files in the prefix after that.
        ("codestral", "[SUFFIX]\n[PREFIX]+++++ orders.py\ndef open_order("),
    ],
)
async def test_it_stands_where_the_family_has_it(desk: Desk, name: str, head: str) -> None:
    lies(
        desk, {"orders.py": "def open_order(name: str): ...\n\n\ndef close_order(name: str): ...\n"}
    )
    desk.becomes(family=FAMILIES[name])
    prompt = await prompt_for(desk, AT_ORDERS)
    assert prompt.startswith(head)


async def test_a_model_without_a_family_has_it_above_the_prefix(desk: Desk) -> None:
    lies(desk)
    desk.becomes(family=None, file_marker="<file_sep>")
    prompt = await prompt_for(desk, AT_ORDERS)
    assert prompt.startswith("<file_sep>orders.py\ndef open_order(name: str)\n")
    assert "<file_sep>a.py\nfrom orders import" in prompt


@pytest.mark.parametrize(
    ("settings", "known"),
    [
        # The user wants none.
        (ContextSettings(repo_map=False), CODE_LLAMA),
        (ContextSettings(repo_map_tokens=0), CODE_LLAMA),
        # A small model is at its best without.
        (ContextSettings(), replace(CODE_LLAMA, single_line=True)),
        # What stands around the hole comes first.
        (ContextSettings(), replace(CODE_LLAMA, context_tokens=1024)),
    ],
)
async def test_where_there_is_none(
    desk: Desk, settings: ContextSettings, known: Capabilities
) -> None:
    lies(desk)
    desk.model.capabilities = known
    await desk.completer.configure(replace(NOT_AHEAD, context=settings), frozenset())
    assert "name: str" not in await prompt_for(desk, AT_ORDERS)


async def test_nothing_is_known_yet_and_then_it_is(desk: Desk) -> None:
    assert "name: str" not in await prompt_for(desk, AT_ORDERS)
    lies(desk)
    # Between two keys nothing appears.
    assert "name: str" not in await prompt_for(desk, AT_ORDERS.replace("█", "1█"))
    desk.completer.known_anew()
    await desk.clock.advance(0.31)
    assert SHOWN in await prompt_for(desk, AT_ORDERS.replace("█", "12█"))


async def test_it_stays_while_the_line_is_typed(desk: Desk) -> None:
    lies(desk)
    await prompt_for(desk, AT_ORDERS)
    changes(desk)
    for typed in ("a", "ab", "abc"):
        desk.completer.known_anew()
        prompt = await prompt_for(desk, AT_ORDERS.replace("█", f"{typed}█"))
        await desk.clock.advance(1)
        assert SHOWN in prompt
    # On the next one the author pauses, and then it is another one.
    assert SHOWN in await prompt_for(desk, BELOW)
    await desk.clock.advance(0.31)
    assert CHANGED in await prompt_for(desk, BELOW.replace("█", "y█"))


async def test_it_follows_where_nothing_has_been_typed(desk: Desk) -> None:
    lies(desk)
    await prompt_for(desk, AT_ORDERS)
    await desk.clock.advance(1)
    changes(desk)
    desk.completer.known_anew()
    await desk.clock.advance(0.31)
    assert CHANGED in await prompt_for(desk, AT_ORDERS.replace("█", "1█"))


async def test_it_is_looked_at_anew_when_the_author_comes_back(desk: Desk) -> None:
    lies(desk)
    await prompt_for(desk, AT_ORDERS)
    await prompt_for(desk, AT_ORDERS.replace("█", "a█"))
    desk.open("x = 1█\n", OTHER)
    desk.open("x = 2█\n", OTHER)
    changes(desk)
    assert CHANGED in await prompt_for(desk, AT_ORDERS.replace("█", "ab█"))


async def opened(desk: Desk, picture: str) -> list[str]:
    """The prompts of what is asked by itself where a document is opened."""
    completion = CompletionSettings(speculate="on")
    await desk.completer.configure(Settings(completion=completion), frozenset())
    desk.script("1)\n")
    desk.open(picture, URI)
    snap = desk.documents.at(URI)
    assert snap is not None
    desk.completer.opened(snap)
    await desk.clock.advance(1)
    return desk.model.prompts


async def test_what_is_asked_when_a_document_is_opened_has_it(desk: Desk) -> None:
    lies(desk)
    [prompt] = await opened(desk, BEGUN)
    assert SHOWN in prompt


async def test_a_document_is_looked_at_when_it_is_opened(desk: Desk) -> None:
    # So that the first question finds in memory what its map looks at.
    looked: list[str] = []

    class Noting(MemoryView):
        def defining(self, name: str) -> tuple[Definition, ...]:
            looked.append(name)
            return super().defining(name)

    desk.places[URI] = Place(Noting("/project", FILES), "a.py")
    assert await opened(desk, AT_ORDERS) == []
    assert "open_order" in looked
    # Nobody knows yet where it will be asked for, and prompts show that of the place itself.
    assert desk.completer._env.maps.kept(URI, CODE_LLAMA, Settings()) is None
    assert SHOWN in await prompt_for(desk, AT_ORDERS)


async def test_a_document_that_is_closed_while_the_model_loads_has_none(desk: Desk) -> None:
    lies(desk)
    desk.model.loading = [Pause(5)]
    await opened(desk, BEGUN)
    desk.documents.close(URI)
    desk.completer.closed(URI)
    await desk.clock.advance(10)
    assert desk.model.is_warm
    assert desk.completer._env.maps.kept(URI, CODE_LLAMA, Settings()) is None


async def test_what_only_repeats_it_is_not_shown(desk: Desk) -> None:
    lies(desk)
    desk.script("# orders.py\n# def open_order(name: str)\n")
    picture = AT_ORDERS.replace("open_order(█", "open_order(1)\n    █")
    answer = await desk.answer(picture, explicit=True)
    assert isinstance(answer, Skip)
    assert answer.reason is Reason.ECHO


async def test_each_file_has_its_own(desk: Desk) -> None:
    lies(desk)
    first = await prompt_for(desk, AT_ORDERS)
    at_walls = "from walls import paint_wall\n\npaint_wall(█\n"
    assert "# def paint_wall(color: str)\n" in await prompt_for(desk, at_walls, OTHER)
    again = await prompt_for(desk, AT_ORDERS.replace("█", "1█"))
    assert again.partition("# a.py\n")[0] == first.partition("# a.py\n")[0]


async def test_closing_a_document_frees_its_map(desk: Desk) -> None:
    lies(desk)
    await prompt_for(desk, AT_ORDERS)
    desk.completer.closed(URI)
    desk.places.clear()
    assert "name: str" not in await prompt_for(desk, AT_ORDERS)


async def test_a_half_prompt_has_none(desk: Desk) -> None:
    # What a model refuses as too long is asked for again without other files.
    lies(desk)
    answers = [[PromptTooLong("too long")], "x\n"]
    desk.model.answer = lambda _prompt: answers.pop(0)
    await desk.answer(AT_ORDERS, explicit=True)
    first, second = desk.model.prompts
    assert SHOWN in first
    assert SHOWN not in second


async def test_what_is_too_long_for_the_index_is_too_long_for_a_map() -> None:
    maps = Maps(lambda _uri: pytest.fail("nobody looks"), VirtualClock())

    snap = Snapshot(URI, 1, language_of("python"), "a.py", "x = 1\n" * 100_000)
    assert await maps.entered(Ask(snap, snap.hole_at(5)), CODE_LLAMA, Settings()) is None


@pytest.mark.parametrize(
    ("explicit", "patience_s"),
    [
        # Nobody who types waits longer than that …
        (False, 0.03),
        # … and who asks by a key waits for the model anyway.
        (True, 0.2),
    ],
)
async def test_nobody_waits_long_for_it(explicit: bool, patience_s: float) -> None:
    # It is there the next time.
    clock = VirtualClock()
    made = asyncio.Event()

    async def apart(work: Callable[[], Around]) -> Around:
        await made.wait()
        return work()

    maps = Maps(lambda _uri: place("a.py"), clock, apart)
    snap = Snapshot(URI, 1, language_of("python"), "a.py", AT_ORDERS.replace("█", ""))
    ask = Ask(snap, snap.hole_at(AT_ORDERS.index("█")), explicit=explicit)
    asked = asyncio.ensure_future(maps.entered(ask, CODE_LLAMA, Settings()))
    await clock.advance(patience_s - 0.01)
    assert not asked.done()
    await clock.advance(0.02)
    assert await asked is None
    made.set()
    await clock.settle()
    assert await maps.entered(ask, CODE_LLAMA, Settings()) is not None


async def test_what_is_made_of_a_document_that_is_closed_is_dropped() -> None:
    clock = VirtualClock()
    made = asyncio.Event()

    async def apart(work: Callable[[], Around]) -> Around:
        await made.wait()
        return work()

    maps = Maps(lambda _uri: place("a.py"), clock, apart)
    snap = Snapshot(URI, 1, language_of("python"), "a.py", AT_ORDERS.replace("█", ""))
    asked = asyncio.ensure_future(maps.entered(Ask(snap, snap.hole_at(20)), CODE_LLAMA, Settings()))
    await clock.advance(1)
    maps.drop(URI)
    made.set()
    await clock.settle()
    assert await asked is None
    assert maps.kept(URI, CODE_LLAMA, Settings()) is None


async def test_a_fault_of_the_repository_is_no_fault_of_a_completion(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    lies(desk)
    desk.places[URI] = Place(None, "a.py")  # type: ignore[arg-type]
    assert (await prompt_for(desk, AT_ORDERS)).startswith("<PRE> from orders")
    assert "the map of a.py" in caplog.text


# --- what it costs to read ------------------------------------------------------------------


def typing(count: int) -> Sequence[str]:
    """A file of some length, in whose midst lines are typed, key by key."""
    above = AT_ORDERS.partition("    open")[0] + "".join(
        f"    value_{number} = other_{number} + 1\n" for number in range(60)
    )
    below = "".join(f"    more_{number} = value_{number}\n" for number in range(60))
    lines = [f"    total_{number} = value_{number} * 2\n" for number in range(count)]
    pictures = []
    for number, line in enumerate(lines):
        done = above + "".join(lines[:number])
        pictures += [f"{done}{line[:at]}█\n{below}" for at in range(4, len(line), 4)]
    return pictures


async def reread(desk: Desk, pictures: Sequence[str]) -> list[int]:
    """The characters that the server has to read anew for each of these questions."""
    chars = []
    for picture in pictures:
        # What was said before disagrees with what is typed, so that each is asked for.
        desk.script("@")
        await desk.answer(picture, explicit=True)
        trace = desk.completer.last(URI)
        assert trace is not None
        assert trace.attempt is not None
        assert trace.attempt.reading is not None
        chars.append(trace.attempt.reading.reread)
        await desk.clock.advance(0.4)
    return chars


@pytest.mark.parametrize("saves_prompts", [False, True])
async def test_while_typing_no_more_is_read_than_without(desk: Desk, saves_prompts: bool) -> None:
    pictures = typing(6)
    desk.becomes(saves_prompts=saves_prompts)
    without = await reread(desk, pictures)
    desk.completer.closed(URI)
    desk.documents.close(URI)
    # Another server, which has read nothing.
    desk.completer._env.reading = Reading()
    lies(desk)
    shown = await reread(desk, pictures)
    # The first prompt is read as a whole, with the map in it; from then on it makes no difference.
    assert shown[0] > without[0]
    assert sum(shown[1:]) <= sum(without[1:]) * 1.02


async def test_what_has_changed_is_read_in_the_pause(desk: Desk) -> None:
    completion = CompletionSettings(speculate="on")
    await desk.completer.configure(Settings(completion=completion), frozenset())
    lies(desk)
    *_, picture = typing(1)
    await prompt_for(desk, picture)
    await desk.clock.advance(1)
    changes(desk)
    desk.completer.known_anew()
    asked = len(desk.model.prompts)
    await desk.clock.advance(0.31)
    assert [CHANGED in prompt for prompt in desk.model.prompts[asked:]] == [True]
    assert desk.model.requests[-1].max_tokens == 1


@pytest.mark.parametrize(
    ("context_tokens", "tokens"),
    [
        # The whole of it.
        (4096, 512),
        # What the window leaves.
        (1600, 1600 - 128 - 32 - 1024 - 160),
        (1024, 0),
        (100, 0),
    ],
)
def test_budget(context_tokens: int, tokens: int) -> None:
    known = replace(CODE_LLAMA, context_tokens=context_tokens)
    assert budget_for(known, Settings()) == tokens
    assert room_beside(known, 128) >= tokens
