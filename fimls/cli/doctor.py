"""`fimls doctor`: what works here, and what to do about the rest."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import TYPE_CHECKING

from fimls.cli.checks import CHECKS, survey
from fimls.cli.checks.finding import Finding, Grade, Row, as_json
from fimls.cli.checks.trial import TRIAL
from fimls.cli.exits import EXIT_DONE, EXIT_NO_MODEL
from fimls.errors import FimlsError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from fimls.cli.checks.finding import Check, Situation

# The check that says which model would complete; without one there is nothing to try.
_MODEL = "model"


def configure(parser: ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument("--quick", action="store_true", help="choose a model, but do not ask it")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(arguments: Namespace) -> int:
    """Looks at everything; 0 when a completion can be made, else 3."""
    examine = _for_machines if arguments.json else _for_people
    verdict = asyncio.run(examine(arguments))
    if verdict.grade is not Grade.FAIL:
        return EXIT_DONE
    sys.stdout.flush()
    print(f"fimls: no completion can be made: {verdict.found}", file=sys.stderr)
    return EXIT_NO_MODEL


async def _for_machines(arguments: Namespace) -> Finding:
    situation = survey(arguments.assignments, os.environ)
    rows = await _looked_at(CHECKS, situation)
    if _wants_trial(arguments, rows):
        rows += await _looked_at([TRIAL], situation)
    verdict = _verdict(rows)
    works = verdict.grade is not Grade.FAIL
    told = {"ok": works, "fix": None if works else verdict.fix}
    print(json.dumps({**told, "checks": [as_json(row) for row in rows]}, ensure_ascii=False))
    return verdict


async def _for_people(arguments: Namespace) -> Finding:
    """Everything is shown as it becomes known: a model may take a minute to load."""
    from rich.console import Console

    from fimls.cli.diagnosis import Diagnosis

    console = Console(highlight=False)
    diagnosis = Diagnosis(console, max(len(check.name) for check in CHECKS))
    situation = survey(arguments.assignments, os.environ)
    with diagnosis.waiting("looking around"):
        rows = await _looked_at(CHECKS, situation)
    diagnosis.show(rows)
    if _wants_trial(arguments, rows):
        with diagnosis.waiting(f"asking {_model(rows).figures['model']} for a completion"):
            rows += await _looked_at([TRIAL], situation)
        diagnosis.show(rows[-1:])
    verdict = _verdict(rows)
    diagnosis.conclude(rows, verdict)
    return verdict


async def _looked_at(checks: Sequence[Check], situation: Situation) -> list[Row]:
    """What these checks find, at the same time; in their order."""
    found = await asyncio.gather(*(_found(check, situation) for check in checks))
    return [
        Row(check.group, check.name, check.why, finding)
        for check, finding in zip(checks, found, strict=True)
        if finding is not None
    ]


async def _found(check: Check, situation: Situation) -> Finding | None:
    try:
        return await check.look(situation)
    except FimlsError as error:
        return Finding(Grade.FAIL, str(error))
    except Exception as error:  # noqa: BLE001  A doctor is asked when something is broken.
        told = f"fimls itself is broken here ({type(error).__name__}: {error})"
        return Finding(Grade.FAIL, told, "report it, with what `fimls doctor --json` prints")


def _model(rows: Sequence[Row]) -> Finding:
    return next(row.finding for row in rows if row.name == _MODEL)


def _wants_trial(arguments: Namespace, rows: Sequence[Row]) -> bool:
    return not arguments.quick and _model(rows).grade is not Grade.FAIL


def _verdict(rows: Sequence[Row]) -> Finding:
    """Whether a completion can be made: what the trial says, or the choice where there was none."""
    return rows[-1].finding if rows[-1].name == TRIAL.name else _model(rows)
