"""Chooses the model of a session: by the settings, and by what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.models.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.models.protocol import Model
    from fimls.settings import Settings


async def choose(settings: Settings, environ: Mapping[str, str]) -> Model | Status:
    raise RuntimeError
