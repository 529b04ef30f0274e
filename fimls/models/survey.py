"""What the models of an Ollama server can do, found out with as few questions as possible.

The list and the names tell of nearly all; only of a model whose name tells nothing is asked, a few
at a time, and what was answered is kept by the model's digest, which stands for its content.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.errors import ModelError
from fimls.models.detection import Evidence, detect
from fimls.models.ollama_server import is_same_model
from fimls.models.ranking import Offer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.models.detection import Detected
    from fimls.models.ollama_server import Installed, Loaded, OllamaServer, Shown
    from fimls.models.remembered import Remembered


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A model of a server, and what is known of it.

    `completes` is false for one that only makes embeddings or looks at pictures; `gpu_bytes` is
    how much of it is on a graphics card at present.
    """

    model: Installed
    detected: Detected
    completes: bool
    sees: bool = False
    loaded: bool = False
    gpu_bytes: int = 0

    @property
    def family(self) -> str:
        """The name of its format, "" for one that does not fill in the middle."""
        family = self.detected.family
        return family.name if family is not None and self.completes else ""

    @property
    def offer(self) -> Offer:
        """What of it counts when one is chosen."""
        model = self.model
        return Offer(model.name, model.size_bytes, self.family, self.loaded, self.sees)


async def survey(
    server: OllamaServer,
    installed: Sequence[Installed],
    family: str,
    remembered: Remembered | None = None,
) -> tuple[Surveyed, ...]:
    """What is known of the models of a server, in their order.

    `family` is the setting of that name.  Raises what asking the server raises, and `ModelRefused`
    for a family that is not in the table.
    """
    loaded = await server.loaded()
    await _ask(server, [each for each in installed if _tells_nothing(each, family, remembered)])
    return tuple(
        _surveyed(each, family, _named(each.name, loaded), remembered) for each in installed
    )


def fits_bytes(models: Sequence[Surveyed]) -> int:
    """How large a model may be that a graphics card has been seen to hold; 0 without one."""
    return max((min(each.gpu_bytes, each.model.size_bytes) for each in models), default=0)


# Ollama reads a model's file for each, which takes some hundredths of a second.
_MOST_SHOWN: Final = 8

# What is remembered of models takes a few kilobytes each, most of it the template.
_MOST_REMEMBERED: Final = 256

_shown: OrderedDict[str, Shown] = OrderedDict()
"""The answers about models, by digest; the same digest is the same model, on any server."""

# Models that make vectors or an order out of text or pictures, by the names of those in Ollama's
# library and by llama.cpp's words for how they are built: before Ollama 0.6.4 nothing else tells.
_MAKES_NO_TEXT: Final = re.compile(
    r"embed|bert|minilm|rerank|^clip|(?:^|/)(?:bge|gte|e5|paraphrase)-"
)


def _tells_nothing(model: Installed, family: str, remembered: Remembered | None) -> bool:
    if model.digest in _shown or not _completes(model):
        return False
    is_open = detect(family, _evidence(model)).is_open
    return is_open and _recalled(model, remembered) is None


async def _ask(server: OllamaServer, models: Sequence[Installed]) -> None:
    asked = models[:_MOST_SHOWN]
    for model, shown in zip(
        asked, await asyncio.gather(*(_show(server, each.name) for each in asked)), strict=True
    ):
        if shown is not None:
            _shown[model.digest] = shown
    while len(_shown) > _MOST_REMEMBERED:
        _shown.popitem(last=False)


async def _show(server: OllamaServer, name: str) -> Shown | None:
    try:
        return await server.show(name)
    except ModelError:
        # It has been removed meanwhile, or its file is broken: the others can be used all the same.
        return None


def _surveyed(
    model: Installed, family: str, loaded: Loaded | None, remembered: Remembered | None
) -> Surveyed:
    shown = _shown.get(model.digest)
    detected = detect(family, _evidence(model, shown))
    if detected.is_open and (recalled := _recalled(model, remembered)) is not None:
        detected = recalled
    return Surveyed(
        model,
        detected,
        completes=_completes(model, shown),
        sees="vision" in _abilities(model, shown),
        loaded=loaded is not None,
        gpu_bytes=0 if loaded is None else loaded.gpu_bytes,
    )


def _recalled(model: Installed, remembered: Remembered | None) -> Detected | None:
    return None if remembered is None else remembered.get(model.digest)


def _evidence(model: Installed, shown: Shown | None = None) -> Evidence:
    if shown is not None:
        return shown.evidence(model.name)
    return Evidence(model.name, abilities=_abilities(model, None))


def _abilities(model: Installed, shown: Shown | None) -> frozenset[str]:
    return model.abilities or (frozenset() if shown is None else shown.abilities)


def _completes(model: Installed, shown: Shown | None = None) -> bool:
    if abilities := _abilities(model, shown):
        return "completion" in abilities
    if shown is not None and _MAKES_NO_TEXT.search(shown.architecture):
        return False
    return _MAKES_NO_TEXT.search(model.name.lower()) is None


def _named(name: str, loaded: Sequence[Loaded]) -> Loaded | None:
    return next((each for each in loaded if is_same_model(each.name, name)), None)
