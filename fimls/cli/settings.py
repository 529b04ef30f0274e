"""`fimls settings`: all settings, as a JSON schema or as the reference page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fimls.cli.exits import EXIT_DONE

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Adds the arguments of the command."""
    form = parser.add_mutually_exclusive_group(required=True)
    form.add_argument("--schema", "--json", action="store_true", help="a JSON schema")
    form.add_argument("--markdown", action="store_true", help="the reference page")


def run(arguments: Namespace) -> int:
    """Prints what was asked for."""
    from fimls.settings import markdown, schema

    if arguments.markdown:
        print(markdown(), end="")
        return EXIT_DONE
    print(json.dumps(schema(), indent=2))
    return EXIT_DONE
