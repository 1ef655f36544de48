"""What a timeline plans for each step, in figures rather than words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from timer_app.core.fields.template import plain
from timer_app.core.timeline.model import Phase, StepInfo, Timeline


@dataclass(frozen=True, slots=True)
class Dose:
    """What one set is to be.

    Attributes:
        hold_ms: How long it is held; `None` where it goes by reps.
        reps: How many reps it has; `None` where it goes by time.
        rounds: How many rounds a flow has; `None` elsewhere.
    """

    hold_ms: int | None = None
    reps: int | None = None
    rounds: int | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned of one step.

    Attributes:
        dose: What its first set is to be.
        sets: How many sets there are in the whole session, each side counted by itself.
        sides: The sides it has, in order.
    """

    dose: Dose = Dose()
    sets: int = 0
    sides: tuple[str, ...] = ()


def planned(timeline: Timeline) -> list[Planned]:
    """What is planned of each step, in the order of `Timeline.steps`."""
    sets: list[list[list[Phase]]] = [[] for _ in timeline.steps]
    for phases in work_units(timeline):
        if (step := phases[0].step) is not None:
            sets[step].append(phases)
    return [_of_step(units) for units in sets]


def doses(timeline: Timeline) -> dict[int, Dose]:
    """The dose of each set, by the number of its unit."""
    return {phases[0].unit: _dose(phases) for phases in work_units(timeline)}


def work_units(timeline: Timeline) -> Iterator[list[Phase]]:
    """The phases of each set."""
    for _, phases in groupby(timeline.phases, lambda phase: phase.unit):
        if work := [phase for phase in phases if phase.kind == "work"]:
            yield work


def shape(timeline: Timeline) -> str:
    """Tells whether two timelines have the same phases, whatever language they are in and however long lines last."""
    facts = [
        (phase.kind, phase.step, phase.unit, phase.set, phase.rep, phase.round, _fixed_ms(phase))
        for phase in timeline.phases
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def exercise_key(step: StepInfo) -> str:
    """By what an exercise is followed over time: its id, or its name written like one; empty for what is none."""
    return exercise_name(step.exercise, step.unfilled or step.name) if step.is_work else ""


def exercise_name(exercise: str, name: str) -> str:
    """The id of an exercise, or, for one that is not of the catalogue, its name written like one.

    What a placeholder stands for, such as the reps of today, is no part of it.
    """
    return exercise or "-".join((plain(name) or name).casefold().split())


def _fixed_ms(phase: Phase) -> int | None:
    """The length of work, which does not depend on a voice."""
    return phase.duration_ms if phase.kind == "work" else None


def _of_step(units: list[list[Phase]]) -> Planned:
    if not units:
        return Planned()
    sides = dict.fromkeys(phase.side for phases in units for phase in phases if phase.side)
    return Planned(_dose(units[0]), len(units), tuple(sides))


def _dose(phases: list[Phase]) -> Dose:
    first = phases[0]
    if first.reps is not None:
        return Dose(reps=first.reps)
    held_ms = sum(phase.duration_ms or 0 for phase in phases)
    return Dose(hold_ms=held_ms, rounds=first.rounds if first.part else None)
