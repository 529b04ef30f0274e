"""The prompt: the window in the format of the model's family, or healed where it has none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache, partial
from itertools import starmap
from typing import TYPE_CHECKING, Final

from fimls.completion.values import Extent
from fimls.context.window import Budget, Window, cut
from fimls.models.formats import NOTHING, broken
from fimls.models.protocol import Generation
from fimls.text.tokens import SMOLLM2, count

if TYPE_CHECKING:
    from collections.abc import Callable

    from fimls.completion.maps import Around
    from fimls.completion.opening import Opening
    from fimls.completion.values import Shape
    from fimls.context.gather import Snippet
    from fimls.models.families import Family
    from fimls.models.formats import Preface, Render
    from fimls.models.protocol import Capabilities
    from fimls.text.hole import Hole
    from fimls.text.language import Language
    from fimls.text.tokens import Rate

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

# With less room than that no model fills anything in, whatever its server says.
_LEAST_TOKENS = 64

# Counting takes most of what a prompt takes to build, and all lines but one are as they were; those
# of a few windows are remembered, if they are of usual length.
_KNOWN_LINES: Final = 2048
_KNOWN_LINE_CHARS: Final = 200

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
    a `temperature` the answer is drawn by chance, and each `seed` draws another one.  `opened`: a
    model without a family is held to how the line has to begin by what stands around it.
    """

    suffix_as_file: bool = False
    temperature: float = 0.0
    seed: int = 42
    opened: bool = True


LIKELIEST = Way()
"""What is asked first: the likeliest answer, in the way that is best for the model."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a prompt is made of besides the hole and the model.

    With an `opening` a model that can be forced begins so.  It is `halved` for a model that has
    refused a whole one as too long, and then has nothing of `around`, the other files.  `keep` is
    where the window of the last prompt for the same document began: this one begins there too, for
    as long as that is good.
    """

    way: Way = LIKELIEST
    opening: Opening | None = None
    halved: bool = False
    keep: int | None = None
    around: Around | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request for the model, and how to read its answer.

    `lead` is text before the hole that was cut from the prompt: the answer has to begin with it.
    `begins` is the offset where its window begins, None where that is not to be kept.  `context`
    is what it has of other files.
    """

    generation: Generation
    mode: Mode
    lead: str = ""
    begins: int | None = None
    context: tuple[Snippet, ...] = field(default=(), compare=False)


def build(
    hole: Hole,
    shape: Shape,
    capabilities: Capabilities,
    max_tokens: int,
    *,
    way: Way = LIKELIEST,
    opening: Opening | None = None,
) -> Prompt | None:
    """The prompt for a hole by itself; None where there is nothing to go by, or no such way."""
    made = orders(hole, shape, capabilities, max_tokens, Terms(way, opening))
    return next(iter(made), None)


def orders(
    hole: Hole, shape: Shape, capabilities: Capabilities, max_tokens: int, terms: Terms
) -> tuple[Prompt, ...]:
    """The prompts for a hole, one for each order that is worth a thought, the better one first.

    None of them where there is nothing to go by, or no such way for the model.
    """
    family, way = capabilities.family, terms.way
    around = None if terms.halved else terms.around
    if family is None:
        tokens = _answer_tokens(shape, max_tokens)
        made = _healed(hole, capabilities, tokens, way, around, halved=terms.halved)
        if made is not None and terms.opening is not None:
            made = _opened(made, terms.opening, capabilities)
        return () if made is None else (made,)
    if way.suffix_as_file:
        return ()
    window = window_at(hole, capabilities, max_tokens, halved=terms.halved, keep=terms.keep)
    if not (window.prefix.strip() or window.suffix.strip()):
        return ()
    preface, context = _shown(around)

    def filled(mode: Mode, render: Render) -> Prompt:
        text = render(window.prefix, window.suffix, preface)
        generation = _drawn(Generation(text, max_tokens, family.stops), way)
        return Prompt(generation, mode, begins=window.start, context=context)

    return tuple(starmap(filled, _renders(hole, family, capabilities)))


def _shown(around: Around | None) -> tuple[Preface, tuple[Snippet, ...]]:
    """What is told of other files, and what that is made of."""
    return (NOTHING, ()) if around is None else (around.preface, around.gathered.snippets)


def _answer_tokens(shape: Shape, max_tokens: int) -> int:
    return min(_LINE_TOKENS, max_tokens) if shape.extent is Extent.LINE else max_tokens


def rate_of(capabilities: Capabilities) -> Rate:
    """How tokens are counted for a model."""
    return SMOLLM2 if capabilities.family is None else capabilities.family.rate


def room_beside(capabilities: Capabilities, max_tokens: int) -> int:
    """The tokens that a model's context has for other files, beside a whole window and an answer.

    What stands around the hole comes first.
    """
    return max(0, _room(capabilities, max_tokens) - _PREFIX_TOKENS - _SUFFIX_TOKENS)


def _room(capabilities: Capabilities, max_tokens: int) -> int:
    return max(_LEAST_TOKENS, capabilities.context_tokens - max_tokens - _RESERVE_TOKENS)


def window_at(
    hole: Hole,
    capabilities: Capabilities,
    max_tokens: int,
    *,
    halved: bool = False,
    keep: int | None = None,
) -> Window:
    """What a model is shown of the text around a hole."""
    part = 2 if halved else 1
    room = _room(capabilities, max_tokens)
    suffix = min(_SUFFIX_TOKENS, room // 4)
    prefix = min(_PREFIX_TOKENS, room - suffix)
    budget = Budget(prefix // part, suffix // part, _SUFFIX_CHARS)
    return cut(hole, budget, counter(rate_of(capabilities)), keep=keep)


@lru_cache(maxsize=4)
def counter(rate: Rate) -> Callable[[str], int]:
    """Counts tokens, of a line that it has counted before at once."""
    counted = partial(count, rate=rate)
    known = lru_cache(maxsize=_KNOWN_LINES)(counted)
    return lambda line: known(line) if len(line) <= _KNOWN_LINE_CHARS else counted(line)


def _renders(hole: Hole, family: Family, capabilities: Capabilities) -> list[tuple[Mode, Render]]:
    """The orders in which a hole may be asked about, the better one first.

    The suffix comes first where the family knows nothing else, and where it is better and free.
    That is at a line border, if re-reading costs nothing: Code Llama 7B fills single lines better
    in that order (83.3 against 74.1 % of HumanEval's) and spans that begin inside a token far worse
    (39.0 against 59.7 %), `evaluation.md` §2.1.
    """
    prefix_first, suffix_first = (Mode.PSM, family.psm), (Mode.SPM, family.spm)
    at_border = not hole.line_before.strip()
    is_better = at_border and family.suffix_first_at_line_start and capabilities.saves_prompts
    known = [suffix_first, prefix_first] if is_better else [prefix_first, suffix_first]
    found = [(mode, render) for mode, render in known if render is not None]
    return found if is_better else found[:1]


def _healed(
    hole: Hole,
    capabilities: Capabilities,
    max_tokens: int,
    way: Way,
    around: Around | None,
    *,
    halved: bool,
) -> Prompt | None:
    """The prefix, whole lines of it, without the word begun at its end; it is all or comes last."""
    part = 2 if halved else 1
    room = _room(capabilities, max_tokens)
    limit = _SMALL_PREFIX_TOKENS if capabilities.single_line else _PREFIX_TOKENS
    suffix = _SUFFIX_TOKENS if way.suffix_as_file else 0
    budget = Budget(min(limit, room - suffix) // part, suffix // part)
    window = cut(hole, budget, counter(SMOLLM2))
    match = _HEALED.search(window.prefix)
    lead = match.group() if match else ""
    text = window.prefix[: len(window.prefix) - len(lead)]
    preface, context = _shown(None if way.suffix_as_file else around)
    if way.suffix_as_file:
        text = _after_suffix(text, window.suffix, hole.language, capabilities.file_marker)
    if not text:
        return None
    force = lead if capabilities.can_force else ""
    tokens = max_tokens + _lead_tokens(lead)
    generation = _drawn(Generation(preface.before + text, tokens, force=force), way)
    mode = Mode.SPM if way.suffix_as_file else Mode.PREFIX
    return Prompt(generation, mode, lead, context=context)


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
