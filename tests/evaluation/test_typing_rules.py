"""The rules of the project's typing traces, as they come over the wire and as they are counted."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from fimls.evaluation.typing_author import Author
from fimls.evaluation.typing_editor import Editor
from fimls.evaluation.typing_seen import seen, waited
from fimls.evaluation.typing_timeline import Kind, Rest, Timeline
from fimls.evaluation.typing_trace import KEYS, Trace, first_line, keys
from fimls.testing.json_rpc import JsonRpc
from fimls.testing.lsp_client import LspClient

if TYPE_CHECKING:
    from collections.abc import Mapping

CHANGE, CANCEL = "textDocument/didChange", "$/cancelRequest"
COMPLETE = "textDocument/inlineCompletion"

LINES = "".join(f"total_{number} = alpha + beta\n    " for number in range(60))
TRACE = Trace("a.py", "python", "def f():\n    ", LINES, "\nend = 1\n")

SLIPS = {12: "q", 13: "qz", 14: "q", 15: ""}

# Long enough for an answer over a socket pair, and short enough for a test.
KEY_S = 0.004


@dataclass
class Server:
    """It knows the true text, or nothing, or says something that is wrong."""

    says: str
    heard: list[tuple[str, Any]] = field(default_factory=list)
    editor: Editor | None = None

    def on_request(self, method: str, params: Any) -> object:
        self.heard.append((method, params))
        if method == "initialize":
            return {"capabilities": {}}
        if method != COMPLETE or self.says == "nothing" or self.editor is None:
            return None
        typed = self.editor.typed
        if self.says == "wrong":
            return self._item("never_so = 1", params["position"])
        known = TRACE.middle.startswith(typed)
        return self._item(TRACE.middle[len(typed) :][:120] if known else "", params["position"])

    def on_notification(self, method: str, params: Any) -> None:
        self.heard.append((method, params))

    def _item(self, text: str, position: Any) -> Mapping[str, Any]:
        span = {"start": position, "end": position}
        return {"items": [{"insertText": text, "range": span}]}


async def played(monkeypatch: pytest.MonkeyPatch, server: Server) -> tuple[Timeline, str]:
    """What was done and seen, and the text in the end."""
    monkeypatch.setattr("fimls.evaluation.typing_trace.REST_S", 2 * KEY_S)
    ours, theirs = socket.socketpair()
    streams = await asyncio.open_connection(sock=theirs)
    rpc = JsonRpc(*streams, server.on_request, server.on_notification)
    rpc.start()
    client = LspClient(*await asyncio.open_connection(sock=ours))
    server.editor = editor = Editor(client, TRACE)
    try:
        await client.initialize()
        editor.open()
        author = Author(editor, TRACE, KEY_S, 3 * KEY_S)
        await author.type(lambda _keys: None)
        await client.request("ping")
        (document,) = client.documents.values()
        return author.timeline, document.text
    finally:
        editor.close()
        await client.close()
        await rpc.close()


@pytest.mark.parametrize("says", ["truth", "nothing", "wrong"])
async def test_the_rules(says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(says)
    timeline, text = await played(monkeypatch, server)

    check_the_keys(timeline)
    check_the_pauses(timeline, accepts=says == "truth")
    check_the_wire(server, timeline)
    assert text == TRACE.before + timeline.strokes[-1].typed + TRACE.after
    found = seen(timeline)
    assert found.can_be == pytest.approx(1 - 9 / KEYS)
    # Where the truth is known it stands there after nearly every key, even on a slow machine.
    assert (found.seen.fast > 0.3) is (says == "truth")
    assert found.wrong == 0 or says == "wrong"


def check_the_keys(timeline: Timeline) -> None:
    """150 keys, of which each slip takes four: two wrong letters, and both deleted."""
    pressed = [each for each in timeline.strokes if each.kind in (Kind.KEY, Kind.BACK)]
    assert len(pressed) == len(waited(timeline)) == KEYS
    for begin in (0, 50, 100):
        before = pressed[begin + 11].typed
        for at, wrong in SLIPS.items():
            assert pressed[begin + at].typed == before + wrong
    assert sum(each.kind is Kind.BACK for each in pressed) == 6
    # An end of line comes with the indentation after it.
    assert not any(each.typed.endswith("\n") for each in pressed)


def check_the_pauses(timeline: Timeline, *, accepts: bool) -> None:
    """After each 25th key; a line is taken at the second, the third and the fifth, then a rest."""
    taken = Rest.ACCEPTED if accepts else Rest.BY_HAND
    rests = [stop.rest for stop in timeline.stops]
    pause = Rest.PAUSE
    assert rests == [pause, pause, taken, pause, taken, pause, pause, taken, pause]
    for stop, after in zip(timeline.stops, timeline.stops[1:], strict=False):
        if after.rest is not taken:
            continue
        line = first_line(TRACE.middle[len(stop.typed) :])
        assert after.typed == stop.typed + line
        steps = [each for each in timeline.strokes if stop.until_s <= each.at_s <= after.from_s]
        kinds = Counter(each.kind for each in steps)
        assert kinds == ({Kind.ACCEPT: 1} if accepts else {Kind.BY_HAND: len(list(keys(line)))})
    for stop in timeline.stops:
        least_s = 3 * KEY_S if stop.rest is pause else 2 * KEY_S
        assert stop.until_s - stop.from_s == pytest.approx(least_s)


def check_the_wire(server: Server, timeline: Timeline) -> None:
    """Each stroke is a change, the request before taken back, and a new one that is automatic."""
    assert server.editor is not None
    heard = [(method, params) for method, params in server.heard if method in WIRE]
    changes = [params for method, params in heard if method == CHANGE]
    asked = [params for method, params in heard if method == COMPLETE]
    assert len(changes) == len(asked) == len(timeline.strokes)
    versions = [params["textDocument"]["version"] for params in changes]
    assert versions == list(range(2, len(changes) + 2))
    assert {params["context"]["triggerKind"] for params in asked} == {2}
    methods = [method for method, _params in heard]
    for before, method in zip([COMPLETE, *methods], methods, strict=False):
        assert (before, method) in ORDER


WIRE = (CHANGE, CANCEL, COMPLETE)
ORDER = {(COMPLETE, CHANGE), (CHANGE, COMPLETE), (CHANGE, CANCEL), (CANCEL, COMPLETE)}
