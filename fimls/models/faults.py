"""What servers answer when they do not answer: from status and words to an error of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.errors import ModelFailed
from fimls.models.wire import mapping, parsed, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fimls.errors import ModelError

# A message is a line in a status bar; servers send whole stack traces.
_MOST_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """A row of a table of faults; the first row that fits counts.

    It fits any of its `statuses` (none: any status, and errors within a stream), if one of `words`
    occurs in what the server said (none: whatever it said).  In `message`, `{said}` stands for
    that, and `{model}`, `{host}` and the like for names that the caller gives.
    """

    error: type[ModelError]
    message: str = "{said}"
    statuses: frozenset[int] = frozenset()
    words: tuple[str, ...] = ()

    def fits(self, status: int | None, said: str) -> bool:
        """Whether this row is about such an answer."""
        by_status = not self.statuses or status in self.statuses
        return by_status and (not self.words or any(word in said for word in self.words))


def error_of(
    faults: Sequence[Fault], status: int | None, body: object, names: Mapping[str, str]
) -> ModelError:
    """The error for an answer with that status (None within a stream) and body."""
    said = said_in(body)
    first_line = said.strip().partition("\n")[0][:_MOST_CHARACTERS]
    names = {**names, "said": first_line or f"{names['host']} answered with status {status}"}
    for fault in faults:
        if fault.fits(status, said.lower()):
            return fault.error(fault.message.format_map(names))
    return ModelFailed(names["said"])


def said_in(body: object) -> str:
    """The message in the body of an error, whichever way a server packs it.

    `{"error": "…"}`, `{"error": {"message": "…", "type": "…"}}`, `{"detail": "…"}`,
    `{"message": "…"}`, JSON in a string in JSON (Ollama, from its runner), or plain text.
    """
    if isinstance(body, bytes):
        body = body.decode("utf-8", "replace")
    if isinstance(body, str):
        inner = parsed(body)
        return said_in(inner) if isinstance(inner, dict) else body
    fields = mapping(body)
    if (inner := fields.get("error")) is not None:
        return said_in(inner)
    said = text(fields.get("message")) or text(fields.get("detail"))
    # The type tells some conditions that the wording does not.
    kind = text(fields.get("type")) or text(fields.get("code"))
    return f"{said} ({kind})" if kind else said
