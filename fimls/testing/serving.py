"""Running a fake server as a program: one line of JSON says where, and it ends with its input."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
from typing import TYPE_CHECKING, Any

from fimls.testing.chunking import CHUNKINGS
from fimls.testing.runner import Pace

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager


def arguments(program: str, model: str) -> argparse.ArgumentParser:
    """The options that all fake servers have."""
    parser = argparse.ArgumentParser(
        prog=f"python -m {program}",
        description="Prints one line of JSON with its url, and serves until standard input ends.",
    )
    parser.add_argument("--port", type=int, default=0, help="0: one that the system picks")
    parser.add_argument("--model", action="append", metavar="NAME", help=f"default: {model}")
    parser.add_argument("--answer", default="", metavar="TEXT", help="what the model says")
    parser.add_argument("--chunking", choices=CHUNKINGS, default="lines")
    parser.add_argument("--load-s", type=float, default=0.0, help="seconds of a load")
    parser.add_argument("--read-tokens-per-s", type=float, default=0.0, help="0: at once")
    parser.add_argument("--write-tokens-per-s", type=float, default=0.0, help="0: at once")
    return parser


def pace(given: argparse.Namespace) -> Pace:
    """The pace that the options ask for."""
    return Pace(
        load_s=given.load_s,
        read_tokens_per_s=given.read_tokens_per_s,
        write_tokens_per_s=given.write_tokens_per_s,
    )


async def serve(fake: AbstractAsyncContextManager[Any]) -> int:
    """Serves until standard input ends; returns the exit status."""
    async with fake as entered:
        sys.stdout.write(json.dumps({"url": entered.url}) + "\n")
        sys.stdout.flush()
        await _input_ended()
    return 0


async def _input_ended() -> None:
    """Returns when standard input ends; by a thread, which works with whatever it is."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()

    def read() -> None:
        while sys.stdin.buffer.readline():
            pass
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=read, daemon=True).start()
    await ended.wait()
