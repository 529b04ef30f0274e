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
    """

    gives_settings: bool = False
    registers_settings: bool = False
    shows_progress: bool = False
    asks_again: bool = False
    watches_files: bool = False


def client_of(capabilities: types.ClientCapabilities) -> Client:
    """Reads what matters to us from what a client has announced."""
    workspace, window = capabilities.workspace, capabilities.window
    changes = workspace.did_change_configuration if workspace else None
    files = workspace.did_change_watched_files if workspace else None
    return Client(
        gives_settings=bool(workspace and workspace.configuration),
        registers_settings=bool(changes and changes.dynamic_registration),
        shows_progress=bool(window and window.work_done_progress),
        asks_again=_experimental(capabilities.experimental, "more"),
        watches_files=bool(files and files.dynamic_registration),
    )


def _experimental(announced: object, name: str) -> bool:
    """Whether `experimental.fimls.‹name›` is announced."""
    ours = announced.get("fimls") if isinstance(announced, Mapping) else None
    return isinstance(ours, Mapping) and bool(ours.get(name))
