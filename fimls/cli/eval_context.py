"""`fimls eval context`: how many names of other files the model sees where it needs them."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from fimls.cli.setup import settings_for
from fimls.cli.tables import show, table
from fimls.errors import InputError, ModelMissing

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import AsyncIterator, Callable, Sequence

    from fimls.evaluation.context import Package
    from fimls.evaluation.context_likelihood import Likelihood
    from fimls.evaluation.context_tasks import MaskedLine
    from fimls.models.protocol import Model
    from fimls.settings import Settings

# Lines of each folder: a share of 60 is known to some six points.
_LINES: Final = 60


def configure(parser: ArgumentParser) -> None:
    """Adds the arguments of this measurement."""
    parser.add_argument(
        "folders", nargs="*", type=Path, metavar="DIR", help="context: packages to mask lines in"
    )
    parser.add_argument(
        "--lines", type=int, default=_LINES, metavar="N", help="context: lines of each DIR (60)"
    )
    parser.add_argument(
        "--likelihood",
        type=int,
        default=0,
        metavar="N",
        help="context: on N lines of each DIR, ask the embedded model how likely they are",
    )
    parser.add_argument(
        "--speed", action="store_true", help="context: how long maps take among 10,000 files"
    )


def run(arguments: Namespace) -> None:
    """Masks, measures and prints.  `arguments.plot` is where the shares are drawn, if anywhere."""
    settings = settings_for(arguments)
    if arguments.speed:
        _speed(as_json=arguments.json)
        return
    folders = [_folder(path) for path in arguments.folders]
    if not folders:
        raise InputError("eval context wants the folders of some packages")
    found = [_measured(folder, arguments.lines, settings) for folder in folders]
    packages = [package for package, _lines in found]
    likely = asyncio.run(_likely([lines for _package, lines in found], arguments, settings))
    if arguments.plot is not None:
        _plot(packages, arguments.plot)
    if arguments.json:
        _print_json(packages, likely)
        return
    _show(packages)
    if likely:
        _show_likelihoods(packages, likely)


def _speed(*, as_json: bool) -> None:
    from tempfile import TemporaryDirectory

    from fimls.cli.progress import progress_bar
    from fimls.evaluation import context_speed as speed

    with TemporaryDirectory() as temporary, progress_bar("indexing", unit="files") as tell:
        folder = Path(temporary).resolve()
        times = asyncio.run(speed.measure(folder, speed.FILES, speed.MAPS, tell))
    found = (
        ("first map in a file", times.first_ms, speed.TARGET_FIRST_MS),
        ("first map, asked for on opening", times.at_once_ms, speed.TARGET_FIRST_MS),
        ("kept map", times.kept_ms, speed.TARGET_KEPT_MS),
    )
    if as_json:
        print(json.dumps({name: {"p95_ms": round(speed.p95(each), 3)} for name, each, _ in found}))
        return
    rows = table(f"{speed.FILES} files", "maps", "p50 ms", "p95 ms", "target p95 ms")
    for name, each, target in found:
        spread = (f"{median(each):.2f}", f"{speed.p95(each):.2f}")
        rows.add_row(name, str(len(each)), *spread, f"{target:g}")
    show(rows)


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise InputError(f"eval context wants folders, and {path} is none")
    return path.resolve()


def _measured(folder: Path, count: int, settings: Settings) -> tuple[Package, list[MaskedLine]]:
    from fimls.cli.progress import progress_bar
    from fimls.evaluation.context import measure
    from fimls.evaluation.context_tasks import masked_lines
    from fimls.evaluation.context_view import view_of

    with progress_bar(folder.name, unit="lines") as tell:
        view = view_of(folder, settings.context.max_files)
        lines = masked_lines(view, count, folder.name)
        tokens = settings.context.repo_map_tokens
        package = measure(
            folder.name, len(view.files()), lines, tokens, lambda done: tell(done, len(lines))
        )
    return package, lines


async def _likely(
    lines: Sequence[Sequence[MaskedLine]], arguments: Namespace, settings: Settings
) -> list[list[Likelihood]]:
    from fimls.cli.progress import progress_bar
    from fimls.evaluation.context_likelihood import likelihoods

    if arguments.likelihood < 1:
        return []
    found = []
    async with _embedded(settings) as model:
        for each in lines:
            some = each[: arguments.likelihood]
            with progress_bar("likelihood", unit="lines") as tell:
                tokens, count = settings.context.repo_map_tokens, len(some)
                found.append(await likelihoods(model, some, tokens, _counter(tell, count)))
    return found


def _counter(tell: Callable[[int, int | None], None], total: int) -> Callable[[int], None]:
    return lambda done: tell(done, total)


@asynccontextmanager
async def _embedded(settings: Settings) -> AsyncIterator[Model]:
    """The embedded model, whatever backend the settings name."""
    import os
    from dataclasses import replace

    from fimls.models.choose import choose
    from fimls.models.status import Status

    model = await choose(replace(settings, backend="embedded"), os.environ)
    if isinstance(model, Status):
        raise ModelMissing(model.message)
    try:
        yield model
    finally:
        await model.close()


def _show(packages: Sequence[Package]) -> None:
    from fimls.evaluation.context import TARGET_PERCENT, Shown, mean_percent

    print(
        "Of the names on masked lines that other files define and the window does not show, so many"
        "\nstand in the prompt with their signature under their path"
        f" (target {TARGET_PERCENT:g} %):\n"
    )
    rows = table("package", "language", "files", "lines", *Shown)
    for each in packages:
        shares = [str(each.tally(shown).signed) for shown in Shown]
        rows.add_row(each.name, each.language, str(each.files), str(each.lines), *shares)
    means = [f"{mean_percent(packages, shown):.1f}" for shown in Shown]
    rows.add_row("mean", "", "", "", *means)
    show(rows)
    print("\nOf all names of other files on these lines, so many stand anywhere in the prompt:\n")
    rows = table("package", *Shown)
    for each in packages:
        rows.add_row(each.name, *(str(each.tally(shown).used) for shown in Shown))
    show(rows)


def _show_likelihoods(packages: Sequence[Package], likely: Sequence[Sequence[Likelihood]]) -> None:
    from fimls.evaluation.context import Shown
    from fimls.evaluation.context_likelihood import mean_of

    shown = (Shown.WINDOW, Shown.MAP, Shown.ALL)
    print("\nThe mean logarithm of the probability of a token of these lines:\n")
    rows = table("package", "lines", *shown)
    for package, found in zip(packages, likely, strict=True):
        means = [f"{mean_of(found, each):.3f}" if found else "-" for each in shown]
        rows.add_row(package.name, str(len(found)), *means)
    every = [each for found in likely for each in found]
    if every:
        rows.add_row("all", str(len(every)), *(f"{mean_of(every, each):.3f}" for each in shown))
    show(rows)


def _print_json(packages: Sequence[Package], likely: Sequence[Sequence[Likelihood]]) -> None:
    from fimls.evaluation.context import as_json
    from fimls.evaluation.context_likelihood import as_json as likelihood_json

    rows = [as_json(each) for each in packages]
    for row, found in zip(rows, likely, strict=False):
        row["likelihoods"] = [likelihood_json(each) for each in found]
    print(json.dumps({"packages": rows}))


def _plot(packages: Sequence[Package], path: Path) -> None:
    from fimls.evaluation.context_plot import drawn

    try:
        path.write_text(drawn(packages), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error}") from None
