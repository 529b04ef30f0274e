"""What is never completed, whoever asks: decided before anything else is done."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from fimls.completion.values import Reason, Skip
from fimls.context.secrets import has_secret, is_secret_file
from fimls.context.window import in_key_block
from fimls.documents.uris import path_of
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from fimls.completion.values import Ask
    from fimls.settings import Settings

# What a snapshot says of itself, as a reason.
_PROBLEMS = {"too large": Reason.TOO_LARGE, "not text": Reason.NOT_TEXT}


def refuse(ask: Ask, settings: Settings) -> Skip | None:
    """The reason why this document or this place is never completed, or None."""
    snap, hole = ask.snap, ask.hole
    language = hole.language
    if _is_secret(path_of(snap.uri)):
        # Before all others: whatever else is the case, the user is told of this.
        return Skip(Reason.SECRET_FILE, snap.path)
    if not settings.enabled:
        return Skip(Reason.DISABLED)
    if _names(settings.disabled_languages, language.id):
        return Skip(Reason.LANGUAGE_DISABLED, language.name)
    if language.prose and not _names(settings.enabled_languages, language.id):
        return Skip(Reason.PROSE, language.name)
    if snap.problem is not None:
        return Skip(_PROBLEMS[snap.problem])
    if has_secret(hole.line_before + hole.line_after) or in_key_block(hole.text, hole.offset):
        return Skip(Reason.SECRET_LINE)
    return None


@lru_cache(maxsize=256)
def _is_secret(path: str) -> bool:
    """Whether a file is on the list, under its own name or where a link leads."""
    return is_secret_file(path) or is_secret_file(os.path.realpath(path))


def _names(languages: tuple[str, ...], ident: str) -> bool:
    """Whether the user's list names the language, under any of the ids that editors use for it."""
    return any(language_of(name).id == ident for name in languages)
