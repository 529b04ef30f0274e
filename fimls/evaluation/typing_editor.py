"""An editor that types into one document and asks the server as VS Code does, without its debounce.

Every change is `didChange`, `$/cancelRequest` for the request before, and a new request.  What is
on screen is typed through while it agrees; an empty list clears it, and null leaves it.
"""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from fimls.evaluation.typing_screen import Screen
from fimls.testing.lsp_client import CAPABILITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.evaluation.typing_trace import Trace
    from fimls.testing.json_rpc import Pending
    from fimls.testing.lsp_client import LspClient

_MORE: Final = "fimls/more"

# No run lasts as long.
_FOR_EVER_S: Final = 86_400.0


def capabilities(*, more: bool) -> Mapping[str, Any]:
    """What the editor can do; with `more` it asks again when it is told that there is more."""
    return {**CAPABILITIES, "experimental": {"fimls": {"more": more}}}


class Editor:
    """The document of a trace in an editor; `typed` is what has been typed, slips and all."""

    def __init__(self, client: LspClient, trace: Trace) -> None:
        self.screen = Screen()
        self.typed = ""
        self._client = client
        self._trace = trace
        self._uri = f"file:///bench/{trace.path}"
        self._pending: Pending | None = None
        self._obeying: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Shows the file with its hole."""
        trace = self._trace
        self._client.open(self._uri, trace.language, trace.before + trace.after)
        self._obeying = asyncio.ensure_future(self._obey())

    def close(self) -> None:
        """Listens to the server no more."""
        if self._obeying is not None:
            self._obeying.cancel()

    def write(self, text: str) -> float:
        """Types or takes a text; returns when that was."""
        at_s = time.monotonic()
        self._client.insert(self._uri, self._offset, text)
        self.typed += text
        self.screen.wrote(at_s, self.typed, text)
        self._ask()
        return at_s

    def back(self) -> float:
        """Deletes a letter; returns when that was."""
        at_s = time.monotonic()
        self._client.replace(self._uri, self._offset - 1, self._offset, "")
        self.typed = self.typed[:-1]
        self.screen.deleted(at_s, self.typed)
        self._ask()
        return at_s

    @property
    def _offset(self) -> int:
        return len(self._trace.before) + len(self.typed)

    def _ask(self) -> None:
        if self._pending is not None and not self._pending.future.done():
            self._client.cancel(self._pending.ident)
        self._pending = pending = self._client.ask(self._uri, self._offset)
        pending.future.add_done_callback(partial(self._answered, pending))

    def _answered(self, pending: Pending, future: asyncio.Future[Any]) -> None:
        is_newest = pending is self._pending
        if not is_newest or future.cancelled() or future.exception() is not None:
            return
        result = future.result()
        if result is None:
            return
        items = result if isinstance(result, list) else result["items"]
        texts = (self._inserted(item) for item in items)
        shown = next((text for text in texts if text), "")
        self.screen.answered(time.monotonic(), self.typed, shown)

    def _inserted(self, item: Mapping[str, Any]) -> str:
        """What an item puts after the cursor; "" where it does not go on from what is there."""
        document = self._client.documents[self._uri]
        before = document.text[document.offset(item["range"]["start"]) : self._offset]
        text = str(item["insertText"])
        return text[len(before) :] if text.startswith(before) else ""

    async def _obey(self) -> None:
        """Asks again whenever the server says that there is more for the text as it is."""
        told = self._client.notifications[_MORE]
        heard = 0
        while True:
            await self._client.wait_for(_MORE, lambda _one: len(told) > heard, _FOR_EVER_S)  # noqa: B023
            document = self._client.documents[self._uri]
            versions = [each["version"] for each in told[heard:] if each["uri"] == self._uri]
            heard = len(told)
            if document.version in versions:
                self._ask()
