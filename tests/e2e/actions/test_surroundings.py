"""What a model is shown besides the place itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.actions.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

CART = """\
from prices import price_of


class Cart:
    def add(self, name: str) -> None:
        self.total += self.tax(price_of(name))

    def tax(self, amount: float) -> float:
        return amount * 1.2

    # the prices of some names, the highest first
"""

PRICE_OF = "def price_of(name: str, *, in_cents: bool = False) -> float"


async def asked(desk: Desk, name: str, start: int, end: int | None = None) -> str:
    """What the model is asked."""
    desk.begin()
    desk.ollama.answer = "pass"
    document = desk.open("cart.py", "python", CART)
    await desk.client.run(await desk.command(name, document.uri, start, end))
    desk.client.close_document(document.uri)
    (chat,) = desk.chats
    return chat


async def test_an_explanation_sees_what_is_called(desk: Desk) -> None:
    start = CART.index("self.total")
    chat = await asked(desk, "explain", start, CART.index("\n", start))

    # From another file, from this one, and what it stands in.
    assert PRICE_OF in chat
    assert "def tax(self, amount: float) -> float" in chat
    assert "class Cart\ndef add(self, name: str) -> None" in chat
    # What is not called, and what it does, is of no use.
    assert "amount * 1.2" not in chat


async def test_code_is_written_with_the_file_and_the_project_in_view(desk: Desk) -> None:
    chat = await asked(desk, "generate", CART.index("# the prices"))

    assert ">>>\n    # the prices of some names, the highest first\n<<<" in chat
    assert "return amount * 1.2" in chat
    assert PRICE_OF in chat
