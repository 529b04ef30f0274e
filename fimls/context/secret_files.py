"""The built-in list of files that hold secrets, by the name under which the context knows it."""

from __future__ import annotations

from fimls.repository.secret_files import is_secret_file

__all__ = ["is_secret_file"]
