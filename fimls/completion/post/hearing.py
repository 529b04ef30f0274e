"""How much of what a model has said needs to be heard: up to where the rest would be dropped.

Everything is decided at line ends, from whole lines and in their order.  So the same is heard
whichever way the stream was split, and nothing that comes later changes what was decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.completion.post.control import cut_control
from fimls.completion.post.echo import may_echo, without_echo
from fimls.completion.post.fence import may_talk, unfenced
from fimls.completion.post.hidden import without_hidden
from fimls.completion.post.line_ends import without_cr
from fimls.completion.post.order import FILTERS
from fimls.completion.post.placing import may_place, placed
from fimls.completion.post.repetition import is_stuck
from fimls.completion.post.style import restyled
from fimls.completion.post.thoughts import may_think, without_thoughts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.completion.post.draft import Filter
    from fimls.completion.post.site import Site


@dataclass(frozen=True, slots=True)
class Heard:
    """What counts of a raw text: whole lines, or all of it where the model has ended by itself.

    `raw` is what the model said up to there, `lines` the same without control tokens, carriage
    returns and what is hidden; of these the first `lead` only repeat the prompt.  `is_over`:
    nothing that the model may still say counts.
    """

    raw: str
    lines: tuple[str, ...]
    lead: int
    is_over: bool

    def first(self, count: int) -> str:
        """The text of the lead and `count` lines after it."""
        return "\n".join((*self.lines[: self.lead + count], ""))


def hear(
    said: str, site: Site, *, done: bool, cut: bool, filters: Sequence[Filter] = FILTERS
) -> Heard:
    """What counts of a raw text; `cut`: it was broken off, so that its last line is not whole."""
    text = cut_control(said)
    has_ended = (done and not cut) or len(text) < len(said)
    lines = without_hidden(without_cr(text), site.hole.text).split("\n")
    complete = lines if has_ended else lines[:-1]
    is_over = has_ended or done or is_stuck(lines[-1])
    inner = unfenced(without_thoughts(complete, site), site)
    said_anew = without_echo(inner, site)
    if not is_over and (
        may_think(complete)
        or may_talk(inner, site)
        or may_echo(inner, site)
        or may_echo(said_anew, site)
        or may_place(said_anew, site)
    ):
        return Heard("", (), 0, is_over=False)
    body = placed(restyled(said_anew, site), site)
    lead = len(complete) - len(body)
    seen = _first_stop(body, site, filters)
    if has_ended and (seen is None or lead + seen == len(complete)):
        return Heard(said, tuple(lines), lead, is_over=True)
    count = len(complete) if seen is None else lead + seen
    return Heard(
        _first_lines(said, count), (*lines[:count], ""), lead, is_over=is_over or seen is not None
    )


def is_over(said: str, site: Site) -> bool:
    """Whether nothing counts that a model may still say after this."""
    return hear(said, site, done=False, cut=False).is_over


def _first_lines(said: str, count: int) -> str:
    """The first lines of a text, with their ends."""
    return "".join(f"{line}\n" for line in said.split("\n", count)[:count])


def _first_stop(body: Sequence[str], site: Site, filters: Sequence[Filter]) -> int | None:
    """After how many lines the first of the filters is certain to drop all that follows."""
    stops = [each.heard(body, site) for each in filters if each.heard is not None]
    return min((stop for stop in stops if stop is not None), default=None)
