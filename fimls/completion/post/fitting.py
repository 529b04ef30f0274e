"""Fitting what a model has said, raw and perhaps still growing, to its hole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.completion.post import gate
from fimls.completion.post.draft import Draft
from fimls.completion.post.first_line import may_be_deep
from fimls.completion.post.fitness import fits
from fimls.completion.post.hearing import hear
from fimls.completion.post.order import FILTERS
from fimls.completion.post.placing import may_place
from fimls.completion.post.repetition import may_loop
from fimls.completion.post.style import restyled
from fimls.completion.post.unfinished import fits_when_finished, is_begun
from fimls.completion.values import Extent, FilterStep, Fit, More, Reason, Skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fimls.completion.post.draft import Filter
    from fimls.completion.post.hearing import Heard
    from fimls.completion.post.site import Site

    Note = Callable[[FilterStep], None]


def fit(
    said: str,
    site: Site,
    *,
    done: bool,
    cut: bool = False,
    note: Note | None = None,
    filters: Sequence[Filter] = FILTERS,
) -> Fit | More | Skip:
    """What is to be shown of a model's text, as far as it has come.

    `said` is the raw text from the hole on.  `done`: nothing more comes; with `cut`, because the
    run was broken off or reached its limit, so that a last line without its end is not whole.
    `note` is told of each filter's work on the text that is answered; `filters` are all but in
    evaluations that leave one out.

    The answer is `More` while nothing can be said; a `Fit` that is not whole is the shortest
    prefix of whole lines that fits, or before that the line that it begins with; what is whole
    begins with it, does not depend on how the text was split, and stays the same whatever the model
    goes on to say.
    """
    heard = hear(said, site, done=done, cut=cut, filters=filters)
    if not heard.is_over:
        return _early(heard, site, filters) or More()
    found = _run(filters, heard.raw, site, note)
    if isinstance(found, Draft):
        return Fit(found.text, found.replaces)
    # What has been shown already stays; only a text that leads to a mask is dropped whole
    # (contract §5).
    early = None if found.reason is Reason.MASK else _early(heard, site, filters)
    return found if early is None else Fit(early.text, early.replaces)


def _run(filters: Sequence[Filter], text: str, site: Site, note: Note | None) -> Draft | Skip:
    """Applies filters in their order, up to the first that drops the text."""
    draft = Draft(text)
    for each in filters:
        result = each.apply(draft, site)
        if note is not None:
            note(_step(each.name, draft, result))
        if isinstance(result, Skip):
            return result
        draft = result
    return draft


def _step(name: str, draft: Draft, result: Draft | Skip) -> FilterStep:
    if isinstance(result, Skip):
        return FilterStep(name, draft.text, "", str(result))
    return FilterStep(name, draft.text, result.text)


def _early(heard: Heard, site: Site, filters: Sequence[Filter]) -> Fit | None:
    """The shortest prefix of whole lines that passes every filter, where lines can be shown early.

    Until there is one, it is the line that begins it, which fits when it is finished.
    Not before code on the cursor's line: only the end of a text tells whether its last line end is
    part of it, and the indentation that the code needs does not begin the text's next line.
    """
    if site.code_follows:
        return None
    before_gate = [each for each in filters if each.apply is not gate.apply]
    begun = None
    for text in _prefixes(heard, site):
        draft = _run(before_gate, text, site, None)
        if isinstance(draft, Skip):
            continue
        if fits(draft, site):
            return Fit(draft.text, draft.replaces, whole=False)
        if begun is None and fits_when_finished(draft, site):
            begun = Fit(draft.text, draft.replaces, whole=False)
    return begun


def _prefixes(heard: Heard, site: Site) -> Iterator[str]:
    """What was heard up to each of its line ends but the last, where the line is visible."""
    body: Sequence[str] = heard.lines[heard.lead :]
    if site.shape.extent is Extent.LINE:
        body = _beginning(body, site)
    for count in range(1, len(body)):
        if body[count - 1].strip() and not _is_undecided(body[:count], site):
            yield heard.first(count)


def _beginning(lines: Sequence[str], site: Site) -> Sequence[str]:
    """The lines up to the end of the first visible one, if that begins what the others go on with.

    What does not is a line, and all that is to be shown.
    """
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None or not is_begun(lines[first], site):
        return ()
    return lines[: first + 2]


def _is_undecided(lines: Sequence[str], site: Site) -> bool:
    """Whether the next line may change these: where they belong, or that they are kept."""
    # How deep a line is, is told in the document's own blanks.
    is_deep = may_be_deep(restyled(lines, site), site)
    return is_deep or may_place(lines, site) or may_loop(lines)
