"""What the summary says of a record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from timer_app.core.player.recorder import SessionRecord
from timer_app.core.text.format import counted, length_text
from timer_app.core.timeline.model import StepInfo
from timer_app.core.training.progression import growth_lines
from timer_app.tui.view import OUTCOME_SIGNS
from timer_app.tui.widgets.cells import fitted

_ENDINGS = {
    "finished": "Well done. The session is finished.",
    "finished early": "Finished early.",
    "given up": "Given up.",
    "running": "The session was left while it ran.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A step of the summary.

    Attributes:
        sign: `✓` done, `~` in part, `-` not done.
        name: The step's name.
        done: What was done, in words.
        planned: The dose.
    """

    sign: str
    name: str
    done: str
    planned: str


def ending_line(record: SessionRecord) -> str:
    """How it ended."""
    return _ENDINGS[record.ending]


def next_line(shown: Sequence[Row]) -> str:
    """What to do next time: what is left, else the same again."""
    left = [row.name for row in shown if row.sign == "-"]
    if not left or len(left) == len(shown):
        return "Again tomorrow?"
    more = f" and {len(left) - 1} more" if len(left) > 1 else ""
    return f"Left for next time: {left[0]}{more}."


def time_line(record: SessionRecord) -> str:
    """How long it took, and how much of that was work."""
    paused = f", {length_text(record.paused_ms)} of it paused" if record.paused_ms else ""
    reps = f" {counted(record.reps, 'rep')} counted." if record.reps else ""
    return f"It took {length_text(record.spent_ms)}{paused}. {length_text(record.work_ms)} at work.{reps}"


def rows(record: SessionRecord, steps: tuple[StepInfo, ...]) -> Iterator[Row]:
    """The steps in which there is something to do, and what was done of each."""
    for info, step in zip(steps, record.steps, strict=True):
        if info.is_work:
            yield Row(OUTCOME_SIGNS[step.outcome], step.name, step.done_in_words, step.dose)


def dose_lines(steps: tuple[StepInfo, ...]) -> list[str]:
    """Where doses that grow came from, below a heading; nothing where none does."""
    lines = list(growth_lines(steps))
    return ["Doses", *(f"  {line}" for line in lines)] if lines else []


def fitting(shown: Sequence[Row], width: int) -> list[str]:
    """The rows in columns where `width` cells have room for them, else with a line for each thing."""
    lines = _in_columns(shown)
    return lines if all(cell_len(line) <= width for line in lines) else _below_each_other(shown)


def _in_columns(shown: Sequence[Row]) -> list[str]:
    name_width = max((cell_len(row.name) for row in shown), default=0)
    done_width = max((cell_len(row.done) for row in shown), default=0)
    return [
        f"{row.sign} {fitted(row.name, name_width)}  {fitted(row.done, done_width)}  {_planned(row)}".rstrip()
        for row in shown
    ]


def _below_each_other(shown: Sequence[Row]) -> list[str]:
    return [
        line
        for row in shown
        for line in (f"{row.sign} {row.name}", f"    {row.done}", f"    {_planned(row)}")
        if line.strip()
    ]


def _planned(row: Row) -> str:
    return f"planned: {row.planned}" if row.planned else ""
