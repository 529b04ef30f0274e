"""What the model has said serves a hole where anchor and text agree with the document."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate

import pytest

from fimls.completion.anchor import Anchor
from fimls.completion.prompt import Mode, Prompt
from fimls.completion.runs import Run, Runs
from fimls.completion.values import Extent, Fit, Shape
from fimls.models.protocol import Generation
from fimls.models.slot import Outcome, Priority, Stream, Token
from fimls.text.hole import Hole
from fimls.text.languages import language_of

PYTHON = language_of("python")


def hole(picture: str) -> Hole:
    before, after = picture.split("█")
    return Hole(before + after, len(before), PYTHON)


def run_at(
    picture: str, said: str, *, outcome: Outcome | None = Outcome.DONE, lead: str = ""
) -> Run:
    place = hole(picture)
    stream = Stream(Priority.AUTOMATIC, source=lambda: None)  # type: ignore[arg-type, return-value]
    stream.text, stream.outcome = said, outcome
    prompt = Prompt(Generation("", 1), Mode.PSM, lead)
    return Run(Anchor.at("file:///a.py", place), prompt, stream)


@pytest.mark.parametrize(
    ("anchor", "said", "now", "middle"),
    [
        # The same place.
        ("x = █\n", "1 + 2", "x = █\n", "1 + 2"),
        # The author types what was suggested.
        ("x = █\n", "1 + 2", "x = 1 +█\n", " 2"),
        # The author types something else.
        ("x = █\n", "1 + 2", "x = 7█\n", None),
        # All of it has been typed: there is nothing left to say.
        ("x = █\n", "1 + 2", "x = 1 + 2█\n", None),
        # Before the anchor nothing is known.
        ("x = █\n", "1 + 2", "x =█ \n", None),
        # A change above the anchor: another text.
        ("a\nx = █\n", "1", "b\nx = █\n", None),
        # A change below the anchor: the text may not fit any more.
        ("x = █\ny\n", "1", "x = █\nz\n", None),
        # The editor has closed the bracket that the author typed.
        ("f█\n", "(a, b)", "f(█)\n", "a, b)"),
        # Two of them.
        ("f█\n", '({"a": 1})', "f({█})\n", '"a": 1})'),
        # It has put the closer on a line of its own when the author pressed Enter.
        ("if (x)█\n", " {\n  a();\n}", "if (x) {\n  █\n}\n", "a();\n}"),
        # Two of them, in a block.
        ("{\n  f█\n}", "([\n    1,\n  ])", "{\n  f([\n    █\n  ])\n}", "1,\n  ])"),
        # A line end alone is no closer.
        ("if (x)█\n", " {\n  a();\n}", "if (x) {\n  █\n\n", None),
        # A bracket that was there when nothing was typed is not one the editor added.
        ("f█\n", "(a)", "f█)\n", None),
        # Something else after the cursor is no closer.
        ("f█\n", "(a)", "f(█b\n", None),
    ],
)
def test_serving(anchor: str, said: str, now: str, middle: str | None) -> None:
    run = run_at(anchor, said)

    assert (run.middle_at(hole(now)) if run.serves(hole(now)) else None) == middle


def test_a_cell_above_that_has_changed_makes_another_text() -> None:
    run = run_at("x = █\n", "1")
    cell = replace(hole("x = █\n"), preamble="import numpy\n")

    assert run.serves(hole("x = █\n"))
    assert not run.serves(cell)


@pytest.mark.parametrize(
    ("said", "now", "serves"),
    [
        # The model has not got as far as the author, but so far they agree.
        ("1 ", "x = 1 + 2█\n", True),
        # It has said nothing yet.
        ("", "x = 1█\n", True),
        # They disagree already.
        ("2", "x = 1█\n", False),
    ],
)
def test_a_run_under_way(said: str, now: str, serves: bool) -> None:
    assert run_at("x = █\n", said, outcome=None).serves(hole(now)) is serves


@pytest.mark.parametrize(
    ("said", "now", "serves"),
    [
        # The line was shown and is typed along; it is whole.
        ("1 + 2\ny =", "x = 1█\n", True),
        # It is all typed: what is left is half a line.
        ("1 + 2\ny =", "x = 1 + 2\n█\n", False),
        ("1 + 2\ny =", "x = 1 + 2█\n", False),
        # Another whole line is left.
        ("1 + 2\ny = 3\nz", "x = 1 + 2\n█\n", True),
    ],
)
def test_a_run_that_was_cut_off_serves_whole_lines(said: str, now: str, serves: bool) -> None:
    assert run_at("x = █\n", said, outcome=Outcome.CUT).serves(hole(now)) is serves


@pytest.mark.parametrize(
    ("said", "torn"),
    [
        # The model has stopped within the last of its lines.
        ("1\ny = f(a", True),
        ("1\ny = {", True),
        # It has finished: the last line is whole, or the only one.
        ("1\ny = f(a)", False),
        ("1\ny = f(a\n", False),
        ("f(a", False),
        ("\nf(a", False),
        # What it closes was opened further up.
        ("f(\na)", False),
    ],
)
def test_a_last_line_that_is_torn_off_counts_as_cut(said: str, torn: bool) -> None:
    assert run_at("x = █\n", said).cut is torn


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.BUSY])
def test_a_run_that_came_to_nothing_serves_nothing(outcome: Outcome) -> None:
    assert not run_at("x = █\n", "1\n", outcome=outcome).serves(hole("x = █\n"))


@pytest.mark.parametrize(
    ("said", "now", "serves"),
    [
        # It was taken back, or another question took the model: the lines it had said stay good.
        ("1 + 2\ny =", "x = █\n", True),
        ("1 + 2\ny =", "x = 1█\n", True),
        # Half a line is worth nothing.
        ("1 + 2", "x = █\n", False),
        ("", "x = █\n", False),
    ],
)
def test_a_run_that_was_cancelled_serves_whole_lines(said: str, now: str, serves: bool) -> None:
    run, runs = run_at("x = █\n", said, outcome=Outcome.CANCELLED), Runs()
    runs.add(run)
    runs.sweep()

    assert run.serves(hole(now)) is serves
    assert bool(runs._runs) is serves


def ahead_of(picture: str, known: str, said: str, outcome: Outcome | None = Outcome.CUT) -> Run:
    """A run that was asked for as if `known` were typed already."""
    run = run_at(picture, said, outcome=outcome)
    run.known = known
    return run


@pytest.mark.parametrize(
    ("said", "outcome", "now", "middle"),
    [
        # Before its place it has nothing to say: what is known there is another run's.
        ("\ny = 3\n", Outcome.CUT, "x = █\n", None),
        ("\ny = 3\n", Outcome.CUT, "x = 1 +█\n", None),
        # At its place, and on from there.
        ("\ny = 3\n", Outcome.CUT, "x = 1 + 2█\n", "\ny = 3\n"),
        ("\ny = 3\n", Outcome.CUT, "x = 1 + 2\ny█\n", " = 3\n"),
        # Something else was typed.
        ("\ny = 3\n", Outcome.CUT, "x = 1 + 7█\n", None),
        # It is under way, or was ended before a line was there.
        ("", None, "x = 1 + 2█\n", ""),
        ("\ny", Outcome.CANCELLED, "x = 1 + 2█\n", None),
    ],
)
def test_a_run_asked_ahead(
    said: str, outcome: Outcome | None, now: str, middle: str | None
) -> None:
    run = ahead_of("x = █\n", "1 + 2", said, outcome)

    assert (run.middle_at(hole(now)) if run.serves(hole(now)) else None) == middle


@pytest.mark.parametrize(
    ("shown", "contradicts"),
    [
        # The same line, and more of it is shown.
        ("\ny = 3", False),
        ("\ny = 3\nz = 4", False),
        # Another one.
        ("\nprint(x)", True),
    ],
)
def test_what_was_asked_from_here_may_say_otherwise(shown: str, contradicts: bool) -> None:
    run = ahead_of("x = █\n", "1 + 2", "\ny = 3\n")

    assert run.contradicts(shown, hole("x = 1 + 2█\n")) is contradicts
    # From another place on it is not asked.
    assert not run.contradicts(shown, hole("x = 1 + 2\n█\n"))


@pytest.mark.parametrize(
    ("said", "now", "expected"),
    [
        # The line has been followed to its end.
        ("1 + 2\ny =", "x = 1 + 2█\n", True),
        ("1 + 2\ny =", "x = 1 + 2\ny█\n", True),
        # There is a line left.
        ("1 + 2\ny = 3\n", "x = 1 + 2█\n", False),
        # The author has gone another way.
        ("1 + 2\ny =", "x = 7█\n", False),
        # Nothing of it has been typed.
        ("1 + 2\ny =", "x = █\n", False),
    ],
)
def test_where_a_run_comes_to_its_end(said: str, now: str, expected: bool) -> None:
    runs = Runs()
    runs.add(run_at("x = █\n", said, outcome=Outcome.CUT))

    assert runs.run_out("file:///a.py", hole(now)) is expected


def test_healed() -> None:
    # The lead that was cut from the prompt is said again, then the middle.
    assert run_at("def f(x):\n    ret█\n", "    return x", lead="    ret").said == "urn x"


@pytest.mark.parametrize(
    ("text", "outcome", "said"),
    [
        # Only a part of the lead has come so far.
        ("   ", None, ""),
        # The model ended before it had said the lead.
        ("   ", Outcome.DONE, None),
        # It went on from something else.
        ("    yie", None, None),
    ],
)
def test_healed_but_not_agreeing(text: str, outcome: Outcome | None, said: str | None) -> None:
    assert run_at("def f(x):\n    ret█\n", text, outcome=outcome, lead="    ret").said == said


@pytest.mark.parametrize(
    ("text", "agrees"),
    [
        # Typed as suggested.
        ("x = 1\ny\n", True),
        # With a closer that the editor added.
        ("x = 1)\ny\n", True),
        # Typed otherwise.
        ("x = 3\ny\n", False),
        # Changed above, or below.
        ("z = 1\ny\n", False),
        ("x = 1\nz\n", False),
        # Deleted back beyond the anchor.
        ("x =\ny\n", False),
    ],
)
def test_a_changed_document(text: str, agrees: bool) -> None:
    assert run_at("x = █\ny\n", "1 + 2", outcome=None).agrees_with(Hole(text, 0, PYTHON)) is agrees


@pytest.mark.parametrize(
    ("shown", "now", "rest"),
    [
        # The author types what was shown.
        ("1 + 2", "x = 1 +█\n", " 2"),
        # All of it, but for a blank: nothing is left to show.
        ("1 + 2 ", "x = 1 + 2█\n", None),
        # Another text.
        ("1 + 2", "x = 3█\n", None),
        # The editor has closed a bracket: what is left has to be fitted to that.
        ("(1)", "x = (█)\n", None),
    ],
)
def test_the_rest_of_what_was_shown(shown: str, now: str, rest: str | None) -> None:
    run = run_at("x = █\n", f"{shown}\n")
    run.show(hole("x = █\n"), Shape(Extent.LINE), Fit(shown))

    left = run.rest_of_shown(hole(now))

    assert (left.fit.text if left else None) == rest


def test_of_two_runs_the_newest_is_served() -> None:
    runs = Runs()
    runs.add(run_at("x = █\n", "1"))
    runs.add(run_at("x = █\n", "2"))

    found = runs.agreeing("file:///a.py", hole("x = █\n"))

    assert found is not None
    assert found.said == "2"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        # What was shown stays, though others came after it.
        ("", "12"),
        ("1", "12"),
        # The author has chosen another one.
        ("13", "135"),
    ],
)
def test_what_was_asked_for_beside_another_run_comes_after_it(typed: str, said: str) -> None:
    runs = Runs()
    for number, text in enumerate(("12", "134", "135")):
        run = run_at("x = █\n", text)
        run.is_other = number > 0
        runs.add(run)

    found = runs.agreeing("file:///a.py", hole(f"x = {typed}█\n"))

    assert found is not None
    assert found.said == said


@pytest.mark.parametrize(
    ("lead", "pieces", "text", "typed", "logprobs"),
    [
        # All its tokens, and not the one that ends the line.
        (
            "",
            [("1", -1.0), (" +", -2.0), (" 2", -3.0), ("\n", -9.0)],
            "1 + 2",
            "",
            (-1.0, -2.0, -3.0),
        ),
        # A token that is of the text with a part of it counts, at the begin and at the end.
        ("    ", [("   ", -9.0), (" return", -1.0), (" x\n", -2.0)], "return x", "", (-1.0, -2.0)),
        # What was dropped before the text does not count.
        ("", [("\n", -9.0), ("x", -1.0)], "x", "", (-1.0,)),
        # What the author has typed meanwhile does not count.
        ("", [("1", -9.0), (" +", -1.0), (" 2", -2.0)], " + 2", "1", (-1.0, -2.0)),
        # Blanks that were added or taken away at the ends do not matter.
        ("", [("x", -1.0), ("\n", -9.0)], "  x\n    ", "", (-1.0,)),
        # A text that was changed inside: about where it stands.
        ("", [("a", -1.0), ("\tb", -2.0), ("\n", -9.0)], "a b", "", (-1.0, -2.0)),
        # No probabilities.
        ("", [], "x", "", ()),
    ],
)
def test_how_sure_the_model_is_of_what_is_shown(
    lead: str,
    pieces: list[tuple[str, float]],
    text: str,
    typed: str,
    logprobs: tuple[float, ...],
) -> None:
    run = run_at("x = █\n", "".join(piece for piece, _ in pieces), lead=lead)
    ends = list(accumulate(len(piece) for piece, _ in pieces))
    run.stream.tokens = [
        Token(end - len(piece), end, logprob)
        for end, (piece, logprob) in zip(ends, pieces, strict=True)
    ]

    assert run.logprobs(hole(f"x = {typed}█\n"), text) == logprobs


def test_another_document_is_not_served() -> None:
    runs = Runs()
    runs.add(run_at("x = █\n", "1"))

    assert runs.agreeing("file:///b.py", hole("x = █\n")) is None


def test_runs_are_bounded_in_bytes() -> None:
    runs = Runs()
    for number in range(10):
        runs.add(run_at(f"{number}" * 8_000_000 + "█", "1"))

    assert len(runs._runs) == 4  # 32 MB of text


def test_those_under_way_are_known_by_their_documents() -> None:
    runs = Runs()
    goes_on, ended, elsewhere = (
        run_at("x = █\n", "1", outcome=None),
        run_at("x = █\n", "1"),
        run_at("x = █\n", "1", outcome=None),
    )
    elsewhere.anchor = replace(elsewhere.anchor, uri="file:///b.py")
    for run in (goes_on, ended, elsewhere):
        runs.add(run)
    assert runs.under_way("file:///a.py") == [goes_on]
    goes_on.stream.end(Outcome.CANCELLED)
    assert runs.under_way("file:///a.py") == []
    runs.drop("file:///b.py")
    assert runs.under_way("file:///b.py") == []


def test_dropping_a_document_ends_what_is_under_way() -> None:
    runs = Runs()
    run = run_at("x = █\n", "1", outcome=None)
    runs.add(run)

    runs.drop("file:///a.py")

    assert run.stream.outcome is Outcome.CANCELLED
    assert runs._runs == []
