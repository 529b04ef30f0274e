"""How good completions are: compared with known middles, which nothing else sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.completion.trace import Trace
from fimls.completion.values import Answer, Ask, Completion, Overtaken, Reason, Skip
from fimls.errors import Unreachable
from fimls.evaluation.infill import Filled, Task, Way, fill
from fimls.evaluation.infill_report import Figures, as_json, figures
from fimls.evaluation.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Traced = Callable[[Ask], Awaitable[Trace]]

TASK = Task("t/1", "def f(a):\n", "", "    return a\n", test="def check(f): ...", entry_point="f")
CALL = Task("t/2", "print(", ")\n", "max(a, b)")
GO = Task("t/3", "package a\n\nfunc f() int {\n\t", "\n}\n", "return 1", "go")


class Product:
    """Gives the same answer for every hole, and keeps what it was asked."""

    def __init__(
        self, text: str | None = None, replaces: int = 0, skip: Reason = Reason.EMPTY
    ) -> None:
        self._text, self._replaces, self._skip = text, replaces, skip
        self.asked: list[Ask] = []

    async def traced(self, ask: Ask) -> Trace:
        self.asked.append(ask)
        at = ask.hole.offset
        answer: Answer = Skip(self._skip)
        if self._text is not None:
            answer = Completion(self._text, at, at + self._replaces)
        return Trace(ask, answer, {"listen": 10.0, "post": 2.0}, model="m")


async def one(
    task: Task, product: Product, way: Way = Way.EXPLICIT, ledger: Ledger | None = None
) -> Filled:
    (filled,) = await fill([task], product.traced, way, ledger=ledger or Ledger())
    return filled


@pytest.mark.parametrize(
    ("task", "text", "replaces", "parses", "exact"),
    [
        # The true middle, but for blanks at its end.
        (TASK, "    return a", 0, True, True),
        # Something else that is Python.
        (TASK, "    return 1", 0, True, False),
        # Something that is not.
        (TASK, "    return (", 0, False, False),
        # Nothing.
        (TASK, None, 0, None, False),
        # The closer of the document is a part of the text that replaces it.
        (CALL, "max(a, b))", 1, True, True),
        # It is there twice where it is not replaced.
        (CALL, "max(a, b))", 0, False, False),
        # Other languages are parsed by their grammar.
        (GO, "return 1", 0, True, True),
        (GO, "return (", 0, False, False),
    ],
)
async def test_one_hole(
    task: Task, text: str | None, replaces: int, parses: bool | None, exact: bool
) -> None:
    filled = await one(task, Product(text, replaces))
    assert (filled.parses, filled.is_exact) == (parses, exact)
    assert (filled.time_ms, filled.model, filled.passes) == (12.0, "m", None)


async def test_the_middle_is_told_to_nobody() -> None:
    product = Product("x")
    await one(GO, product)
    (ask,) = product.asked
    assert ask.snap.text == GO.prefix + GO.suffix
    assert (ask.hole.offset, ask.snap.language.id, ask.explicit) == (len(GO.prefix), "go", True)
    assert ask.snap.uri.endswith(".go")


async def test_automatic() -> None:
    product = Product("x")
    await one(TASK, product, Way.AUTOMATIC)
    assert not product.asked[0].explicit


async def test_no_model() -> None:
    with pytest.raises(Unreachable, match="no model can be reached"):
        await one(TASK, Product(skip=Reason.NO_MODEL))


@pytest.mark.parametrize(
    ("reason", "is_kept"),
    [
        # The product's own word.
        (Reason.EMPTY, True),
        (Reason.TIMED_OUT, True),
        # What a server did that broke down is no answer: it is asked for again.
        (Reason.MODEL_FAILED, False),
        (Reason.BUSY, False),
    ],
)
async def test_what_is_asked_again(reason: Reason, is_kept: bool) -> None:
    ledger = Ledger()
    filled = await one(TASK, Product(skip=reason), ledger=ledger)
    assert filled.failed is not is_kept
    assert (ledger.find(Way.EXPLICIT, TASK.name) is not None) is is_kept


async def test_overtaken_is_no_answer() -> None:
    async def traced(ask: Ask) -> Trace:
        return Trace(ask, Overtaken(), {})

    (filled,) = await fill([TASK], traced, Way.EXPLICIT, ledger=Ledger())
    assert filled.failed


async def test_tests_are_run_on_the_whole_file() -> None:
    ran: list[tuple[str, str]] = []

    async def passes(task: Task, text: str) -> bool:
        ran.append((task.name, text))
        return True

    product, ledger = Product("    return 1"), Ledger()
    await one(TASK, product, ledger=ledger)
    # The text that is there already is run, and not asked for again; once it has run, neither.
    for _ in range(2):
        (filled,) = await fill([TASK], product.traced, Way.EXPLICIT, ledger=ledger, passes=passes)
        assert filled.passes is True
    assert ran == [("t/1", "def f(a):\n    return 1")]
    assert len(product.asked) == 1


async def test_nothing_shown_is_not_run() -> None:
    async def passes(_task: Task, _text: str) -> bool:
        raise AssertionError

    (filled,) = await fill([TASK], Product().traced, Way.EXPLICIT, ledger=Ledger(), passes=passes)
    assert filled.passes is None


def came(text: str | None, *, exact: bool = False, **more: object) -> Filled:
    """A filled hole in Python that took 10 ms."""
    skip = None if text is not None else "nothing to say"
    parses = text is not None
    fields: dict[str, object] = {"language": "python", "passes": None, "time_ms": 10.0, **more}
    return Filled(
        task="t",
        way=Way.EXPLICIT,
        text=text,
        skip=skip,
        start=0,
        end=0,
        parses=parses,
        is_exact=exact,
        **fields,  # type: ignore[arg-type]
    )


def whole(filled: list[Filled]) -> Figures:
    return figures("explicit", filled)[0]


def test_figures() -> None:
    row = whole([came("a", exact=True, time_ms=30.0), came("b"), came(None), came(None)])
    assert (row.shown.part, row.exact.part, row.exact.whole) == (2, 1, 4)
    # Of those shown.
    assert (row.right.part, row.right.whole, row.parse.percent) == (1, 2, 100.0)
    assert row.passes is None
    assert (row.p50_ms, row.p95_ms) == (10.0, 27.0)
    assert row.skips == (("nothing to say", 2),)


def test_figures_with_tests() -> None:
    # Where a test was run it decides; a task without one counts by its text.
    row = whole(
        [came("a", passes=True), came("b", exact=True, passes=False), came("c"), came(None)]
    )
    assert row.passes is not None
    assert (row.passes.part, row.passes.whole) == (1, 4)
    assert (row.right.part, row.right.whole) == (1, 3)


def test_figures_of_nothing() -> None:
    row = whole([])
    assert (row.p50_ms, row.shown.percent) == (None, 0.0)


def test_figures_of_each_language() -> None:
    found = figures("explicit", [came("a"), came(None), came("b", language="go")])
    assert [(row.language, row.shown.whole) for row in found] == [("", 3), ("go", 1), ("python", 2)]


def test_json() -> None:
    row = as_json(whole([came("a", exact=True, passes=True)]))
    assert (row["tasks"], row["answered"], row["exact"], row["passed"]) == (1, 1, 1, 1)
    assert row["p95_ms"] == 10.0
    shares = row["shares"]
    assert isinstance(shares, dict)
    assert shares["right_of_shown"] == {"part": 1, "of": 1, "percent": 100.0, "error": 0.0}
