"""An editor without a screen: a small client of language servers for tests, demos and measurements.

It starts nothing: whoever uses it hands it the two streams of a server that runs.

    client = LspClient(reader, writer)
    await client.initialize(root="file:///work")
    client.open("file:///project/a.py", "python", "def f():\n    ")
    items = await client.inline_completion("file:///project/a.py", 13, explicit=True)
    await client.shutdown()
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from fimls.testing.json_rpc import METHOD_NOT_FOUND, JsonRpc, Pending, RequestError
from fimls.testing.lsp_documents import OpenDocument
from fimls.testing.lsp_heard import Heard
from fimls.testing.lsp_profiles import can
from fimls.text.positions import Encoding

if TYPE_CHECKING:
    from collections.abc import Sequence

Json = Any
"""A JSON value as Python has it."""

# What a test waits for happens within milliseconds; a machine under load may take a while.
_PATIENCE_S: Final = 20.0

_INVOKED, _AUTOMATIC = 1, 2
_MENU_ASKED_FOR, _MENU_BY_ITSELF = 1, 2

CAPABILITIES: Final[Mapping[str, Json]] = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "synchronization": {"dynamicRegistration": False},
        "inlineCompletion": {"dynamicRegistration": False},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}},
            "resolveSupport": {"properties": ["edit", "command"]},
            "dataSupport": True,
        },
    },
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
    "workspace": {
        "configuration": True,
        "workspaceFolders": True,
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True},
    },
}
"""What it can do, as a full editor announces it."""


class LspClient:
    """A client of one language server.

    `configuration` is what the user has set, as nested objects.  `handlers` answer requests of
    the server by method, before the ones that are built in.  What the server sends is kept in
    `notifications` and `requests`, by method, and in `heard`, in order.  A request that needs what
    was not announced is refused, as an editor refuses it.
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        configuration: Mapping[str, Json] | None = None,
    ) -> None:
        self.configuration: dict[str, Json] = dict(configuration or {})
        self.handlers: dict[str, Callable[[Json], Json]] = {}
        self.notifications: defaultdict[str, list[Json]] = defaultdict(list)
        self.requests: defaultdict[str, list[Json]] = defaultdict(list)
        self.documents: dict[str, OpenDocument] = {}
        self.folders: list[str] = []
        self.server: Json = {}
        self.announced: Mapping[str, Json] = CAPABILITIES
        self.encoding = Encoding.UTF16
        self.heard = Heard()
        self._rpc = JsonRpc(reader, writer, self._on_request, self._on_notification)
        self._bells: list[asyncio.Event] = []
        self._rpc.start()

    @property
    def strays(self) -> Sequence[Json]:
        """Answers to what was not asked, or had been answered before."""
        return self._rpc.strays

    # The two ways to speak

    def send(self, method: str, params: Json = None) -> Pending:
        """Sends a request and does not wait: await what is returned, or `cancel` its `ident`."""
        return self._rpc.send(method, params)

    async def request(self, method: str, params: Json = None) -> Json:
        """The result of a request; raises `RequestError`, or `ConnectionError` at the end."""
        return await self.send(method, params)

    def notify(self, method: str, params: Json = None) -> None:
        """Sends a notification."""
        self._rpc.notify(method, params)

    def cancel(self, ident: int) -> None:
        """Takes a request back."""
        self.notify("$/cancelRequest", {"id": ident})

    async def wait_for(
        self,
        method: str,
        is_it: Callable[[Json], bool] = lambda _params: True,
        within_s: float = _PATIENCE_S,
    ) -> Json:
        """The first message of that method, past or to come, for which `is_it` holds.

        It is a notification or a request of the server.  Raises `TimeoutError` when none has come
        in that time.
        """
        bell = asyncio.Event()
        self._bells.append(bell)
        try:
            async with asyncio.timeout(within_s):
                while not (found := [each for each in self._told(method) if is_it(each)]):
                    bell.clear()
                    await bell.wait()
        finally:
            self._bells.remove(bell)
        return found[0]

    def forget(self) -> None:
        """Forgets what the server has sent: what is waited for from now on is to come."""
        self.notifications.clear()
        self.requests.clear()
        self.heard.log.clear()

    # Life

    async def initialize(
        self,
        root: str | None = None,
        *,
        options: Json = None,
        capabilities: Mapping[str, Json] | None = None,
        folders: Sequence[str] = (),
    ) -> Json:
        """Begins; `root` and `folders` are URIs.  The result is what the server can do.

        `capabilities` are what the client announces: `lsp_profiles` has those of some editors.
        """
        self.folders = [*([root] if root else []), *folders]
        self.announced = CAPABILITIES if capabilities is None else capabilities
        self.server = await self.request(
            "initialize",
            {
                "processId": None,
                "clientInfo": {"name": "fimls.testing"},
                "rootUri": root,
                "workspaceFolders": _named(self.folders) or None,
                "capabilities": self.announced,
                "initializationOptions": options,
            },
        )
        encoding = self.server["capabilities"].get("positionEncoding", Encoding.UTF16)
        self.encoding = Encoding(encoding)
        self.notify("initialized", {})
        return self.server

    async def shutdown(self) -> None:
        """Ends the server as an editor does, and closes the streams."""
        await self.request("shutdown")
        self.notify("exit")
        await self.close()

    async def close(self) -> None:
        """Closes the streams without a word."""
        await self._rpc.close()

    # Documents

    def open(self, uri: str, language_id: str, text: str, version: int = 1) -> OpenDocument:
        """Opens a document."""
        document = OpenDocument(uri, language_id, text, version, self.encoding)
        self.documents[uri] = document
        self.notify("textDocument/didOpen", {"textDocument": document.item})
        return document

    def change(self, uri: str, text: str) -> None:
        """Replaces the whole text."""
        document = self.documents[uri]
        document.text = text
        document.version += 1
        self._did_change(document, [{"text": text}])

    def replace(self, uri: str, start: int, end: int, text: str) -> None:
        """Replaces what is between two offsets, as an incremental change."""
        document = self.documents[uri]
        self._did_change(document, [document.replace(start, end, text)])

    def insert(self, uri: str, offset: int, text: str) -> None:
        """Types text at an offset."""
        self.replace(uri, offset, offset, text)

    def undo(self, uri: str) -> None:
        """Takes back the last edit of the server, as one press of the user's does."""
        document = self.documents[uri]
        self.change(uri, document.past.pop())

    def save(self, uri: str) -> None:
        """Tells that the document was saved."""
        self.notify("textDocument/didSave", {"textDocument": {"uri": uri}})

    def close_document(self, uri: str) -> None:
        """Closes a document."""
        del self.documents[uri]
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def configure(self, configuration: Mapping[str, Json]) -> None:
        """The user has changed the settings."""
        self.configuration = dict(configuration)
        self.notify("workspace/didChangeConfiguration", {"settings": self.configuration})

    # Completion

    def ask(
        self, uri: str, offset: int, *, explicit: bool = False, selected: Json = None
    ) -> Pending:
        """Asks for an inline completion at an offset, and does not wait for it."""
        context: dict[str, Json] = {"triggerKind": _INVOKED if explicit else _AUTOMATIC}
        if selected is not None:
            context["selectedCompletionInfo"] = selected
        params = {
            "textDocument": {"uri": uri},
            "position": self.documents[uri].position(offset),
            "context": context,
        }
        return self.send("textDocument/inlineCompletion", params)

    async def inline_completion(
        self, uri: str, offset: int, *, explicit: bool = False, selected: Json = None
    ) -> list[Json] | None:
        """The items that are offered at an offset; None where the request was overtaken."""
        result = await self.ask(uri, offset, explicit=explicit, selected=selected)
        if result is None:
            return None
        items: list[Json] = result if isinstance(result, list) else result["items"]
        return items

    async def accept(self, uri: str, item: Json) -> None:
        """Takes an item as an editor does: the text goes in, then its command is run."""
        between = item["range"]
        document = self.documents[uri]
        start, end = document.offset(between["start"]), document.offset(between["end"])
        self.replace(uri, start, end, item["insertText"])
        if item.get("command") is not None:
            await self.execute(item["command"])

    async def execute(self, command: Json) -> Json:
        """Runs a command of the server's, in the form in which it gave it."""
        return await self.run(command)

    # Actions

    async def code_actions(
        self,
        uri: str,
        start: int,
        end: int | None = None,
        *,
        only: Sequence[str] | None = None,
        diagnostics: Sequence[Json] = (),
        automatic: bool = False,
    ) -> list[Json]:
        """The code actions at a range of offsets; `end` is `start` unless it is given."""
        context: dict[str, Json] = {
            "diagnostics": list(diagnostics),
            "triggerKind": _MENU_BY_ITSELF if automatic else _MENU_ASKED_FOR,
        }
        if only is not None:
            context["only"] = list(only)
        between = self.documents[uri].range(start, start if end is None else end)
        params = {"textDocument": {"uri": uri}, "range": between, "context": context}
        return await self.request("textDocument/codeAction", params) or []

    def run(self, command: Json) -> Pending:
        """Begins a command of the server's, in the form in which it gave it."""
        params = {"command": command["command"], "arguments": command.get("arguments", [])}
        return self.send("workspace/executeCommand", params)

    def cancel_progress(self, token: str | int) -> None:
        """The user does not want to wait for some work any longer."""
        self.notify("window/workDoneProgress/cancel", {"token": token})

    # What the server sends

    def _did_change(self, document: OpenDocument, changes: list[Json]) -> None:
        params = {"textDocument": document.versioned, "contentChanges": changes}
        self.notify("textDocument/didChange", params)

    def _told(self, method: str) -> list[Json]:
        return self.notifications[method] + self.requests[method]

    def _on_notification(self, method: str, params: Json) -> None:
        self.notifications[method].append(params)
        self._note(method, params)

    def _on_request(self, method: str, params: Json) -> Json:
        self.requests[method].append(params)
        self._note(method, params)
        needs = _NEEDS.get(method, ())
        handler = self.handlers.get(method) or self._built_in().get(method)
        if handler is None or not can(self.announced, *needs):
            raise RequestError(METHOD_NOT_FOUND, f"the client has no {method}")
        return handler(params)

    def _note(self, method: str, params: Json) -> None:
        self.heard.log.append((method, params))
        for bell in self._bells:
            bell.set()

    def _built_in(self) -> Mapping[str, Callable[[Json], Json]]:
        return {
            "workspace/configuration": self._settings,
            "workspace/applyEdit": self._apply,
            "workspace/workspaceFolders": lambda _params: _named(self.folders),
            "window/showDocument": lambda _params: {"success": True},
            **dict.fromkeys(_TAKEN_NOTE_OF, lambda _params: None),
        }

    def _settings(self, params: Json) -> list[Json]:
        return [_section(self.configuration, each.get("section")) for each in params["items"]]

    def _apply(self, params: Json) -> Json:
        """Makes an edit, all of it or nothing, and tells the server of the new texts."""
        if "documentChanges" in params["edit"] and not can(self.announced, *_VERSIONED_EDITS):
            return {"applied": False, "failureReason": "documentChanges were not announced"}
        edits = _edits_of(params["edit"])
        for uri, version, _edits in edits:
            document = self.documents.get(uri)
            if document is None or version not in (None, document.version):
                return {"applied": False, "failureReason": f"{uri} is not at version {version}"}
        for uri, _version, changes in edits:
            document = self.documents[uri]
            document.edit(changes)
            self._did_change(document, [{"text": document.text}])
        return {"applied": True}


_VERSIONED_EDITS: Final = ("workspace", "workspaceEdit", "documentChanges")

# What has to be announced for a request to be answered.
_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "workspace/configuration": ("workspace", "configuration"),
    "workspace/applyEdit": ("workspace", "applyEdit"),
    "workspace/workspaceFolders": ("workspace", "workspaceFolders"),
    "window/showDocument": ("window", "showDocument", "support"),
    "window/workDoneProgress/create": ("window", "workDoneProgress"),
}

# Requests that an editor answers with null.
_TAKEN_NOTE_OF: Final = (
    "window/workDoneProgress/create",
    "window/showMessageRequest",
    "client/registerCapability",
    "client/unregisterCapability",
    "workspace/codeLens/refresh",
    "workspace/semanticTokens/refresh",
)


def _edits_of(edit: Json) -> list[tuple[str, int | None, list[Json]]]:
    """The text edits of a workspace edit in either of its forms: URI, version, edits."""
    plain = [(uri, None, edits) for uri, edits in edit.get("changes", {}).items()]
    versioned = [
        (each["textDocument"]["uri"], each["textDocument"].get("version"), each["edits"])
        for each in edit.get("documentChanges", ())
        if "textDocument" in each
    ]
    return plain + versioned


def _section(configuration: Mapping[str, Json], section: str | None) -> Json:
    """The part of the settings that a dotted name means; null where there is none."""
    found: Json = configuration
    for name in (section or "").split("."):
        if name:
            found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _named(folders: Sequence[str]) -> list[Json]:
    return [{"uri": uri, "name": uri.rstrip("/").rpartition("/")[2]} for uri in folders]
