"""What a language is, as far as fimls cares."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """One row of the table of languages.

    `id` is the language id of the protocol, `name` is for people.  `extensions` begin with a dot
    and are in lower case; `filenames` are whole names.  `grammar` is the key of its grammar in
    `syntax/grammars.py`, None for none.  `by_indentation`: blocks end by indentation, not by
    brackets or words.  `prose`: written for people; completed only where the user enables it.
    """

    id: str
    name: str
    extensions: tuple[str, ...] = ()
    filenames: tuple[str, ...] = ()
    grammar: str | None = None
    line_comment: str | None = None
    block_comment: tuple[str, str] | None = None
    by_indentation: bool = False
    prose: bool = False
