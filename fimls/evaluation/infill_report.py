"""What filled holes come to: shares with their standard errors, and how long it took."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fimls.evaluation.latency import spread
from fimls.evaluation.share import Share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.evaluation.infill import Filled


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one way of asking; of the tasks in one language, or "" for all.

    `exact` and `passes` are shares of all tasks, `parse` is one of what was shown.  `right` are
    those shown that pass their test, or where none was run are exact.  `passes` is None where no
    test was run.
    """

    what: str
    language: str
    shown: Share
    exact: Share
    parse: Share
    right: Share
    passes: Share | None
    p50_ms: float | None
    p95_ms: float | None
    failed: int
    skips: tuple[tuple[str, int], ...]


def figures(what: str, filled: Sequence[Filled]) -> list[Figures]:
    """The figures of all tasks, and where they are in several languages those of each."""
    languages = sorted({each.language for each in filled})
    found = [_figures(what, "", filled)]
    if len(languages) > 1:
        found += [
            _figures(what, language, [each for each in filled if each.language == language])
            for language in languages
        ]
    return found


def as_json(found: Figures) -> dict[str, object]:
    """For machines."""
    return {
        "language": found.language or None,
        "tasks": found.shown.whole,
        "answered": found.shown.part,
        "parse_in_place": found.parse.part,
        "exact": found.exact.part,
        "passed": found.passes.part if found.passes else None,
        "p50_ms": found.p50_ms,
        "p95_ms": found.p95_ms,
        "failed": found.failed,
        "skips": dict(found.skips),
        "shares": {
            "shown": found.shown.as_json(),
            "exact": found.exact.as_json(),
            "parse": found.parse.as_json(),
            "pass": found.passes.as_json() if found.passes else None,
            "right_of_shown": found.right.as_json(),
        },
    }


def _figures(what: str, language: str, filled: Sequence[Filled]) -> Figures:
    shown = [each for each in filled if each.text is not None]
    judged = [each.parses for each in shown if each.parses is not None]
    ran = any(each.passes is not None for each in filled)
    # A task that cannot be run counts by its text.
    right = [each.is_exact if each.passes is None else each.passes for each in shown]
    times_ms = [each.time_ms for each in filled]
    times = spread(times_ms * 2 if len(times_ms) == 1 else times_ms) if times_ms else None
    return Figures(
        what=what,
        language=language,
        shown=Share(len(shown), len(filled)),
        exact=Share(sum(each.is_exact for each in shown), len(filled)),
        parse=Share(sum(judged), len(judged)),
        right=Share(sum(right), len(right)),
        passes=Share(sum(each.passes is True for each in shown), len(filled)) if ran else None,
        p50_ms=round(times.p50_ms, 1) if times else None,
        p95_ms=round(times.p95_ms, 1) if times else None,
        failed=sum(each.failed for each in filled),
        skips=tuple(Counter(each.skip for each in filled if each.skip is not None).most_common()),
    )
