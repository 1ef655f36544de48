"""What the play screen costs while it runs, beside termdown and a bare app on the same terminal."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from processes import BARE_APP, Terminal, program, read_all
from timing import row

HOLD = """
schema = 1
name = "Hold"
[[steps]]
name = "Hold"
prepare = "1s"
hold = "10m"
"""
BREATH = """
schema = 1
name = "Breath"
[[steps]]
name = "Breath"
prepare = "1s"
rounds = 90
flow = [{ name = "In", for = "4s", breath = "in" }, { name = "Out", for = "4s", breath = "out" }]
"""
FIGURE = """
schema = 1
name = "Figure"
[[steps]]
exercise = "cat-cow"
prepare = "1s"
rounds = 90
"""
LONG = """
schema = 1
name = "Long"
[[steps]]
name = "Block"
rounds = 60
steps = [{ exercise = "cat-cow" }, { name = "Hold", hold = "6m" }]
"""
SQUAT = """
schema = 1
name = "Squat"
[[steps]]
exercise = "wall-squat"
prepare = "1s"
hold = "10m"
"""
_SETTLE_S = 45.0  # the first frame, the words before the work, and a few rounds of what comes round again
_MEMORY_SETTLE_S = 15.0
_WINDOW_S, _WINDOWS = 8.0, 5
_HOURS, _SPEED = 8, 300


def bench_cpu() -> None:
    """Share of a processor that each screen takes.

    All run at the same time and are looked at in the same windows, so that what else the machine does strikes all
    alike; the figures are medians of the windows.
    """
    with tempfile.TemporaryDirectory() as folder:
        programs = dict(_programs(Path(folder)))
        terminals = {name: Terminal(command, _own_data(f"{folder}/{name}")) for name, command in programs.items()}
        read_all(list(terminals.values()), _SETTLE_S)
        windows = [_window(terminals) for _ in range(_WINDOWS)]
        for terminal in terminals.values():
            terminal.close()
    for name in terminals:
        share = statistics.median(window[name] for window in windows)
        times = statistics.median(window[name] / window["termdown"] for window in windows)
        row(name, f"{share * 100:.1f} %", "" if name == "termdown" else f"{times:.2f} times termdown")


def _window(terminals: dict[str, Terminal]) -> dict[str, float]:
    """The share of a processor that each program took in a window."""
    before = {name: terminal.used_s() for name, terminal in terminals.items()}
    read_all(list(terminals.values()), _WINDOW_S)
    return {name: (terminal.used_s() - before[name]) / _WINDOW_S for name, terminal in terminals.items()}


def _programs(folder: Path) -> Iterator[tuple[str, list[str]]]:
    yield "termdown", [program("termdown"), "600"]
    yield "a bare Textual app that shows one line", [sys.executable, "-c", BARE_APP]
    yield "a hold, silent", _run(folder, "hold", HOLD, "--no-sound")
    yield "a hold, sound to nowhere", _run(folder, "hold", HOLD, "--output", "null")
    yield "a wall squat with its figure", _run(folder, "squat", SQUAT, "--no-sound")
    yield "a breath with its pacer", _run(folder, "breath", BREATH, "--no-sound")
    yield "cat and cow: figure and pacer", _run(folder, "figure", FIGURE, "--no-sound")


def _own_data(folder: str) -> dict[str, str]:
    """Keeps runs that are broken off here out of the user's history."""
    return {name: f"{folder}/{name}" for name in ("TIMER_APP_DATA", "TIMER_APP_CONFIG", "TIMER_APP_CACHE")}


def _run(folder: Path, name: str, text: str, *options: str) -> list[str]:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return [program("timer-app"), "run", str(path), *options]


def bench_memory() -> None:
    """Memory in the course of a long run, at many times its speed."""
    with tempfile.TemporaryDirectory() as folder:
        terminal = Terminal(_run(Path(folder), "long", LONG, "--no-sound", "--speed", str(_SPEED)), _own_data(folder))
        terminal.read_for(_MEMORY_SETTLE_S)
        begun_s = time.monotonic()
        row("resident after the first minutes", f"{terminal.memory_mb():.1f} MB")
        terminal.read_for(3600 / _SPEED)
        first = terminal.memory_mb()  # by now every screen of the round was drawn, and caches are filled
        row("after the first hour of the run", f"{first:.1f} MB")
        for hour in (2, 4, _HOURS):
            terminal.read_for(max(0.1, begun_s + hour * 3600 / _SPEED - time.monotonic()))
            now = terminal.memory_mb()
            row(f"after {hour} hours of the run", f"{now:.1f} MB", f"{now - first:+.1f} MB")
        terminal.close()
