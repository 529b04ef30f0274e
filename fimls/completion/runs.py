"""Runs: what the model has said from an anchor in a document, finished or still being said.

A run serves a hole when its anchor plus what it said agrees with the document there.  Prompts are
never compared: what counts is whether the author would have got this text at this place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fimls.models.slot import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fimls.completion.anchor import Anchor
    from fimls.completion.prompt import Prompt
    from fimls.completion.reading import Share
    from fimls.completion.values import Fit, Shape
    from fimls.models.slot import Stream
    from fimls.text.hole import Hole
    from fimls.text.seam import Seamed

_PAIRS = {"(": ")", "[": "]", "{": "}"}

# Enough for an hour of work in a few files, and no burden for the editor's machine.
_MOST_BYTES = 32 * 1024 * 1024
_MOST_RUNS = 256

# A run that ended so has nothing to say to anybody.
_CAME_TO_NOTHING = frozenset({Outcome.FAILED, Outcome.BUSY})


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a run was shown: after what was `typed` since its anchor.

    `added` is what stood after the cursor that had not been there: closers, by the editor.
    """

    typed: str
    added: str
    shape: Shape
    fit: Fit


class Run:
    """What the model said from an anchor on, raw, finished or not.

    `known` is what was supposed to come after the anchor when the model was asked ahead; what it
    said goes on from there.  `shown` is what of the run was shown last.  `is_other`: it was asked
    for beside a run that had something to show already.  `ahead` was asked for in advance, from
    what this run has shown, and `ahead_at` is the offset from which on that was looked for last.
    `is_doubted`: the document disagrees with it just now.  `is_borne_out`: asked again from the end
    of a line, the model went on as it had before.  `nothing_at` is the offset where it was found to
    have nothing that fits.  `fits_since_s` is when lines of it were first found to fit before the
    rest was there.  `reading` is how much of the prompt the server had to read.
    """

    def __init__(self, anchor: Anchor, prompt: Prompt, stream: Stream, known: str = "") -> None:
        self.anchor = anchor
        self.prompt = prompt
        self.stream = stream
        self.known = known
        self.shown: Shown | None = None
        self.is_other = False
        self.ahead: Run | None = None
        self.ahead_at: int | None = None
        self.is_doubted = False
        self.is_borne_out = False
        self.nothing_at: int | None = None
        self.fits_since_s: float | None = None
        self.reading: Share | None = None

    @property
    def said(self) -> str | None:
        """The text from the anchor on; None where the model did not go on from what is typed.

        A healed prompt ends before the hole, and its answer begins with what was cut from it.
        """
        lead, text = self.prompt.lead, self.stream.text
        if not lead:
            return self.known + text
        if text.startswith(lead):
            return self.known + text[len(lead) :]
        return self.known if lead.startswith(text) and not self.stream.ended else None

    @property
    def cut(self) -> bool:
        """Whether the run was ended before the model had finished, or it stopped within a line.

        What closes the brackets of a last line that was torn off is anybody's guess, so that line
        is asked for anew.  A first line is all that there is, and is mended.
        """
        if self.stream.outcome not in (None, Outcome.DONE):
            return True
        return self.stream.ended and _is_torn(self.stream.text)

    @property
    def has_line(self) -> bool:
        """Whether the model has said a whole visible line."""
        return "\n" in (self.said or "")[len(self.known) :].lstrip()

    def middle_at(self, hole: Hole) -> str | None:
        """What the run says from this hole on, or None where the two do not agree."""
        typed = self.anchor.typed_since(hole, self.said)
        return None if typed is None else self._after(typed)

    def serves(self, hole: Hole) -> bool:
        """Whether there is something to say at this hole, now or when the run goes on.

        What was asked ahead begins where that was supposed to come to its end.
        """
        if self.stream.outcome in _CAME_TO_NOTHING:
            return False
        typed = self.anchor.typed_since(hole, self.said)
        if typed is None or len(typed) < len(self.known):
            return False
        if typed == self.known and self.stream.outcome is not Outcome.CANCELLED:
            return True
        middle = self._after(typed)
        if middle is None or not self.stream.ended:
            return middle is not None
        # Of what was cut off only whole lines are worth anything.
        return "\n" in middle.lstrip() if self.cut else bool(middle.strip())

    def show(self, hole: Hole, shape: Shape, fit: Fit) -> None:
        """Notes what of the run is shown at a hole, be it all or what can be shown so far."""
        typed = self.anchor.typed_since(hole)
        if typed is not None:
            self.shown = Shown(typed, self.anchor.added(hole), shape, fit)

    def rest_of_shown(self, hole: Hole) -> Shown | None:
        """What is left of what was shown, where the author has typed the beginning of it.

        The document becomes the same with it as with all of that, so it need not be judged anew.
        """
        last = self.shown
        if last is None or last.fit.replaces:
            return None
        whole = last.typed + last.fit.text
        typed = self.anchor.typed_since(hole, whole)
        if typed is None or self.anchor.added(hole) != last.added:
            return None
        if not (typed.startswith(last.typed) and whole.startswith(typed)):
            return None
        rest = replace(last.fit, text=whole[len(typed) :])
        return replace(last, typed=typed, fit=rest) if rest.text.strip() else None

    def typed_of_begin(self, hole: Hole) -> str:
        """What has been typed of what is shown, where that is only the begin of what there is."""
        rest = self.rest_of_shown(hole)
        if self.shown is None or rest is None or rest.fit.whole:
            return ""
        return rest.typed[len(self.shown.typed) :]

    def runs_out_at(self, hole: Hole) -> bool:
        """Whether the author has followed the run to this hole, and it has no more to say."""
        typed = self.anchor.typed_since(hole, self.said)
        return bool(typed) and (self.said or "").startswith(typed or "") and not self.serves(hole)

    def contradicts(self, shown: str, hole: Hole) -> bool:
        """Whether the model was asked from this hole on, and goes on otherwise than what is shown.

        It does if its first visible line is whole, and another one.
        """
        middle = self.middle_at(hole) or ""
        lead = len(middle) - len(middle.lstrip())
        end = middle.find("\n", lead)
        is_whole = end >= 0 and self.is_asked_at(hole)
        return is_whole and not shown.startswith(middle[:end].rstrip())

    def is_asked_at(self, hole: Hole) -> bool:
        """Whether the model was asked just from this hole on."""
        return self.anchor.typed_since(hole) == self.known

    def agrees_with(self, document: Seamed) -> bool:
        """Whether there is a place in this document that the run could still serve."""
        said = self.said or ""
        places = self.anchor.typed_in(document)
        return any(said.startswith(typed) or typed.startswith(said) for typed in places)

    def logprobs(self, hole: Hole, text: str) -> tuple[float, ...]:
        """The natural log-probabilities of the tokens that the visible text is of.

        `text` is what is made at the hole of what the run says.  A token counts that has a part in
        it.  There are none where the backend gives none.
        """
        visible = text.strip()
        typed = self.anchor.typed_since(hole) or ""
        begin = len(self.prompt.lead) + max(0, len(typed) - len(self.known))
        # A text that the filters have changed inside stands about where the answer begins.
        begin = max(begin, self.stream.text.find(visible, begin))
        end = begin + len(visible)
        return tuple(
            each.logprob for each in self.stream.tokens if each.begin < end and begin < each.end
        )

    def _after(self, typed: str) -> str | None:
        said = self.said
        if said is None:
            return None
        if said.startswith(typed):
            return said[len(typed) :]
        return "" if typed.startswith(said) and not self.stream.ended else None


class Runs:
    """The runs that are kept: the newest ones, within a bound of bytes."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._going_on: list[Run] = []

    def under_way(self, uri: str) -> list[Run]:
        """The runs of a document that go on; to tell, not all that are kept are looked through."""
        self._going_on = [run for run in self._going_on if not run.stream.ended]
        return [run for run in self._going_on if run.anchor.uri == uri]

    def add(self, run: Run) -> None:
        """Keeps a run, and lets go of the oldest ones where there are too many."""
        self._runs.append(run)
        self._going_on.append(run)
        while len(self._runs) > _MOST_RUNS or (len(self._runs) > 1 and self._bytes() > _MOST_BYTES):
            self._runs.pop(0)

    def agreeing(self, uri: str, hole: Hole) -> Run | None:
        """The newest run that serves this hole, before those that were asked for beside it.

        So what was shown first stays the first, however many others came after it.
        """
        other = None
        for run in self.serving(uri, hole):
            if not run.is_other:
                return run
            other = other or run
        return other

    def serving(self, uri: str, hole: Hole) -> Iterator[Run]:
        """The runs that serve this hole, the newest first."""
        newest_first = tuple(reversed(self._runs))
        return (run for run in newest_first if run.anchor.uri == uri and run.serves(hole))

    def newer(self, run: Run, hole: Hole) -> Run | None:
        """The newest run that serves this hole, if it was asked for after this one."""
        for each in reversed(self._runs):
            if each is run:
                return None
            if each.anchor.uri == run.anchor.uri and not each.is_other and each.serves(hole):
                return each
        return None

    def still_shown(self, uri: str, hole: Hole) -> tuple[Run, Shown] | tuple[None, None]:
        """The run of which something stands at this hole that was shown already, as `agreeing`."""
        own = [run for run in reversed(self._runs) if run.anchor.uri == uri]
        for run in sorted(own, key=lambda each: each.is_other):
            rest = run.rest_of_shown(hole)
            if rest is not None:
                return run, rest
        return None, None

    def run_out(self, uri: str, hole: Hole) -> bool:
        """Whether the author has followed one of the runs to its end, which is here."""
        return any(run.anchor.uri == uri and run.runs_out_at(hole) for run in self._runs)

    def forget(self, run: Run) -> None:
        """Forgets a run that turned out to be of no use."""
        self._runs = [each for each in self._runs if each is not run]

    def drop(self, uri: str | None = None) -> None:
        """Forgets the runs of a document, or all; those under way are ended."""
        for run in self._runs:
            if uri is None or run.anchor.uri == uri:
                run.stream.end(Outcome.CANCELLED)
        self._runs = [run for run in self._runs if uri is not None and run.anchor.uri != uri]
        self._going_on = [run for run in self._going_on if not run.stream.ended]

    def sweep(self) -> None:
        """Forgets the runs that can serve nothing any more."""
        self._runs = [run for run in self._runs if not _is_of_no_use(run)]

    def _bytes(self) -> int:
        # Runs anchored in one text share the most of it, which is counted once.
        texts = {id(part): len(part) for run in self._runs for part in run.anchor.parts}
        return sum(texts.values()) + sum(len(run.stream.text) for run in self._runs)


def _is_of_no_use(run: Run) -> bool:
    """Whether a run has come to its end with nothing that is worth anything.

    What was cancelled may have said whole lines before that.
    """
    if run.stream.outcome is Outcome.CANCELLED:
        return not run.has_line
    return run.stream.outcome in _CAME_TO_NOTHING


def _is_torn(text: str) -> bool:
    """Whether the last of several lines has brackets that it does not close."""
    above, _, last = text.rpartition("\n")
    return bool(above.strip()) and any(
        last.count(each) > last.count(_PAIRS[each]) for each in _PAIRS
    )
