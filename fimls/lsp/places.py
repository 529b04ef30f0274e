"""Where documents lie in the repository, and what was edited there lately, as prompts want it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from fimls.documents.edits import Edits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fimls.context.place import Place
    from fimls.context.recent import Edited
    from fimls.lsp.language_server import FimlsServer
    from fimls.repository.facts import RepoView
    from fimls.text.positions import Range

# A prompt has room for one; what the others are in counts as well.
_MOST_REGIONS: Final = 4


class Places:
    """Tells where a document lies, and notes where documents are edited."""

    def __init__(self, ls: FimlsServer) -> None:
        self._ls = ls
        self._edits = Edits()

    def at(self, uri: str) -> Place | None:
        """Where a document lies; None where nothing is known of its folder, or not yet."""
        view = self._ls.indexing.view(uri)
        if view is None:
            return None
        # Only the engine asks, which has imported this room.
        from fimls.context.place import Place

        recent = tuple(islice(self._recent(view, uri), _MOST_REGIONS))
        return Place(view, self._ls.indexing.relative(uri), recent)

    def changed(self, uri: str, edits: Sequence[tuple[Range | None, str]]) -> None:
        """Notes the edits of a document; one of the whole text tells nothing."""
        for span, text in edits:
            if span is not None:
                first, last = sorted((span.start.line, span.end.line))
                self._edits.note(uri, first, last - first, text.count("\n"))

    def closed(self, uri: str) -> None:
        """Forgets a document."""
        self._edits.forget(uri)

    def _recent(self, view: RepoView, uri: str) -> Iterator[Edited]:
        """The regions of other open documents that the view knows: no other may be shown."""
        from fimls.context.recent import edited

        for other, region in self._edits:
            snap = self._ls.documents.at(other)
            if other == uri or snap is None or self._ls.indexing.view(other) is not view:
                continue
            path = self._ls.indexing.relative(other)
            if view.facts(path) is not None and snap.problem is None:
                yield edited(path, snap.text, snap.lines, region.first, region.last)
