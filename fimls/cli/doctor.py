"""`fimls doctor`: what works here, and what to do about the rest."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import TYPE_CHECKING

from fimls.cli.checks import CHECKS, Check, Finding, Grade, Situation
from fimls.cli.exits import EXIT_DONE, EXIT_NO_MODEL
from fimls.errors import FimlsError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from fimls.completion.trace import Trace
    from fimls.models.status import Status

Row = tuple[Check, Finding]

# Every model knows how this goes on.
_TRIAL = "def add(a, b):\n    return "

_MARKS = {Grade.OK: ("✓", "green"), Grade.WARN: ("!", "yellow"), Grade.FAIL: ("✗", "bold red")}


def configure(parser: ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument("--quick", action="store_true", help="choose a model, but do not ask it")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(arguments: Namespace) -> int:
    """Looks at everything; 0 when a completion can be made, else 3."""
    rows = asyncio.run(_look(_situation(arguments), quick=arguments.quick))
    verdict = rows[-1][1]
    works = verdict.grade is not Grade.FAIL
    if arguments.json:
        print(json.dumps({"ok": works, "checks": [as_json(*row) for row in rows]}))
    else:
        _print(rows)
    if not works:
        print(f"fimls: no completion can be made: {verdict.found}", file=sys.stderr)
    return EXIT_DONE if works else EXIT_NO_MODEL


def as_json(check: Check, finding: Finding) -> dict[str, object]:
    """A row for machines."""
    return {
        "name": check.name,
        "state": finding.grade.value,
        "found": finding.found,
        "why": check.why,
        "fix": finding.fix,
    }


def _situation(arguments: Namespace) -> Situation:
    from fimls.settings import from_assignments, resolve, user_sources

    resolved = resolve([*user_sources(os.environ), from_assignments(arguments.assignments)])
    return Situation(resolved.settings, resolved.problems, os.environ)


async def _look(situation: Situation, *, quick: bool) -> list[Row]:
    """All findings; the last one is whether a completion can be made."""
    last = (
        Check("model", "it is what would be asked", _choice)
        if quick
        else Check("completion", "it is what all of this is for", _completion)
    )
    return [(check, await _found(check, situation)) for check in (*CHECKS, last)]


async def _found(check: Check, situation: Situation) -> Finding:
    try:
        return await check.look(situation)
    except FimlsError as error:
        return Finding(Grade.FAIL, str(error))


async def _choice(situation: Situation) -> Finding:
    from fimls.models.choose import choose
    from fimls.models.status import Status

    model = await choose(situation.settings, situation.environ)
    if isinstance(model, Status):
        return Finding(Grade.FAIL, model.message, model.fix)
    await model.close()
    return Finding(Grade.OK, f"{model.name} on {model.backend}")


async def _completion(situation: Situation) -> Finding:
    from fimls.cli.setup import completer_for
    from fimls.completion.values import Ask
    from fimls.documents.snapshot import Snapshot
    from fimls.text.languages import language_of

    language = language_of("python")
    snap = Snapshot("untitled:doctor.py", 0, language, "doctor.py", _TRIAL)
    told: list[Status] = []
    async with completer_for(situation.settings, told.append) as completer:
        trace = await completer.traced(Ask(snap, snap.hole_at(len(_TRIAL)), explicit=True))
        fix = told[-1].fix if told else None
    return _verdict(trace, fix)


def _verdict(trace: Trace, fix: str | None) -> Finding:
    """What a trial shows: a model that answers, if only with what is not shown, can complete."""
    from fimls.completion.values import Completion, Reason, Skip

    model = f"{trace.model} on {trace.backend}"
    if isinstance(trace.answer, Completion):
        took_ms = sum(trace.stages_ms.values())
        return Finding(Grade.OK, f"{model} said `{trace.answer.text.strip()}` in {took_ms:.0f} ms")
    failed = {Reason.NO_MODEL, Reason.MODEL_FAILED, Reason.TIMED_OUT}
    if isinstance(trace.answer, Skip) and trace.answer.reason in failed:
        return Finding(Grade.FAIL, str(trace.answer), fix)
    return Finding(Grade.WARN, f"{model} answers, but: {trace.answer}")


def _print(rows: list[Row]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    width = max(len(check.name) for check, _finding in rows)
    for check, finding in rows:
        mark, style = _MARKS[finding.grade]
        name = (f"{check.name:{width}}  ", "bold")
        console.print(Text.assemble((f"{mark} ", style), name, finding.found))
        if finding.grade is Grade.OK:
            continue
        room = " " * (width + 4)
        console.print(Text(f"{room}why: {check.why}", style="dim"))
        if finding.fix:
            console.print(Text.assemble(room, ("do:  ", style), finding.fix))
