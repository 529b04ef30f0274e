"""Where a document lies: the repository around it as it is known at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fimls.context.recent import Edited
    from fimls.repository.facts import RepoView


@dataclass(frozen=True, slots=True)
class Place:
    """A document's place: what is known of its workspace folder, and its path in there.

    `recent` are regions of the folder's files that were edited lately, the last one first.
    """

    view: RepoView
    path: str
    recent: tuple[Edited, ...] = ()
