"""Faults that only a whole session can have: limits that it exceeds, and what would disappoint in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from timer_app.core.compile import Compiled, Plan, compile_session
from timer_app.core.draft import Dropped
from timer_app.core.flatten import leaves
from timer_app.core.model import Block, ExerciseStep, MeasureStep, RestStep, SayStep, Session, Step, WorkStep
from timer_app.core.problems import Path, Problem
from timer_app.core.resolve import Work, resolve

MAX_DEPTH = 4
MAX_PHASES = 100_000
MAX_CUES = 500_000
MAX_SESSION_MS = 24 * 3_600_000
LONG_INSTRUCTION_MS = 25_000
_LONG_TEXT_MS = 30_000


class _Size:
    """How much a part of a session becomes, at the high end of every range."""

    __slots__ = ("cues", "ms", "phases")

    def __init__(self, phases: int = 1, cues: int = 4, ms: int = 0) -> None:
        self.phases, self.cues, self.ms = phases, cues, ms

    def times(self, count: int) -> _Size:
        return _Size(self.phases * count, self.cues * count, self.ms * count)

    def __add__(self, other: _Size) -> _Size:
        return _Size(self.phases + other.phases, self.cues + other.cues, self.ms + other.ms)

    @property
    def excess(self) -> tuple[str, str] | None:
        """What is too much, and how much is allowed."""
        if self.phases > MAX_PHASES:
            return f"becomes {self.phases:,} phases", f"at most {MAX_PHASES:,} in a session"
        if self.ms > MAX_SESSION_MS:
            return f"takes {self.ms // 3_600_000:,} hours", "at most 24 hours a session"
        if self.cues > MAX_CUES:
            return f"has {self.cues:,} cues", f"at most {MAX_CUES:,} in a session"
        return None


def check_limits(session: Session, plan: Plan) -> list[Problem]:
    """What a session has too much of; a session with such a problem must not be compiled."""
    too_deep = [
        Problem(
            path,
            f"blocks are nested more than {MAX_DEPTH} deep",
            f"at most {MAX_DEPTH} blocks in one another",
            part="table",
        )
        for path in _deep(session.steps, ("steps",), 1)
    ]
    if too_deep:
        return too_deep
    problems: list[Problem] = []
    total = sum((_size(step, ("steps", i), session, plan, problems) for i, step in enumerate(session.steps)), _Size(0))
    if not problems and (excess := total.excess):
        problems.append(Problem(("steps",), f"the session {excess[0]}", excess[1], part="table"))
    return problems


def _deep(steps: Sequence[Step], path: Path, depth: int) -> Iterator[Path]:
    for index, step in enumerate(steps):
        here = (*path, index)
        if isinstance(step, Block):
            if depth > MAX_DEPTH:
                yield here
            else:
                yield from _deep(step.steps, (*here, "steps"), depth + 1)


def _size(step: Step, path: Path, session: Session, plan: Plan, problems: list[Problem]) -> _Size:
    """The size of a step; the innermost step that is too large by itself is reported."""
    if isinstance(step, Block):
        known = len(problems)
        once = sum((_size(s, (*path, "steps", i), session, plan, problems) for i, s in enumerate(step.steps)), _Size(0))
        rounds = step.rounds.high if step.rounds else 1
        rest_ms = session.defaults.rest if step.rest is None else step.rest
        size = once.times(rounds) + _Size(rounds - 1, rounds - 1, (rounds - 1) * rest_ms)
        if len(problems) > known:
            return _Size(0, 0)
    else:
        size = _leaf_size(step, session, plan)
    if excess := size.excess:
        problems.append(Problem(path, f"this step {excess[0]}", excess[1], part="table"))
        return _Size(0, 0)
    return size


def _leaf_size(step: Step, session: Session, plan: Plan) -> _Size:
    if isinstance(step, RestStep):
        return _Size(ms=step.rest.high)
    if not isinstance(step, WorkStep):
        return _Size(len(step.sides or (None,)) if isinstance(step, MeasureStep) else 1)
    work = resolve(step, plan.catalogue, session.defaults, 1.0, plan.phrases)
    unit_ms = work.unit_ms or 0
    each = [unit_ms // max(cue.at.ms, 1) if cue.at.kind == "every" else 1 for cue in work.cues]
    cues = sum(each) + (unit_ms // 1_000 if work.count_up else 0) + 40
    phases = max(1, work.count * len(work.parts)) + work.overrun
    lead_ms = max(work.prepare_ms, work.rest_ms, work.switch_ms)
    return _Size(phases + 1, cues + 3 * phases, unit_ms + lead_ms).times(work.sets * len(work.turns))


def check_session(session: Session, plan: Plan) -> tuple[Compiled, list[Problem]]:
    """Compile a session that keeps its limits, and warn of what would disappoint in it."""
    compiled = compile_session(session, plan)
    warnings = [*_missed(compiled.dropped), *_long_lines(session, plan), *_hurried_sides(session, plan)]
    return compiled, list(dict.fromkeys(warnings))


def _missed(dropped: Sequence[Dropped]) -> Iterator[Problem]:
    """The author's own lines for which there is no room."""
    for line in dropped:
        if line.origin:
            yield Problem(line.origin, f'"{_begin(line.text)}" will not be heard: {line.reason}', severity="warning")


def _begin(text: str) -> str:
    return text if len(text) <= 40 else text[:39].rstrip() + "…"  # noqa: PLR2004 - fits a line of a message


def _long_lines(session: Session, plan: Plan) -> Iterator[Problem]:
    for leaf in leaves(session.steps):
        text = getattr(leaf.step, "say", None)
        if not isinstance(text, str):
            continue
        limit_ms = _LONG_TEXT_MS if isinstance(leaf.step, SayStep) else LONG_INSTRUCTION_MS
        length_ms = plan.lengths.speech(text).length_ms
        if length_ms > limit_ms:
            said = f"takes about {length_ms // 1_000} s to say"
            yield Problem((*leaf.path, "say"), said, f"{limit_ms // 1_000} s are easily followed", severity="warning")


def _hurried_sides(session: Session, plan: Plan) -> Iterator[Problem]:
    for leaf in leaves(session.steps):
        if isinstance(leaf.step, WorkStep):
            work = resolve(leaf.step, plan.catalogue, session.defaults, plan.level, plan.phrases)
            if len(work.sides) > 1 and not work.switch_ms:
                yield Problem(
                    _switch_path(leaf.path, leaf.step, work),
                    "there is no time to change sides",
                    'switch = "6s", for example',
                    severity="warning",
                )


def _switch_path(path: Path, step: WorkStep, work: Work) -> Path:
    """Where the lack of a switch comes from, as near as the file tells."""
    if step.switch is not None:
        return (*path, "switch")
    return (
        (*path, "sides")
        if step.sides == work.sides
        else (*path, "exercise")
        if isinstance(step, ExerciseStep)
        else path
    )
