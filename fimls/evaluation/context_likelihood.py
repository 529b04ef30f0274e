"""How likely a model finds a masked line, with and without what it is shown of the repository.

The line is forced with a grammar, which the embedded runtime answers with the logarithm of each
forced token's probability; nothing is generated.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING

from fimls.completion.prompt import build
from fimls.completion.surroundings import headed
from fimls.completion.values import Extent, Shape
from fimls.evaluation.context import Shown, context_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fimls.evaluation.context_tasks import MaskedLine
    from fimls.models.protocol import Generation, Model

_LINE = Shape(Extent.LINE)

# A longer line takes a second to force, and tells no more.
_MOST_CHARS = 160

# Tokens that a forced line may have; it ends before.
_MOST_TOKENS = 200


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The mean logarithm (natural, for each token) of a line's probability, by what was shown."""

    line: str
    by_shown: dict[Shown, float]

    @property
    def gain(self) -> float:
        """What all of the context adds to the window alone."""
        return self.by_shown[Shown.ALL] - self.by_shown[Shown.WINDOW]


async def likelihoods(
    model: Model,
    lines: Sequence[MaskedLine],
    budget_tokens: int,
    progress: Callable[[int], None] = lambda _done: None,
) -> list[Likelihood]:
    """The likelihood of each line that can be asked about, by the window alone and by all."""
    found: list[Likelihood] = []
    for done, line in enumerate(lines, 1):
        scores: dict[Shown, float] = {}
        for shown in (Shown.WINDOW, Shown.MAP, Shown.ALL):
            request = _request(model, line, shown, budget_tokens)
            score = None if request is None else await _scored(model, *request)
            if score is not None:
                scores[shown] = score
        if len(scores) == 3:
            found.append(Likelihood(f"{line.path}:{line.line + 1}", scores))
        progress(done)
    return found


def _request(
    model: Model, line: MaskedLine, shown: Shown, budget_tokens: int
) -> tuple[Generation, int] | None:
    """The request that forces the line, and how many characters stand before it."""
    made = build(line.hole, _LINE, model.capabilities, _MOST_TOKENS)
    if made is None or len(line.text) > _MOST_CHARS:
        return None
    snippets = context_of(line, shown, budget_tokens).snippets
    marker = model.capabilities.file_marker
    head = headed(snippets, line.hole, marker) if snippets else ""
    prompt = head + made.generation.prompt
    force = made.lead + line.text
    request = replace(made.generation, prompt=prompt, force=force, max_tokens=_MOST_TOKENS)
    return request, len(made.lead)


async def _scored(model: Model, request: Generation, before: int) -> float | None:
    """The mean over the tokens of the line itself; None where the model gave none."""
    text, logs = "", list[float]()
    async with aclosing(model.generate(request)) as pieces:
        async for piece in pieces:
            text += piece.text
            if len(text) > before:
                logs += piece.logprobs
            if len(text) >= len(request.force):
                break
    return fmean(logs) if logs else None


def mean_of(found: Sequence[Likelihood], shown: Shown) -> float:
    """The mean over some lines."""
    return fmean(each.by_shown[shown] for each in found)


def as_json(likelihood: Likelihood) -> dict[str, object]:
    """For machines."""
    by_shown = {shown.value: round(value, 4) for shown, value in likelihood.by_shown.items()}
    return {"line": likelihood.line, "logprob": by_shown}
