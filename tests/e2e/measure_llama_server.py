"""Measures what `docs/openai.md` says of llama-server: cancelling, kept connections, the cache.

`python -m tests.e2e.measure_llama_server MODEL.gguf` takes some minutes on a machine at rest.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from tests.e2e.llama_server import LlamaServer

if TYPE_CHECKING:
    from collections.abc import Sequence

BATCHES = (32, 128, 512, 2048)

# When a request is cancelled, from its beginning; once a second is when it is noticed.
AFTER_S = (0.3, 0.6, 0.9)

ROUNDS = 3
REQUESTS = 400

LONG = "".join(f"value_{n} = compute({n}, other={n * 7})\n" for n in range(90))


# It closes each connection after a stream.
CLOSING = {"Connection": "close"}


def say(*parts: object) -> None:
    sys.stdout.write(" ".join(map(str, parts)) + "\n")
    sys.stdout.flush()


async def stream(client: httpx.AsyncClient, prompt: str, most: int) -> list[bytes]:
    body = {"prompt": prompt, "max_tokens": most, "stream": True, "temperature": 0}
    async with client.stream("POST", "/v1/completions", json=body) as answer:
        return [chunk async for chunk in answer.aiter_bytes()]


async def first_token_s(client: httpx.AsyncClient) -> float:
    began = time.perf_counter()
    await stream(client, "x =", 1)
    return time.perf_counter() - began


async def after_cancelling_s(client: httpx.AsyncClient, prompt: str, after_s: float) -> float:
    """How long a request waits that comes after one that was given up."""
    given_up = asyncio.ensure_future(stream(client, prompt, 400))
    await asyncio.wait([given_up], timeout=after_s)
    assert not given_up.done(), "it was over before it could be given up"
    given_up.cancel()
    await asyncio.wait([given_up])
    return await first_token_s(client)


async def cancelling(model: Path) -> None:
    say("cancelled, milliseconds until the first token of the next: median (most)")
    say("batch | while writing |", " | ".join(f"reading, at {after:g} s" for after in AFTER_S))
    for batch in BATCHES:
        with LlamaServer(model, batch_tokens=batch) as server:
            async with client_of(server) as client:
                prompts = ["def quick_sort(items):\n"] * ROUNDS
                cells = [[await after_cancelling_s(client, each, 0.4) for each in prompts]]
                for after in AFTER_S:
                    prompts = [f"# {after} {n}\n{LONG}" for n in range(ROUNDS)]
                    cells += [[await after_cancelling_s(client, each, after) for each in prompts]]
        say(batch, "|", " | ".join(map(cell, cells)))


def cell(waits_s: Sequence[float]) -> str:
    return f"{statistics.median(waits_s) * 1e3:.0f} ({max(waits_s) * 1e3:.0f})"


async def kept_connections(model: Path) -> None:
    with LlamaServer(model) as server:
        for headers in ({}, CLOSING):
            broken, fresh = 0, 0
            async with client_of(server, headers) as client:
                began = time.perf_counter()
                for n in range(REQUESTS):
                    events: list[str] = []

                    async def note(event: str, _info: Any, seen: list[str] = events) -> None:
                        seen.append(event)

                    body = {"prompt": f"x = {n}", "max_tokens": 1, "stream": True}
                    try:
                        request = client.build_request("POST", "/v1/completions", json=body)
                        request.extensions["trace"] = note
                        await client.send(request)
                    except httpx.HTTPError:
                        broken += 1
                    fresh += any(event.startswith("connection.connect") for event in events)
                each_ms = (time.perf_counter() - began) / REQUESTS * 1e3
            say(f"{headers}: {broken} of {REQUESTS} broke, {fresh} new, {each_ms:.1f} ms each")


async def cache(model: Path) -> None:
    body: dict[str, Any] = {"prompt": LONG, "max_tokens": 1, "stream": False, "temperature": 0}
    with LlamaServer(model) as server:
        async with client_of(server) as client:
            for more in ("", "t", "total"):
                body["prompt"] = LONG + more
                began = time.perf_counter()
                timings = (await client.post("/v1/completions", json=body)).json()["timings"]
                took_ms = (time.perf_counter() - began) * 1e3
                say(
                    f"+{more!r}: read {timings['prompt_n']}, known {timings['cache_n']}, "
                    f"{took_ms:.0f} ms"
                )


def client_of(server: LlamaServer, headers: dict[str, str] = CLOSING) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=server.url, headers=headers, timeout=None, trust_env=False)


async def main(model: Path) -> None:
    await kept_connections(model)
    await cache(model)
    await cancelling(model)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
