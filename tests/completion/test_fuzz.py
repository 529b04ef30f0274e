"""Editors do anything at any time: whatever they do, these things always hold."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from fimls.completion.values import Answer, Ask, Completion, Overtaken
from fimls.errors import ModelFailed, StreamBroken
from fimls.models.protocol import Capabilities, End, Generation, Piece
from fimls.models.slot import Outcome, Priority, Stream
from fimls.settings import CompletionSettings, Settings
from fimls.testing.clock import VirtualClock
from fimls.testing.scripted import Break, Pause, ScriptedModel
from tests.completion.conftest import CODE_LLAMA, Desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from fimls.documents.snapshot import Snapshot
    from fimls.models.slot import Source

URIS = tuple(f"file:///project/{name}.py" for name in "abc")

# What authors write, and what the model goes on with where they have begun it.
LINE = "total = alpha + beta + gamma"

STEPS = 500

# What an action asks for; the model answers it in a second or two, in whatever mood it is.
ACTION = Generation("# Explain this.", 64)
EXPLANATION = "It adds up three numbers."

CAUSAL = Capabilities(
    family=None,
    context_tokens=2048,
    single_line=True,
    gives_logprobs=True,
    file_marker="<file_sep>",
)

# Longer than any question may take, and any orphan is kept.
LONG_S = 60.0

# Besides those of open questions: the slot's, the session's, two for each document, and those of
# an action.
OTHER_TASKS = 18

# A question: itself, its timers, and what waits for its bell.
TASKS_OF_A_QUESTION = 5


@dataclass
class Question:
    """A question that was asked, its task, and what came of it."""

    snap: Snapshot
    task: asyncio.Task[None]
    answer: Answer | None = None


@dataclass
class Author:
    """Three documents, and somebody who does anything with them; cursors are at line ends."""

    desk: Desk
    random: Random
    questions: list[Question] = field(default_factory=list)
    answered: list[Answer] = field(default_factory=list)
    action: Stream | None = None
    taken_back: bool = False
    outcomes: list[Outcome | None] = field(default_factory=list)

    @property
    def open_questions(self) -> list[Question]:
        return [each for each in self.questions if not each.task.done()]

    def step(self) -> None:
        """Does something to one of the documents."""
        uri = self.random.choice(URIS)
        if self.desk.documents.at(uri) is None:
            self.desk.documents.open(uri, "python", 1, "total = \n")
            return
        acts, weights = zip(*ACTS.items(), strict=True)
        self.random.choices(acts, weights)[0](self, uri)

    def agree(self, uri: str) -> None:
        """Types the next character of what the model would say."""
        line = self._line(uri)
        expected = LINE[len(line) :] if LINE.startswith(line) else ""
        self._edit(uri, line + expected[:1] if expected else line + "\ntot")

    def disagree(self, uri: str) -> None:
        self._edit(uri, self._line(uri) + self.random.choice("z(\"'"))

    def start_over(self, uri: str) -> None:
        self._edit(uri, "total = ")

    def automatic(self, uri: str) -> None:
        self._ask(uri, explicit=False)

    def explicit(self, uri: str) -> None:
        self._ask(uri, explicit=True)

    def type_and_ask(self, uri: str) -> None:
        """As editors do: a key, and the question that goes with it."""
        self.agree(uri)
        self._ask(uri, explicit=False)

    def cancel(self, _uri: str) -> None:
        if self.open_questions:
            self.random.choice(self.open_questions).task.cancel()

    def act(self, _uri: str) -> None:
        """Asks for an action, unless one is under way: that is given up now and then."""
        if self.action is None or self.action.closed.is_set():
            model, slot = self.desk.model, self.desk.completer._env.slot
            self.action, self.taken_back = slot.start(_asking(model), Priority.ACTION), False
        elif self.random.random() < 0.3:
            self.taken_back = not self.action.ended
            self.action.end(Outcome.CANCELLED)

    def close(self, uri: str) -> None:
        self.desk.documents.close(uri)
        self.desk.completer.closed(uri)
        assert self.desk.completer.last(uri) is None

    def _line(self, uri: str) -> str:
        return self._snap(uri).text.removesuffix("\n").rpartition("\n")[2]

    def _edit(self, uri: str, line: str) -> None:
        snap = self._snap(uri)
        above = snap.text.removesuffix("\n").rpartition("\n")
        text = "".join(above[:2]) if len(snap.text) < 400 else ""
        self.desk.documents.change(uri, snap.version + 1, [(None, f"{text}{line}\n")])
        self.desk.completer.changed(self._snap(uri))

    def _ask(self, uri: str, *, explicit: bool) -> None:
        snap = self._snap(uri)
        ask = Ask(snap, snap.hole_at(len(snap.text) - 1), explicit=explicit)
        question = Question(snap, asyncio.ensure_future(self._answered(ask)))
        self.questions.append(question)

    async def _answered(self, ask: Ask) -> None:
        answer = await self.desk.completer.complete(ask)
        self.answered.append(answer)
        is_current = self.desk.documents.is_current(ask.snap)
        assert is_current or isinstance(answer, Overtaken), f"stale: {answer}"

    def _snap(self, uri: str) -> Snapshot:
        snap = self.desk.documents.at(uri)
        assert snap is not None
        return snap


ACTS: dict[Callable[[Author, str], None], int] = {
    Author.agree: 10,
    Author.disagree: 5,
    Author.start_over: 5,
    Author.automatic: 15,
    Author.explicit: 8,
    Author.type_and_ask: 25,
    Author.cancel: 8,
    Author.act: 3,
    Author.close: 3,
}


def _asking(model: ScriptedModel[Piece, Capabilities]) -> Source:
    return lambda: model.generate(ACTION)


def moods(random: Random) -> Callable[[str], Any]:
    """A model that goes on from the prompt's last line, more or less well.

    To one that only goes on, the prompt ends before the last blanks and word, which it says again.
    """

    def speak(prompt: str) -> list[Any]:
        if prompt == ACTION.prompt:
            return [step for word in EXPLANATION.split() for step in (word, Pause(0.3))]
        line = prompt.partition(" <SUF>")[0].rpartition("\n")[2].removeprefix("<PRE> ")
        said = LINE[len(line) :] if LINE.startswith(line) else " + omega"
        # Not always the same, and sometimes what fits nowhere, so that it is asked again.
        said += random.choices(("", f" + {random.randrange(10)}", ")("), (5, 3, 2))[0]
        half = len(said) // 2
        scripts: list[list[Any]] = [
            [said, "\n"],
            [*(step for piece in said for step in (piece, Pause(0.03))), "\n", LINE, "\n"],
            [said[:half], Pause(random.random()), said[half:], "\n", Pause(2 * LONG_S)],
            # It hangs, before the first word and in the middle.
            [Pause(2 * LONG_S)],
            [said[:half], Pause(2 * LONG_S)],
            # It ends in all the ways in which it should not.
            [Break.OFF],
            [said[:half], Break.OFF],
            [said[:half], StreamBroken("garbage")],
            [ModelFailed("out of memory")],
            [RuntimeError("a fault of ours")],
        ]
        return random.choices(scripts, (6, 8, 6, 2, 2, 1, 1, 1, 1, 1))[0]

    return speak


def check_always(author: Author) -> None:
    """What holds after each step, when all tasks have run until they wait for something."""
    assert author.desk.model.max_open <= 1
    check_action(author)
    for question in author.questions:
        if question.task.done() and not question.task.cancelled():
            question.task.result()
        elif not question.task.done():
            assert author.desk.documents.is_current(question.snap), "overtaken, and not told"
    author.questions = author.open_questions
    bound = OTHER_TASKS + TASKS_OF_A_QUESTION * len(author.questions)
    assert len(asyncio.all_tasks()) <= bound, "tasks pile up"


def check_action(author: Author) -> None:
    """Only its own end ends an action, and its author."""
    action, running = author.action, author.desk.completer._env.slot.running
    if action is None:
        return
    if action.ended and not author.taken_back:
        assert action.outcome is Outcome.DONE, "an action was ended by somebody else"
    is_under_way = not action.ended and action is running
    assert is_under_way <= (author.desk.model.open == 1), "an action without the model"
    if action.closed.is_set():
        author.outcomes.append(action.outcome)
        author.action = None


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("capabilities", "candidates"),
    [
        # As most people have it.
        (CODE_LLAMA, 1),
        # Several generations for one question.
        (CODE_LLAMA, 3),
        # A model that only goes on, which is asked again where what it says does not fit.
        (CAUSAL, 1),
        # Both.
        (CAUSAL, 4),
    ],
)
@pytest.mark.parametrize(
    "closing_s",
    [
        # A connection on this machine.
        0.0,
        # One far away, which takes longer to close than keys take to come.
        0.7,
    ],
)
async def test_whatever_an_editor_does(
    seed: int, closing_s: float, capabilities: Capabilities, candidates: int
) -> None:
    random = Random(seed)
    clock = VirtualClock(start=1000.0)
    model = ScriptedModel(
        Piece,
        Piece("", end=End.STOP),
        capabilities,
        answer=moods(random),
        clock=clock,
        loading=[Pause(0.3)],
        closing=[Pause(closing_s)],
    )
    settings = Settings(completion=CompletionSettings(candidates=candidates))
    author = Author(Desk(clock, model, settings=settings), random)

    for _ in range(STEPS):
        author.step()
        # Messages often come several at a time.
        if random.random() < 0.7:
            await clock.advance(random.choice((0.0, 0.02, 0.1, 0.3, 3.0, 11.0)))
            check_always(author)
    await clock.advance(LONG_S)
    check_always(author)

    assert author.questions == [], "unanswered"
    assert author.action is None, "an action that never ended"
    assert model.open == 0, "a connection was left open"
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert clock.sleepers == 0
    assert model.is_warm
    # The test has tested something.
    shown = [each for each in author.answered if isinstance(each, Completion)]
    assert len(shown) > STEPS // 20
    assert model.cancelled > STEPS // 50
    assert author.outcomes.count(Outcome.DONE) > 2
    assert any(each.candidates for each in shown) is (candidates > 1)
    drawn = any(request.temperature for request in model.requests)
    assert drawn is (candidates > 1 or capabilities.family is None)


async def test_ten_thousand_keys() -> None:
    clock = VirtualClock(start=1000.0)
    model = ScriptedModel(Piece, Piece("", end=End.STOP), CODE_LLAMA, answer=LINE, clock=clock)
    author = Author(Desk(clock, model), Random(0))
    for uri in URIS:
        author.desk.documents.open(uri, "python", 1, "total = \n")

    for key in range(10_000):
        author.agree(URIS[key % len(URIS)])
        if key % 10 == 0:
            author.automatic(URIS[key % len(URIS)])
        if key % 100 == 0:
            await clock.advance(0.03)
            check_always(author)
    await clock.advance(LONG_S)

    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert model.open == 0
