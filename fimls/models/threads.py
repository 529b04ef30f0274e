"""How many threads the embedded model may use without taking the machine from its user."""

from __future__ import annotations

import os
from pathlib import Path

# More than four gain little with a model this small, and leave the editor less (embedded.md §2.1).
_MOST = 4

# Where the processor has two threads to a core and does not tell which belong together.
_THREADS_PER_CORE = 2

_TOPOLOGY = Path("/sys/devices/system/cpu")


def thread_count() -> int:
    """One fewer than the physical cores that this process may use; at least 1, at most 4.

    Threads that wait for each other on a core that something else holds stall for seconds
    (embedded.md §2.1), so one core is left to the rest.
    """
    return max(1, min(_MOST, _physical_cores() - 1))


def _physical_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        cores = {_core_of(number) for number in os.sched_getaffinity(0)}
        return len(cores)
    return (os.cpu_count() or 1) // _THREADS_PER_CORE


def _core_of(number: int) -> str:
    siblings = _TOPOLOGY / f"cpu{number}" / "topology" / "thread_siblings_list"
    try:
        return siblings.read_text().strip()
    except OSError:
        return str(number)
