"""The real program in a real terminal, from key press to summary, and what it leaves behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.e2e.conftest import PROGRAM, Terminal
from tests.sharing import SHIPPED, picture_of_terminal, read_code
from timer_app.library import Library
from timer_app.sharing import pack
from timer_app.sharing.link import read_link

pytestmark = pytest.mark.e2e


def assert_restored(terminal: Terminal) -> None:
    """The terminal is as it was found: it takes a line, shows it, and runs it."""
    assert terminal.flags() == {"alternate_on": "0", "cursor_flag": "1", "mouse_any_flag": "0"}
    terminal.type("echo still $((40 + 2)) here; stty -a | grep -o ' echo ' | head -1")
    terminal.press("Enter")
    terminal.wait_for("still 42 here")


def test_a_session_from_the_list_to_its_summary(terminal: Terminal, own_folders: Path, short_session: Path) -> None:
    own = own_folders / "config" / "sessions"
    own.mkdir(parents=True)
    short_session.rename(own / "short.toml")
    terminal.run(PROGRAM)
    terminal.wait_for("Welcome", "I heard tones and a voice")
    terminal.press("Escape")
    terminal.wait_until(lambda screen: "Welcome" not in screen, "the list")
    terminal.wait_for("Short", "Upper-back release")
    terminal.type("/short")
    terminal.wait_until(lambda screen: "Upper-back release" not in screen, "the list to be filtered")
    terminal.press("Enter")
    terminal.wait_for("Lean", "Left")
    terminal.wait_for("Lean", "Right")
    terminal.wait_for("Fetch it.", "Enter")
    terminal.press("Enter")
    terminal.wait_for("Curl")
    terminal.wait_for("Well done", "Lean", "Curl")
    terminal.press("Enter")
    terminal.wait_for("Length", "Menu")
    terminal.press("Escape")
    terminal.wait_for("Upper-back release")
    terminal.press("C-q")
    terminal.wait_for("status=0")
    assert_restored(terminal)


def test_pausing_giving_up_and_the_status_that_tells_it(terminal: Terminal) -> None:
    terminal.run(PROGRAM, "run", "upper-back-release", "--no-sound")
    terminal.wait_for("Stop at once")
    terminal.press("Space")
    terminal.wait_for("Press Space to go on")
    terminal.press("q")
    terminal.wait_for("Give up this session?")
    terminal.press("y")
    screen = terminal.wait_until(
        lambda observed: "status=130" in observed or "given up" in observed.lower(), "the end of the run"
    )
    if "status=130" not in screen:
        terminal.press("Enter")
        terminal.wait_for("status=130")
    assert_restored(terminal)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_ends_the_run_and_leaves_the_terminal_as_it_was(
    terminal: Terminal, number: signal.Signals, status: int
) -> None:
    terminal.run(PROGRAM, "run", "desk-break", "--no-sound")
    terminal.wait_for("Stop at once")
    (pid,) = terminal.children()
    os.kill(pid, number)
    terminal.wait_for(f"status={status}")
    assert_restored(terminal)


def test_control_c_in_the_terminal(terminal: Terminal) -> None:
    terminal.run(PROGRAM, "run", "desk-break", "--no-sound")
    terminal.wait_for("Stop at once")
    terminal.press("C-c")
    terminal.wait_for("status=130")
    assert_restored(terminal)


def test_a_closed_terminal_ends_the_program(terminal: Terminal) -> None:
    terminal.run(PROGRAM, "run", "desk-break", "--no-sound")
    terminal.wait_for("Stop at once")
    (pid,) = terminal.children()
    terminal.close()
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        signal.sigtimedwait([], 0.05)
    pytest.fail("the program outlived its terminal")


@pytest.mark.parametrize(("columns", "rows"), [(20, 5), (43, 46), (120, 40)])
def test_a_run_survives_any_size(terminal: Terminal, short_session: Path, columns: int, rows: int) -> None:
    terminal.run(PROGRAM, "run", str(short_session), "--speed", "8", "--open-steps", "0")
    terminal.wait_for("Lean")
    terminal.resize(columns, rows)
    terminal.wait_for("Well done" if columns > 20 else "done")
    terminal.press("Enter")
    terminal.wait_for("status=0")


def test_a_broken_session_is_told_and_nothing_is_started(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text('schema = 1\nname = "Broken"\n\n[[steps]]\nname = "Hold"\nhodl = "20s"\n', encoding="utf-8")
    terminal.run(PROGRAM, "run", str(path))
    terminal.wait_for("broken.toml:", "hold", "status=1")
    assert terminal.flags()["alternate_on"] == "0"


def test_without_colour_in_a_dumb_terminal_the_run_is_told_line_by_line(
    terminal: Terminal, short_session: Path
) -> None:
    terminal.run(
        "env", "TERM=dumb", "NO_COLOR=1", PROGRAM, "run", str(short_session), "--speed", "8", "--open-steps", "0"
    )
    terminal.wait_for("HOLD", "FINISHED", "status=0")


def test_a_home_that_cannot_be_written_to(terminal: Terminal, short_session: Path) -> None:
    folders = [f"TIMER_APP_{name}=/proc/nowhere/{name}" for name in ("CONFIG", "DATA", "CACHE")]
    terminal.run(
        "env", *folders, PROGRAM, "run", str(short_session), "--output", "null", "--speed", "8", "--open-steps", "0"
    )
    terminal.wait_for("Well done")
    terminal.press("Enter")
    terminal.wait_for("status=0")


def test_a_camera_reads_the_code_of_every_shipped_session_from_the_terminal(terminal: Terminal) -> None:
    terminal.resize(110, 60)
    for name in SHIPPED:
        terminal.type(f"clear; {PROGRAM} share {name}; echo done=$((1 + 1)){name}")
        terminal.press("Enter")
        terminal.wait_for(f"done=2{name}")
        library = Library.default()
        read = read_code(picture_of_terminal(terminal.coloured_screen(), 110, 60))
        assert read_link(read) == pack(library, library.find(name)).bundle
