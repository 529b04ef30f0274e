"""The files of prompts: the user's own where there is one, else those that come with fimls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.actions.templates import Template, read_template
from fimls.errors import PromptError

if TYPE_CHECKING:
    from pathlib import Path

NAMES: Final = (
    *("explain", "summary", "overview", "generate", "complete", "query", "edit", "fix", "repair"),
)
"""The prompts that there are; each is a file `<name>.txt`."""

# A prompt is a page or two; what is much longer is something else.
_MOST_BYTES: Final = 100_000


def load(name: str, folder: Path | None = None) -> Template:
    """The template of a name, out of the user's folder of prompts where it has that file.

    Raises:
        PromptError: the file cannot be read, or is no template.
    """
    own = None if folder is None else folder / f"{name}.txt"
    if own is not None and own.is_file():
        return read_template(str(own), _text(own))
    return read_template(name, bundled(name))


def bundled(name: str) -> str:
    """The text of a prompt that comes with fimls."""
    from importlib.resources import files

    return files("fimls.actions").joinpath("prompts", f"{name}.txt").read_text("utf-8")


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise PromptError(f"the prompt `{file}` is larger than {_MOST_BYTES // 1000} kB")
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"the prompt `{file}` cannot be read: {error}") from error
