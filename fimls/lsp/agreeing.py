"""Asking the client to agree to something, which it may refuse or never answer."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from pygls.exceptions import JsonRpcException

from fimls.clock import within

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from fimls.clock import Clock

# Clients answer by themselves, in milliseconds; one that is starting may be busy for a second or
# two.  The index waits for this, and shall be made for clients that leave requests lying.
AGREES_WITHIN_S: Final = 5.0

_log = logging.getLogger(__name__)


async def agrees(clock: Clock, asked: Awaitable[object], what: str) -> bool:
    """Whether the client says yes in time; `what` it is asked for is named in the log."""
    answer = asyncio.ensure_future(_answered(asked, what))
    try:
        await within(clock, AGREES_WITHIN_S, answer)
        return answer.done() and answer.result()
    finally:
        answer.cancel()


async def _answered(asked: Awaitable[object], what: str) -> bool:
    try:
        await asked
    except JsonRpcException as error:
        _log.info("the client does not %s: %s", what, error.message)
        return False
    return True
