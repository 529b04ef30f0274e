"""Which of several addresses is connected to, and that nothing is left of the others."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fimls.models import dialling
from fimls.models.dialling import first_connected

if TYPE_CHECKING:
    from collections.abc import Sequence


class Dialled:
    """What addresses do, by their first words: they are open, refuse, are dead, or are slow.

    Those that are slow wait until `two_tried`.  `made` are the connections that came about,
    `dropped` those of them that were closed again, and `ended` the attempts that were given up.
    """

    def __init__(self) -> None:
        self.tried: list[str] = []
        self.made: list[str] = []
        self.dropped: list[str] = []
        self.ended: list[str] = []
        self.two_tried = asyncio.Event()

    async def connect(self, address: str) -> str:
        self.tried.append(address)
        if len(self.tried) == 2:
            self.two_tried.set()
        try:
            await self._answer(address)
        except asyncio.CancelledError:
            self.ended.append(address)
            raise
        self.made.append(address)
        return address

    async def _answer(self, address: str) -> None:
        match address[0]:
            case "d":
                await asyncio.Event().wait()
            case "r":
                raise ConnectionRefusedError(address)
            case "s":
                await self.two_tried.wait()

    def drop(self, connection: str) -> None:
        self.dropped.append(connection)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next address is tried as soon as the last one has been."""
    monkeypatch.setattr(dialling, "NEXT_AFTER_S", 0.0)


@pytest.mark.parametrize(
    ("addresses", "found", "tried"),
    [
        (["open"], "open", 1),
        # Nobody else is bothered.
        (["open", "open too"], "open", 1),
        (["refuses", "open"], "open", 2),
        # `localhost` where it is `::1` first and nothing ever answers there.
        (["dead", "open"], "open", 2),
        (["dead", "refuses", "dead too", "open", "never asked"], "open", 4),
    ],
)
async def test_who_is_connected_to(addresses: Sequence[str], found: str, tried: int) -> None:
    dialled = Dialled()
    assert await first_connected(addresses, dialled.connect, dialled.drop) == found
    assert dialled.tried == list(addresses[:tried])
    assert (dialled.made, dialled.dropped) == ([found], [])
    assert dialled.ended == [each for each in dialled.tried if each.startswith("dead")]


@pytest.mark.parametrize("addresses", [[], ["refuses"], ["refuses", "refuses last"]])
async def test_nobody_is_there(addresses: Sequence[str]) -> None:
    dialled = Dialled()
    with pytest.raises(ConnectionError) as raised:
        await first_connected(addresses, dialled.connect, dialled.drop)
    # The last one's words are as good as any.
    assert str(raised.value) == (addresses[-1] if addresses else "the name has no address")


async def test_of_two_that_answer_at_once_one_is_closed() -> None:
    dialled = Dialled()
    found = await first_connected(["slow", "slow too"], dialled.connect, dialled.drop)
    assert sorted([found, *dialled.dropped]) == sorted(dialled.made) == ["slow", "slow too"]


async def test_who_is_cancelled_leaves_nothing() -> None:
    dialled = Dialled()
    connecting = asyncio.ensure_future(
        first_connected(["slow", "dead"], dialled.connect, dialled.drop)
    )
    await dialled.two_tried.wait()
    await asyncio.sleep(0)
    # The slow one has won, which nobody has been told yet.
    assert (dialled.made, connecting.done()) == (["slow"], False)
    connecting.cancel()
    await asyncio.wait([connecting])
    assert connecting.cancelled()
    assert (dialled.dropped, dialled.ended) == (["slow"], ["dead"])
