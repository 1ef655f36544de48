"""Time to compile sessions of growing length: it should grow in step with the phases."""

from __future__ import annotations

import time

from timing import row

from timer_app.core.compiler.compile import compile_session
from timer_app.core.compiler.estimate import EstimatedLengths
from timer_app.core.session.model import Session
from timer_app.library.library import Library


def _session(phases: int) -> Session:
    """A session of about that many phases: rounds of a circuit with a hold, paced reps and rests."""
    reps = 10
    in_round = 3 + 1 + 1 + 1 + reps + 1  # two rests, a hold and the reps with their preparation
    steps = [
        {"name": "Hold", "say": "Hold still and breathe.", "hold": "20s"},
        {"rest": "5s"},
        {"name": "Lift", "reps": reps},
    ]
    rounds = max(1, phases // in_round)
    blocks = [{"steps": steps, "rounds": min(1000, rounds)} for _ in range(max(1, rounds // 1000))]
    return Session.model_validate({"schema": 1, "name": "Bench", "steps": blocks})


def bench_compile() -> None:
    """Compile time for 100, 1,000, 10,000 and 100,000 phases."""
    library = Library.default()
    first_us = 0.0
    for phases in (100, 1_000, 10_000, 100_000):
        session = _session(phases)
        plan = library.plan(session, EstimatedLengths())
        begun = time.perf_counter()
        made = len(compile_session(session, plan).timeline.phases)
        taken_us = (time.perf_counter() - begun) * 1e6
        first_us = first_us or taken_us / made
        row(
            f"{made:,} phases",
            f"{taken_us / 1000:,.0f} ms",
            f"{taken_us / made:.0f} us a phase, {taken_us / made / first_us:.2f} times the shortest's",
        )
