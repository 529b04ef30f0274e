"""A plain HTTP client, so that the fakes are tested by something that knows nothing of fimls."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Body = dict[str, Any]


def client(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, trust_env=False, timeout=20.0)


async def post(url: str, path: str, body: object) -> httpx.Response:
    async with client(url) as http:
        return await http.post(path, json=body)


async def get(url: str, path: str) -> httpx.Response:
    async with client(url) as http:
        return await http.get(path)


@asynccontextmanager
async def streaming(url: str, path: str, body: object) -> AsyncIterator[httpx.Response]:
    async with client(url) as http, http.stream("POST", path, json=body) as response:
        yield response


def lines(response: httpx.Response) -> list[Body]:
    return [json.loads(line) for line in response.content.split(b"\n") if line]
