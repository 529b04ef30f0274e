"""The filters in their order, and why each comes where it does."""

from __future__ import annotations

from typing import Final

from fimls.completion.post import (
    control,
    echo,
    extent,
    fence,
    first_line,
    following,
    gate,
    hidden,
    line_ends,
    mask,
    mending,
    placing,
    repetition,
    same_line,
    style,
    thoughts,
    trailing,
)
from fimls.completion.post.draft import Filter

FILTERS: Final[tuple[Filter, ...]] = (
    # First, because what comes after a control token is not meant for anybody.
    Filter("control tokens", control.apply),
    # Before all that looks at lines.
    Filter("line ends", line_ends.apply),
    # Before all that compares lines or tells blanks: what is hidden makes equal lines differ.
    Filter("hidden characters", hidden.apply),
    # Before the fence, which is part of the answer.
    Filter("thoughts", thoughts.apply, thoughts.heard),
    # Before the echo, which may stand inside the fence.
    Filter("code fence", fence.apply, fence.heard),
    # Before the end of the line: the first line may be one that the prompt has.
    Filter("prompt echo", echo.apply, echo.heard),
    # After the echo, whose lines are the document's; before all that compares indentation.
    Filter("indentation style", style.apply),
    # After the style: blanks that are said twice may be said in the other style.
    Filter("first line", first_line.apply),
    # After the first line's blanks, and before all that asks how deep a line is.
    Filter("placing", placing.apply),
    # Before the extent: a loop never leaves its scope, and what is left of it may.
    Filter("repetition", repetition.apply, repetition.heard),
    # After all that is wrong whatever it mends, and before all that it shall not be cut by.
    Filter("mending", mending.apply),
    # Scope goes before everything that asks whether a text fits (contract §5).
    Filter("extent", extent.apply, extent.heard),
    # After the extent: only within the scope is a line that recurs a sign of the document's own.
    Filter("following lines", following.apply, following.heard),
    # After the following lines, so that the text's last line is the one that meets the rest.
    Filter("same line", same_line.apply),
    # After all that cuts, which may leave blanks at the end.
    Filter("trailing blanks", trailing.apply),
    # Once it is known what would be shown, and before it costs a parse.
    Filter("masks", mask.apply),
    # Last: it judges the text as it would be shown.
    Filter("syntax gate", gate.apply),
)
"""Every filter, in the order in which they are applied."""
