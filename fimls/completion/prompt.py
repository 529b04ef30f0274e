"""The prompt: the window in the format of the model's family, or healed where it has none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from fimls.completion.values import Extent
from fimls.context.window import Budget, Window, cut
from fimls.models.formats import broken
from fimls.models.protocol import Generation
from fimls.text.tokens import SMOLLM2, count

if TYPE_CHECKING:
    from fimls.completion.opening import Opening
    from fimls.completion.values import Shape
    from fimls.models.families import Family
    from fimls.models.protocol import Capabilities
    from fimls.text.hole import Hole
    from fimls.text.language import Language

# What a completion needs, and what a processor reads in bearable time at the first request; a
# server that keeps what it has read does not read it again (`ollama.md` §1.8).
_PREFIX_TOKENS = 1024

# Read again for every key in the order prefix-suffix-middle, so it is short: about a dozen lines.
_SUFFIX_TOKENS = 160

# Lines are added to it only up to this length, since it makes up most of what is read for a request
# (`peer-bench.md` §5: a short one while typing).
_SUFFIX_CHARS = 300

# The default embedded model is at its best with 400 to 500 tokens (`embedded.md` §1.5).
_SMALL_PREFIX_TOKENS = 450

# A single line is rarely longer; the stream is closed at its end anyway (`embedded.md` §1.5).
_LINE_TOKENS = 48

# Markers, the estimate's error and the server's own tokens.
_RESERVE_TOKENS = 32

# Blanks and the word begun at the end of the prefix: cut from the prompt and asked for again,
# since a tokenizer never splits text there (`embedded.md` §1.4: 3 % to 31 % of tasks right).
_HEALED = re.compile(r"\s*\w*\Z")


class Mode(StrEnum):
    """The order of the parts in a prompt."""

    PSM = "psm"
    SPM = "spm"
    PREFIX = "prefix"


@dataclass(frozen=True, slots=True)
class Way:
    """One way of asking about a hole, for who wants more than the likeliest answer.

    `suffix_as_file`: a model without a family is shown the suffix too, as a file of its own.  With
    a `temperature` the answer is drawn by chance, and each `seed` draws another one.
    `prefix_first`: in the order that a hole within a line needs, also at a line border.  `opened`:
    a model without a family is held to how the line has to begin by what stands around it.
    """

    suffix_as_file: bool = False
    temperature: float = 0.0
    seed: int = 42
    prefix_first: bool = False
    opened: bool = True


LIKELIEST = Way()
"""What is asked first: the likeliest answer, in the way that is best for the model."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request for the model, and how to read its answer.

    `lead` is text before the hole that was cut from the prompt: the answer has to begin with it.
    `begins` is the offset where its window begins, None where that is not to be kept.
    """

    generation: Generation
    mode: Mode
    lead: str = ""
    begins: int | None = None


def build(
    hole: Hole,
    shape: Shape,
    capabilities: Capabilities,
    max_tokens: int,
    *,
    way: Way = LIKELIEST,
    opening: Opening | None = None,
    halved: bool = False,
    keep: int | None = None,
) -> Prompt | None:
    """The prompt for a hole; None where there is nothing to go by, or no such way for the model.

    With an `opening` a model that can be forced begins so.  It is `halved` for a model that has
    refused a whole one as too long.  `keep` is where the window of the last prompt for the same
    document began: this one begins there too, for as long as that is good.
    """
    family = capabilities.family
    part = 2 if halved else 1
    if family is None:
        made = _healed(hole, capabilities, _answer_tokens(shape, max_tokens), part, way)
        return made if made is None or opening is None else _opened(made, opening, capabilities)
    if way.suffix_as_file:
        return None
    window = _window(hole, family, capabilities, max_tokens, part, keep)
    mode = _mode(hole, family, capabilities, way)
    render = family.spm if mode is Mode.SPM else family.psm
    if render is None or not (window.prefix.strip() or window.suffix.strip()):
        return None
    text = render(window.prefix, window.suffix)
    generation = _drawn(Generation(text, max_tokens, family.stops), way)
    return Prompt(generation, mode, begins=window.start)


def _answer_tokens(shape: Shape, max_tokens: int) -> int:
    return min(_LINE_TOKENS, max_tokens) if shape.extent is Extent.LINE else max_tokens


def _window(
    hole: Hole,
    family: Family,
    capabilities: Capabilities,
    max_tokens: int,
    part: int,
    keep: int | None,
) -> Window:
    room = max(64, capabilities.context_tokens - max_tokens - _RESERVE_TOKENS)
    suffix = min(_SUFFIX_TOKENS, room // 4)
    prefix = min(_PREFIX_TOKENS, room - suffix)
    budget = Budget(prefix // part, suffix // part, _SUFFIX_CHARS)
    return cut(hole, budget, partial(count, rate=family.rate), keep=keep)


def _mode(hole: Hole, family: Family, capabilities: Capabilities, way: Way) -> Mode:
    """Suffix first where the family knows nothing else, and where it is better and free.

    That is at a line border, if re-reading costs nothing: Code Llama 7B fills single lines better
    in that order (83.3 against 74.1 % of HumanEval's) and spans that begin inside a token far
    worse (39.0 against 59.7 %), `evaluation.md` §2.1.
    """
    if family.psm is None:
        return Mode.SPM
    at_border = not (way.prefix_first or hole.line_before.strip())
    if at_border and family.suffix_first_at_line_start and capabilities.saves_prompts:
        return Mode.SPM
    return Mode.PSM


def _healed(
    hole: Hole, capabilities: Capabilities, max_tokens: int, part: int, way: Way
) -> Prompt | None:
    """The prefix, whole lines of it, without the word begun at its end; it is all or comes last."""
    room = max(64, capabilities.context_tokens - max_tokens - _RESERVE_TOKENS)
    limit = _SMALL_PREFIX_TOKENS if capabilities.single_line else _PREFIX_TOKENS
    suffix = _SUFFIX_TOKENS if way.suffix_as_file else 0
    budget = Budget(min(limit, room - suffix) // part, suffix // part)
    window = cut(hole, budget, partial(count, rate=SMOLLM2))
    match = _HEALED.search(window.prefix)
    lead = match.group() if match else ""
    text = window.prefix[: len(window.prefix) - len(lead)]
    if way.suffix_as_file:
        text = _after_suffix(text, window.suffix, hole.language, capabilities.file_marker)
    if not text:
        return None
    force = lead if capabilities.can_force else ""
    generation = Generation(text, max_tokens + _lead_tokens(lead), force=force)
    mode = Mode.SPM if way.suffix_as_file else Mode.PREFIX
    return Prompt(_drawn(generation, way), mode, lead)


def _opened(prompt: Prompt, opening: Opening, capabilities: Capabilities) -> Prompt:
    """The prompt with the begin of the answer's line forced, where the model can be."""
    if not capabilities.can_force:
        return prompt
    asked = prompt.generation
    tokens = asked.max_tokens + _lead_tokens(opening.blanks)
    force = asked.force + opening.blanks
    made = replace(asked, force=force, starts=opening.starts, max_tokens=tokens)
    return replace(prompt, generation=made)


def _after_suffix(prefix: str, suffix: str, language: Language, marker: str) -> str:
    """The suffix as a file of its own, then the one that the model goes on with.

    The wording that did best of six (`embedded.md` §1.1, c1b); "" where it cannot be had.
    """
    after = broken(suffix, (marker,)).strip("\n") if marker else ""
    if not (after.strip() and prefix):
        return ""
    extension = next(iter(language.extensions), "")
    before = broken(prefix, (marker,))
    return f"{marker}after_cursor{extension}\n{after}\n{marker}main{extension}\n{before}"


def _drawn(generation: Generation, way: Way) -> Generation:
    return replace(generation, temperature=way.temperature, seed=way.seed)


def _lead_tokens(lead: str) -> int:
    return count(lead, SMOLLM2)
