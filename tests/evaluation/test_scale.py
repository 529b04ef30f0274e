"""Recording what an author asks for, replaying it for a team, and the waits that come of it."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from fimls.errors import InputError
from fimls.evaluation import scale_figures as figures
from fimls.evaluation.scale import Row, Scene, Search, recorded, row, stream
from fimls.evaluation.scale_author import MANNERS, Burst, record
from fimls.evaluation.scale_report import variants
from fimls.evaluation.scale_server import simulate
from fimls.evaluation.scale_speaker import Guess, Pace
from fimls.evaluation.scale_team import Team, alone, arrivals
from fimls.evaluation.scale_tokens import Blocks, shared, tokens_of
from fimls.evaluation.scale_trace import places
from fimls.evaluation.scale_waits import Wait, waits
from fimls.evaluation.typing_trace import Trace, bundled, keys, read
from fimls.settings import Settings
from fimls.text.tokens import CODE_LLAMA, count

if TYPE_CHECKING:
    from pathlib import Path

SERVER = figures.shared_server()
PACE = Pace(SERVER.read, SERVER.write)


@pytest.fixture(scope="module")
def burst() -> Burst:
    return record(bundled(), Settings(), PACE, 0.3, 0, MANNERS["fimls"])


def scene() -> Scene:
    return Scene((bundled(),), Settings(), SERVER, seconds=60.0)


# --- traces ---------------------------------------------------------------------------------


def test_a_trace_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    data = {"path": "a.py", "language": "python", "before": "a", "middle": "b", "after": "c"}
    path.write_text(json.dumps(data))
    assert read(path) == Trace("a.py", "python", "a", "b", "c")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"path": "a"}'])
def test_what_is_no_trace(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(text)
    with pytest.raises(InputError, match="no typing trace"):
        read(path)


def test_the_end_of_a_line_is_one_key() -> None:
    assert list(keys("ab\n    c\n\nd")) == ["a", "b", "\n    ", "c", "\n", "\n", "d"]


def test_places_are_the_same_file() -> None:
    made = places(bundled(), 4, 0)
    assert len({trace.before for trace in made}) == 4
    assert len({trace.before + trace.middle + trace.after for trace in made}) == 1
    assert made == places(bundled(), 4, 0)


# --- tokens ---------------------------------------------------------------------------------


def test_tokens_are_about_as_many_as_the_estimate() -> None:
    text = bundled().before
    assert "".join(tokens_of(text)) == text
    assert len(tokens_of(text)) == pytest.approx(count(text, CODE_LLAMA), rel=0.1)


def test_blocks_are_shared_as_far_as_texts_are() -> None:
    blocks = Blocks()
    one = blocks.chain([str(n) for n in range(64)])
    other = blocks.chain([*(str(n) for n in range(40)), *("x" * 24)])
    assert (len(one), len(other), shared(one, other)) == (4, 4, 2)
    # The same tokens after another beginning are another block.
    assert not set(blocks.chain([str(n) for n in range(16, 48)])) & set(one)


# --- the author -----------------------------------------------------------------------------


def test_the_author_asks_as_fimls_does(burst: Burst) -> None:
    assert burst.keys == 150
    # Far fewer requests than keys, and one at a time: the slot has one place.
    assert 3 <= len(burst.requests) < 40
    begins = [request.begins_s for request in burst.requests]
    assert begins == sorted(begins)
    for request in burst.requests:
        assert 0 < request.line <= request.wants <= Settings().completion.max_tokens
        assert request.alike <= request.prompt < 1400


def test_a_model_that_is_right_is_asked_less(burst: Burst) -> None:
    right = record(bundled(), Settings(), PACE, 1.0, 0, MANNERS["fimls"])
    assert len(right.requests) < len(burst.requests)


def test_the_head_of_the_window_stays(burst: Burst) -> None:
    sliding = record(bundled(), Settings(), PACE, 0.3, 0, MANNERS["sliding window"])
    assert stream([sliding]).alike < 0.5 < stream([burst]).alike


@pytest.mark.parametrize(("right", "said"), [(1.0, "b\ncc\n"), (0.0, "x\n")])
def test_guess(right: float, said: str) -> None:
    trace = Trace("a.py", "python", "x\n", "ab\ncc\n", "")
    assert Guess(trace, right, 0).from_here(1) == said


def test_recording_is_the_same_each_time(burst: Burst) -> None:
    assert record(bundled(), Settings(), PACE, 0.3, 0, MANNERS["fimls"]) == burst


# --- the team -------------------------------------------------------------------------------


def test_one_request_alone_takes_its_reading_and_writing(burst: Burst) -> None:
    request = burst.requests[0]
    [served] = simulate([alone(request)], SERVER).served
    wanted_s = request.prompt / SERVER.read + request.wants / SERVER.write
    assert served.done_s == pytest.approx(wanted_s)


def test_a_team_types_its_share_of_the_time(burst: Burst) -> None:
    made = arrivals([burst], Team(50, 0.25, 600.0))
    usual = len(burst.requests) / burst.lasts_s
    assert len(made) / 600 == pytest.approx(50 * 0.25 * usual, rel=0.15)
    assert made == sorted(made, key=lambda each: each.at_s)


def test_the_next_request_ends_the_one_before(burst: Burst) -> None:
    made = arrivals([burst], Team(1, 1.0, 200.0))
    same = [(one, two) for one, two in pairwise(made) if one.blocks[0] == two.blocks[0]]
    assert len(same) > 10
    assert all(one.leaves_s <= two.at_s for one, two in same)


def test_no_two_authors_share_what_was_read(burst: Burst) -> None:
    made = arrivals([burst], Team(2, 1.0, 10.0))
    by_author = {block >> 20 for each in made for block in each.blocks}
    assert len(by_author) >= 2


def test_the_same_team_again(burst: Burst) -> None:
    assert row([burst], scene(), 20) == row([burst], scene(), 20)


def test_a_larger_team_waits_longer(burst: Burst) -> None:
    small, large = (row([burst], scene(), editors) for editors in (5, 400))
    assert small.within_1_s > large.within_1_s
    assert small.works < large.works <= 1.1


def test_the_search_finds_the_border() -> None:
    found = Search([], scene())
    asked: list[int] = []

    def pretended(editors: int) -> Row:
        asked.append(editors)
        return Row(editors, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

    found.look = pretended
    assert 90 <= found.most(lambda team: team.editors <= 100) <= 100
    assert found.most(lambda _team: False) == 0
    assert len(asked) == len(set(asked))


def test_variants_change_one_thing() -> None:
    made = variants(scene())
    assert next(iter(made.values())) == scene()
    assert all(changed != scene() for changed in [*made.values()][1:])


def test_places_are_recorded() -> None:
    assert len(recorded(scene())) == figures.PLACES


# --- waits ----------------------------------------------------------------------------------


def test_waits_without_leaving_are_plain_quantiles() -> None:
    found = waits(Wait(n / 10, answered=True) for n in range(1, 11))
    assert (found.quantile(0.5), found.quantile(0.9)) == (0.5, 0.9)
    assert found.within(0.35) == pytest.approx(0.3)


def test_who_left_would_have_waited_longer() -> None:
    found = waits([Wait(1.0, answered=True), Wait(2.0, answered=False), Wait(3.0, answered=True)])
    # One of three at once; of the two others one left unanswered, and counts as the last one does.
    assert found.within(2.5) == pytest.approx(1 / 3)
    assert found.quantile(0.5) == 3.0


def test_never() -> None:
    assert waits([Wait(1.0, answered=False)]).quantile(0.5) is None


# --- figures --------------------------------------------------------------------------------


def test_code_llama_takes_half_a_megabyte_a_token() -> None:
    assert figures.WEIGHTS["Code Llama 7B"].bytes_per_token == 2 * 32 * 4096 * 2 == 512 * 1024
    assert figures.cache_tokens(figures.WEIGHTS["Code Llama 13B"], 24e9) == 0
