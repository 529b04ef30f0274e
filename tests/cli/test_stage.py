from __future__ import annotations

import io

import pytest
from rich.console import Console

from fimls.cli.screen import Screen, window
from fimls.cli.stage import Beat, Dark, Frame, Plain
from fimls.testing.marks import marked

TEXT = "import json\n\n\ndef load(file):\n    return \n\n\ndef save(file):\n    pass\n"
FRAME = Frame("shop.py", TEXT, TEXT.index("return ") + 7, "json.load(file)", says="12 ms")


async def test_plain(capsys: pytest.CaptureFixture[str]) -> None:
    await Plain().show(FRAME, Beat.SHOW)
    await Plain().show(Frame("shop.py", TEXT, says="12 ms: accepted with Tab"), Beat.ACCEPT)
    assert capsys.readouterr().out.splitlines() == [
        "",
        "── shop.py:5:12 ────────────────────────────────────────────────────────",
        "    2",
        "    3",
        "    4  def load(file):",
        "    5      return ├json.load(file)┤",
        "    6",
        "    7",
        "    8  def save(file):",
        "       12 ms: accepted with Tab",
    ]


@pytest.mark.parametrize(
    ("beat", "lines"),
    [
        # Waiting is told; keys and questions are not worth a line of a log.
        (Beat.WAIT, 1),
        (Beat.KEY, 0),
        (Beat.ASK, 0),
        (Beat.NOTHING, 1),
        (Beat.TYPE_ON, 1),
    ],
)
async def test_plain_lines(beat: Beat, lines: int, capsys: pytest.CaptureFixture[str]) -> None:
    await Plain().show(FRAME, beat)
    assert capsys.readouterr().out.count("\n") == lines


async def test_nothing_is_shown_to_machines(capsys: pytest.CaptureFixture[str]) -> None:
    with Dark() as stage:
        for beat in Beat:
            await stage.show(FRAME, beat)
    assert capsys.readouterr().out == ""


def check_window(frame: Frame, *expected: str) -> list[str]:
    """The window has the same height at every moment, and these lines are in it."""
    console = Console(width=60, force_terminal=False)
    with console.capture() as captured:
        console.print(window(frame, Beat.SHOW))
    lines = captured.get().splitlines()
    assert len(lines) == 17, captured.get()
    for line in expected:
        assert any(line in each for each in lines), captured.get()
    return lines


def test_window_before_a_file_is_open() -> None:
    assert "loading" in check_window(Frame(says="loading"))[-1]


def test_cursor_on_the_last_line() -> None:
    lines = check_window(Frame("shop.py", "a = b\n", len("a = b\n"), "one"), "   2  one")
    assert "a = b" in lines[1]


def test_window() -> None:
    lines = check_window(FRAME, "   4  def load(file):", "   5      return json.load(file)")
    assert " shop.py " in lines[0]
    assert "12 ms" in lines[-1]


@pytest.mark.parametrize(
    "drawn",
    [
        # A file that has just been begun, and one without a last line end.
        "█",
        "a = █b",
        # The cursor at the very begin and the very end.
        "█a = b\n",
        "a = b\n█",
        # A file that begins with blank lines.
        "\n\na█",
    ],
)
def test_window_of_small_files(drawn: str) -> None:
    seen = marked(drawn)
    check_window(Frame("shop.py", seen.text, seen.offset))
    check_window(Frame("shop.py", seen.text, seen.offset, "one\ntwo"), "one", "two")


def test_window_of_a_long_file() -> None:
    text = "".join(f"line_{n}\n" for n in range(1, 101))
    check_window(Frame("shop.ts", text, text.index("line_50")), "  50  line_50", "  56  line_56")
    # At the end the window does not leave the file.
    check_window(Frame("shop.ts", text, len(text) - 1), "  88  line_88", " 100  line_100")


def test_a_long_line_does_not_change_the_height() -> None:
    check_window(Frame("shop.py", "x = " + "1 + " * 100, 4, "y" * 200))


async def test_screen() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=60)
    with Screen(console, dict.fromkeys(Beat, 0.0)) as stage:
        for beat in Beat:
            await stage.show(FRAME, beat)
    # Ghost text is dim and italic; the cursor is shown again at the end.
    assert "\x1b[2;3mson.load(file)" in out.getvalue()
    assert out.getvalue().rstrip().endswith("\x1b[?25h")


def test_a_wide_terminal_does_not_tear_the_status_from_the_code() -> None:
    console = Console(width=200, force_terminal=False)
    with console.capture() as captured:
        console.print(window(FRAME, Beat.SHOW))
    assert max(len(line.rstrip()) for line in captured.get().splitlines()) <= 88
