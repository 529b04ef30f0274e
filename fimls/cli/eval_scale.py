"""`fimls eval scale`: how many editors one server carries."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from dataclasses import replace
from typing import TYPE_CHECKING

from fimls.cli.setup import settings_for
from fimls.cli.tables import show, table

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from fimls.evaluation.scale import Row, Scene
    from fimls.evaluation.scale_report import Report


def configure(parser: ArgumentParser) -> None:
    """Adds the arguments of this measurement."""
    parser.add_argument(
        "--editors", type=_numbers, metavar="N,N…", help="scale: sizes of teams (1,5,10,20,50,100)"
    )
    for name, what in _FIGURES.items():
        parser.add_argument(f"--{name}", type=_positive, metavar="X", help=f"scale: {what}")
    parser.add_argument(
        "--typing",
        type=_positive_share,
        metavar="X",
        help="scale: share of the time in which an author types (0.2)",
    )
    parser.add_argument(
        "--right",
        type=_share,
        metavar="X",
        help="scale: share of the lines that the model gets right (0.3)",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="N",
        help="scale: of all chance; filters: which tasks --source makes (0)",
    )


def run(arguments: Namespace) -> None:
    """Simulates and prints."""
    from fimls.cli.progress import progress_bar
    from fimls.evaluation.scale import EDITORS
    from fimls.evaluation.scale_report import as_json, report

    scene = _scene(arguments)
    editors = arguments.editors or EDITORS
    with progress_bar("scale", unit="variants") as tell:
        found = report(scene, editors, tell)
    if arguments.json:
        print(json.dumps(as_json(found)))
        return
    _show(found)


def _scene(arguments: Namespace) -> Scene:
    from fimls.evaluation import scale_figures as figures
    from fimls.evaluation.scale import Scene
    from fimls.evaluation.typing_trace import bundled, read

    told = {
        "slots": arguments.slots and int(arguments.slots),
        "read": arguments.read_rate,
        "write": arguments.write_rate,
        "cache_tokens": arguments.cache and int(arguments.cache),
    }
    server = replace(
        figures.shared_server(),
        **{name: value for name, value in told.items() if value is not None},
    )
    return Scene(
        traces=tuple(read(path) for path in arguments.data) if arguments.data else (bundled(),),
        settings=settings_for(arguments),
        server=server,
        typing=arguments.typing or figures.TYPING_SHARE,
        right=figures.RIGHT_SHARE if arguments.right is None else arguments.right,
        seconds=arguments.seconds or figures.SECONDS,
        seed=arguments.seed,
    )


def _show(found: Report) -> None:
    server = found.scene.server
    print(
        f"Simulated: reads {server.read:g} and writes {server.write:g} tokens/s,"
        f" {server.slots} sequences, cache of {server.cache_tokens} tokens;"
        f" authors type {found.scene.typing:.0%} of the time,"
        f" the model gets {found.scene.right:.0%} of the lines right.\n"
    )
    _show_requests(found)
    _show_teams("shared server, editors", found.shared)
    _show_teams("one slot, editors", found.one_slot)
    _show_variants(found)
    _show_rooms(found)


def _show_requests(found: Report) -> None:
    rows = table("an author who types", "")
    seen = found.stream
    rows.add_row("requests a minute", f"{seen.per_minute:.0f}")
    rows.add_row("requests a key", f"{seen.per_key:.2f}")
    rows.add_row("tokens of a prompt", f"{seen.prompt:.0f}")
    rows.add_row("as in the prompt before", f"{seen.alike:.0%}")
    rows.add_row("tokens of an answer", f"{seen.said:.0f}")
    rows.add_row("taken back", f"{seen.left:.0%}")
    show(rows)


def _show_teams(title: str, teams: Sequence[Row]) -> None:
    times = ("first token p95", "first line p50", "p95", "all p95")
    rows = table(title, "a second", *times, "≤ 0.3 s", "≤ 1 s", "no answer", "cached", "works")
    for each in teams:
        waits = (each.first_p95_s, each.line_p50_s, each.line_p95_s, each.whole_p95_s)
        shares = (each.fast, each.within_1_s, each.unanswered, each.found, each.works)
        rows.add_row(
            str(each.editors),
            f"{each.requests_per_s:.2f}",
            *("never" if wait is None else f"{wait:.2f} s" for wait in waits),
            *(f"{share:.0%}" for share in shares),
        )
    print()
    show(rows)


def _show_variants(found: Report) -> None:
    needs = tuple(found.variants[0].most)
    rows = table("editors for p95 of", "requests/min", "prompt", "alike", *needs)
    for each in found.variants:
        seen = each.stream
        rows.add_row(
            each.name,
            f"{seen.per_minute:.0f}",
            f"{seen.prompt:.0f}",
            f"{seen.alike:.0%}",
            *(str(each.most[need]) for need in needs),
        )
    print()
    show(rows)


def _show_rooms(found: Report) -> None:
    sizes = tuple(found.rooms[0].tokens)
    rows = table("cache of", "kB/token", "MB/author", *(f"tokens in {size} GB" for size in sizes))
    for each in found.rooms:
        rows.add_row(
            each.model,
            f"{each.bytes_per_token / 1000:.0f}",
            f"{each.megabytes_per_author:.0f}",
            *(str(each.tokens[size]) for size in sizes),
        )
    print()
    show(rows)


def _numbers(text: str) -> tuple[int, ...]:
    try:
        numbers = tuple(int(number) for number in text.split(","))
    except ValueError:
        numbers = ()
    if not numbers or min(numbers) < 1:
        raise ArgumentTypeError(f"{text} is no list of numbers such as 1,10,100")
    return numbers


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise ArgumentTypeError(f"{text} is no number above 0")
    return number


def _share(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise ArgumentTypeError(f"{text} is no share from 0 to 1")
    return number


def _positive_share(text: str) -> float:
    return min(_positive(text), _share(text))


_FIGURES = {
    "slots": "sequences that the server works on at once (64)",
    "read-rate": "tokens of a prompt it reads a second (10000)",
    "write-rate": "tokens it writes a second for one request alone (75)",
    "cache": "tokens whose keys and values it has room for (39138)",
    "seconds": "how long a team is simulated (600)",
}
