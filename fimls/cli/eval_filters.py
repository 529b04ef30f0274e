"""`fimls eval filters`: what comes back of true middles that are spoilt as models spoil them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from fimls.cli.tables import show, table
from fimls.errors import InputError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from fimls.evaluation.agreement import Agreement
    from fimls.evaluation.filters import Tally
    from fimls.evaluation.tasks import TaskSet

# Of what a filter is good for, this much is shown of the most; all is in the JSON object.
_MOST_LOSSES = 4

# What leaving a filter out changes by less than this is not listed, in points.
_LEAST_LOSS = 0.5


def configure(parser: ArgumentParser) -> None:
    """Adds the arguments of this measurement."""
    parser.add_argument(
        "--ablate", action="store_true", help="filters: also with each filter left out in turn"
    )
    parser.add_argument(
        "--source",
        type=Path,
        metavar="DIR",
        help="filters: tasks made from the files of a directory, --count of each language (60)",
    )
    parser.add_argument(
        "--show", type=int, default=0, metavar="N", help="filters: draw N lost cases of each kind"
    )


def run(arguments: Namespace) -> None:
    """Measures and prints."""
    rows = []
    for each in _sets(arguments):
        tallies = _measured(each, ablations=arguments.ablate)
        agreement = _agreement(each)
        if arguments.json:
            rows.append(_as_json(each, tallies, agreement))
            continue
        _show_table(each, tallies)
        _show_languages(tallies)
        _show_losses(tallies)
        _show_agreement(agreement)
        _show_lost(tallies, arguments.show)
    if arguments.json:
        print(json.dumps({"sets": rows}))


def _sets(arguments: Namespace) -> list[TaskSet]:
    from fimls.evaluation.sources import from_sources
    from fimls.evaluation.tasks import sets

    if arguments.source is None:
        return sets(arguments.data or [], arguments.count)
    if arguments.data:
        raise InputError("--source makes tasks of its own, and takes no --data")
    return [from_sources(arguments.source, arguments.count, arguments.seed)]


def _measured(tasks: TaskSet, *, ablations: bool) -> list[Tally]:
    from fimls.cli.progress import progress_bar
    from fimls.evaluation.filters import measure

    with progress_bar(tasks.name, unit="tasks") as tell:
        return measure(
            tasks.tasks, ablations=ablations, progress=lambda done: tell(done, len(tasks.tasks))
        )


def _agreement(tasks: TaskSet) -> Agreement:
    """How the gate judges by the lines around the hole, beside the whole file."""
    from fimls.cli.progress import progress_bar
    from fimls.evaluation.agreement import measure

    with progress_bar("syntax gate", unit="tasks") as tell:
        return measure(tasks.tasks, lambda done: tell(done, len(tasks.tasks)))


def _as_json(tasks: TaskSet, tallies: Sequence[Tally], agreement: Agreement) -> dict[str, object]:
    from fimls.evaluation import agreement as gate
    from fimls.evaluation.filters import as_json, languages, losses

    return {
        "data": tasks.name,
        "tasks": len(tasks.tasks),
        "tallies": as_json(tallies),
        "languages": [
            {"language": name, "clean": clean.as_json(), "spoilt": spoilt.as_json()}
            for name, clean, spoilt in languages(tallies)
        ],
        "losses": losses(tallies),
        "gate": gate.as_json(agreement),
    }


def _show_table(tasks: TaskSet, tallies: Sequence[Tally]) -> None:
    print(f"{tasks.name}: {len(tasks.tasks)} tasks\n")
    rows = table("middles", "tasks", "restored %", "file parses %", "nothing shown %")
    for each in tallies:
        if each.without or not each.tasks:
            continue
        shares = (str(each.restored_share), f"{each.parsing_percent:.1f}")
        rows.add_row(each.spoiling, str(each.tasks), *shares, f"{each.withheld_percent:.1f}")
    show(rows)
    print()


def _show_languages(tallies: Sequence[Tally]) -> None:
    from fimls.evaluation.filters import languages

    found = languages(tallies)
    if len(found) < 2:
        return
    rows = table("language", "clean restored %", "spoilt restored %", "spoilt cases")
    for name, clean, spoilt in found:
        rows.add_row(name, str(clean), str(spoilt), str(spoilt.whole))
    show(rows)
    print()


def _show_losses(tallies: Sequence[Tally]) -> None:
    from fimls.evaluation.filters import losses

    found = losses(tallies)
    if not found:
        return
    rows = table("without the filter", "mean", "points less, most first")
    rows.columns[-1].justify = "left"
    for name, by_spoiling in found.items():
        worst = sorted(by_spoiling.items(), key=lambda row: -abs(row[1]))
        told = [
            f"{spoiling} {-points:+.1f}"
            for spoiling, points in worst[:_MOST_LOSSES]
            if abs(points) >= _LEAST_LOSS
        ]
        mean = sum(by_spoiling.values()) / len(by_spoiling)
        # Nothing has no sign.
        rows.add_row(name, f"{0 - mean:+.1f}" if abs(mean) >= 0.05 else "0.0", ", ".join(told))
    show(rows)
    print()


def _show_agreement(agreement: Agreement) -> None:
    from fimls.evaluation.agreement import TARGET_AGREEMENT_PERCENT, TARGET_UNKNOWN_PERCENT

    print(
        "The syntax gate, by the lines around the hole, agrees with the whole file in"
        f" {agreement.percent:.2f} % of\n{sum(each.texts for each in agreement.tallies)} texts"
        f" (at least {TARGET_AGREEMENT_PERCENT:g}), and has no verdict on"
        f" {agreement.unknown_percent:.2f} % of what fits (at most {TARGET_UNKNOWN_PERCENT:g}).\n"
    )


def _show_lost(tallies: Sequence[Tally], count: int) -> None:
    for each in tallies:
        for lost in each.lost[:count] if not each.without else ():
            print(f"── {each.spoiling} · {lost}\n")
