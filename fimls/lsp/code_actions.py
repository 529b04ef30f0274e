"""`textDocument/codeAction`: what can be done at a place; choosing it runs its command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lsprotocol import types

from fimls.lsp.conversions import offsets_of, range_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fimls.actions.collect import Diagnostic
    from fimls.actions.offers import Offer
    from fimls.documents.snapshot import Snapshot
    from fimls.lsp.language_server import FimlsServer

OPTIONS: Final = types.CodeActionOptions(
    code_action_kinds=[
        *("fimls.explain", "refactor.rewrite.fimls.generate", "refactor.rewrite.fimls.edit"),
        "quickfix.fimls",
    ],
    resolve_provider=True,
)
"""What is announced."""


def code_action(
    ls: FimlsServer, params: types.CodeActionParams
) -> list[types.Command | types.CodeAction]:
    """The actions at a range; no model is asked, and nothing is waited for."""
    snap = ls.documents.at(params.text_document.uri)
    if snap is None:
        return []
    # The grammars come with it, which the server does without until it is asked for something.
    from fimls.actions.offers import KINDS, offers
    from fimls.actions.refusing import refused_document

    if refused_document(snap, ls.configuration.settings) is not None:
        return []
    start, end = offsets_of(snap, range_of(params.range), ls.documents.encoding)
    found = offers(
        snap,
        start,
        end,
        diagnostics_of(ls, snap, params.context.diagnostics),
        gives_text=ls.client is not None and ls.client.gives_text,
        is_automatic=params.context.trigger_kind is types.CodeActionTriggerKind.Automatic,
    )
    only = params.context.only or []
    wanted = [each for each in found if _is_wanted(KINDS[each.name], only)]
    return list(_listed(ls, snap, params, wanted))


def resolve(ls: FimlsServer, action: types.CodeAction) -> types.CodeAction:
    """The action as it is: all of it is known already, and its edit is the command's."""
    return action


def diagnostics_of(
    ls: FimlsServer, snap: Snapshot, given: Sequence[types.Diagnostic]
) -> list[Diagnostic]:
    """What tools have found wrong, in offsets."""
    from fimls.actions.collect import Diagnostic

    return [
        Diagnostic(
            *offsets_of(snap, range_of(each.range), ls.documents.encoding),
            each.message,
            each.source or "",
            "" if each.code is None else str(each.code),
        )
        for each in given
    ]


def _is_wanted(kind: str, only: Sequence[str | types.CodeActionKind]) -> bool:
    """Whether a kind is one of those, or below one of them; all are where none is named."""
    names = [str(getattr(each, "value", each)) for each in only]
    return not names or any(not name or f"{kind}.".startswith(f"{name}.") for name in names)


def _listed(
    ls: FimlsServer, snap: Snapshot, params: types.CodeActionParams, found: Sequence[Offer]
) -> Iterator[types.Command | types.CodeAction]:
    """The actions in the form that the client takes."""
    from fimls.actions.offers import KINDS

    given = diagnostics_of(ls, snap, params.context.diagnostics)
    for each in found:
        own = None
        if each.diagnostic is not None:
            own = params.context.diagnostics[given.index(each.diagnostic)]
        command = types.Command(
            each.title, f"fimls.{each.name}", arguments=[_argument(snap, params.range, own)]
        )
        if ls.client is None or not ls.client.lists_actions:
            yield command
            continue
        action = types.CodeAction(each.title, kind=KINDS[each.name], command=command)
        action.diagnostics = None if own is None else [own]
        reason = ls.actions.why_not(each.name) if params.context.only else None
        if reason is not None and ls.client.disables_actions:
            action.disabled = types.CodeActionDisabled(reason)
        yield action


def _argument(
    snap: Snapshot, where: types.Range, diagnostic: types.Diagnostic | None
) -> dict[str, object]:
    """What the command is run with."""
    argument = {"uri": snap.uri, "range": _plain(where), "version": snap.version}
    if diagnostic is None:
        return argument
    told = {"range": _plain(diagnostic.range), "message": diagnostic.message}
    more = {"source": diagnostic.source, "code": diagnostic.code}
    known = {name: value for name, value in more.items() if value is not None}
    return {**argument, "diagnostic": {**told, **known}}


def _plain(where: types.Range) -> dict[str, object]:
    """A range as JSON has it: what is in arguments is no part of the protocol."""
    places = {"start": where.start, "end": where.end}
    return {name: {"line": at.line, "character": at.character} for name, at in places.items()}
