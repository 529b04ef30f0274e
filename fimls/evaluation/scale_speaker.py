"""A model as fast as it is told to be, which notes each request as the server would see it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final

from fimls.errors import ModelRefused
from fimls.evaluation.scale_tokens import Blocks, shared, tokens_of
from fimls.models.protocol import End, Piece

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from fimls.clock import Clock
    from fimls.evaluation.typing_trace import Trace
    from fimls.models.protocol import Capabilities, Chat, Generation

# How many lines a model says after one that it got wrong, before it ends by itself.
_WRONG_LINES: Final = 4


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the server sees it.

    `begins_s` is the time since the author began, `waited_s` how long the key before it lay back
    by then.  `blocks` are those of the prompt and of all that the model would say after it;
    `wants` is how many tokens of that are wanted, `line` how many the first line has.  `left_s` is
    when the author lost interest, in seconds from its beginning; None where that never was.
    """

    begins_s: float
    waited_s: float
    prompt: int
    alike: int
    """Tokens with which the prompt begins as the prompt before it did."""
    blocks: tuple[int, ...]
    wants: int
    line: int
    left_s: float | None


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a model is that has nothing else to do, in tokens a second."""

    read: float
    write: float


class Speaker:
    """A model that reads and writes at a pace, and says what it is given to say.

    Satisfies `fimls.models.protocol.Model`.  `seen` tells another prompt than the one that was
    sent, for trying out other ways to cut it.
    """

    name = "simulated"
    backend = "openai"
    host = "http://127.0.0.1:8000"

    def __init__(
        self,
        clock: Clock,
        pace: Pace,
        capabilities: Capabilities,
        says: Callable[[], str],
        seen: Callable[[], list[str]] | None = None,
    ) -> None:
        self.capabilities = capabilities
        self.requests: list[Request] = []
        self.last_key_s = 0.0
        self._clock = clock
        self._pace = pace
        self._says = says
        self._seen = seen
        self._blocks = Blocks()
        self._before: list[str] = []

    async def generate(self, request: Generation) -> AsyncGenerator[Piece, None]:
        """Reads what it has not read before, and says what it has to say, a token a piece."""
        begins_s, key_s = self._clock.now(), self.last_key_s
        prompt = self._seen() if self._seen else tokens_of(request.prompt)
        says = tokens_of(self._says())
        said = says[: request.max_tokens]
        alike = shared(prompt, self._before)
        self._before = prompt
        spoken, spoken_s, left_s = 0, 0.0, None
        try:
            await self._clock.sleep((len(prompt) - alike) / self._pace.read)
            for token in said:
                await self._clock.sleep(1 / self._pace.write)
                spoken, spoken_s = spoken + 1, self._clock.now()
                yield Piece(token)
            yield Piece("", end=End.STOP if said == says else End.LENGTH)
        finally:
            enough = spoken == len(said) or spoken_s == self._clock.now()
            if not enough:
                left_s = self._clock.now() - begins_s
            wants = max(1, spoken if enough else len(said))
            line = min(_first_line(said), wants)
            blocks = self._blocks.chain(prompt + said)
            waited_s = begins_s - key_s
            self.requests.append(
                Request(begins_s, waited_s, len(prompt), alike, blocks, wants, line, left_s)
            )

    def chat(self, request: Chat) -> AsyncGenerator[Piece, None]:
        """Refuses: nobody chats here."""
        raise ModelRefused(f"{self.name} does not chat: {len(request.messages)} messages")

    async def warm_up(self) -> None:
        """Is warm."""

    async def close(self) -> None:
        """Has nothing to close."""


class Guess:
    """What a model takes for the text that comes: right in some lines, wrong in the others.

    Each line of the text is got right with the probability `right`, once and for all; after the
    first wrong line the model goes on with lines of another place in the file.
    """

    def __init__(self, trace: Trace, right: float, seed: int) -> None:
        self._truth = trace.middle.splitlines(keepends=True)
        self._random = Random(f"{seed}:{trace.path}:{len(trace.before)}")  # noqa: S311
        self._elsewhere = [line for line in (trace.before + trace.after).splitlines() if line]
        self._wrong = [self._other(line) for line in self._truth]
        self._knows = [self._random.random() < right for _line in self._truth]

    def from_here(self, typed: int) -> str:
        """What it says after that many characters of the text."""
        said: list[str] = []
        start = 0
        for line, knows, wrong in zip(self._truth, self._knows, self._wrong, strict=True):
            rest = line[max(0, typed - start) :]
            start += len(line)
            if not rest:
                continue
            said.append(rest if knows else wrong if rest == line else wrong.lstrip())
            if not knows:
                break
        return "".join(said)

    def _other(self, line: str) -> str:
        """Lines of another place, the first of them without its indentation."""
        at = self._random.randrange(len(self._elsewhere))
        lines = self._elsewhere[at : at + _WRONG_LINES]
        indentation = line[: len(line) - len(line.lstrip())]
        return indentation + "\n".join([lines[0].strip(), *lines[1:]]) + "\n"


def _first_line(said: list[str]) -> int:
    """How many tokens it takes until the first line that is not blank is complete."""
    text = ""
    for number, token in enumerate(said, 1):
        text += token
        if "\n" in text.lstrip():
            return number
    return len(said)
