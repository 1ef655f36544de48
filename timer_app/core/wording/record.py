"""Words for what was done in a run: the record of a session, its steps and its answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from timer_app.core.i18n import _
from timer_app.core.wording.formatting import count_text, length_text, with_side, with_unit

if TYPE_CHECKING:
    from timer_app.core.player.recorder import Answer, SessionRecord, StepRecord

_ENDINGS = {
    "finished": "Well done. The session is finished.",
    "finished early": "Finished early.",
    "given up": "Given up.",
    "running": "The session was left while it ran.",
}


def ending_sentence(record: SessionRecord) -> str:
    """How a session ended, said to the person who did it."""
    return _ENDINGS[record.ending]


def times_sentences(record: SessionRecord) -> str:
    """How long a session took, and how much of that was work and pauses: for a screen."""
    paused = f", {length_text(record.paused_ms)} of it paused" if record.paused_ms else ""
    reps = f" {count_text(record.reps, 'rep')} counted." if record.reps else ""
    return f"It took {length_text(record.spent_ms)}{paused}. {length_text(record.work_ms)} at work.{reps}"


def times_line(record: SessionRecord) -> str:
    """The same on one line of a log."""
    paused = f", {length_text(record.paused_ms)} paused" if record.paused_ms else ""
    return f"Time: {length_text(record.spent_ms)}, {length_text(record.work_ms)} of it at work{paused}."


def done_text(step: StepRecord) -> str:
    """All that was done of a step: `1 set, 10 reps, 1:30, left early`, `1 set, 30 s, 2 sets missing`, or `not done`."""
    return ", ".join(_done_parts(step)) or "not done"


def _done_parts(step: StepRecord) -> Iterator[str]:
    if not step.was_done:
        return
    if step.sets:
        yield sets_text(step)
    if step.reps:
        yield count_text(step.reps, "rep")
    if step.rounds:
        yield count_text(step.rounds, "round")
    if step.held_ms:
        yield length_text(step.held_ms)
    if step.repeated:
        yield f"{step.repeated} once more"
    if step.outcome == "in part":
        left_out = step.missing_sets - step.skipped
        if step.skipped:
            yield "left early"
        if left_out > 0:
            yield f"{count_text(left_out, 'set')} missing"


def sets_text(step: StepRecord) -> str:
    """`1 set`, `2 sets each side`, `2 sets (left), 1 set (right)`; empty where none was done to its end."""
    counts = set(step.sides.values())
    if len(step.sides) > 1 and len(counts) == 1:
        return f"{count_text(counts.pop(), 'set')} each side"
    if step.sides:
        return ", ".join(f"{count_text(count, 'set')} ({side})" for side, count in step.sides.items())
    return count_text(step.sets, "set") if step.sets else ""


def planned_text(dose: str) -> str:
    """`planned: 2 × 20 s`; empty where nothing was planned."""
    return f"planned: {dose}" if dose else ""


def answer_text(answer: Answer) -> str:
    """`Fingertips to floor, left: 12.5 cm`."""
    return f"{with_side(answer.name, answer.side)}: {with_unit(answer.value, answer.unit)}"


def passed_over_lines(record: SessionRecord, kinds: Iterable[str]) -> Iterator[str]:
    """`Neck: passed over` for each question without an answer, in a run that came to its end.

    Args:
        record: What was done.
        kinds: The kind of each of its steps.
    """
    answered = {answer.name for answer in record.answers}
    for step, kind in zip(record.steps, kinds, strict=True):
        if kind == "measure" and step.name not in answered:
            yield _("{question}: passed over").format(question=step.name)


def answer_lines(record: SessionRecord) -> Iterator[str]:
    """What the user answered, a line each: `Pain: 3`, `Squat, left, set 2: 22.5 kg, RPE 8`."""
    yield from map(answer_text, record.answers)
    for one in record.sets:
        rated = (f"{name} {value:g}" for name, value in (("RPE", one.rpe), ("RIR", one.rir)) if value is not None)
        if told := ", ".join(filter(None, (one.load, *rated))):
            yield f"{with_side(record.steps[one.step].name, one.side)}, set {one.number}: {told}"
