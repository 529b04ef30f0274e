"""Asking until an answer can be used: at most twice again, the model being told what was wrong."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.actions.proposal import Proposal, propose
from fimls.actions.request import Edits, Refusal, Why
from fimls.context.secrets import MASK

if TYPE_CHECKING:
    from fimls.actions.asking import Said
    from fimls.actions.proposal import Task
    from fimls.syntax.tree import Tree

_log = logging.getLogger(__name__)

MOST_ATTEMPTS: Final = 3
"""Once, and twice again with the errors (contract §4): later rounds hardly repair anything more
(`evaluation.md` §3.1)."""


@dataclass(frozen=True, slots=True)
class Failed:
    """An answer that cannot be used, and what is wrong with it, in words for the model."""

    answer: str
    errors: tuple[str, ...]


Attempt = Callable[[int, Failed | None], Awaitable["Said | Refusal"]]
"""Asks the model: which time it is (from 1), and what was wrong with the last answer."""


async def repaired(attempt: Attempt, task: Task, tree: Tree | None, model: str) -> Edits | Refusal:
    """The first answer that can be used, as edits; or what is wrong with the last one."""
    number, failed = 1, None
    while True:
        said = await attempt(number, failed)
        if isinstance(said, Refusal):
            # A prompt with the errors may be too long; what was wrong is still what matters.
            return said if failed is None else _gave_up(failed, model, number - 1)
        found = propose(said.text, task, tree, cut=said.is_cut)
        if isinstance(found, Proposal):
            return _offered(found, model, number)
        _log.info("answer %d cannot be used: %s", number, " ".join(found.errors))
        failed = Failed(said.text, found.errors)
        if number == MOST_ATTEMPTS:
            return _gave_up(failed, model, number)
        number += 1


def _offered(found: Proposal, model: str, number: int) -> Edits | Refusal:
    if any(MASK in edit.text for edit in found.edits):
        return Refusal(Why.ANSWER, _REPEATS_MASK, _BY_HAND)
    return Edits(found.edits, found.checked, _in_words(found), model, number)


_REPEATS_MASK: Final = f"the answer has `{MASK}` where there is a secret, which no model is shown"
_BY_HAND: Final = "move the secret out of the code, or write this part by hand"


def _in_words(found: Proposal) -> str:
    """What was checked, as a sentence."""
    if not found.checked:
        return "Nothing could be checked: there is no grammar for this language."
    words = "; ".join(found.checked)
    return f"{words[:1].upper()}{words[1:]}."


def _gave_up(failed: Failed, model: str, times: int) -> Refusal:
    tried = "once" if times == 1 else f"{times} times"
    wrong = " ".join(failed.errors)
    return Refusal(
        Why.ANSWER,
        f"{model} was asked {tried}, and its answer cannot be used: {wrong}",
        "nothing was changed; try again with less at a time, or with a larger `chatModel`",
    )
