"""How a case is played: what the user and the model do, by the name of the fault."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fimls.testing.faults import Fault
from fimls.testing.lsp_documents import OpenDocument
from fimls.testing.speech import CHARACTERS_PER_TOKEN
from fimls.testing.turns import InTurn
from tests.e2e.actions.cases import Case, Found, picture_of
from tests.e2e.actions.desk import cancelled

if TYPE_CHECKING:
    from fimls.testing.json_rpc import Pending
    from tests.e2e.actions.desk import Desk

MOVED_ON = "document moved on"
STALE = "stale version"
BY_PROGRESS = "cancelled by progress"
BY_REQUEST = "cancelled by request"
DIES = "dies in mid-answer"

# What is asked, and by whom.
_FIRST_TURNS = 2

# What the server says of itself begins so, and an explanation does not.
_SPEAKER = "fimls: "

# A machine under load may take a while.
_PATIENCE_S = 10.0

CANCELLED = {BY_PROGRESS: "progress", BY_REQUEST: "request"}

# So much of an answer has come when it stops, of four characters a token.
_HEARD_TOKENS = 6


async def play(desk: Desk, case: Case) -> Found:
    """Opens the document, chooses the action from the list, and sees what comes of it."""
    desk.begin()
    uri = desk.uri(case.file)
    document = desk.open(case.file, case.language, case.text)
    desk.ollama.answer = InTurn(*(case.answers or ("",)))
    _lay(desk, case, uri)
    start, end = case.said.offset, case.said.offset + len(case.said.inserted)
    command = await desk.command(case.action, uri, start, end)
    assert desk.chats == [], "listing asks no model"
    result = await _done(desk, case, desk.client.run(_command(command, case)))
    await desk.until_left()
    await desk.in_step()
    found = Found(
        after=_after(desk, case, document, result),
        told=_told(desk, case),
        buttons=desk.client.heard.buttons,
        errors=_errors(desk),
        asked=len(desk.chats),
    )
    _check(desk, case, document, result)
    desk.client.close_document(uri)
    return found


def _lay(desk: Desk, case: Case, uri: str) -> None:
    """Prepares what is to happen while the model is asked."""
    if case.fault == MOVED_ON:

        async def typed(_request: object) -> str:
            desk.client.insert(uri, 0, case.eol)
            await desk.in_step()
            return case.answers[0]

        desk.ollama.answer = typed
    if case.fault in CANCELLED:
        desk.ollama.fail_next(Fault.STALL, after=_HEARD_TOKENS)
    if case.fault == DIES:
        desk.ollama.fail_next(Fault.RESET, after=_HEARD_TOKENS)


def _command(command: Any, case: Case) -> Any:
    if case.fault != STALE:
        return command
    (argument,) = command["arguments"]
    return {**command, "arguments": [{**argument, "version": 0}]}


async def _done(desk: Desk, case: Case, pending: Pending) -> Any:
    """The result of the action, cancelled on the way where the case is about that."""
    how = CANCELLED.get(case.fault)
    if how is not None:
        await desk.until_asked()
        await _until_heard(desk, case)
        await cancelled(desk, pending, how)
    return await pending


async def _until_heard(desk: Desk, case: Case) -> None:
    """Waits until what the model has said so far is seen, where it is."""
    if case.action != "explain" or not desk.shows_documents:
        return
    heard = case.answers[0][: _HEARD_TOKENS * CHARACTERS_PER_TOKEN]
    async with asyncio.timeout(_PATIENCE_S):
        while _explanation(desk, None) != heard:
            await desk.in_step()


def _after(desk: Desk, case: Case, document: OpenDocument, result: Any) -> str:
    if case.action == "explain":
        return _explanation(desk, result)
    if not document.past:
        return ""
    (edit,) = desk.client.heard.edits
    before = OpenDocument(
        document.uri, document.language_id, document.past[0], encoding=document.encoding
    )
    return picture_of(edit, before)


def _explanation(desk: Desk, result: Any) -> str:
    """What the user has before them in the end, however it is shown."""
    heard = desk.client.heard
    if desk.shows_texts:
        texts = desk.client.notifications["fimls/actionText"]
        return str(texts[-1]["text"]) if texts else ""
    if desk.shows_documents:
        return Path(urlsplit(heard.shown[0]).path).read_text("utf-8") if heard.shown else ""
    if result:
        return str(result["markdown"])
    return next((each for each in heard.messages if not each.startswith(_SPEAKER)), "")


def _errors(desk: Desk) -> list[str]:
    """What the model was told to put right."""
    chats = [request.messages for request in desk.ollama.requests if request.is_chat]
    repairs = (str(chat[-1]["content"]) for chat in chats if len(chat) > _FIRST_TURNS)
    return [line[2:] for said in repairs for line in said.split("\n") if line.startswith("- ")]


def _told(desk: Desk, case: Case) -> list[str]:
    """The messages, but for an explanation that can be shown in no other way."""
    # Where the model is served is another place each time.
    messages = [each.replace(desk.ollama.url, "HOST") for each in desk.client.heard.messages]
    if case.action != "explain" or desk.shows_texts or desk.shows_documents:
        return messages
    return [each for each in messages if each.startswith(_SPEAKER)]


def _check(desk: Desk, case: Case, document: OpenDocument, result: Any) -> None:
    """What holds for every case and every editor."""
    heard, ollama = desk.client.heard, desk.ollama
    assert ollama.reloads == 0
    assert ollama.seen.most_at_once <= 1
    assert desk.client.strays == []
    assert all(each.ended is not None for each in desk.work.values())
    assert bool(desk.work) == (desk.shows_progress and bool(desk.chats))
    if case.fault in CANCELLED:
        assert result is None
        assert [each.outcome for each in ollama.seen.served][-1] == "cancelled"
    assert len(document.past) == len(heard.edits) <= 1
    if document.past:
        _check_edit(desk, case, document, heard.edits[0])


def _check_edit(desk: Desk, case: Case, document: OpenDocument, edit: Any) -> None:
    """It is in the client's form, has the document's line ends, and is undone in one step."""
    versioned = desk.kind == "vscode"
    assert edit.keys() == ({"documentChanges"} if versioned else {"changes"})
    if versioned:
        (change,) = edit["documentChanges"]
        assert change["textDocument"] == {"uri": document.uri, "version": document.version - 1}
    assert document.text.count(case.eol) == document.text.replace("\r\n", "\n").count("\n")
    desk.client.undo(document.uri)
    assert document.text == case.text
