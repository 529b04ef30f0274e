"""Whether this machine runs on its battery, where the system tells that without a process."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

# People do not pull the plug more often than that.
_EVERY_S: Final = 30.0

_SUPPLIES: Final = Path("/sys/class/power_supply")

# `IOPSGetTimeRemainingEstimate` answers -2 with the mains, -1 while it does not know.
_IOKIT: Final = "/System/Library/Frameworks/IOKit.framework/IOKit"


class Power:
    """What this machine runs on; the system is asked again only after a while."""

    def __init__(self, ask: Callable[[], bool] | None = None) -> None:
        self._ask = ask
        self._asked_s: float | None = None
        self._on_battery = False

    def is_battery(self, now_s: float) -> bool:
        """Whether the battery is all that there is; `now_s` is the time on any one clock."""
        if self._asked_s is None or now_s - self._asked_s >= _EVERY_S:
            self._asked_s, self._on_battery = now_s, (self._ask or on_battery)()
        return self._on_battery


def on_battery() -> bool:
    """Whether the battery is all that there is; False where nobody knows."""
    try:
        if sys.platform == "win32":
            return _windows()
        return _mac() if sys.platform == "darwin" else linux(_SUPPLIES)
    except (OSError, AttributeError, ValueError):
        return False


def linux(supplies: Path) -> bool:
    """The same from the kernel's list of supplies: a battery is in use, and no mains is there."""
    if not supplies.is_dir():
        return False
    kinds = [(_read(each / "type"), each) for each in sorted(supplies.iterdir())]
    if any(_read(each / "online") == "1" for kind, each in kinds if kind != "Battery"):
        return False
    batteries = [
        each for kind, each in kinds if kind == "Battery" and _read(each / "scope") != "Device"
    ]
    return any(_read(each / "status") == "Discharging" for each in batteries)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _mac() -> bool:
    estimate = ctypes.CDLL(_IOKIT).IOPSGetTimeRemainingEstimate
    estimate.restype = ctypes.c_double
    return bool(estimate() >= 0)


def _windows() -> bool:
    # `SYSTEM_POWER_STATUS`: its first byte is 0 without the mains.
    status = (ctypes.c_ubyte * 12)()
    kernel = ctypes.CDLL("kernel32")
    return bool(kernel.GetSystemPowerStatus(status)) and status[0] == 0
