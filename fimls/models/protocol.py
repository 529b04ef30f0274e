"""What the rest of fimls knows about a model: one protocol, and the values that cross it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from fimls.models.families import Family


class End(StrEnum):
    """Why a model stopped by itself."""

    STOP = "stop"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer, as the model streams it.

    `logprobs` are natural logarithms, one per token of `text`, where the backend gives them.
    The last piece of a whole answer carries `end`; a stream that ends without it was broken off.
    """

    text: str
    logprobs: tuple[float, ...] = ()
    end: End | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """A request for raw text: the prompt is sent as it is, without any template.

    `force` is text that the answer must begin with, and `starts` are texts of which one must come
    then, if there are any; only for models that can force (`can_force`), and the answer as streamed
    begins with both.  `seed` makes sampling repeatable.
    """

    prompt: str
    max_tokens: int
    stop: tuple[str, ...] = ()
    force: str = ""
    starts: tuple[str, ...] = ()
    temperature: float = 0.0
    seed: int = 42


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat; `role` is `system`, `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Chat:
    """A request in the form of a chat, rendered by the model's own template."""

    messages: tuple[Message, ...]
    max_tokens: int
    stop: tuple[str, ...] = ()
    temperature: float = 0.0
    seed: int = 42


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a model can do, as far as fimls cares.

    `family` is its fill-in-the-middle format, or None for a model that is prompted by the prefix
    alone.  `can_force`: the backend can make an answer begin with given text.  `context_tokens`
    is the size of its context.  `saves_prompts`: the server keeps prompts it has read and
    restores them, so that changing between two prompt orders costs no re-reading.
    `single_line`: too small for blocks; asked for single lines only, and shown to automatic
    requests only when it is confident.  `has_gpu` is None where the backend does not tell.
    `found_by` tells how the family was found out: a value of `models.detection.How`.
    `file_marker` is the token that a model without a family knows to stand before a file's name,
    "" for none.
    """

    family: Family | None
    context_tokens: int
    can_force: bool = False
    can_chat: bool = False
    gives_logprobs: bool = False
    saves_prompts: bool = False
    single_line: bool = False
    has_gpu: bool | None = None
    found_by: str = ""
    file_marker: str = ""


class Model(Protocol):
    """A model that can be asked.

    A stream is cancelled by closing its generator (`aclose`), which returns when the connection
    to the model is closed.  All methods raise only errors of the `ModelError` branch.
    """

    @property
    def name(self) -> str:
        """The name that the user knows it by, such as `codellama:7b-code`."""
        ...

    @property
    def backend(self) -> str:
        """`ollama`, `openai` or `embedded`."""
        ...

    @property
    def host(self) -> str:
        """The base URL that text is sent to."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    def generate(self, request: Generation) -> AsyncGenerator[Piece, None]:
        """Streams the answer to a raw prompt."""
        ...

    def chat(self, request: Chat) -> AsyncGenerator[Piece, None]:
        """Streams the answer to a chat."""
        ...

    async def warm_up(self) -> None:
        """Loads the model, however long that takes; never cancelled by edits."""
        ...

    async def close(self) -> None:
        """Closes all connections."""
        ...
