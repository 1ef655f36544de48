"""What was done, as lines of text, when a run is over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from timer_app.core.player.recorder import SessionRecord
from timer_app.core.text.format import length_text
from timer_app.core.timeline.model import StepInfo
from timer_app.core.training.progression import growth_lines


def summary(record: SessionRecord, steps: Sequence[StepInfo] = ()) -> Iterator[str]:
    """The lines that tell what was done against what was planned.

    Args:
        record: What was done.
        steps: What was planned; says where doses that grow came from.
    """
    yield f"Time: {length_text(record.spent_ms)}, {length_text(record.work_ms)} of it at work{_paused(record)}."
    for step in record.steps:
        if step.was_done or step.skipped:
            yield f"  {step.name}: {step.done_in_words}{f' (planned: {step.dose})' if step.dose else ''}"
    yield from (f"  {answer.in_words}" for answer in record.answers)
    yield from (f"  {line}" for line in growth_lines(steps))


def _paused(record: SessionRecord) -> str:
    return f", {length_text(record.paused_ms)} paused" if record.paused_ms else ""
