"""The laws of queues, which hold in the simulated server whatever its figures are."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from random import Random

import pytest

from fimls.evaluation.scale_cache import Lease, PromptCache
from fimls.evaluation.scale_server import Arrival, Run, Server, simulate

SERVER = Server(read=1000.0, write=50.0, crowding_s=0.001, slots=4, cache_tokens=8000)


def arrival(at_s: float, prompt: int = 320, *, name: int = 0, leaves_s: float = inf) -> Arrival:
    """A request for 30 tokens, of which the first line has 10; names share no blocks."""
    blocks = tuple(1000 * name + block for block in range((prompt + 30) // 16))
    return Arrival(at_s, prompt, blocks, 10, 30, leaves_s)


def crowd(seed: int, *, leaving: bool = False) -> list[Arrival]:
    """Two hundred requests in twenty seconds, more than the server can do."""
    random = Random(seed)
    made = []
    for name in range(200):
        at_s = random.uniform(0, 20)
        leaves_s = at_s + random.expovariate(2) if leaving else inf
        made.append(arrival(at_s, random.randint(1, 800), name=name + 1, leaves_s=leaves_s))
    return sorted(made, key=lambda each: each.at_s)


def waited(run: Run) -> float:
    return sum((each.done_s or 0) - each.arrival.at_s for each in run.served)


def test_alone_on_an_idle_server() -> None:
    [served] = simulate([arrival(5.0)], SERVER).served
    assert served.first_s == pytest.approx(5 + 320 / 1000 + 1 / 50)
    assert served.line_s == pytest.approx(5 + 320 / 1000 + 10 / 50)
    assert served.done_s == pytest.approx(5 + 320 / 1000 + 30 / 50)
    assert (served.read, served.wrote, served.found) == (320, 30, 0)


def test_what_was_read_is_found_again() -> None:
    first, again = simulate([arrival(0.0), arrival(10.0)], SERVER).served
    # The last token of a prompt is always read: 304 of 320 are in full blocks before it.
    assert (first.found, again.found, again.read) == (0, 304, 16)
    assert again.done_s == pytest.approx(10 + 16 / 1000 + 30 / 50)


def test_without_prefix_caching_all_is_read_again() -> None:
    run = simulate([arrival(0.0), arrival(10.0)], replace(SERVER, keeps_prompts=False))
    assert [each.read for each in run.served] == [320, 320]


def test_two_at_once_write_in_the_same_steps() -> None:
    one, other = simulate([arrival(0.0, name=1), arrival(0.0, name=2)], SERVER).served
    assert one.done_s == other.done_s == pytest.approx(640 / 1000 + 30 * (1 / 50 + 0.001))


def test_one_slot_is_a_queue() -> None:
    alone_s = 320 / 1000 + 30 / 50
    run = simulate([arrival(0.0, name=name) for name in range(3)], replace(SERVER, slots=1))
    assert [each.done_s for each in run.served] == pytest.approx([alone_s * n for n in (1, 2, 3)])


@pytest.mark.parametrize("seed", range(3))
def test_more_slots_are_never_worse(seed: int) -> None:
    arrivals = crowd(seed)
    sums = [
        waited(simulate(arrivals, replace(SERVER, slots=slots, crowding_s=0.0, cache_tokens=10**6)))
        for slots in (1, 2, 4, 8, 16)
    ]
    assert sums == sorted(sums, reverse=True)


@pytest.mark.parametrize(
    ("drops_reading", "read"),
    [
        # vLLM: the reading ends with the next step, which is when it leaves; a step reads 100.
        (True, 300),
        # Ollama: the prompt is read to its end.
        (False, 320),
    ],
)
def test_cancelled_work_is_not_done(drops_reading: bool, read: int) -> None:
    server = replace(SERVER, slots=1, step_tokens=100, drops_reading=drops_reading)
    run = simulate([arrival(0.0, leaves_s=0.3, name=1), arrival(0.1, name=2)], server)
    left, other = run.served
    assert (left.read, left.done_s, left.line_s) == (read, None, None)
    assert left.left_s is not None
    assert left.left_s >= 0.3
    assert (other.read, other.wrote) == (320, 30)


def test_who_leaves_the_queue_costs_nothing() -> None:
    arrivals = [arrival(0.0, name=1), arrival(0.1, name=2, leaves_s=0.5), arrival(0.2, name=3)]
    run = simulate(arrivals, replace(SERVER, slots=1))
    assert [each.read for each in run.served] == [320, 0, 320]
    assert run.worked_s == pytest.approx(2 * (320 / 1000 + 30 / 50))


@pytest.mark.parametrize("leaving", [False, True])
def test_all_is_told(leaving: bool) -> None:
    run = simulate(crowd(0, leaving=leaving), SERVER)
    assert len(run.served) == 200
    for each in run.served:
        assert (each.done_s is None) == (each.left_s is not None)
        assert each.wrote <= each.arrival.wants
        assert each.found + each.read <= each.arrival.prompt
        if each.done_s is not None:
            assert each.found + each.read == each.arrival.prompt


def test_a_prompt_larger_than_the_cache_is_refused() -> None:
    [served] = simulate([arrival(0.0, 9000)], SERVER).served
    assert (served.left_s, served.done_s) == (0.0, None)


def test_the_same_again() -> None:
    assert simulate(crowd(1, leaving=True), SERVER) == simulate(crowd(1, leaving=True), SERVER)


def test_the_cache_is_never_over_its_capacity() -> None:
    random = Random(0)
    cache = PromptCache(50)
    leases: list[tuple[Lease, tuple[int, ...]]] = []
    for _step in range(2000):
        if leases and random.random() < 0.5:
            lease, chain = leases.pop(random.randrange(len(leases)))
            cache.end(lease, chain[: random.randint(0, len(chain))])
        else:
            name = random.randrange(12)
            chain = tuple(100 * name + block for block in range(random.randint(1, 20)))
            begun = cache.begin(chain, len(chain))
            if begun is not None:
                leases.append((begun, chain))
        assert cache.used <= cache.capacity
    for lease, _chain in leases:
        cache.end(lease, ())
    assert cache.used <= cache.capacity


def test_the_least_used_prompt_is_given_up_from_its_end() -> None:
    cache = PromptCache(6)
    for chain in ((1, 2, 3), (4, 5, 6)):
        lease = cache.begin(chain, 3)
        assert lease is not None
        cache.end(lease, chain)
    lease = cache.begin((7,), 1)
    assert lease is not None
    cache.end(lease, (7,))
    found = cache.begin((1, 2, 3), 3)
    assert found is not None
    assert found.found == (1, 2)
