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
from fimls.models.ollama_server import loaded_of
from fimls.models.ranking import Offer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.models.detection import Detected
    from fimls.models.ollama_server import Installed, Loaded, OllamaServer, Shown
    from fimls.models.remembered import Remembered


MOST_ASKED: Final = 256
"""So many answers about models are kept, and more are not asked for.

They take a few kilobytes each, most of it the template.
"""

ASKED_IN_A_LOOK: Final = 8
"""About so many models is asked where somebody waits for one to be chosen, the newest first.

Ollama reads a model's file for each, which takes some hundredths of a second.
"""


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
    *,
    most_asked: int = MOST_ASKED,
) -> tuple[Surveyed, ...]:
    """What is known of the models of a server, in their order.

    `family` is the setting of that name.  At most `most_asked` models are asked about, the first of
    those that were not yet.  Raises what asking the server raises, and `ModelRefused` for a family
    that is not in the table.
    """
    loaded = await server.loaded()
    unknown = [each for each in installed if _tells_nothing(each, family, remembered)]
    await _ask(server, unknown[:most_asked])
    return tuple(
        _surveyed(each, family, loaded_of(each.name, loaded), remembered) for each in installed
    )


def fits_bytes(models: Sequence[Surveyed]) -> int:
    """How large a model may be that a graphics card has been seen to hold; 0 without one."""
    return max((min(each.gpu_bytes, each.model.size_bytes) for each in models), default=0)


# So many questions at once are answered well within the time that there is for one.
_AT_ONCE: Final = 8

_shown: OrderedDict[str, Shown] = OrderedDict()
"""The answers about models, by what stands for their content."""

# Models that make vectors or an order out of text or pictures, by the names of those in Ollama's
# library and by llama.cpp's words for how they are built: before Ollama 0.6.4 nothing else tells.
_MAKES_NO_TEXT: Final = re.compile(
    r"embed|bert|minilm|rerank|^clip|(?:^|/)(?:bge|gte|e5|paraphrase)-"
)


def _content(model: Installed) -> str:
    """The same digest is the same model, on any server; some that are not Ollama give none."""
    return model.digest or model.name


def _tells_nothing(model: Installed, family: str, remembered: Remembered | None) -> bool:
    if _content(model) in _shown or not _completes(model):
        return False
    is_open = detect(family, _evidence(model)).is_open
    return is_open and _recalled(model, remembered) is None


async def _ask(server: OllamaServer, models: Sequence[Installed]) -> None:
    for first in range(0, len(models), _AT_ONCE):
        asked = models[first : first + _AT_ONCE]
        answers = await asyncio.gather(*(_show(server, each.name) for each in asked))
        for model, shown in zip(asked, answers, strict=True):
            if shown is not None:
                _shown[_content(model)] = shown
    while len(_shown) > MOST_ASKED:
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
    shown = _shown.get(_content(model))
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
