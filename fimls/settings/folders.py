"""Where the user's settings, models and caches are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER_VARIABLES = ("FIMLS_CONFIG_DIR", "FIMLS_DATA_DIR", "FIMLS_CACHE_DIR")
"""Environment variables that move the folders; they are no settings."""

_APP = "fimls"


def config_file(environ: Mapping[str, str]) -> Path:
    """The user's `config.toml`, whether it exists or not."""
    return _folder(environ, "FIMLS_CONFIG_DIR", "user_config_path") / "config.toml"


def data_dir(environ: Mapping[str, str]) -> Path:
    """The folder of models."""
    return _folder(environ, "FIMLS_DATA_DIR", "user_data_path")


def cache_dir(environ: Mapping[str, str]) -> Path:
    """The folder of what can be made again: the index, explanations."""
    return _folder(environ, "FIMLS_CACHE_DIR", "user_cache_path")


def _folder(environ: Mapping[str, str], variable: str, platform: str) -> Path:
    """The folder that the variable names, else the platform's own."""
    from os.path import expanduser
    from pathlib import Path

    if given := environ.get(variable):
        # Unlike `Path.expanduser`, this leaves the name of a user whom nobody knows as it is.
        return Path(expanduser(given))  # noqa: PTH111
    import platformdirs

    # Where nobody knows a home it is `~/…`, a folder that a repository might hold.
    return Path("/", getattr(platformdirs, platform)(_APP, appauthor=False))
