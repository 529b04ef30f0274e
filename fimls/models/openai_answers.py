"""Reads streamed answers, in the forms of OpenAI, llama.cpp, vLLM and TGI."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from fimls.errors import StreamBroken
from fimls.models.http import read_rest
from fimls.models.protocol import End, Piece
from fimls.models.trouble import Condition
from fimls.models.wire import items, mapping, parsed, text

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from fimls.errors import ModelError
    from fimls.models.sse import Event


async def pieces_of(
    events: AsyncGenerator[Event, None], error_of: Callable[[Mapping[str, object]], ModelError]
) -> AsyncGenerator[Piece, None]:
    """The pieces in the events of `/v1/completions` or `/v1/chat/completions`, up to the end.

    Raises what `error_of` makes of an error within the stream, and `StreamBroken` if the stream
    cannot be read or has no end.
    """
    async with aclosing(events):
        async for event in events:
            if event.field not in _FIELDS or not event.value.strip():
                continue
            piece = _DONE_PIECE if event.value.strip() == _DONE else _piece(event, error_of)
            if piece is None:
                continue
            if piece.end is not None:
                await read_rest(events)
            yield piece
            if piece.end is not None:
                return
    raise StreamBroken("the answer broke off")


# llama.cpp once sent its errors in a field of that name.
_FIELDS: Final = frozenset({"data", "error"})

# The value of the last event; a server that tells no reason before it has stopped all the same.
_DONE: Final = "[DONE]"
_DONE_PIECE: Final = Piece("", end=End.STOP)


def _piece(event: Event, error_of: Callable[[Mapping[str, object]], ModelError]) -> Piece | None:
    answer = parsed(event.value)
    if not isinstance(answer, dict):
        raise StreamBroken("the server sent what cannot be read", condition=Condition.UNREADABLE)
    if event.field == "error" or answer.get("error"):
        raise error_of(answer)
    choices = items(answer.get("choices"))
    # Events without a choice tell about usage or timings.
    return _choice(answer, mapping(choices[0])) if choices else None


def _choice(answer: Mapping[str, object], choice: Mapping[str, object]) -> Piece | None:
    said = text(choice.get("text")) or text(mapping(choice.get("delta")).get("content"))
    piece = Piece(said, _logprobs(answer, choice), _end(choice.get("finish_reason")))
    return piece if said or piece.logprobs or piece.end else None


def _end(reason: object) -> End | None:
    if not reason:
        return None
    return End.LENGTH if reason == "length" else End.STOP


def _logprobs(answer: Mapping[str, object], choice: Mapping[str, object]) -> tuple[float, ...]:
    """Of the tokens of a piece, from whichever of three places a server puts them in."""
    given = mapping(choice.get("logprobs"))
    # OpenAI's completions and vLLM have plain numbers; chats and all of llama.cpp have objects,
    # which llama.cpp's own fields put beside the choices.
    numbers = items(given.get("token_logprobs"))
    rows = items(given.get("content")) or items(answer.get("completion_probabilities"))
    found = numbers or [mapping(row).get("logprob") for row in rows]
    return tuple(float(each) for each in found if isinstance(each, int | float))
