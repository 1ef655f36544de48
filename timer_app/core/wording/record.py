"""Words for what was done in a run: the record of a session, its steps and its answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from timer_app.core.i18n import N_, _, ngettext
from timer_app.core.wording.formatting import count_text, length_text, number_text, with_side, with_unit

if TYPE_CHECKING:
    from timer_app.core.player.recorder import Answer, SessionRecord, StepRecord

_ENDINGS = {
    "finished": N_("Well done. The session is finished."),
    "finished early": N_("Finished early."),
    "given up": N_("Given up."),
    "running": N_("The session was left while it ran."),
}


def ending_sentence(record: SessionRecord) -> str:
    """How a session ended, said to the person who did it."""
    return _(_ENDINGS[record.ending])


def times_sentences(record: SessionRecord) -> str:
    """How long a session took, and how much of that was work and pauses: for a screen."""
    spent, paused = length_text(record.spent_ms), length_text(record.paused_ms)
    took = _("It took {time}, {paused} of it paused.") if record.paused_ms else _("It took {time}.")
    sentences = [
        took.format(time=spent, paused=paused),
        _("{time} at work.").format(time=length_text(record.work_ms)),
    ]
    if record.reps:
        sentences.append(
            ngettext("{count} rep counted.", "{count} reps counted.", record.reps).format(count=record.reps)
        )
    return " ".join(sentences)


def times_line(record: SessionRecord) -> str:
    """The same on one line of a log."""
    text = (
        _("Time: {time}, {work} of it at work, {paused} paused.")
        if record.paused_ms
        else _("Time: {time}, {work} of it at work.")
    )
    return text.format(
        time=length_text(record.spent_ms), work=length_text(record.work_ms), paused=length_text(record.paused_ms)
    )


def done_text(step: StepRecord) -> str:
    """All that was done of a step: `1 set, 10 reps, ended early`, `1 set, 30 s, 2 sets missing`, or `not done`."""
    return ", ".join(_done_parts(step)) or _("not done")


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
        yield _("{count} once more").format(count=step.repeated)
    if step.outcome == "in part":
        left_out = step.missing_sets - step.skipped
        if step.skipped:
            yield _("ended early")
        if left_out > 0:
            yield ngettext("{count} set missing", "{count} sets missing", left_out).format(count=left_out)


def sets_text(step: StepRecord) -> str:
    """`1 set`, `2 sets each side`, `2 sets (left), 1 set (right)`; empty where none was done to its end."""
    counts = set(step.sides.values())
    if len(step.sides) > 1 and len(counts) == 1:
        return _("{amount} each side").format(amount=count_text(counts.pop(), "set"))
    if step.sides:
        return ", ".join(f"{count_text(count, 'set')} ({side})" for side, count in step.sides.items())
    return count_text(step.sets, "set") if step.sets else ""


def planned_text(dose: str) -> str:
    """`planned: 2 × 20 s`; empty where nothing was planned."""
    return _("planned: {dose}").format(dose=dose) if dose else ""


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
        rated = (
            f"{name} {number_text(value)}" for name, value in (("RPE", one.rpe), ("RIR", one.rir)) if value is not None
        )
        if told := ", ".join(filter(None, (one.load, *rated))):
            name = with_side(record.steps[one.step].name, one.side)
            yield _("{name}, set {number}: {answer}").format(name=name, number=one.number, answer=told)
