"""The virtual clock: sleepers wake in order, tasks run in between, and no time passes."""

from __future__ import annotations

import asyncio

import pytest

from fimls.testing.clock import RealClock, VirtualClock


async def nap(clock: VirtualClock, seconds: float, log: list[tuple[float, str]], name: str) -> None:
    await clock.sleep(seconds)
    log.append((clock.now(), name))


async def test_sleepers_wake_in_order_of_time() -> None:
    clock, log = VirtualClock(start=100.0), list[tuple[float, str]]()
    async with asyncio.TaskGroup() as group:
        for seconds, name in [(3.0, "late"), (1.0, "early"), (3.0, "late too"), (9.0, "later")]:
            group.create_task(nap(clock, seconds, log, name))
        await clock.advance(5.0)
        assert log == [(101.0, "early"), (103.0, "late"), (103.0, "late too")]
        assert clock.now() == 105.0
        assert clock.sleepers == 1
        await clock.advance(4.0)
    assert log[-1] == (109.0, "later")


async def test_sleeps_that_begin_on_the_way_count() -> None:
    clock, ticks = VirtualClock(), list[float]()

    async def tick() -> None:
        while True:
            await clock.sleep(1.0)
            ticks.append(clock.now())

    task = asyncio.ensure_future(tick())
    await clock.advance(3.5)
    task.cancel()
    assert ticks == [1.0, 2.0, 3.0]


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock, log = VirtualClock(), list[tuple[float, str]]()
    task = asyncio.ensure_future(nap(clock, 1.0, log, "never"))
    await clock.settle()
    task.cancel()
    await clock.advance(2.0)
    assert (log, clock.sleepers) == ([], 0)


@pytest.mark.parametrize("seconds", [0.0, -1.0])
async def test_no_sleep_lets_others_run(seconds: float) -> None:
    clock, ran = VirtualClock(), asyncio.Event()
    asyncio.get_running_loop().call_soon(ran.set)
    await clock.sleep(seconds)
    assert ran.is_set()


async def test_settling_waits_for_long_chains_of_tasks() -> None:
    clock, links = VirtualClock(), 300
    first = previous = asyncio.Event()
    for _link in range(links):
        following = asyncio.Event()

        async def pass_on(
            before: asyncio.Event = previous, after: asyncio.Event = following
        ) -> None:
            await before.wait()
            after.set()

        asyncio.ensure_future(pass_on())  # noqa: RUF006  (the chain itself holds them)
        previous = following
    first.set()
    await clock.settle()
    assert previous.is_set()


async def test_settling_sees_bytes_on_a_loopback_connection() -> None:
    clock, seen = VirtualClock(), bytearray()

    async def read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.extend(await reader.read())
        writer.close()

    async with await asyncio.start_server(read, "127.0.0.1", 0) as server:
        _reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"one")
        writer.close()
        await clock.drive(writer.wait_closed())
        await clock.settle()
    assert seen == b"one"


async def test_a_task_that_never_waits_is_told() -> None:
    async def spin() -> None:
        while True:  # noqa: ASYNC110  (this is what must be told)
            await asyncio.sleep(0)

    task = asyncio.ensure_future(spin())
    with pytest.raises(AssertionError, match="still run"):
        await VirtualClock().settle()
    task.cancel()


async def test_driving_jumps_from_sleep_to_sleep() -> None:
    clock = VirtualClock()

    async def work() -> str:
        for _ in range(10):
            await clock.sleep(60.0)
        return "done"

    assert await clock.drive(work()) == "done"
    assert clock.now() == 600.0


async def test_driving_waits_for_what_is_no_sleep() -> None:
    clock, loop = VirtualClock(), asyncio.get_running_loop()

    async def work() -> float:
        await loop.run_in_executor(None, lambda: None)
        await clock.sleep(5.0)
        await loop.run_in_executor(None, lambda: None)
        return clock.now()

    assert await clock.drive(work()) == 5.0


async def test_the_real_clock_goes_on() -> None:
    clock = RealClock()
    before = clock.now()
    await clock.sleep(0.001)
    assert clock.now() > before
