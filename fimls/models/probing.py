"""Finds out by asking a model whether it fills in the middle, and in which format.

The probes are the cheap ones of `ollama.md` §5.3: whether its tokenizer reads the markers as
tokens at all, and then whether what it says to two small holes makes sense.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, Protocol

from fimls.errors import ModelError
from fimls.models.detection import Detected, Evidence, How, among, detect
from fimls.models.specimens import RESULT, SUM

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from fimls.models.families import Family
    from fimls.models.remembered import Remembered
    from fimls.models.specimens import Specimen


class Prober(Protocol):
    """A loaded model that can be asked without ceremony.

    Both methods raise only errors of the `ModelError` branch.
    """

    async def prompt_tokens(self, prompt: str) -> int | None:
        """How many tokens the server reads a prompt as; None where it does not tell."""
        ...

    async def said(self, prompt: str, stop: tuple[str, ...], max_tokens: int) -> str:
        """The likeliest answer to a prompt."""
        ...


async def probe(prober: Prober, candidates: Sequence[Family]) -> Family | None:
    """The first of the families whose format the model understands; None where there is none.

    Raises what asking raises.
    """
    read: dict[tuple[str, ...], bool] = {}
    for family in candidates:
        markers = family.fim_markers
        if markers not in read:
            read[markers] = await _are_tokens(prober, markers)
        if read[markers] and await _fills(prober, family):
            return family
    return None


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A model whose family the cheap evidence leaves open, and where its family is to be noted.

    `digest` names its content; where it is "", or there is no `remembered`, nothing is noted.
    """

    evidence: Evidence
    digest: str = ""
    remembered: Remembered | None = None


def known(setting: str, model: Unsettled) -> tuple[Detected, Unsettled | None]:
    """The family of a model before it is asked, and the model where that is still open.

    `setting` is that of `family`.  What was found out before counts, which is read from a file.
    Raises `ModelRefused` for a setting that is not in the table.
    """
    detected = detect(setting, model.evidence)
    if detected.is_open and model.remembered is not None:
        detected = model.remembered.get(model.digest) or detected
    return detected, model if detected.is_open else None


async def settled(
    model: Unsettled, prober: Prober, vocabulary: Callable[[], Awaitable[frozenset[str]]]
) -> Detected | None:
    """What the vocabulary, and then the model itself, tell of its family; that is remembered.

    The model must be loaded.  A `vocabulary` that is empty is not told, and each family is tried
    then.  Returns None, and nothing is remembered, where asking fails or takes over `_LIMIT_S`.
    """
    try:
        async with asyncio.timeout(_LIMIT_S):
            found = await _found(replace(model.evidence, vocabulary=await vocabulary()), prober)
    except (ModelError, TimeoutError):
        return None
    if model.remembered is not None:
        await asyncio.to_thread(model.remembered.put, model.digest, found)
    return found


async def _found(evidence: Evidence, prober: Prober) -> Detected:
    detected = detect("auto", evidence)
    if not detected.is_open:
        return detected
    family = await probe(prober, detected.candidates or among(evidence))
    return Detected(family, How.NOTHING if family is None else How.PROBE)


# A model with seven thousand million weights on two cores takes about 5 s for one family.
_LIMIT_S: Final = 20.0

# A letter before each marker but the first, and the token that begins a text, where there is one.
_LETTERS: Final = "ab"
_BEGINNING_TOKENS: Final = 1

# Enough for the first line of what is right; whatever goes on is cut off.
_ANSWER_TOKENS: Final = 12


async def _are_tokens(prober: Prober, markers: tuple[str, ...]) -> bool:
    """Whether each marker is one token: spelled out, three of them are 12 or more.

    What is between the two is not sure, and then no.
    """
    text = "".join(map("".join, zip_longest(markers, _LETTERS, fillvalue="")))
    tokens = await prober.prompt_tokens(text)
    return tokens is None or tokens <= len(markers) + len(_LETTERS) + _BEGINNING_TOKENS


async def _fills(prober: Prober, family: Family) -> bool:
    """Whether the model understands the format, and reads the suffix in it.

    Many a model says the first without the second: it passes over markers that mean nothing to it.
    """
    return await _names(prober, family, SUM) and await _names(prober, family, RESULT)


async def _names(prober: Prober, family: Family, specimen: Specimen) -> bool:
    answer = await prober.said(specimen.prompt(family), family.stops, _ANSWER_TOKENS)
    line = answer.partition("\n")[0]
    has_marker = any(marker in answer for marker in (*family.markers, *family.fim_markers))
    return not has_marker and set(specimen.names) <= set(_NAME.findall(line))


_NAME: Final = re.compile(r"\w+")
