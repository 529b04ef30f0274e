"""`textDocument/completion`: the same completions in a list, for editors without ghost text.

Announced only where the user wants it (`completion.popup`), or every editor that shows ghost text
would show each completion twice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from fimls.completion.values import Ask
from fimls.lsp.answering import answered
from fimls.lsp.commands import accepted_command
from fimls.lsp.conversions import position_of, wire_range
from fimls.lsp.protocol import begins_at_once
from fimls.text.line_bounds import line_start
from fimls.text.lines import from_lf

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from fimls.completion.values import Completion
    from fimls.documents.snapshot import Snapshot
    from fimls.lsp.language_server import FimlsServer

# Editors ask by themselves where a word begins.  Beyond that code is gone on with after a blank, an
# opener, a comma, a member's dot or arrow, an assignment, and what begins a type or a body.
OPTIONS: Final = types.CompletionOptions(
    trigger_characters=[" ", "(", "[", "{", ",", ".", ">", "=", ":"],
    resolve_provider=False,
)
"""What is announced."""

_WORD: Final = re.compile(r"\w*\Z")

# Before all letters and digits: what goes on with the code as it is goes before lists of names.
_FIRST: Final = "!"

_FENCES: Final = re.compile(r"`{3,}")


def offer(ls: FimlsServer) -> None:
    """Announces the feature, where the settings known at `initialize` want it."""
    if ls.configuration.settings.completion.popup:
        ls.feature(types.TEXT_DOCUMENT_COMPLETION, OPTIONS)(completion)


@begins_at_once
def completion(
    ls: FimlsServer, params: types.CompletionParams
) -> Coroutine[object, object, types.CompletionList | None]:
    """The items to list: none where there is nothing, None where the question is overtaken."""
    return _completed(ls, params, ls.documents.at(params.text_document.uri))


async def _completed(
    ls: FimlsServer, params: types.CompletionParams, snap: Snapshot | None
) -> types.CompletionList | None:
    items = await answered(
        ls,
        snap,
        lambda known: _ask(ls, known, params),
        lambda known, found: [_item(ls, known, each, rank) for rank, each in enumerate(found)],
    )
    # It is never complete: with each key there is another text to go on from.
    return None if items is None else types.CompletionList(is_incomplete=True, items=items)


def _ask(ls: FimlsServer, snap: Snapshot, params: types.CompletionParams) -> Ask:
    hole = snap.hole(position_of(params.position), ls.documents.encoding)
    return Ask(snap, hole, explicit=_is_invoked(params) and not _word(hole.line_before))


def _is_invoked(params: types.CompletionParams) -> bool:
    """Whether the list may have been asked for by a key.

    The protocol calls it that too when a word is typed, so within a word nobody knows.
    """
    kind = types.CompletionTriggerKind.Invoked
    return params.context is None or params.context.trigger_kind is kind


def _word(line: str) -> str:
    """The word that a line ends in the middle of."""
    found = _WORD.search(line)
    return found.group() if found else ""


def _item(ls: FimlsServer, snap: Snapshot, found: Completion, rank: int) -> types.CompletionItem:
    """The item, whose range begins with the word: editors filter by what is typed from there on."""
    word = _word(snap.text[line_start(snap.text, found.start) : found.start])
    text = word + found.text
    lines = text.strip().split("\n")
    span = wire_range(snap, found.start - len(word), found.end, ls.documents.encoding)
    return types.CompletionItem(
        label=lines[0],
        kind=types.CompletionItemKind.Snippet if len(lines) > 1 else types.CompletionItemKind.Text,
        detail="fimls",
        documentation=_picture(text, snap.language.id) if len(lines) > 1 else None,
        sort_text=f"{_FIRST}{rank}",
        filter_text=lines[0],
        insert_text_format=types.InsertTextFormat.PlainText,
        # The text has its indentation; an editor that adds the line's own would double it.
        insert_text_mode=types.InsertTextMode.AsIs,
        text_edit=types.TextEdit(span, from_lf(text, snap.eol)),
        command=accepted_command(found.ident),
    )


def _picture(text: str, language: str) -> types.MarkupContent:
    """The whole text as a block of code, in a fence that the text does not hold."""
    fence = max((*_FENCES.findall(text), "``"), key=len) + "`"
    body = text.strip("\n")
    return types.MarkupContent(types.MarkupKind.Markdown, f"{fence}{language}\n{body}\n{fence}")
