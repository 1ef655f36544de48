from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import os, sys
from pathlib import Path
from timer_app.system.stderr import guarded_stderr

log = Path(sys.argv[1]) if sys.argv[1] else None
before = sys.stderr, sys.__stderr__
with guarded_stderr(log):
    os.write(2, b"noise of a library\\n")
    print("told by Python", file=sys.stderr)
    print("drawn by the screen", file=sys.__stderr__)
assert (sys.stderr, sys.__stderr__) == before
os.write(2, b"after the run\\n")
"""


def _errors(log: str, prelude: str = "") -> str:
    program = [sys.executable, "-c", prelude + PROGRAM, log]
    return subprocess.run(program, check=True, capture_output=True, text=True, timeout=30).stderr


def test_only_what_libraries_print_goes_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "new" / "timer-app.log"
    assert _errors(str(log)) == "told by Python\ndrawn by the screen\nafter the run\n"
    assert log.read_text() == "noise of a library\n"


def test_the_log_is_added_to(tmp_path: Path) -> None:
    log = tmp_path / "timer-app.log"
    log.write_text("earlier\n")
    _errors(str(log))
    assert log.read_text() == "earlier\nnoise of a library\n"


def test_without_a_log_or_with_one_that_cannot_be_written_the_noise_is_dropped(tmp_path: Path) -> None:
    for log in ("", str(tmp_path)):
        assert "noise" not in _errors(log)


def test_a_fault_inside_still_puts_everything_back() -> None:
    program = PROGRAM.replace('print("told by Python", file=sys.stderr)', "raise SystemExit(3)")
    reported = subprocess.run(
        [sys.executable, "-c", program, ""], capture_output=True, text=True, check=False, timeout=30
    )
    assert reported.returncode == 3
    assert reported.stderr == ""


def test_a_program_without_standard_error_runs_all_the_same() -> None:
    program = (
        "import os; os.close(2); from timer_app.system.stderr import guarded_stderr\n"
        "with guarded_stderr(): print('ran')"
    )
    reported = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=30)
    assert reported.stdout == "ran\n"
