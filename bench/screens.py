"""What the play screen costs while it runs, beside termdown and a bare app on the same terminal."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from processes import BARE_APP, Terminal, program
from timing import ratio, row

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
_SETTLE_S = 15.0  # the first frame, and the words before the work
_HOURS, _SPEED = 8, 300


def bench_cpu(for_s: float = 15) -> None:
    """Share of a processor that each screen takes."""
    with tempfile.TemporaryDirectory() as folder:
        peer = 0.0
        for name, command in _programs(Path(folder)):
            terminal = Terminal(command, _own_data(f"{folder}/{name}"))
            terminal.busy_s(_SETTLE_S)
            share = terminal.busy_s(for_s) / for_s
            terminal.close()
            peer = peer or share
            row(name, f"{share * 100:.1f} %", "" if name == "termdown" else f"{ratio(share, peer)} termdown")


def _programs(folder: Path) -> Iterator[tuple[str, list[str]]]:
    yield "termdown", [program("termdown"), "600"]
    yield "a bare Textual app that shows one line", [sys.executable, "-c", BARE_APP]
    yield "a hold, silent", _run(folder, "hold", HOLD, "--no-sound")
    yield "a hold, sound to nowhere", _run(folder, "hold", HOLD, "--output", "null")
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
        terminal.busy_s(_SETTLE_S)
        begun_s, first = time.monotonic(), terminal.memory_mb()
        row("resident after the first minutes", f"{first:.1f} MB")
        for quarter in range(1, 5):
            until_s = begun_s + quarter / 4 * _HOURS * 3600 / _SPEED
            terminal.busy_s(max(0.1, until_s - time.monotonic()))
            now = terminal.memory_mb()
            row(f"after {_HOURS * quarter / 4:g} hours of the run", f"{now:.1f} MB", f"{now - first:+.1f} MB")
        terminal.close()
