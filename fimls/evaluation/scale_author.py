"""An author at an editor, on a virtual clock, with the real completer: which requests it makes.

The editor does as VS Code does: each key is a change, takes back the request before and makes a new
one; what is shown is typed through by the editor itself, and `fimls/more` is obeyed.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from fimls.completion.completer import Completer
from fimls.completion.values import Ask, Completion
from fimls.context.window import Budget, cut
from fimls.documents.store import Documents
from fimls.evaluation import typing_trace as rhythm
from fimls.evaluation.scale_speaker import Guess, Pace, Request, Speaker
from fimls.evaluation.scale_tokens import tokens_of
from fimls.models.families import FAMILIES
from fimls.models.protocol import Capabilities
from fimls.models.session import Session
from fimls.testing.clock import VirtualClock
from fimls.text.tokens import count

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from fimls.documents.snapshot import Snapshot
    from fimls.evaluation.typing_trace import Trace
    from fimls.models.families import Family
    from fimls.models.protocol import Model
    from fimls.models.status import Status
    from fimls.settings import Settings
    from fimls.text.hole import Hole

_URI: Final = "file:///team/file"

# `vllm serve --max-model-len 4096`: what fimls uses of a context is less than that.
_CONTEXT_TOKENS: Final = 4096

_FAMILY: Final = "codellama"

# How long an author still waits after the last key, so that the last request is not cut short.
_LAST_WAIT_S: Final = 3.0

# What fimls puts into a prompt, and a suffix as long as the prefix, in tokens.
_PREFIX_TOKENS: Final = 1024
_SUFFIX_TOKENS: Final = 160
_LONG_SUFFIX_TOKENS: Final = 1024


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of typing a trace once: the requests, and how long it took."""

    requests: tuple[Request, ...]
    keys: int
    lasts_s: float


@dataclass(frozen=True, slots=True)
class Manner:
    """How the prompts of a burst come about.

    `family` is the model's format; `saves_prompts` as in `Capabilities`; `sent` makes a prompt
    in the place of fimls' own, as tokens.
    """

    family: Family
    saves_prompts: bool = True
    sent: Callable[[Hole], list[str]] | None = None


def _sliding(hole: Hole) -> list[str]:
    """The window's head moves with each token typed."""
    before, after = tokens_of(hole.prefix), tokens_of(hole.suffix)
    return [*before[-_PREFIX_TOKENS:], "<SUF>", *after[:_SUFFIX_TOKENS]]


def _long_suffix(hole: Hole) -> list[str]:
    """The head stays where fimls has it, but as much follows the cursor as may precede it."""
    budget = Budget(_PREFIX_TOKENS, _LONG_SUFFIX_TOKENS)
    window = cut(hole, budget, partial(count, rate=FAMILIES[_FAMILY].rate))
    return [*tokens_of(window.prefix), "<SUF>", *tokens_of(window.suffix)]


def _suffix_first(family: Family) -> Family:
    return replace(family, psm=family.spm or family.psm)


MANNERS: Final[Mapping[str, Manner]] = {
    "fimls": Manner(FAMILIES[_FAMILY]),
    "prefix first": Manner(FAMILIES[_FAMILY], saves_prompts=False),
    "suffix first": Manner(_suffix_first(FAMILIES[_FAMILY])),
    "sliding window": Manner(FAMILIES[_FAMILY], saves_prompts=False, sent=_sliding),
    "long suffix": Manner(FAMILIES[_FAMILY], saves_prompts=False, sent=_long_suffix),
}
"""Ways to make prompts: fimls' own (suffix first at line borders where the server keeps prompts),
one order always, and what others do."""


def record(
    trace: Trace, settings: Settings, pace: Pace, right: float, seed: int, manner: Manner
) -> Burst:
    """The requests of one burst; the model gets each line right with the probability `right`."""
    return asyncio.run(_recorded(trace, settings, pace, Guess(trace, right, seed), manner))


async def _recorded(
    trace: Trace, settings: Settings, pace: Pace, guess: Guess, manner: Manner
) -> Burst:
    clock = VirtualClock()
    author = _Author(trace, settings, clock, pace, guess, manner)
    return await clock.drive(author.work())


class _Author:
    """Types a trace; `typed` is what of its middle is in the file, `slip` the wrong letters."""

    def __init__(
        self,
        trace: Trace,
        settings: Settings,
        clock: VirtualClock,
        pace: Pace,
        guess: Guess,
        manner: Manner,
    ) -> None:
        self._trace, self._clock = trace, clock
        self._typed, self._slip = "", ""
        self._keys = 0
        self._shown: tuple[int, str] | None = None
        self._asking: asyncio.Task[None] | None = None
        self._documents = Documents()
        sent = manner.sent
        self._model = Speaker(
            clock,
            pace,
            Capabilities(manner.family, _CONTEXT_TOKENS, saves_prompts=manner.saves_prompts),
            lambda: guess.from_here(len(self._typed)),
            None if sent is None else lambda: sent(self._hole),
        )
        self._session = Session(settings, clock, {}, _ignore, choose=self._choose)
        self._completer = Completer(
            settings, self._session, clock, self._documents.is_current, self._more
        )

    @property
    def _before(self) -> str:
        return self._trace.before + self._typed + self._slip

    async def work(self) -> Burst:
        """Types until there are no keys left, or no text."""
        trace = self._trace
        self._documents.open(_URI, trace.language, 0, trace.before + trace.after)
        begins_s = self._clock.now()
        while self._keys < rhythm.KEYS and self._rest:
            if self._keys in rhythm.SLIPS:
                await self._slips()
            else:
                await self._press(next(rhythm.keys(self._rest)))
        await self._clock.sleep(_LAST_WAIT_S)
        lasts_s = self._clock.now() - begins_s
        await self._completer.close()
        await self._session.close()
        return Burst(tuple(self._model.requests), self._keys, lasts_s)

    @property
    def _rest(self) -> str:
        return self._trace.middle[len(self._typed) :]

    async def _slips(self) -> None:
        for letter in rhythm.SLIP:
            await self._press(wrong=letter)
        for _letter in rhythm.SLIP:
            self._slip = self._slip[:-1]
            await self._press()

    async def _press(self, right: str = "", wrong: str = "") -> None:
        """A key, and the pause after it, if one is due."""
        await self._clock.sleep(rhythm.KEY_S)
        self._typed += right
        self._slip += wrong
        self._keys += 1
        self._changed()
        number, left_over = divmod(self._keys, rhythm.PAUSE_EVERY)
        if left_over:
            return
        await self._clock.sleep(rhythm.PAUSE_S)
        if number in rhythm.ACCEPTING_PAUSES and not self._slip:
            await self._take_line()
            await self._clock.sleep(rhythm.REST_S)

    async def _take_line(self) -> None:
        """Accepts the first line of what is shown, if it is right; else types that line."""
        line = rhythm.first_line(self._still_shown)
        if line and self._rest.startswith(line):
            self._typed += line
            self._changed()
            return
        for key in rhythm.keys(rhythm.first_line(self._rest)):
            await self._clock.sleep(rhythm.KEY_S)
            self._typed += key
            self._changed()

    @property
    def _still_shown(self) -> str:
        """What is left on the screen of what was shown, if what was typed agrees with it."""
        offset, text = self._shown or (0, "")
        since = self._before[offset:]
        return text[len(since) :] if text.startswith(since) else ""

    @property
    def _snap(self) -> Snapshot:
        snap = self._documents.at(_URI)
        if snap is None:
            raise ValueError("the document is not open")
        return snap

    @property
    def _hole(self) -> Hole:
        return self._snap.hole_at(len(self._before))

    def _changed(self) -> None:
        """Tells of the change, takes the request before back, and makes a new one."""
        text = self._before + self._trace.after
        self._documents.change(_URI, self._snap.version + 1, [(None, text)])
        self._model.last_key_s = self._clock.now()
        if self._asking is not None:
            self._asking.cancel()
        self._completer.changed(self._snap)
        self._ask()

    def _ask(self) -> None:
        ask = Ask(self._snap, self._hole)
        self._asking = asyncio.ensure_future(self._answered(ask))

    async def _answered(self, ask: Ask) -> None:
        answer = await self._completer.complete(ask)
        if isinstance(answer, Completion):
            self._shown = (answer.start, answer.text)

    def _more(self, _uri: str, version: int) -> None:
        if self._snap.version == version:
            self._ask()

    async def _choose(
        self, _settings: Settings, _environ: Mapping[str, str], _unfit: Collection[str]
    ) -> Model | Status:
        return self._model


def _ignore(_status: Status) -> None:
    return None
