"""Control tokens that a model spells out as text: everything from the first one on is dropped."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fimls.completion.post.draft import Draft
    from fimls.completion.post.site import Site

# The markers of the families that fill in the middle, and the ends of turns and texts: whichever
# model is asked, none of these is code.  Code Llama's `<EOT>` leaks as text (`ollama.md` §2).
_MARKERS: Final = re.compile(
    r"""
      [ ]?<(?:PRE|SUF|MID|EOT|EOD)>                            # Code Llama
    | <[|｜](?:[a-z_▁0-9]{1,40}|fim[▁_][a-z]+)[|｜]>            # Qwen, DeepSeek, Llama 3
    | </?fim[-_](?:prefix|suffix|middle|pad)>                   # StarCoder, Granite, SantaCoder
    | <(?:file_sep|repo_name|reponame|gh_stars|empty_output)>   # StarCoder's kinds of text
    | <(?:jupyter|commit|issue)_[a-z]+>
    | \[(?:PREFIX|SUFFIX|MIDDLE)\]                              # Codestral
    | <\|?(?:im_start|im_end|endoftext|end_of_turn|start_of_turn)\|?>
    """,
    re.VERBOSE,
)


def cut_control(text: str) -> str:
    """The text up to the first control token."""
    found = _MARKERS.search(text)
    return text[: found.start()] if found else text


def apply(draft: Draft, _site: Site) -> Draft:
    """Drops everything from the first control token on."""
    return replace(draft, text=cut_control(draft.text))
