"""Which of a server's models to take where the user has named none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PREFERRED = "codellama:7b-code"
"""The model that fimls is made and measured with (contract §3)."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that a server has: `fills` in the middle, and `loaded` into memory at present."""

    name: str
    size_bytes: int
    fills: bool
    loaded: bool = False


def pick(offers: Iterable[Offer]) -> str | None:
    """The name of the model to take, or None where none can fill in the middle.

    The preferred model, else what is loaded, else the smallest (contract §3, `ollama.md` §5.3).
    """
    able = sorted((offer for offer in offers if offer.fills), key=_rank)
    return able[0].name if able else None


def _rank(offer: Offer) -> tuple[bool, bool, int, str]:
    return (offer.name != PREFERRED, not offer.loaded, offer.size_bytes, offer.name)
