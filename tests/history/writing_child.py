"""A process that performs a session over and over, as fast as it can, and says what it has counted.

Run as `python -m tests.history.writing_child FILE`, or forked. Each line tells what is committed by
then: the record's id, milliseconds at work, reps, and answers.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable
from pathlib import Path

from tests.history.performing import LIMIT_S, Performance
from timer_app.core.player.states import Command, State
from timer_app.run.tracker import local_now

LOOK_MS = 300


def write_over_and_over(path: Path, tell: Callable[[str], object]) -> None:
    while True:
        run = Performance(path, record_id=uuid.uuid4().hex, start=local_now())
        run.send(Command.START)
        while not run.conductor.player.state.is_over:
            step(run)
            if run.rows and run.writer.flush(LIMIT_S):
                done = run.recorder.record
                tell(f"{run.record_id} {done.work_ms} {done.reps} {len(done.answers)}")
        run.close()


def print_at_once(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def step(run: Performance) -> None:
    """Let time pass, or do what the run waits for."""
    if run.conductor.player.state is not State.WAITING:
        run.after(LOOK_MS)
    elif run.conductor.player.phase.measure:
        run.send(Command.ANSWER, value=4)
    else:
        run.send(Command.COUNT_REP)


if __name__ == "__main__":
    write_over_and_over(Path(sys.argv[1]), print_at_once)
