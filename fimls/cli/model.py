"""`fimls model list | get [NAME] | path`: the models that can be used here."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import TYPE_CHECKING

from fimls.cli.exits import EXIT_DONE, EXIT_NO_MODEL, EXIT_NOTHING
from fimls.cli.setup import settings_for
from fimls.errors import ModelError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from fimls.models.catalogue import Entry
    from fimls.settings import Settings


def configure(parser: ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument("verb", choices=("list", "get", "path"), help="what to do")
    parser.add_argument(
        "name",
        nargs="?",
        help="get: a name that Ollama knows, a GGUF file, or nothing for the embedded default",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(arguments: Namespace) -> int:
    """Lists, fetches or locates."""
    return _VERBS[arguments.verb](arguments, settings_for(arguments))


def _list(arguments: Namespace, settings: Settings) -> int:
    from fimls.models.catalogue import as_json, usable

    entries = asyncio.run(usable(settings, os.environ))
    if arguments.json:
        print(json.dumps(as_json(entries)))
    elif entries:
        _print_table(entries)
    else:
        print("no models here: `fimls model get` fetches the embedded default", file=sys.stderr)
    return EXIT_DONE if entries else EXIT_NOTHING


def _get(arguments: Namespace, settings: Settings) -> int:
    from fimls.cli.progress import progress_bar
    from fimls.models.catalogue import get
    from fimls.models.model_files import DEFAULT_MODEL

    try:
        with progress_bar(arguments.name or settings.embedded_model) as progress:
            got = asyncio.run(get(arguments.name, settings, os.environ, progress))
    except ModelError as error:
        return _failed(error, arguments, settings)
    except KeyboardInterrupt:
        print("fimls: stopped; what has been fetched is kept for the next time", file=sys.stderr)
        raise
    if arguments.json:
        # What Ollama has pulled is known by its name; where it lies is Ollama's to know.
        path = None if isinstance(got, str) else str(got)
        print(json.dumps({"model": arguments.name or DEFAULT_MODEL, "path": path}))
    else:
        print(got)
    return EXIT_DONE


def _failed(error: ModelError, arguments: Namespace, settings: Settings) -> int:
    from fimls.models.catalogue import fix_of

    fix = fix_of(error, arguments.name, settings)
    if arguments.json:
        print(json.dumps({"error": str(error), "fix": fix}))
    for line in filter(None, (str(error), fix)):
        print(f"fimls: {line}", file=sys.stderr)
    return EXIT_NO_MODEL


def _path(arguments: Namespace, settings: Settings) -> int:
    from fimls.models.catalogue import embedded_path

    path = embedded_path(settings, os.environ)
    if arguments.json:
        print(json.dumps({"path": str(path) if path else None}))
    elif path is not None:
        print(path)
    else:
        print(f"fimls: {settings.embedded_model} is not here", file=sys.stderr)
    return EXIT_DONE if path is not None else EXIT_NOTHING


def _print_table(entries: list[Entry]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("model", "backend", "size", "fills in the middle", "family", "loaded"):
        table.add_column(column, no_wrap=True)
    for entry in entries:
        size = f"{entry.size_bytes / 1e9:.1f} GB" if entry.size_bytes else ""
        loaded = "yes" if entry.loaded else ""
        table.add_row(entry.name, entry.backend, size, entry.fills, entry.family, loaded)
    console = Console(highlight=False)
    # A name that is cut cannot be copied: where the terminal is too narrow, it breaks the lines.
    whole = console.options.update(max_width=_WIDEST_COLUMNS)
    console.width = max(console.width, console.measure(table, options=whole).maximum)
    console.print(table)


# No name of a model is so long: Ollama allows 80 characters for each of its three parts.
_WIDEST_COLUMNS = 400

_VERBS = {"list": _list, "get": _get, "path": _path}
