"""The model of a typing trace: it knows what will be typed, and finds its place in each prompt.

It is a fake Ollama of the pace of `peer-bench.md` §1 with Code Llama, always loaded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import cycle, islice
from typing import TYPE_CHECKING, Final

from fimls.evaluation.typing_timeline import Work
from fimls.evaluation.typing_trace import SLIP, first_line
from fimls.testing.clock import RealClock
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.ollama_shelf import model_named
from fimls.testing.runner import TYPICAL, Outcome, Runner
from fimls.testing.speech import CHARACTERS_PER_TOKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.evaluation.typing_trace import Trace
    from fimls.testing.ollama_request import Request
    from fimls.testing.runner import Served

MODEL: Final = "codellama:7b-code"
"""Its name, and the format that it is asked in."""

MOST_CHARS: Final = 64 * CHARACTERS_PER_TOKEN
"""Of the true text it says 64 tokens at the most."""

# How many lines are wrong after a right one.
_WRONG_LINES: Final = 2

# Far more than the tokens that anybody asks for.
_ENDLESS_CHARS: Final = 8_000

# So much text before the cursor tells one place in a file from all others.
_SURE_CHARS: Final = 80

# Code Llama's two orders; its markers are in no prompt but as markers (`ollama.md` §2).
_PREFIX_FIRST: Final = re.compile(
    r"<PRE> (?P<prefix>.*)[ \u2581]<SUF>(?P<suffix>.*) <MID>", re.DOTALL
)
_SUFFIX_FIRST: Final = re.compile(
    r"<PRE>[ \u2581]<SUF>(?P<suffix>.*) <MID> (?P<prefix>.*)", re.DOTALL
)

# A line that may stand anywhere: nothing is opened or closed in it.
_PLAIN: Final = re.compile(r"[^()\[\]{}:\"'#\\]*\w[^()\[\]{}:\"'#\\]*")


class Manner(StrEnum):
    """How far the model is right.

    `TRUE` says the true text; `ONE_LINE` the first line of it and then two wrong ones; `ENDLESS`
    goes on with more and more lines after the true text.
    """

    TRUE = "true"
    ONE_LINE = "one-line"
    ENDLESS = "endless"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a prompt asks: characters of the middle before it, and wrong letters after those.

    `at` is None where the text before the cursor is not the trace's.  `prefix` and `suffix` are
    the characters around it that the prompt has.
    """

    at: int | None
    slip: int
    prefix: int
    suffix: int


def place_of(prompt: str, trace: Trace) -> Place:
    """The place of a prompt in the trace, in whatever order it has the two parts."""
    match = _SUFFIX_FIRST.search(prompt) or _PREFIX_FIRST.search(prompt)
    prefix, suffix = (match["prefix"], match["suffix"]) if match else (prompt, "")
    text, begins = trace.before + trace.middle, len(trace.before)
    if len(text) >= len(prefix) >= begins and text.startswith(prefix):
        # Near the file's beginning there is little that could be searched for.
        return Place(len(prefix) - begins, 0, len(prefix), len(suffix))
    for slip in range(len(SLIP) + 1):
        known = prefix[: len(prefix) - slip][-_SURE_CHARS:]
        found = text.find(known, max(0, begins - len(known)))
        if known and found >= 0:
            return Place(found + len(known) - begins, slip, len(prefix), len(suffix))
    return Place(None, 0, len(prefix), len(suffix))


def says(prompt: str, trace: Trace, manner: Manner) -> str:
    """What the model answers; as if the wrong letters of a slip were not there."""
    at = place_of(prompt, trace).at
    if at is None:
        return "\n".join(_wrong(trace, 0, _WRONG_LINES)) + "\n"
    left = trace.middle[at:]
    if manner is Manner.ONE_LINE:
        line = first_line(left)
        wrong = _wrong(trace, at + len(line), _WRONG_LINES)
        return "\n".join([line, *wrong])[:MOST_CHARS]
    true = left[:MOST_CHARS]
    if manner is Manner.TRUE:
        return true
    lines = _wrong(trace, at + len(true), _ENDLESS_CHARS // CHARACTERS_PER_TOKEN)
    return "\n".join([true, *lines])[:_ENDLESS_CHARS]


def _wrong(trace: Trace, at: int, count: int) -> list[str]:
    """Lines of elsewhere in the file, indented as the true ones that they stand for."""
    true = trace.middle[at:].lstrip("\n").splitlines() or [""]
    plain = [line.strip() for line in trace.before.splitlines() if _PLAIN.fullmatch(line)]
    others = [line for line in plain if line not in trace.middle] or ["x"]
    begin = at % len(others)
    picked = islice(cycle(others[begin:] + others[:begin]), count)
    indented = [*true[:count], *([true[-1]] * max(0, count - len(true)))]
    return [_indent(line) + other for line, other in zip(indented, picked, strict=True)]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def fake(trace: Trace, manner: Manner, version: str) -> FakeOllama:
    """The fake Ollama that has this model; `version` as it has them."""
    model = model_named(MODEL)
    if manner is Manner.ENDLESS:
        model = replace(model, end_marker="")

    def answer(request: Request) -> str:
        return says(request.prompt, trace, manner)

    made = FakeOllama(models=(model,), answer=answer, version=version, pace=TYPICAL)
    # All versions are given the same second in which they notice that a client has gone, so that
    # they differ in what they keep of prompts only.
    made.scheduler.pace = TYPICAL
    return made


def works(fake: FakeOllama, trace: Trace) -> list[Work]:
    """All requests for text that it has had, in the order in which they came."""
    served = [each for each in fake.seen.served if not each.request.is_load]
    unknown = zip(*(unknown_to(served, saves=saves) for saves in (False, True)), strict=True)
    return [_work(each, trace, both) for each, both in zip(served, unknown, strict=True)]


def unknown_to(served: Sequence[Served[Request]], *, saves: bool) -> list[int]:
    """What a model has to read of each of these prompts; `saves`: as Ollama does since 0.30."""
    runner = Runner(RealClock(), TYPICAL, saves_prompts=saves)
    unknown = []
    for each in served:
        prompt = each.request.prompt
        unknown.append(len(prompt) - runner.known(prompt))
        heard = each.cached + each.read
        runner.held = prompt + each.written if heard >= len(prompt) else prompt[:heard]
    return unknown


def _work(served: Served[Request], trace: Trace, unknown: tuple[int, int]) -> Work:
    prompt = served.request.prompt
    place = place_of(prompt, trace)
    started_s = served.started_s
    return Work(
        arrived_s=served.arrived_s,
        ended_s=None if started_s is None else started_s + served.busy_s,
        busy_s=served.busy_s,
        prompt=len(prompt),
        prefix=place.prefix,
        suffix=place.suffix,
        place=place.at,
        slip=place.slip,
        cached=served.cached,
        read=served.read,
        tokens=served.tokens,
        done=served.outcome is Outcome.DONE,
        said=served.written,
        unknown_to=unknown,
    )
