"""Short questions to a server: each is answered whole, soon and in few words, or not at all."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from fimls.errors import ModelRefused, StreamBroken, Unreachable
from fimls.models.http import errors_of, in_time
from fimls.models.trouble import Condition

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from fimls.models.hosts import Host

QUESTION_TIMEOUT_S: Final = 8.0
"""For a short question and its whole answer.

Ollama leaves one waiting for some seconds while it starts up or unloads a model.  A server that has
hung is asked again soon after it has come to itself.
"""

NO_SUCH_ROUTE: Final = frozenset({404, 405})
"""Where no model is spoken of, these mean that somebody else answers at the address."""

# Ollama tells some hundred kilobytes of a model, most of it the names of its tensors.  What sends
# more, such as a camera that listens at that port, has no end of it.
_MOST_BYTES: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that has been read to its end; `headers` take a name in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_error(self) -> bool:
        """Whether the server has refused, or failed."""
        return self.status >= HTTPStatus.BAD_REQUEST


async def answered(
    client: httpx.AsyncClient,
    host: Host,
    method: str,
    url: str,
    body: Mapping[str, object] | None = None,
) -> Answer:
    """The answer to a short question, whatever its status.

    It is asked a second time where the connection breaks: one that was kept may just have been
    closed.  Raises `Unreachable` where that breaks too, or where both take too long, and otherwise
    what `ask` raises.
    """
    async with in_time(host, QUESTION_TIMEOUT_S):
        with suppress(StreamBroken):
            return await ask(client, host, method, url, body)
        try:
            return await ask(client, host, method, url, body)
        except StreamBroken as error:
            message = f"{host.url} breaks off instead of answering"
            raise Unreachable(message, condition=Condition.NO_ANSWER) from error


async def ask(
    client: httpx.AsyncClient,
    host: Host,
    method: str,
    url: str,
    body: Mapping[str, object] | None = None,
) -> Answer:
    """The answer to a question that is asked once, however long the first word of it takes.

    Raises `Unreachable` and `StreamBroken` as `errors_of` does, and what `whole` raises.
    """
    if client.is_closed:
        raise StreamBroken(f"the connection to {host.url} has been closed")
    with errors_of(host):
        async with client.stream(method, url, json=body) as response:
            return await whole(response, host)


async def whole(response: httpx.Response, host: Host) -> Answer:
    """Reads a response to its end, which is to be short and to come soon.

    Raises `ModelRefused` for one of more than 4 MB, and `Unreachable` for one that takes over
    `QUESTION_TIMEOUT_S`.
    """
    body = bytearray()
    async with in_time(host, QUESTION_TIMEOUT_S):
        async for block in response.aiter_bytes():
            body += block
            if len(body) > _MOST_BYTES:
                most = f"{_MOST_BYTES >> 20} MB"
                message = f"{host.url} sends more than {most} where a short answer is due"
                raise ModelRefused(message, condition=Condition.NOT_THE_SERVER)
    return Answer(response.status_code, response.headers, bytes(body))
