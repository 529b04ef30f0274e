"""The page about the command line, written from the commands' own parsers (`make docs`)."""

from __future__ import annotations

from argparse import ArgumentParser
from importlib import import_module
from typing import TYPE_CHECKING

from fimls.cli.main import COMMANDS

if TYPE_CHECKING:
    from argparse import Action
    from collections.abc import Mapping

_INTRODUCTION = """\
# Command line

<!-- Written by `make docs`; the words are in fimls/cli/. -->

`fimls` is the only executable.
Lines and columns are 1-based.
A column is the place before that character; no column is the end of the line.
Every command takes [settings](settings.md) as `--set KEY=VALUE`, as often as you like.
With `--json` there is one JSON object on standard output and nothing else.

| exit status | means |
|---|---|
| 0 | done |
| 1 | nothing to show |
| 2 | wrong usage or input |
| 3 | no model can be reached |

The reason for 1, 2 and 3 is on standard error."""

EXAMPLES: Mapping[str, tuple[str, str]] = {
    "serve": (
        "fimls serve --log-file fimls.log --log-level debug",
        "The editor starts it.\nEnds when its input ends: with 0 after `shutdown`, else with 1.",
    ),
    "complete": (
        "fimls complete src/app.py:12:8 --explain",
        "Ends with 1 where the server would show nothing, and says why.",
    ),
    "action": (
        "fimls action explain src/app.py:12-30\nfimls action generate src/app.py:41 --apply",
        (
            "An explanation is printed as it comes, an edit as a unified diff.\n"
            "Ends with 1 where the answer is of no use, or the file has changed meanwhile.\n"
            "What is checked is told in [actions.md](actions.md)."
        ),
    ),
    "map": (
        "fimls map src/app.py:120\nfimls map src/app.py:120 --budget 1024 --json",
        (
            "Reads the project first where that has not been done.\n"
            "Ends with 1 where nothing of other files matters."
        ),
    ),
    "model": (
        "fimls model list\nfimls model get\nfimls model get codellama:7b-code\nfimls model path",
        "`list` ends with 1 where there is no model, `path` where the embedded one is not here.",
    ),
    "doctor": (
        "fimls doctor",
        "Ends with 0 when a completion can be made, else with 3.",
    ),
    "demo": (
        "fimls demo",
        """\
Animated in a terminal, plain frames in a pipe.
The last line is `accepted N of M · MODEL on BACKEND · p50 X ms`.""",
    ),
    "eval": (
        """\
fimls eval latency --startup
fimls eval filters --ablate
fimls eval infill --data tasks.jsonl.gz --execute --raw --out answers.jsonl
fimls eval scale --editors 5,20,100""",
        """\
The tasks are in the form of HumanEval-Infilling.
How `filters` and `infill` are measured is told in [evaluation.md](evaluation.md).
What `scale` simulates is told in [scale.md](scale.md).""",
    ),
    "settings": (
        "fimls settings --schema > fimls.schema.json",
        "`--markdown` prints the page settings.md.",
    ),
}
"""Each command's example, and what its parser does not say."""


def page() -> str:
    """The whole page, as Markdown."""
    return "\n\n".join([_INTRODUCTION, *(_section(name) for name in COMMANDS)]) + "\n"


def _section(name: str) -> str:
    example, remark = EXAMPLES[name]
    does = COMMANDS[name]
    rows = "\n".join(f"| `{_spelled(each)}` | {each.help or ''} |" for each in _arguments(name))
    return "\n\n".join(
        [
            f"## fimls {name}",
            f"{does[0].upper()}{does[1:]}.\n{remark}",
            f"```\n{example}\n```",
            f"| argument | means |\n|---|---|\n{rows}",
        ]
    )


def _arguments(name: str) -> list[Action]:
    parser = ArgumentParser(add_help=False)
    import_module(f"fimls.cli.{name}").configure(parser)
    # argparse has no public way to look at what was added.
    return parser._actions  # noqa: SLF001


def _spelled(argument: Action) -> str:
    takes = argument.metavar or argument.dest.upper()
    if argument.choices is not None and argument.metavar is None:
        takes = ", ".join(map(str, argument.choices))
    if not argument.option_strings:
        return str(takes)
    names = ", ".join(argument.option_strings)
    return names if argument.nargs == 0 else f"{names} {takes}"


if __name__ == "__main__":
    print(page(), end="")
