"""Everything that the server answers to, in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from fimls.lsp import (
    code_actions,
    commands,
    configuration,
    engine,
    explain_last,
    indexing,
    inline_completion,
    lifecycle,
    notebooks,
    sync,
)
from fimls.lsp.language_server import FimlsServer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fimls.clock import Clock
    from fimls.lsp.configuration import Configuration
    from fimls.lsp.engine import Engine, Wiring

FEATURES: Mapping[str, Callable[..., Any]] = {
    types.INITIALIZE: lifecycle.initialize,
    types.INITIALIZED: lifecycle.initialized,
    types.SHUTDOWN: lifecycle.shutdown,
    types.TEXT_DOCUMENT_DID_OPEN: sync.did_open,
    types.TEXT_DOCUMENT_DID_CHANGE: sync.did_change,
    types.TEXT_DOCUMENT_DID_CLOSE: sync.did_close,
    types.NOTEBOOK_DOCUMENT_DID_OPEN: notebooks.did_open_notebook,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE: notebooks.did_change_notebook,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE: notebooks.did_close_notebook,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: sync.did_change_folders,
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: configuration.did_change_configuration,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: indexing.did_change_watched_files,
    types.TEXT_DOCUMENT_INLINE_COMPLETION: inline_completion.inline_completion,
    types.TEXT_DOCUMENT_CODE_ACTION: code_actions.code_action,
    types.CODE_ACTION_RESOLVE: code_actions.resolve,
    explain_last.METHOD: explain_last.explain_last,
}
"""The handler of each request and notification; the first parameter of all is the server."""

OPTIONS: Mapping[str, object] = {
    # Without options pygls announces nothing, and clients take only what is announced statically.
    types.TEXT_DOCUMENT_INLINE_COMPLETION: types.InlineCompletionOptions(),
    types.TEXT_DOCUMENT_CODE_ACTION: code_actions.OPTIONS,
}
"""What is announced of a feature besides that it is there."""

COMMANDS: Mapping[str, Callable[..., Any]] = {
    commands.ACCEPTED: commands.accepted,
    "fimls.toggle": commands.toggle,
    "fimls.restartModel": commands.restart_model,
    "fimls.models": commands.models,
    "fimls.pull": commands.pull,
    **{f"fimls.{name}": commands.action(name) for name in ("explain", "generate", "edit", "fix")},
}
"""The coroutine of each command: it takes the server and the list of arguments."""


def make_server(
    wanted: Configuration,
    clock: Clock,
    load: Callable[[], Callable[[Wiring], Engine]] = engine.load,
) -> FimlsServer:
    """A server with all its handlers; `load` gives the engine that it completes with."""
    server = FimlsServer(wanted, clock, load)
    for method, handler in FEATURES.items():
        server.feature(method, OPTIONS.get(method))(handler)
    for name, command in COMMANDS.items():
        server.command(name)(command)
    return server
