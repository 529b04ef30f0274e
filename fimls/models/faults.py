"""What servers answer when they do not answer: from status and words to an error of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.errors import ModelFailed
from fimls.models.conditions import row_of
from fimls.models.trouble import Condition
from fimls.models.wire import mapping, parsed, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fimls.errors import ModelError

# A message is a line in a status bar; servers send whole stack traces.
_MOST_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """A row of a table of faults; the first row that fits counts.

    It fits any of its `statuses` (none: any; None: errors within a stream), if one of `words`
    occurs in what the server said (none: whatever it said).  What it means, and in which words it
    is told, is the row of `condition` in `conditions.py`.
    """

    error: type[ModelError]
    condition: Condition
    statuses: tuple[int | None, ...] = ()
    words: tuple[str, ...] = ()

    def fits(self, status: int | None, said: str) -> bool:
        """Whether this row is about such an answer."""
        by_status = not self.statuses or status in self.statuses
        return by_status and (not self.words or any(word in said for word in self.words))


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is an error: its status (None within a stream), and what else is of use.

    `after_s` is how long the server asks to be left alone, in seconds.
    """

    status: int | None
    body: object
    backend: str
    model: str
    host: str
    after_s: float | None = None


def error_of(faults: Sequence[Fault], reply: Reply) -> ModelError:
    """The error for such a reply."""
    said = said_in(reply.body)
    fault = next((each for each in faults if each.fits(reply.status, said.lower())), _OTHER)
    message = row_of(fault.condition, reply.backend).message
    return fault.error(
        message.format_map(_names(reply, said)),
        condition=fault.condition.value,
        after_s=reply.after_s,
    )


def said_in(body: object) -> str:
    """The message in the body of an error, whichever way a server packs it.

    `{"error": "…"}`, `{"error": {"message": "…", "type": "…"}}`, `{"detail": "…"}`,
    `{"message": "…"}`, JSON in a string in JSON (Ollama, from its runner), or plain text.
    """
    fields = _fields(body)
    if fields is None:
        return body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
    if (inner := fields.get("error")) is not None:
        # Where to sign in is said beside it, by Ollama and not by what stands before it.
        return f"{said_in(inner)}{SIGN_IN}" if _sign_in_place(fields) else said_in(inner)
    said = text(fields.get("message")) or text(fields.get("detail"))
    # The type tells some conditions that the wording does not.
    kind = text(fields.get("type")) or text(fields.get("code"))
    return f"{said} ({kind})" if kind else said


SIGN_IN: Final = " (sign in)"
"""At the end of what a server says that also names a page to sign in at."""

_OTHER: Final = Fault(ModelFailed, Condition.FAILED)
"""What no row fits."""


def _fields(body: object) -> Mapping[str, object] | None:
    """The fields of a JSON object, packed or not; None for a text."""
    if isinstance(body, bytes | str):
        inner = parsed(body)
        return inner if isinstance(inner, dict) else None
    return mapping(body)


def _sign_in_place(fields: Mapping[str, object]) -> str:
    place = text(fields.get("signin_url"))
    return place if place.startswith("https://") else ""


def _line(said: str) -> str:
    """The first line, without what a terminal would obey instead of showing it; "" of a page.

    A key that the server repeats is not passed on: messages stand in logs and on screens.
    """
    said = said.strip()
    line = "" if said.startswith("<") else said.partition("\n")[0]
    line = _CREDENTIALS.sub("…", "".join(filter(str.isprintable, line)))
    return line[:_MOST_CHARACTERS].strip()


# The value of an `Authorization` header, and keys as those who sell models make them.
_CREDENTIALS: Final = re.compile(r"(?i)(?<=\bbearer )\S+|(?<=\bbasic )[\w+/=]{8,}|\bsk-[\w-]{6,}")


def _nothing(reply: Reply) -> str:
    """What there is to say of a server that has said nothing."""
    if reply.status is None:
        return f"{reply.host} gave no reason"
    return f"{reply.host} answered with status {reply.status}"


def _names(reply: Reply, said: str) -> dict[str, str]:
    """What the placeholders of a message stand for."""
    place = _sign_in_place(_fields(reply.body) or {})
    return {
        "model": reply.model or "the model",
        "host": reply.host,
        "said": _line(said) or _nothing(reply),
        "at": f" at {place[:_MOST_CHARACTERS]}" if place else "",
        "after": "" if reply.after_s is None else f", and asks to wait {reply.after_s:g} s",
    }
