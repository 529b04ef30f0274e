"""The columns of a run, from made-up timelines."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from fimls.evaluation.typing_bench import Weather
from fimls.evaluation.typing_floor import a_request_a_pause, answer_known, floors
from fimls.evaluation.typing_plot import drawn
from fimls.evaluation.typing_report import Report, as_json, cells, floor_cells
from fimls.evaluation.typing_seen import Shares, seen, waited
from fimls.evaluation.typing_timeline import Kind, Rest, Sight, Stop, Stroke, Timeline, Work
from fimls.evaluation.typing_trace import Trace, bundled
from fimls.evaluation.typing_worked import Share, worked

TRACE = Trace("a.py", "python", "", "abcd\nefgh\n", "")


def timeline(
    *sights: Sight, works: list[Work] | None = None, typed: tuple[str, ...] = ("a", "ab")
) -> Timeline:
    """Keys at 1.0 s, 1.12 s and so on, each to the text of that place, then a pause of 1.5 s."""
    strokes = [Stroke(1.0 + 0.12 * at, Kind.KEY, text) for at, text in enumerate(typed)]
    last = strokes[-1]
    stop = Stop(Rest.PAUSE, last.at_s, last.at_s + 1.5, last.typed)
    return Timeline(TRACE, strokes, [stop], list(sights), works)


def work(arrived_s: float, *, place: int = 1, prompt: int = 100, cached: int = 0) -> Work:
    """A request that read what it had to, and wrote for 50 ms."""
    return Work(
        arrived_s=arrived_s,
        ended_s=arrived_s + 0.1,
        busy_s=0.1,
        prompt=prompt,
        prefix=60,
        suffix=20,
        place=place,
        slip=0,
        cached=cached,
        read=prompt - cached,
        tokens=2,
        done=True,
    )


# --- what was seen --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at_s", "wait_s"),
    [
        # At once, later, and when the next key had come.
        (1.0, 0.0),
        (1.06, 0.06),
        (1.13, None),
    ],
)
def test_the_wait_of_a_key(at_s: float, wait_s: float | None) -> None:
    first, _second = waited(timeline(Sight(at_s, "a", "bcd", own=True)))
    assert first.seen_s == (None if wait_s is None else pytest.approx(wait_s))


def test_only_what_belongs_to_the_text_counts() -> None:
    first, second = waited(timeline(Sight(1.13, "a", "bcd", own=True)))
    assert (first.seen_s, second.seen_s) == (None, None)


def test_the_shares_of_screen_and_server() -> None:
    found = seen(
        timeline(Sight(1.06, "a", "bcd", own=True), Sight(1.12, "ab", "cd", own=False), works=[])
    )
    assert found.seen == Shares(fast=0.5, slow=1.0)
    assert found.own == Shares(fast=0.0, slow=0.5)
    assert (found.keys, found.can_be, found.hits) == (2, 1.0, 1.0)


def test_a_request_in_between_is_no_hit() -> None:
    sight = Sight(1.06, "a", "bcd", own=True)
    assert seen(timeline(sight, works=[work(1.03)])).hits == 0.0
    assert seen(timeline(sight, works=[work(0.9)])).hits == 0.5
    assert seen(timeline(sight)).hits is None


@pytest.mark.parametrize(
    ("sight", "share"),
    [
        # After the first key only: it is gone with the second.
        (Sight(1.01, "a", "xyz", own=True), 0.5),
        # Right, nothing, and wrong but not for long enough.
        (Sight(1.01, "a", "bcd", own=True), 0.0),
        (Sight(1.01, "a", "", own=True), 0.0),
        (Sight(1.06, "a", "xyz", own=True), 0.0),
    ],
)
def test_wrong_text(sight: Sight, share: float) -> None:
    gone = Sight(1.12, "ab", "", own=False)
    assert seen(timeline(sight, gone)).wrong == share


def test_a_slip_can_have_nothing_right() -> None:
    found = waited(timeline(Sight(1.12, "aq", "bcd", own=True), typed=("a", "aq")))
    assert [key.can_be for key in found] == [True, False]
    assert found[1].wrong == "bcd"


def test_pauses_wait_until_their_end() -> None:
    (wait_s,) = seen(timeline(Sight(1.5, "ab", "cd", own=True))).pauses_s
    assert wait_s == pytest.approx(0.38)
    assert seen(timeline(Sight(2.7, "ab", "cd", own=True))).pauses_s == (None,)


def test_accepted_lines_are_no_keys() -> None:
    run = timeline(Sight(3.0, "abcd", "\nefgh", own=False))
    run.strokes.append(Stroke(2.9, Kind.ACCEPT, "abcd"))
    run.stops.append(Stop(Rest.ACCEPTED, 2.9, 3.5, "abcd"))
    found = seen(run)
    (wait_s,) = found.accepts_s
    assert found.keys == 2
    assert wait_s == pytest.approx(0.1)


# --- what the model did ---------------------------------------------------------------------


def test_nobody_looked() -> None:
    assert worked(timeline()) is None


def test_the_first_reading_is_told_apart() -> None:
    found = worked(timeline(works=[work(0.2), work(1.01, cached=80)]))
    assert found is not None
    assert (found.first.before_keys, found.first.read) == (1, 100)
    assert (found.requests, found.read) == (1, 20)
    assert found.model_s == pytest.approx(0.1)


def test_without_it_the_first_request_reads() -> None:
    found = worked(timeline(works=[work(1.0), work(1.12, cached=80)]))
    assert found is not None
    assert (found.requests, found.read, found.first.read) == (2, 20, 100)
    # 100 characters are read in 42 ms, and what is left of the time is its answer's.
    assert found.model_s == pytest.approx(0.2 - 100 / 4 / 600)


def test_late_is_what_ran_to_its_end_for_nobody() -> None:
    found = worked(timeline(works=[work(1.01), work(1.05), work(1.2)]))
    assert found is not None
    assert found.late == 1


def test_what_is_read_again() -> None:
    works = [work(1.0), work(1.1, place=3, cached=80), work(1.2, place=4, cached=60)]
    found = worked(timeline(works=works))
    assert found is not None
    assert found.over == Share(1, 2)
    assert found.reread == 30
    assert found.allowed == pytest.approx(1.5 * (1.5 + 20))


def test_what_is_read_again_after_an_end_of_line() -> None:
    works = [work(1.0), work(1.1, place=6, cached=40), work(1.2, place=11, cached=80)]
    found = worked(timeline(works=works))
    assert found is not None
    assert found.entered == Share(1, 2)


@pytest.mark.parametrize(
    ("before", "after", "narrow"),
    [
        # The file has no more than the prompt.
        (59, 20, 0),
        # It has: before the cursor, or after it.
        (200, 20, 1),
        (59, 90, 1),
    ],
)
def test_narrow_windows(before: int, after: int, narrow: int) -> None:
    trace = Trace("a.py", "python", "x" * before, "abcd\nefgh\n", "y" * after)
    run = replace(timeline(works=[work(1.0)]), trace=trace)
    found = worked(run)
    assert found is not None
    assert found.narrow == Share(narrow, 1)


def test_what_versions_would_have_read_after_the_first_reading() -> None:
    works = [replace(work(at_s), unknown_to=both) for at_s, both in UNKNOWN.items()]
    found = worked(timeline(works=works))
    assert found is not None
    assert found.unknown_to == (30, 10)


# The first request reads the file.
UNKNOWN = {1.0: (100, 100), 1.1: (20, 10), 1.2: (40, 10)}


# --- floors, report, drawing ----------------------------------------------------------------


def test_a_floor_reads_what_is_new_and_the_suffix() -> None:
    trace = Trace("a.py", "python", "", ("x" * 99 + "\n") * 10, "\n12345\n12345\n")
    floor = a_request_a_pause(trace, 1)
    assert floor.requests == 6
    # Four of 25 keys are a slip; 78 characters are left of the line, which are 20 tokens.
    assert floor.pauses_s[0] == pytest.approx((21 + 7) / 4 / 600 + 20 / 40)


def test_the_floors_of_a_trace() -> None:
    fifteen, five, known = floors(bundled())
    assert fifteen.read > five.read > known.read
    assert known.fast == pytest.approx(0.94)
    assert answer_known(bundled()).pauses_s == (0.0,) * 6


def test_the_report_has_a_cell_for_each_target() -> None:
    run = timeline(Sight(1.01, "a", "bcd", own=True), works=[work(0.2), work(1.01, cached=80)])
    report = Report(TRACE, Weather(), (run,))
    found = cells(report)
    assert found["requests (per key)"] == "1 (0.50)"
    assert found["right within 50 ms"] == "50 %"
    assert found["pause → shown, ms"] == "never / never"
    assert set(floor_cells(answer_known(bundled()))) <= set(found)
    made = json.loads(json.dumps(as_json(report)))
    assert made["seen"][0]["keys"] == len(made["timelines"][0]["keys"]) == 2


def test_the_drawing_has_a_bar_for_each_key() -> None:
    picture = drawn([("a & b", timeline(Sight(1.0, "a", "bcd", own=True)))])
    assert picture.count('height="120.0"') == 1
    assert "a &amp; b" in picture
