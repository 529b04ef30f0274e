"""The measured tables of `docs/performance.md`, made from the figures of `docs/performance.json`.

Pure: a table stands between two comments, `<!-- name -->` and `<!-- /name -->`, and is replaced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fimls.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Figures = dict[str, Any]
"""What was measured, by the part of the page: JSON values."""

_TYPED: Final[Mapping[str, str]] = {
    "requests": "requests (per key)",
    "characters read": "characters read",
    "model s": "model seconds",
    "first reading": "first reading",
    "< 50 ms": "right within 50 ms",
    "own": "own within 50 ms",
    "wrong": "wrong text after 50 ms",
    "pause → shown, ms": "pause → shown, ms",
    "after an accept": "after an accept, 50 ms",
}
"""Columns of the first table, with the cells of `typing_report` that they show."""

_READ: Final[Mapping[str, str]] = {
    "re-read on a line": "re-read on a line",
    "allowed": "1.5 × (new + suffix)",
    "over that": "over that",
    "after Enter, over half": "entered, half re-read",
    "before 0.30": "unknown before 0.30",
    "since 0.30": "unknown since 0.30",
    "least before, after": "least before, after",
    "narrow windows": "narrow windows",
    "at once": "generations at once",
    "reloads": "reloads",
    "late": "late",
}
"""Columns of the second one."""


def filled(page: str, name: str, content: str) -> str:
    """The page with other content between the two comments of that name.

    Raises `InputError` for a page that does not have them.
    """
    head, begin, rest = page.partition(f"<!-- {name} -->\n")
    _old, end, tail = rest.partition(f"<!-- /{name} -->")
    if not begin or not end:
        raise InputError(f"the page has no place for {name}")
    return f"{head}{begin}\n{content}\n\n{end}{tail}"


def tables(figures: Figures) -> dict[str, str]:
    """The content of each place for which there are figures."""
    made = {}
    if typing := figures.get("typing"):
        made["typing"] = _typing(typing, _TYPED)
        made["reading"] = _typing(typing, _READ)
    if found := figures.get("round trip"):
        made["round trip"] = _times(found["figures"]) + _loaded(figures, "round trip")
    if found := figures.get("endurance"):
        made["endurance"] = _endurance(found)
    if found := figures.get("start-up"):
        made["start-up"] = _start_up(found) + _loaded(figures, "start-up")
    return made


def _loaded(figures: Figures, part: str) -> str:
    """On how busy a machine that was measured."""
    load = figures.get("load", {}).get(part)
    if load is None:
        return ""
    return f"\n\nMeasured while {load:g} processes at a time wanted a processor."


def _typing(typing: Mapping[str, Mapping[str, Any]], columns: Mapping[str, str]) -> str:
    rows = [
        (weather, trace, *(str(found["cells"].get(cell, "–")) for cell in columns.values()))
        for weather, by_trace in typing.items()
        for trace, found in by_trace.items()
    ]
    return _table(("weather", "trace", *columns), rows)


def _times(figures: Sequence[Mapping[str, Any]]) -> str:
    head = ("", "trips", "least", "p50", "p95", "aim for p95")
    rows = [
        (
            str(each["what"]),
            str(each["requests"]),
            *(f"{each[name]:.1f} ms" for name in ("least_ms", "p50_ms", "p95_ms")),
            "–" if each["target_p95_ms"] is None else f"{each['target_p95_ms']:g} ms",
        )
        for each in figures
    ]
    return _table(head, rows)


def _endurance(found: Mapping[str, Any]) -> str:
    looks = {"none": found["before"], **found["looks"], "all closed": found["after"]}
    kinds = list(found["before"]["kept"])
    rows = [
        (
            str(name),
            f"{held['memory'] / 1e6:.1f}",
            str(len(held["tasks"])),
            *(str(held["kept"][kind]) for kind in kinds),
        )
        for name, held in looks.items()
    ]
    growth = (
        f"Growth after the first 2,000 edits: **{found['growth_mb']:.1f} MB**"
        f" (at most {found['most_growth_mb']:g}); {found['unanswered']} requests of"
        f" {found['requests']} unanswered, {len(found['tasks_left'])} tasks left."
    )
    return f"{_table(('edits', 'MB', 'tasks', *kinds), rows)}\n\n{growth}"


def _start_up(found: Mapping[str, Any]) -> str:
    rows = [
        (name, f"{times['median']:.0f} ms", f"{times['least']:.0f} ms", ratio)
        for name, times, ratio in (
            ("bare pygls", found["bare_ms"], "1"),
            ("fimls", found["fimls_ms"], f"{found['ratio']:.2f}"),
        )
    ]
    ratio = f"ratio (at most {found['target_ratio']:g})"
    return _table(("", f"median of {found['runs']}", "least", ratio), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
