"""What the tests of this room check with: one function for the whole, one for a single filter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.completion.post import FILTERS, Site, fit
from fimls.completion.post.draft import Draft
from fimls.completion.post.unfinished import finished
from fimls.completion.values import Extent, Fit, More, Reason, Shape, Skip
from fimls.syntax.tree import parse
from fimls.testing.marks import marked, picture
from fimls.text.hole import Hole
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from fimls.testing.marks import Picture

LINE = Extent.LINE
BLOCK = Extent.BLOCK

GRAMMAR = "with its grammar"
NO_GRAMMAR = "without a grammar"
BOTH = (GRAMMAR, NO_GRAMMAR)


def check_fit(
    raw: str,
    shown: str | Reason,
    *,
    extent: Extent = BLOCK,
    language: str = "python",
    cut: bool = False,
    by: tuple[str, ...] = BOTH,
    told: frozenset[str] = frozenset(),
) -> None:
    """Checks what is made of a model's text, said at once and character by character.

    `raw` is a picture of the document with what the model says in it, `shown` one with what is
    shown in the end (`╣` where text after the cursor is replaced), or the reason why nothing is.
    `told` are the comments by which its prompt tells of other files.
    """
    said = marked(raw)
    for grammar in by:
        site = site_of(said, extent, language, grammar=grammar == GRAMMAR)
        site = replace(site, told=told)
        final = fit(said.inserted, site, done=True, cut=cut)

        assert _drawn(final, said) == (shown if isinstance(shown, Reason) else _normal(shown)), (
            f"{grammar}: {final}"
        )
        check_stream(said.inserted, site, final, cut=cut)


def check_filter(
    name: str,
    raw: str,
    shown: str | Reason,
    *,
    extent: Extent = BLOCK,
    language: str = "python",
) -> None:
    """Checks what one filter makes of a text that is there as a whole."""
    said = marked(raw)
    apply = next(each.apply for each in FILTERS if each.name == name)
    result = apply(Draft(said.inserted), site_of(said, extent, language))
    found = (
        result.reason
        if isinstance(result, Skip)
        else picture(said.text, said.offset, result.text, result.replaces)
    )

    assert found == (shown if isinstance(shown, Reason) else _normal(shown))


def site_of(said: Picture, extent: Extent, language: str, *, grammar: bool = True) -> Site:
    """The site of a picture."""
    known = language_of(language)
    spoken = known if grammar else replace(known, grammar=None)
    hole = Hole(said.text, said.offset, spoken)
    return Site(hole, parse(said.text, spoken.grammar), Shape(extent))


def check_stream(said: str, site: Site, final: Fit | Skip | More, *, cut: bool = False) -> None:
    """Checks that nothing said early is taken back, and nothing decided early is decided anew.

    `final` is what is made of the whole text.
    """
    early: str | None = None
    for length in range(len(said) + 1):
        now = fit(said[:length], site, done=False)
        if isinstance(now, More):
            assert early is None, f"taken back after {said[:length]!r}"
        elif isinstance(now, Skip) or now.whole:
            assert now == final, f"decided after {said[:length]!r}"
        else:
            # A header comes to have its block, once.
            assert now.text.startswith(early or ""), f"changed after {said[:length]!r}"
            early = now.text
    if early is not None and isinstance(final, Fit):
        assert final.text.startswith(early)
    assert fit(said, site, done=True, cut=cut) == final


def is_in_order_with(found: Fit | Draft, site: Site) -> bool:
    """Whether a document parses with what is shown, or will when the line that it is has an end."""
    draft = Draft(found.text, found.replaces)
    hole = site.hole
    for each in (draft, *finished(draft, site)):
        text = hole.prefix + each.text + hole.suffix[each.replaces :]
        tree = parse(text, hole.language.grammar)
        if tree is not None and not tree.root.has_error:
            return True
    return False


def _drawn(result: Fit | Skip | More, said: Picture) -> str | Reason:
    if isinstance(result, Skip):
        return result.reason
    assert isinstance(result, Fit)
    assert result.whole
    return picture(said.text, said.offset, result.text, result.replaces)


def _normal(shown: str) -> str:
    return str(marked(shown))
