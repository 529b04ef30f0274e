"""`fimls demo`: the real server completes a sample project, driven as an editor drives it."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from fimls import processes
from fimls.cli.exits import EXIT_DONE, EXIT_NO_MODEL, EXIT_NOTHING
from fimls.errors import ProcessError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import AsyncIterator, Sequence

    from fimls.cli.author import Offer
    from fimls.cli.stage import Stage
    from fimls.processes import Child
    from fimls.testing.lsp_client import LspClient

_STATUS = "fimls/status"

# How often the server is looked at while nothing is heard of it: it may have died.
_LOOK_EVERY_S = 1.0

# States of the model in which it can be asked, and those in which only the user can change that.
_USABLE = frozenset({"ready", "busy"})
_UNUSABLE = frozenset({"offline", "error", "off"})


@dataclass
class Played:
    """What came of a demo; `status` is what the server last told about its model."""

    status: dict[str, Any] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)

    @property
    def shown(self) -> list[Offer]:
        """The stops at which there was something to see."""
        return [offer for offer in self.offers if offer.text is not None]

    @property
    def accepted(self) -> list[Offer]:
        """Those of them where it was what the author meant."""
        return [offer for offer in self.shown if offer.accepted]

    @property
    def p50_ms(self) -> float | None:
        """The median time from the question to what was shown."""
        return median(offer.ms for offer in self.shown) if self.shown else None


def configure(parser: ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument(
        "--picture", metavar="FILE", type=Path, help="draw its best moment as SVG instead"
    )


def run(arguments: Namespace) -> int:
    """Plays all scenes; 1 where nothing was shown, 3 where there is no model."""
    from fimls.settings import from_assignments

    from_assignments(arguments.assignments)
    played = asyncio.run(_play(arguments.assignments, _stage(arguments)))
    if arguments.json:
        print(json.dumps(as_json(played), ensure_ascii=False))
    elif played.status["state"] in _USABLE:
        print(summary(played))
    for line in _complaints(played):
        print(f"fimls: {line}", file=sys.stderr)
    if played.status["state"] in _UNUSABLE:
        return EXIT_NO_MODEL
    return EXIT_DONE if played.shown else EXIT_NOTHING


def summary(played: Played) -> str:
    """The demo's last line (contract §1)."""
    counts = f"accepted {len(played.accepted)} of {len(played.shown)}"
    model = f"{played.status['model']} on {played.status['backend']}"
    p50 = "-" if played.p50_ms is None else f"{played.p50_ms:.0f}"
    return f"{counts} · {model} · p50 {p50} ms"


def as_json(played: Played) -> dict[str, object]:
    """The same for machines."""
    return {
        "accepted": len(played.accepted),
        "shown": len(played.shown),
        "model": played.status["model"],
        "backend": played.status["backend"],
        "p50_ms": None if played.p50_ms is None else round(played.p50_ms, 1),
        "offers": [asdict(offer) | {"ms": round(offer.ms, 1)} for offer in played.offers],
        "status": played.status,
    }


def _complaints(played: Played) -> list[str]:
    if played.status["state"] in _UNUSABLE:
        told = [played.status["message"], played.status["fix"]]
        return [line for line in told if line] or ["no model can be reached"]
    return [] if played.shown else ["nothing was shown: see `fimls doctor`"]


def _stage(arguments: Namespace) -> Stage:
    from fimls.cli.picture import Picture
    from fimls.cli.stage import Dark, Plain

    if arguments.picture:
        return Picture(arguments.picture)
    if arguments.json:
        return Dark()
    if not sys.stdout.isatty():
        return Plain()
    from rich.console import Console

    from fimls.cli.screen import Screen

    return Screen(Console(highlight=False))


async def _play(assignments: Sequence[str], stage: Stage) -> Played:
    from fimls.cli.author import Author
    from fimls.cli.editor import Editor
    from fimls.cli.scenes import SAMPLE, scenes

    played = Played()
    with tempfile.TemporaryDirectory(prefix="fimls-demo-") as room, stage:
        # A copy: whatever a server may write beside the code, the package stays as it is.
        folder = Path(shutil.copytree(SAMPLE, Path(room, "shop")))
        async with _server(assignments) as (child, client):
            await client.initialize(folder.as_uri())
            played.status = await _settled(_statuses(child, client), stage)
            if played.status["state"] in _USABLE:
                author = Author(Editor(client, folder), stage, _line(played.status))
                for scene in scenes():
                    played.offers += await author.write(scene)
                await client.shutdown()
    return played


@asynccontextmanager
async def _server(assignments: Sequence[str]) -> AsyncIterator[tuple[Child, LspClient]]:
    """The real server, as an editor starts it; it is gone afterwards, however that comes about."""
    from fimls.testing.lsp_client import LspClient

    given = [f"--set={assignment}" for assignment in assignments]
    child = await processes.start(processes.python("fimls", "serve", *given))
    try:
        yield child, LspClient(child.reader, child.writer)
    except ConnectionError as error:
        raise ProcessError("the language server ended by itself: see `fimls doctor`") from error
    finally:
        await child.stop()


async def _statuses(child: Child, client: LspClient) -> AsyncIterator[dict[str, Any]]:
    """What the server tells about its model, as it comes; `ConnectionError` when it has ended."""
    told: list[dict[str, Any]] = []
    while child.alive:
        try:
            fresh = await client.wait_for(_STATUS, lambda each: each not in told, _LOOK_EVERY_S)
        except TimeoutError:
            continue
        told.append(fresh)
        yield fresh
    raise ConnectionError


async def _settled(statuses: AsyncIterator[dict[str, Any]], stage: Stage) -> dict[str, Any]:
    """The first status that is no waiting: a model, or why there is none."""
    from fimls.cli.stage import Beat, Frame

    status: dict[str, Any] = {}
    async for status in statuses:
        if status["state"] in _USABLE | _UNUSABLE and status["uri"] is None:
            break
        await stage.show(Frame(says=status["message"]), Beat.WAIT)
    return status


def _line(status: dict[str, Any]) -> str:
    """The editor's status line about the model."""
    where = "local" if status["local"] else status["host"]
    return f"{status['model']} · {status['backend']} · {where}"
