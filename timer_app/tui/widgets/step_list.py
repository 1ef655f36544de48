"""The list of steps, which follows the run."""

from __future__ import annotations

from typing import Literal

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from timer_app.core.timeline import StepInfo
from timer_app.tui.view import RunView
from timer_app.tui.widgets.cells import fitted
from timer_app.tui.widgets.kept import Kept

Mark = Literal["done", "passed", "current", "coming"]

SIGNS: dict[Mark, str] = {"done": "✓", "passed": "-", "current": "▸", "coming": " "}
_WORKED = ("hold", "reps", "flow")


def marks_of(steps: tuple[StepInfo, ...], current: int | None, done: frozenset[int]) -> tuple[Mark, ...]:
    """What to mark each step with.

    Args:
        steps: All of them.
        current: The index of the one that runs; `None` before the first.
        done: Those in which work was done.
    """
    return tuple(_mark(index, step, current, index in done) for index, step in enumerate(steps))


def _mark(index: int, step: StepInfo, current: int | None, was_done: bool) -> Mark:
    if current is None or index > current:
        return "coming"
    if index == current:
        return "current"
    return "done" if was_done or step.kind not in _WORKED else "passed"


def first_shown(count: int, current: int, rows: int) -> int:
    """The first step to show so that the current one stands a third from the top, with no row left empty."""
    return max(0, min(current - rows // 3, count - rows))


def step_text(step: StepInfo, mark: Mark) -> str:
    """A step on one line."""
    return f"{SIGNS[mark]} {'  ' * step.depth}{step.name}"


class StepList(Kept):
    """Shows the steps around the current one."""

    COMPONENT_CLASSES = {"step--done", "step--passed", "step--current", "step--coming"}  # noqa: RUF012 - declared so

    def __init__(self) -> None:
        super().__init__(id="steps")
        self._steps: tuple[StepInfo, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._current = 0

    def follow(self, view: RunView) -> None:
        """Move the marks."""
        step = view.snapshot.phase.step
        current = self._last_step(view) if step is None else step
        marks = marks_of(view.timeline.steps, current, view.done)
        if marks != self._marks:
            self._steps, self._marks = view.timeline.steps, marks
            self._current = current or 0
            self.refresh()

    @staticmethod
    def _last_step(view: RunView) -> int | None:
        """The step before words that belong to none: the last one run, or `None` at the start."""
        before = view.timeline.phases[: view.snapshot.index]
        return next((phase.step + 1 for phase in reversed(before) if phase.step is not None), None)

    def render_line(self, y: int) -> Strip:
        """A step, with its dose at the right where there is room."""
        width, height = self.size
        index = first_shown(len(self._steps), self._current, height) + y
        if index >= len(self._steps):
            return Strip.blank(width, self.ink)
        step, mark = self._steps[index], self._marks[index]
        style = self.get_component_rich_style(f"step--{mark}")
        text, dose = step_text(step, mark), f" {step.dose}"
        room = width - cell_len(dose)
        line = fitted(text, room) + dose if cell_len(text) <= room else fitted(text, width)
        return Strip([Segment(line, style)], width)
