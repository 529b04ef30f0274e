"""Which of a server's models to take where the user has named none.

Pure.  The order is that of `ollama.md` §5.3; what a model can do is found out in `survey.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PREFERRED: Final = "codellama:7b-code"
"""The model that fimls is made and measured with (contract §3)."""

PREFERRED_CHAT: Final = "codellama:7b-instruct"
"""Its sibling that follows instructions, for the actions (contract §3)."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that a server has.

    `family` is the name of its format, "" for one that goes on from a prefix only; `loaded` is
    whether it is in memory at present, `sees` whether it was made to look at pictures.
    """

    name: str
    size_bytes: int = 0
    family: str = ""
    loaded: bool = False
    sees: bool = False

    @property
    def fills(self) -> bool:
        """Whether it can fill in the middle."""
        return bool(self.family)


def pick(offers: Iterable[Offer], *, fits_bytes: int = 0) -> Offer | None:
    """The model to take, or None where none can fill in the middle.

    The preferred model, else what is loaded, else by family, and within one by size: the larger of
    those up to `fits_bytes`, which a graphics card has been seen to hold, else the smaller.
    """
    return min(
        (offer for offer in offers if offer.fills),
        key=lambda offer: _rank(offer, fits_bytes),
        default=None,
    )


def pick_by_prefix(offers: Iterable[Offer]) -> Offer | None:
    """The model to take where none can fill in the middle: the smallest that was made for text."""
    return min(offers, key=lambda offer: (offer.sees, *_by_size(offer)), default=None)


def pick_chat(offers: Iterable[Offer]) -> Offer | None:
    """The Code Llama instruct model to take for actions: loaded first, then the smaller."""
    return min(
        (offer for offer in offers if is_code_llama_instruct(offer.name)),
        key=lambda offer: (not offer.loaded, *_by_size(offer)),
        default=None,
    )


def is_code_llama_instruct(name: str) -> bool:
    """Whether a name is one of a Code Llama that follows instructions.

    In Ollama's library that is also the one whose tag is no more than a size (`ollama.md` §2).
    """
    words = _words(name)
    if words[:1] != ["codellama"] and words[:2] != ["code", "llama"]:
        return False
    return "instruct" in words or _LIBRARY_INSTRUCT.fullmatch(name.lower()) is not None


# Families by preference; Code Llama's instruct models fill in the middle too, but were made for
# something else.  A family that is not here comes after all that are.
_CODE_LLAMA: Final = "codellama"
_CODE_LLAMA_INSTRUCT: Final = "codellama instruct"
_PREFERENCE: Final[Sequence[str]] = (
    _CODE_LLAMA,
    "qwen2.5-coder",
    "deepseek-coder-v2",
    "starcoder2",
    "codegemma",
    "codestral",
    "granite-code",
    _CODE_LLAMA_INSTRUCT,
)

_LIBRARY_INSTRUCT: Final = re.compile(r"(?:library/)?codellama(?::(?:latest|\d+b))?")

# The same weights with and without a template differ by a few kilobytes; that is no difference.
_SIZE_STEP_BYTES: Final = 100_000_000

_INSTRUCTED: Final = frozenset({"instruct", "chat", "it"})


def _rank(offer: Offer, fits_bytes: int) -> tuple[object, ...]:
    preferred = offer.name == PREFERRED
    return (not preferred, not offer.loaded, _place(offer), *_by_size(offer, fits_bytes))


def _place(offer: Offer) -> int:
    instruct = offer.family == _CODE_LLAMA and is_code_llama_instruct(offer.name)
    kind = _CODE_LLAMA_INSTRUCT if instruct else offer.family
    return _PREFERENCE.index(kind) if kind in _PREFERENCE else len(_PREFERENCE)


def _by_size(offer: Offer, fits_bytes: int = 0) -> tuple[object, ...]:
    """By size; of two that are equal the one without instructions, then by name."""
    size = round(offer.size_bytes / _SIZE_STEP_BYTES)
    fits = offer.size_bytes <= fits_bytes
    instructed = not _INSTRUCTED.isdisjoint(_words(offer.name))
    return (not fits, -size if fits else size, instructed, offer.name)


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", name.lower().rpartition("/")[2])
