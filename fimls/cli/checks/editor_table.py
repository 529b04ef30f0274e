"""The editors that `fimls doctor` knows: how to ask their version, and where fimls would be."""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[str, str]
"""A folder by its name in `editors.py`, and a pattern of what is below it."""


@dataclass(frozen=True, slots=True)
class Editor:
    """An editor: its name, what it is started with, and a pattern for what it says of its version.

    `plugins` are places of a plug-in of fimls, `configurations` files in which a user names fimls.
    `since` is the first version that can show inline completions, `lacks` why none can yet
    (editors.md §4).
    """

    name: str
    commands: tuple[str, ...]
    version: str
    plugins: tuple[Place, ...] = ()
    configurations: tuple[Place, ...] = ()
    since: tuple[int, ...] = ()
    lacks: str = ""


# VS Code and what is made of it say the number alone on the first line.
_BARE = r"^(\d+\.\d+[\w.-]*)$"

_NO_GHOST_TEXT = "its language client shows no inline completions yet"


def _extension(*folders: str) -> tuple[Place, ...]:
    """Extensions lie in folders `PUBLISHER.NAME-VERSION`."""
    return tuple(("home", f"{folder}/extensions/*.fimls-[0-9]*") for folder in folders)


def _in_neovim(*patterns: str) -> tuple[Place, ...]:
    return tuple((root, pattern) for root in ("nvim config", "nvim local") for pattern in patterns)


EDITORS: tuple[Editor, ...] = (
    Editor(
        "Neovim",
        ("nvim",),
        r"^NVIM v(\d[\w.+-]*)",
        plugins=(
            *_in_neovim("pack/*/*/*fimls*"),
            *(
                (root, pattern)
                for root in ("nvim data", "nvim local data")
                for pattern in ("site/pack/*/*/*fimls*", "lazy/*fimls*", "plugged/*fimls*")
            ),
        ),
        configurations=_in_neovim(
            "init.lua",
            "init.vim",
            "lsp/*.lua",
            "lua/*.lua",
            "lua/*/*.lua",
            "plugin/*.lua",
            "after/*/*.lua",
        ),
        since=(0, 12),
    ),
    Editor("VS Code", ("code",), _BARE, plugins=_extension(".vscode", ".vscode-server")),
    Editor(
        "VS Code Insiders",
        ("code-insiders",),
        _BARE,
        plugins=_extension(".vscode-insiders", ".vscode-server-insiders"),
    ),
    Editor("VSCodium", ("codium", "vscodium"), _BARE, plugins=_extension(".vscode-oss")),
    Editor("Cursor", ("cursor",), _BARE, plugins=_extension(".cursor", ".cursor-server")),
    Editor(
        "Emacs",
        ("emacs",),
        r"^GNU Emacs (\d[\w.]*)",
        configurations=(
            ("home", ".emacs"),
            ("home", ".emacs.el"),
            ("home", ".emacs.d/*.el"),
            ("home", ".emacs.d/lisp/*.el"),
            ("home", ".doom.d/*.el"),
            ("config", "emacs/*.el"),
            ("config", "doom/*.el"),
        ),
    ),
    Editor(
        "Helix",
        ("hx", "helix"),
        r"^helix (\d[\w.]*)",
        configurations=(("config", "helix/*.toml"), ("roaming", "helix/*.toml")),
        lacks=_NO_GHOST_TEXT,
    ),
    Editor(
        "Zed",
        ("zed", "zeditor"),
        r"^Zed (?:\w+ )?(\d[\w.]*)",
        configurations=(("config", "zed/settings.json"), ("roaming", "Zed/settings.json")),
        lacks=_NO_GHOST_TEXT,
    ),
    Editor(
        "Sublime Text",
        ("subl",),
        r"^Sublime Text Build (\d+)",
        configurations=tuple(
            (root, f"{folder}/Packages/User/LSP.sublime-settings")
            for root, folder in (
                ("config", "sublime-text"),
                ("library", "Sublime Text"),
                ("roaming", "Sublime Text"),
            )
        ),
        lacks=_NO_GHOST_TEXT,
    ),
    Editor(
        "Kate",
        ("kate",),
        r"^kate (\d[\w.]*)",
        configurations=(("config", "kate/lspclient/settings.json"),),
    ),
)
"""The editors, the ones that show inline completions by themselves first."""
