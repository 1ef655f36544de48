"""How a run begins: what is known once it is compiled, where it starts, and who writes its record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from timer_app.core.constraints import Verbosity
from timer_app.core.player.recorder import SessionRecord
from timer_app.core.player.states import RunPosition, Snapshot
from timer_app.core.timeline import Timeline
from timer_app.core.training import EarlierResults, Question, ResolvedDose
from timer_app.core.wording.look_back import LookBack

PastQuery = Callable[[Sequence[Question], Sequence[str]], EarlierResults]
"""Reads what earlier records have of some questions, and of the steps with those names."""


class RunListener(Protocol):
    """Writes the record of a run; no method may block."""

    def on_progress(self, timeline: Timeline, record: SessionRecord, snapshot: Snapshot) -> None:
        """The run has gone on; called often, whether or not anything happened."""

    def on_new_plan(self, plan: RunPlan) -> None:
        """The session was changed in mid-run, and goes on as planned now."""

    def take_notices(self) -> list[str]:
        """What the user should know, each once."""

    def close(self) -> None:
        """The run is over."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """A run as it is about to begin.

    Attributes:
        timeline: What is run.
        language: The language it is guided in.
        level: The position of its doses in their ranges, 0 to 1.
        seed: The seed for the order of shuffled blocks.
        verbosity: How much the coach says.
        speed: How much faster than real time it goes.
        doses: The progressive doses, by the index of their step in the list of steps.
        left_out: The steps that are not done, by their index in the list of steps.
        variants: The exercises in place of those that steps name, by the index of the step as text; the run changes it.
        times_done: How often the session had been done lately; `None` where nobody knew.
        wording: What decided which of several wordings are said.
        is_changed: The session was changed while it ran, so that a run that is resumed has other phases.
    """

    timeline: Timeline
    language: str
    level: float
    seed: int
    verbosity: Verbosity
    speed: float
    doses: Mapping[int, ResolvedDose]
    left_out: frozenset[int] = frozenset()
    variants: dict[str, str] = field(default_factory=dict)
    times_done: int | None = None
    wording: int = 0
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class RunStart:
    """Where a run begins, and who writes its record.

    Attributes:
        position: Where it begins; `None` for the start of the session.
        earlier: The record that it goes on with; `None` for a new one.
        continues_set: It begins within the last set of `earlier`.
        listener: Writes the record; `None` for nobody.
        query_past: Reads what earlier records have.
        notices: What the user should know.
        look_back: Compares the record with earlier ones; called in a thread when the run is over.
        write_note: Keeps what the user writes about the run, and returns why it cannot; `None` where nothing is kept.
    """

    position: RunPosition | None = None
    earlier: SessionRecord | None = None
    continues_set: bool = False
    listener: RunListener | None = None
    query_past: PastQuery = lambda _questions, _steps: EarlierResults()
    notices: tuple[str, ...] = ()
    look_back: Callable[[SessionRecord], LookBack] = lambda _record: LookBack()
    write_note: Callable[[str], str] | None = None


RunStarter = Callable[[RunPlan], RunStart]
"""Decides where a run begins, once its timeline is known."""


def starting_at(starter: RunStarter, step: int) -> RunStarter:
    """The same, but a new run begins with a step, or with the next one that is done.

    Args:
        starter: Decides who keeps its record.
        step: The index of the step; 0 for the start of the session.
    """

    def start(plan: RunPlan) -> RunStart:
        found = starter(plan)
        later = (plan.timeline.first_of_step(number) for number in range(step, len(plan.timeline.steps)))
        phase = next((index for index in later if index is not None), None)
        is_new = step > 0 and found.position is None and phase is not None
        return replace(found, position=RunPosition(phase)) if is_new and phase is not None else found

    return start


def start_untracked(_plan: RunPlan) -> RunStart:
    """Begin at the start of the session, and keep no record."""
    return RunStart()
