"""What an editor can draw as ghost text: the last look at an answer, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.completion.values import Reason, Skip

if TYPE_CHECKING:
    from fimls.completion.values import Ask, Completion


def undrawable(ask: Ask, answer: Completion) -> Skip | None:
    """Why an editor would show nothing of an answer, or something else; None where it can draw it.

    What is replaced stays on the cursor's line and occurs in order in the text (contract §2).
    """
    chosen, hole = ask.selected, ask.hole
    if not hole.line_start <= answer.start <= hole.offset <= answer.end <= hole.line_end:
        return Skip(Reason.BREAKS_SYNTAX, "it would replace text beyond the line")
    if chosen is not None and not answer.text.startswith(chosen.text):
        return Skip(Reason.SELECTED_ITEM)
    rest = iter(answer.text)
    if not all(character in rest for character in hole.text[answer.start : answer.end]):
        return Skip(Reason.BREAKS_SYNTAX, "it would replace text that it does not hold")
    return None
