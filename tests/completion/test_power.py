"""Whether a battery is all that there is, from the kernel's list of supplies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.completion.power import Power, linux, on_battery

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAINS = {"type": "Mains", "online": "1"}
NO_MAINS = {"type": "Mains", "online": "0"}
DRAINED = {"type": "Battery", "status": "Discharging"}
FULL = {"type": "Battery", "status": "Full"}


@pytest.mark.parametrize(
    ("supplies", "expected"),
    [
        # A laptop on the train, and at the desk.
        ({"AC": NO_MAINS, "BAT0": DRAINED}, True),
        ({"AC": MAINS, "BAT0": FULL}, False),
        # On a weak charger the battery is drained all the same.
        ({"AC": MAINS, "BAT0": DRAINED}, False),
        # A charger that is no mains.
        ({"usb": {"type": "USB", "online": "1"}, "BAT0": DRAINED}, False),
        # A tablet that lists no charger.
        ({"BAT0": DRAINED}, True),
        # The battery of a mouse.
        ({"mouse": {**DRAINED, "scope": "Device"}}, False),
        # A desktop.
        ({}, False),
        # What does not tell.
        ({"BAT0": {"type": "Battery"}}, False),
    ],
)
def test_linux(tmp_path: Path, supplies: Mapping[str, Mapping[str, str]], expected: bool) -> None:
    for name, files in supplies.items():
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_text(f"{text}\n")

    assert linux(tmp_path) is expected


def test_without_a_list_nobody_knows(tmp_path: Path) -> None:
    assert linux(tmp_path / "none") is False


def test_this_machine_answers_something() -> None:
    assert on_battery() in (True, False)


def test_the_system_is_asked_again_only_after_a_while() -> None:
    answers = [True, False]
    power = Power(lambda: answers.pop(0))

    assert [power.is_battery(at_s) for at_s in (100.0, 129.0, 130.0, 159.0)] == [
        True,
        True,
        False,
        False,
    ]
