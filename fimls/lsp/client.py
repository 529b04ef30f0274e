"""What the client at the other end can do, as far as the server makes use of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lsprotocol import types


@dataclass(frozen=True, slots=True)
class Client:
    """Abilities that a client has announced.

    `gives_settings` answers `workspace/configuration`; `registers_settings` sends changes of
    settings once asked to; `shows_progress` shows work that the server begins by itself;
    `asks_again` understands `fimls/more`; `watches_files` tells of changes on disk once asked to.
    `takes_versions` applies edits to a version of a document, `shows_documents` opens files, and
    `has_buttons` shows messages with them.  `lists_actions` takes code actions and not only
    commands, `disables_actions` also ones that cannot be chosen.  `shows_texts` shows the texts of
    actions by itself, `gives_text` asks its user for text.
    """

    gives_settings: bool = False
    registers_settings: bool = False
    shows_progress: bool = False
    asks_again: bool = False
    watches_files: bool = False
    takes_versions: bool = False
    shows_documents: bool = False
    has_buttons: bool = False
    lists_actions: bool = False
    disables_actions: bool = False
    shows_texts: bool = False
    gives_text: bool = False


def client_of(capabilities: types.ClientCapabilities) -> Client:
    """Reads what matters to us from what a client has announced."""
    workspace, window = capabilities.workspace, capabilities.window
    changes = workspace.did_change_configuration if workspace else None
    files = workspace.did_change_watched_files if workspace else None
    edit = workspace.workspace_edit if workspace else None
    document = window.show_document if window else None
    actions = capabilities.text_document.code_action if capabilities.text_document else None
    return Client(
        gives_settings=bool(workspace and workspace.configuration),
        registers_settings=bool(changes and changes.dynamic_registration),
        shows_progress=bool(window and window.work_done_progress),
        asks_again=_experimental(capabilities.experimental, "more"),
        watches_files=bool(files and files.dynamic_registration),
        takes_versions=bool(edit and edit.document_changes),
        shows_documents=bool(document and document.support),
        has_buttons=bool(window and window.show_message),
        lists_actions=bool(actions and actions.code_action_literal_support),
        disables_actions=bool(actions and actions.disabled_support),
        shows_texts=_experimental(capabilities.experimental, "actionText"),
        gives_text=_experimental(capabilities.experimental, "input"),
    )


def _experimental(announced: object, name: str) -> bool:
    """Whether `experimental.fimls.‹name›` is announced."""
    ours = announced.get("fimls") if isinstance(announced, Mapping) else None
    return isinstance(ours, Mapping) and bool(ours.get(name))
