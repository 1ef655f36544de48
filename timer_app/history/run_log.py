"""Turns what happens in a run into rows of the history, as it happens.

Figures come from the run's own recorder, so the history and the summary never differ. What is under way is written
with the whole seconds of it that are over; the row is put in again, and again, until the set ends.

What a timeline plans for each step, in figures rather than words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import groupby

from timer_app.core.fields.template import without_placeholders
from timer_app.core.player import events as ev
from timer_app.core.player.recorder import SessionRecord
from timer_app.core.player.states import Snapshot, State
from timer_app.core.text.doses import dose_text
from timer_app.core.timeline.model import Phase, StepInfo, Timeline
from timer_app.history.writer import ColumnValue, HistoryRow, RowKey


@dataclass(frozen=True, slots=True)
class PlannedDose:
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
class PlannedStep:
    """What is planned of one step.

    Attributes:
        dose: What its first set is to be.
        sets: How many sets there are in the whole session, each side counted by itself.
        sides: The sides it has, in order.
    """

    dose: PlannedDose = PlannedDose()
    sets: int = 0
    sides: tuple[str, ...] = ()


def planned_steps(timeline: Timeline) -> list[PlannedStep]:
    """What is planned of each step, in the order of `Timeline.steps`."""
    sets: list[list[list[Phase]]] = [[] for _ in timeline.steps]
    for phases in work_units(timeline):
        if (step := phases[0].step) is not None:
            sets[step].append(phases)
    return [_planned_step(units) for units in sets]


def doses_by_unit(timeline: Timeline) -> dict[int, PlannedDose]:
    """The dose of each set, by the number of its unit."""
    return {phases[0].unit: _planned_dose(phases) for phases in work_units(timeline)}


def work_units(timeline: Timeline) -> Iterator[list[Phase]]:
    """The phases of each set."""
    for _, phases in groupby(timeline.phases, lambda phase: phase.unit):
        if work := [phase for phase in phases if phase.kind == "work"]:
            yield work


def timeline_hash(timeline: Timeline) -> str:
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
    return exercise or "-".join((without_placeholders(name) or name).casefold().split())


def _fixed_ms(phase: Phase) -> int | None:
    """The length of work, which does not depend on a voice."""
    return phase.duration_ms if phase.kind == "work" else None


def _planned_step(units: list[list[Phase]]) -> PlannedStep:
    if not units:
        return PlannedStep()
    sides = dict.fromkeys(phase.side for phases in units for phase in phases if phase.side)
    return PlannedStep(_planned_dose(units[0]), len(units), tuple(sides))


def _planned_dose(phases: list[Phase]) -> PlannedDose:
    first = phases[0]
    if first.reps is not None:
        return PlannedDose(reps=first.reps)
    held_ms = sum(phase.duration_ms or 0 for phase in phases)
    return PlannedDose(hold_ms=held_ms, rounds=first.rounds if first.part else None)


_SECOND_MS = 1_000
_MINUTE_S = 60
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class RecordHeader:
    """What is performed.

    Attributes:
        id: The id of the record.
        session: The session's id: the name of its file without the ending.
        path: Where the file lies.
        text: What stands in it.
        language: The language the run is guided in.
        options: How it is run, as far as that decides what is done: `level`, `seed`, `verbosity`,
            `speed`, `doses`.
    """

    id: str
    session: str
    path: str
    text: str
    language: str
    options: Mapping[str, ColumnValue | Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenSet:
    """A set that goes on where it was cut off.

    Attributes:
        number: Of its row.
        unit: Of its phases.
        began_ms: When it began.
        held_ms: Time at work in it so far.
        reps: Reps counted in it so far.
    """

    number: int
    unit: int
    began_ms: int
    held_ms: int
    reps: int


@dataclass(frozen=True, slots=True)
class ResumeState:
    """What of a record is there already when it is taken up again; times from the record's start.

    Attributes:
        started: When it began, in the time zone of that moment.
        spent_ms: How long it took so far.
        sets: How many rows of sets there are.
        pauses: How many rows of pauses there are.
        units: The units of which a set is done.
        open_set: The set in which it was cut off; `None` where that begins anew or there was none.
    """

    started: datetime
    spent_ms: int = 0
    sets: int = 0
    pauses: int = 0
    units: frozenset[int] = frozenset()
    open_set: OpenSet | None = None


@dataclass(slots=True)
class _SetProgress:
    """A set under way."""

    number: int
    phase: Phase
    began_ms: int
    held_ms: int = 0
    reps: int = 0
    done: bool = False
    repeated: bool = False


class RunLog:
    """Tells which rows a run has changed.

    Nothing is told before there is something to keep: the first work, the first answer, or the end.

    Args:
        head: What is performed.
        now: The time of day, with its zone.
        earlier: What the record has already.
    """

    def __init__(self, head: RecordHeader, now: Callable[[], datetime], earlier: ResumeState | None = None) -> None:
        self._header = head
        self._now = now
        self._started = earlier.started if earlier else now()
        self._spent_before_ms = earlier.spent_ms if earlier else 0
        self._set_count = earlier.sets if earlier else 0
        self._pause_count = earlier.pauses if earlier else 0
        self._done_units = set(earlier.units) if earlier else set()
        self._worth_keeping = earlier is not None
        self._open_set = earlier.open_set if earlier else None
        self._origin_ms: int | None = None
        self._current_set: _SetProgress | None = None
        self._pause_began_ms: int | None = None
        self._timeline: Timeline | None = None
        self._planned: list[PlannedStep] = []
        self._doses: dict[int, PlannedDose] = {}
        self._timeline_hash = ""
        self._last_position: tuple[object, ...] = ()
        self._last_values: dict[RowKey, Mapping[str, ColumnValue]] = {}
        self._finished_rows: list[HistoryRow] = []  # rows of what is over, told with the next look

    def changed_rows(
        self, events: Sequence[ev.Event], timeline: Timeline, record: SessionRecord, snapshot: Snapshot
    ) -> list[HistoryRow]:
        """The rows to be put in now; `record` has taken note of `events` already."""
        self._load_timeline(timeline)
        for event in events:
            if self._origin_ms is None:
                self._origin_ms = event.due_ms
            self._handle_event(event, timeline)
        mark = (snapshot.index, snapshot.state, snapshot.elapsed_ms // _SECOND_MS, snapshot.counted_reps)
        if not self._worth_keeping or (mark == self._last_position and not self._finished_rows and not events):
            return []
        self._last_position = mark
        rows = [self._text_row(), self._record_row(timeline, record, snapshot)]
        rows += self._step_rows(timeline, record, snapshot)
        rows += [*self._finished_rows, *self._set_rows(timeline, snapshot)]
        self._finished_rows.clear()
        return [row for row in rows if self._is_changed(row)]

    def _load_timeline(self, timeline: Timeline) -> None:
        """Look at the plan once; a revised timeline has the same phases."""
        if timeline is self._timeline:
            return
        self._timeline = timeline
        self._planned, self._doses, self._timeline_hash = (
            planned_steps(timeline),
            doses_by_unit(timeline),
            timeline_hash(timeline),
        )

    def _is_changed(self, row: HistoryRow) -> bool:
        """Whether anything but the time of the change is new."""
        values = {name: value for name, value in row.values.items() if name != "changed_ms"}
        if self._last_values.get(row.key) == values:
            return False
        self._last_values[row.key] = values
        return True

    def _since_start(self, at_ms: int) -> int:
        return self._spent_before_ms + max(0, at_ms - (self._origin_ms or 0))

    def _handle_event(self, event: ev.Event, timeline: Timeline) -> None:
        match event:
            case ev.PhaseStarted() if timeline.phases[event.index].kind == "work":
                self._begin_set(timeline.phases[event.index], self._since_start(event.due_ms))
            case ev.PhaseEnded() if self._current_set and timeline.phases[event.index].kind == "work":
                self._end_set(event, self._current_set, timeline)
            case ev.RepCounted() if self._current_set:
                self._current_set.reps += 1
            case ev.Measured(value=float(value)):
                self._add_answer(event, value, timeline)
            case ev.Paused() | ev.Resumed():
                self._handle_pause(event)
            case ev.Finished() | ev.Aborted():
                self._end_run(event)

    def _begin_set(self, phase: Phase, at_ms: int) -> None:
        self._worth_keeping = True
        if self._current_set is not None:
            return
        if self._open_set is not None and self._open_set.unit == phase.unit:
            self._current_set = _SetProgress(
                self._open_set.number, phase, self._open_set.began_ms, self._open_set.held_ms, self._open_set.reps
            )
        else:
            self._current_set = _SetProgress(self._set_count, phase, at_ms)
            self._set_count += 1
        self._open_set = None
        self._current_set.repeated = phase.unit in self._done_units

    def _end_set(self, event: ev.PhaseEnded, under_way: _SetProgress, timeline: Timeline) -> None:
        under_way.held_ms += event.done_ms
        if not event.skipped and not timeline.ends_unit(event.index):
            return
        under_way.done = not event.skipped and not (under_way.phase.self_paced and not under_way.reps)
        if under_way.done:
            self._done_units.add(under_way.phase.unit)
        self._finished_rows.append(self._set_row(under_way, under_way.held_ms, timeline))
        self._current_set = None

    def _add_answer(self, event: ev.Measured, value: float, timeline: Timeline) -> None:
        phase = timeline.phases[event.index]
        if phase.measure is None or phase.step is None:
            return
        self._worth_keeping = True
        values: dict[str, ColumnValue] = {
            "record": self._header.id,
            "phase": event.index,
            "step": phase.step,
            "key": phase.measure.key,
            "name": phase.label,
            "area": phase.measure.area,
            "side": phase.side or "",
            "value": value,
            "unit": phase.measure.unit,
            "at_ms": self._since_start(event.due_ms),
        }
        self._finished_rows.append(HistoryRow("answers", values))

    def _handle_pause(self, event: ev.Paused | ev.Resumed) -> None:
        if isinstance(event, ev.Paused):
            self._pause_began_ms = self._since_start(event.due_ms)
            self._finished_rows.append(self._pause_row(None))
        else:
            self._end_pause(event.due_ms)

    def _end_pause(self, at_ms: int) -> None:
        if self._pause_began_ms is not None:
            self._finished_rows.append(self._pause_row(self._since_start(at_ms)))
            self._pause_count, self._pause_began_ms = self._pause_count + 1, None

    def _pause_row(self, ended_ms: int | None) -> HistoryRow:
        began: dict[str, ColumnValue] = {
            "record": self._header.id,
            "number": self._pause_count,
            "began_ms": self._pause_began_ms,
        }
        return HistoryRow("pauses", {**began, "ended_ms": ended_ms})

    def _end_run(self, event: ev.Finished | ev.Aborted) -> None:
        self._end_pause(event.due_ms)
        self._worth_keeping = self._worth_keeping or isinstance(event, ev.Finished)

    def _text_row(self) -> HistoryRow:
        return HistoryRow("texts", {"sha256": sha256(self._header.text), "text": self._header.text})

    def _record_row(self, timeline: Timeline, record: SessionRecord, snapshot: Snapshot) -> HistoryRow:
        now_ms, is_over = epoch_ms(self._now()), record.ending != "running"
        values: dict[str, ColumnValue] = {
            "id": self._header.id,
            "device": "",  # known to the file; whoever writes fills it in
            "session": self._header.session,
            "name": record.name,
            "path": self._header.path,
            "text_sha256": sha256(self._header.text),
            "shape": self._timeline_hash,
            "language": self._header.language,
            "options": json.dumps(dict(self._header.options), sort_keys=True),
            "started_ms": epoch_ms(self._started),
            "zone_min": _zone_min(self._started),
            "day": day_of(self._started),
            "ended_ms": now_ms if is_over else None,
            "ending": record.ending,
            "planned_ms": timeline.total_ms,
            "left_ms": 0 if is_over else snapshot.session_remaining_ms // _SECOND_MS * _SECOND_MS,
            "spent_ms": record.spent_ms,
            "paused_ms": record.paused_ms,
            "work_ms": record.work_ms + sum(_unfinished_work_ms(snapshot).values()),
            "reps": record.reps,
            "phase": snapshot.index,
            "step": snapshot.phase.step,
            "counted": snapshot.counted_reps,
            "changed_ms": now_ms,
        }
        return HistoryRow("records", values)

    def _step_rows(self, timeline: Timeline, record: SessionRecord, snapshot: Snapshot) -> Iterator[HistoryRow]:
        under_way, day = _unfinished_work_ms(snapshot), day_of(self._started)
        for number, (step, plan, done) in enumerate(zip(timeline.steps, self._planned, record.steps, strict=True)):
            values: dict[str, ColumnValue] = {
                "record": self._header.id,
                "number": number,
                "day": day,
                "exercise": exercise_key(step),
                "name": step.name,
                "kind": step.kind,
                "dose": dose_text(step.whole_dose),
                **{f"planned_{name}": figure for name, figure in asdict(plan.dose).items()},
                "planned_sets": plan.sets,
                "sides": json.dumps(plan.sides, ensure_ascii=False),
                "held_ms": done.held_ms + under_way.get(number, 0),
                "reps": done.reps,
                "rounds": done.rounds,
                "sets": done.sets,
                "skipped": done.skipped,
                "repeated": done.repeated,
                "added_ms": done.added_ms,
            }
            yield HistoryRow("steps", values)

    def _set_rows(self, timeline: Timeline, snapshot: Snapshot) -> Iterator[HistoryRow]:
        if self._current_set is not None:
            yield self._set_row(
                self._current_set, self._current_set.held_ms + sum(_unfinished_work_ms(snapshot).values()), timeline
            )

    def _set_row(self, done: _SetProgress, held_ms: int, timeline: Timeline) -> HistoryRow:
        phase, dose = done.phase, self._doses.get(done.phase.unit, PlannedDose())
        step = phase.step if phase.step is not None else 0
        values: dict[str, ColumnValue] = {
            "record": self._header.id,
            "number": done.number,
            "step": step,
            "unit": phase.unit,
            "exercise": exercise_key(timeline.steps[step]),
            "kind": timeline.steps[step].kind,
            "set": phase.set or 1,
            "side": phase.side or "",
            "planned_hold_ms": dose.hold_ms,
            "planned_reps": dose.reps,
            "day": day_of(self._started),
            "began_ms": done.began_ms,
            "held_ms": held_ms,
            "reps": done.reps,
            "done": int(done.done),
            "repeated": int(done.repeated),
        }
        return HistoryRow("sets", values)


def sha256(text: str) -> str:
    """By what a text is known."""
    return hashlib.sha256(text.encode()).hexdigest()


def day_of(moment: datetime) -> int:
    """The day in the calendar of that moment's zone, counted from 1 January 1970."""
    return (epoch_ms(moment) // _SECOND_MS + _zone_min(moment) * _MINUTE_S) // _DAY_S


def epoch_ms(moment: datetime) -> int:
    """Milliseconds since the beginning of 1970, UTC."""
    return round(moment.timestamp() * _SECOND_MS)


def _zone_min(moment: datetime) -> int:
    """Minutes east of Greenwich."""
    offset = moment.utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / _MINUTE_S)


def _unfinished_work_ms(snapshot: Snapshot) -> dict[int, int]:
    """The whole seconds of work that are over in the present phase, by its step; empty outside work."""
    phase = snapshot.phase
    if phase.kind != "work" or phase.step is None or snapshot.state in (State.FINISHED, State.ABORTED):
        return {}
    return {phase.step: snapshot.elapsed_ms // _SECOND_MS * _SECOND_MS}
