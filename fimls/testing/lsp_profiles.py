"""What editors announce that they can do: three kinds of clients, for `LspClient.initialize`.

They differ in what a server has to mind: whether edits carry versions, where documents are shown,
how places are counted, and what goes beyond the protocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

Json = Any

_ACTIONS: Final[Mapping[str, Json]] = {
    "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix", "refactor"]}},
    "resolveSupport": {"properties": ["edit", "command"]},
    "isPreferredSupport": True,
    "dataSupport": True,
}

_WINDOW: Final[Mapping[str, Json]] = {
    "workDoneProgress": True,
    "showDocument": {"support": True},
    "showMessage": {"messageActionItem": {"additionalPropertiesSupport": True}},
}

_WORKSPACE: Final[Mapping[str, Json]] = {
    "configuration": True,
    "workspaceFolders": True,
    "applyEdit": True,
}

VSCODE: Final[Mapping[str, Json]] = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "synchronization": {"dynamicRegistration": True, "didSave": True},
        "inlineCompletion": {"dynamicRegistration": True},
        "codeAction": {**_ACTIONS, "disabledSupport": True, "honorsChangeAnnotations": True},
    },
    "window": _WINDOW,
    "workspace": {
        **_WORKSPACE,
        "workspaceEdit": {
            "documentChanges": True,
            "resourceOperations": ["create", "rename", "delete"],
        },
    },
    "experimental": {"fimls": {"actionText": True, "input": True, "more": True}},
}
"""Like VS Code with the extension of fimls: versioned edits, texts of actions shown by itself."""

NEOVIM: Final[Mapping[str, Json]] = {
    "general": {"positionEncodings": ["utf-8", "utf-16", "utf-32"]},
    "textDocument": {
        "synchronization": {"dynamicRegistration": False, "didSave": True},
        "inlineCompletion": {"dynamicRegistration": False},
        "codeAction": {"dynamicRegistration": True, **_ACTIONS},
    },
    "window": _WINDOW,
    "workspace": {
        **_WORKSPACE,
        "workspaceEdit": {"resourceOperations": ["rename", "create", "delete"]},
    },
}
"""Like Neovim 0.12: plain `changes`, places in UTF-8, documents shown (`editors.md` §1.2)."""

MINIMAL: Final[Mapping[str, Json]] = {
    "textDocument": {"synchronization": {"dynamicRegistration": False}},
    "workspace": {"applyEdit": True},
}
"""A client that edits, and that can show neither documents nor progress."""

PROFILES: Final[Mapping[str, Mapping[str, Json]]] = MappingProxyType(
    {"vscode": VSCODE, "neovim": NEOVIM, "minimal": MINIMAL}
)
"""All of them by name."""


def can(capabilities: Mapping[str, Json], *path: str) -> bool:
    """Whether something is announced, by its names from the outermost one on."""
    found: Json = capabilities
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return bool(found)
