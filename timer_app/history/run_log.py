"""Rows of the history: what a run plans and what it has done so far, each row written again when it changes.

Every figure comes from the run's own record, so the history and the summary never differ. A set under way is written
with the whole seconds of it that are over, and to the millisecond when a run is left.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, TypeAlias, TypeVar

from timer_app.core.fields import without_placeholders
from timer_app.core.fields.doses import parse_distance_dose
from timer_app.core.i18n import source_texts
from timer_app.core.player.recorder import SessionRecord, SetRecord
from timer_app.core.player.states import Snapshot, State
from timer_app.core.timeline import Phase, StepInfo, Timeline
from timer_app.core.wording.doses import dose_text
from timer_app.history.writer import ColumnValue, HistoryRow, RowKey

# One amount, or a list of those of each set; `amounts` and `loads` where the load grows.
StoredDose: TypeAlias = int | list[int] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlannedDose:
    """The planned dose of one set.

    Attributes:
        hold_ms: How long it is held; `None` for reps.
        reps: How many reps it has; `None` if it goes by time.
        rounds: How many rounds a flow has, or a block with one clock for all of them; `None` elsewhere.
        load: What is lifted, worn or pulled; empty for nothing.
        effort: How hard it is to be; empty where it is not said.
        distance_mm: How far to go; `None` for anything else.
    """

    hold_ms: int | None = None
    reps: int | None = None
    rounds: int | None = None
    load: str = ""
    effort: str = ""
    distance_mm: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """The planned dose of one step.

    Attributes:
        dose: The dose of its first set.
        sets: How many sets it has in the whole session, each side counted by itself.
        sides: Its sides, in order.
    """

    dose: PlannedDose = PlannedDose()
    sets: int = 0
    sides: tuple[str, ...] = ()


def planned_steps(timeline: Timeline) -> list[PlannedStep]:
    """The planned dose of each step, in the order of `Timeline.steps`."""
    sets: list[list[list[Phase]]] = [[] for _ in timeline.steps]
    for phases in work_units(timeline):
        if (step := phases[0].step) is not None:
            sets[step].append(phases)
    return [_planned_step(units) for units in sets]


def doses_by_unit(timeline: Timeline) -> dict[int, PlannedDose]:
    """The planned dose of each set, by the number of its unit."""
    return {phases[0].unit: _planned_dose(phases) for phases in work_units(timeline)}


def work_units(timeline: Timeline) -> Iterator[list[Phase]]:
    """The work phases of each set."""
    for _, phases in groupby(timeline.phases, lambda phase: phase.unit):
        if work := [phase for phase in phases if phase.kind == "work"]:
            yield work


def timeline_hash(timeline: Timeline) -> str:
    """A hash of the phases of a timeline, whatever its language and however long its lines last."""
    facts = [
        (phase.kind, phase.step, phase.unit, phase.set, phase.rep, phase.round, _fixed_ms(phase))
        for phase in timeline.phases
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def exercise_key(step: StepInfo) -> str:
    """The key of an exercise in the history: its id, or its name written like one; empty for other steps."""
    return exercise_name(step.exercise, step.unfilled or step.name) if step.is_work else ""


def exercise_name(exercise: str, name: str) -> str:
    """The id of an exercise, or, if it is not in the catalogue, its name written like one.

    Placeholders, such as one for today's reps, are left out of the name.
    """
    return exercise or "-".join((without_placeholders(name) or name).casefold().split())


def _stored_dose_text(step: StepInfo) -> str:
    """What was planned, in words that do not depend on the screen's language: a history is exported and merged."""
    with source_texts():
        return dose_text(step.whole_dose)


def _fixed_ms(phase: Phase) -> int | None:
    """The length of work, which does not depend on the voice."""
    return phase.duration_ms if phase.kind == "work" else None


def _planned_step(units: list[list[Phase]]) -> PlannedStep:
    if not units:
        return PlannedStep()
    sides = dict.fromkeys(phase.side for phases in units for phase in phases if phase.side)
    return PlannedStep(_planned_dose(units[0]), len(units), tuple(sides))


def _planned_dose(phases: list[Phase]) -> PlannedDose:
    first = phases[0]
    if first.distance:
        distance_mm = parse_distance_dose(first.distance).low
        return PlannedDose(load=first.load, effort=first.effort, distance_mm=distance_mm)
    if first.reps is not None:
        return PlannedDose(reps=first.reps, load=first.load, effort=first.effort)
    held_ms = sum(phase.duration_ms or 0 for phase in phases)
    rounds = first.rounds if first.part or first.counts_rounds else None
    return PlannedDose(hold_ms=held_ms or None, rounds=rounds, load=first.load, effort=first.effort)


_Part = TypeVar("_Part")
_SECOND_MS = 1_000
_MINUTE_S = 60
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class RecordHeader:
    """What a record says from the start.

    Attributes:
        id: The id of the record.
        session: The session's id: the name of its file without the suffix.
        path: The path of the file.
        text: The text of the file.
        language: The language the run is guided in.
        started: When the record began, with its time zone.
        options: The options that decide what is done: `level`, `seed`, `verbosity`, `speed`, `doses`,
            `left_out`, `variants`.
    """

    id: str
    session: str
    path: str
    text: str
    language: str
    started: datetime
    options: Mapping[str, ColumnValue | Mapping[str, StoredDose] | Mapping[str, str] | Sequence[int]] = field(
        default_factory=dict
    )


class RunLog:
    """Finds the rows in which a record differs from what was written of it before.

    There are none until there is something to keep: the first work, the first answer, or the end.

    Args:
        header: What the record says from the start.
        now: The time of day, with its zone.
        earlier: The record as it was written before it is taken up again; `None` for a new one.
    """

    def __init__(self, header: RecordHeader, now: Callable[[], datetime], earlier: SessionRecord | None = None) -> None:
        self._header = header
        self._now = now
        self._text_hash = sha256(header.text)
        self._is_resumed = earlier is not None
        # The parts that were written last; they are frozen, so that a part that changed is another one.
        self._answers = {answer.phase: answer for answer in earlier.answers} if earlier else {}
        self._sets = tuple(earlier.sets) if earlier else ()
        self._pauses = tuple(earlier.pauses) if earlier else ()
        self._timeline: Timeline | None = None
        self._planned: list[PlannedStep] = []
        self._doses: dict[int, PlannedDose] = {}
        self._timeline_hash = ""
        self._last_state: tuple[object, ...] = ()
        self._last_values: dict[RowKey, Mapping[str, ColumnValue]] = {}

    def change_header(self, header: RecordHeader) -> None:
        """Say of the record from now on what that header does: the session was changed in mid-run."""
        self._header, self._text_hash = header, sha256(header.text)

    def changed_rows(
        self, timeline: Timeline, record: SessionRecord, snapshot: Snapshot, *, is_last: bool = False
    ) -> list[HistoryRow]:
        """The rows to write now: at every event, and with every second that counts.

        Args:
            timeline: What is run.
            record: What was done by now.
            snapshot: How the run looks at the moment until which the record counts time.
            is_last: Nothing more comes, so that the second that is not over yet is written too.
        """
        state = (record.revision, snapshot.index, record.active_ms // _SECOND_MS, snapshot.state)
        if (state == self._last_state and not is_last) or not (self._is_resumed or _is_worth_keeping(record)):
            return []
        self._last_state = state
        self._load_timeline(timeline)
        under_way = _unfinished_work_ms(snapshot, 1 if is_last else _SECOND_MS)
        rows = [self._text_row(), self._record_row(timeline, record, snapshot, sum(under_way.values()))]
        rows += self._step_rows(timeline, record, under_way)
        rows += [*self._answer_rows(timeline, record), *self._pause_rows(record)]
        rows += self._set_rows(timeline, record, sum(under_way.values()))
        return [row for row in rows if self._is_changed(row)]

    def _load_timeline(self, timeline: Timeline) -> None:
        """Derive what depends on the timeline, again whenever it is revised."""
        if timeline is self._timeline:
            return
        self._timeline = timeline
        self._planned, self._doses = planned_steps(timeline), doses_by_unit(timeline)
        self._timeline_hash = timeline_hash(timeline)

    def _is_changed(self, row: HistoryRow) -> bool:
        """Whether anything but the time of the change is new."""
        values = {name: value for name, value in row.values.items() if name != "changed_ms"}
        if self._last_values.get(row.key) == values:
            return False
        self._last_values[row.key] = values
        return True

    def _answer_rows(self, timeline: Timeline, record: SessionRecord) -> Iterator[HistoryRow]:
        for answer in record.answers:
            if self._answers.get(answer.phase) == answer:
                continue
            phase = timeline.phases[answer.phase]
            if phase.step is None:
                continue
            self._answers[answer.phase] = answer
            values: dict[str, ColumnValue] = {
                "record": self._header.id,
                "phase": answer.phase,
                "step": phase.step,
                "key": answer.key,
                "name": answer.name,
                "area": phase.measure.area if phase.measure else "",
                "side": answer.side or "",
                "value": answer.value,
                "unit": answer.unit,
                "at_ms": answer.at_ms,
            }
            yield HistoryRow("answers", values)

    def _pause_rows(self, record: SessionRecord) -> Iterator[HistoryRow]:
        for number, pause in _changed_parts(self._pauses, record.pauses):
            began: dict[str, ColumnValue] = {"record": self._header.id, "number": number, "began_ms": pause.began_ms}
            yield HistoryRow("pauses", {**began, "ended_ms": pause.ended_ms})
        self._pauses = tuple(record.pauses)

    def _text_row(self) -> HistoryRow:
        return HistoryRow("texts", {"sha256": self._text_hash, "text": self._header.text})

    def _record_row(
        self, timeline: Timeline, record: SessionRecord, snapshot: Snapshot, under_way_ms: int
    ) -> HistoryRow:
        now_ms, is_over = epoch_ms(self._now()), record.ending != "running"
        values: dict[str, ColumnValue] = {
            "id": self._header.id,
            "device": "",  # stored in the file; the writer fills it in
            "session": self._header.session,
            "name": record.name,
            "path": self._header.path,
            "text_sha256": self._text_hash,
            "shape": self._timeline_hash,
            "language": self._header.language,
            "options": json.dumps(dict(self._header.options), sort_keys=True),
            "started_ms": epoch_ms(self._header.started),
            "zone_min": _zone_min(self._header.started),
            "day": day_of(self._header.started),
            "ended_ms": now_ms if is_over else None,
            "ending": record.ending,
            "planned_ms": timeline.total_ms,
            "left_ms": 0 if is_over else snapshot.session_remaining_ms // _SECOND_MS * _SECOND_MS,
            "spent_ms": record.spent_ms,
            "paused_ms": record.paused_ms,
            "work_ms": record.work_ms + under_way_ms,
            "reps": record.reps,
            "phase": snapshot.index,
            "step": snapshot.phase.step,
            "counted": snapshot.counted_reps,
            "changed_ms": now_ms,
        }
        return HistoryRow("records", values)

    def _step_rows(
        self, timeline: Timeline, record: SessionRecord, under_way: Mapping[int, int]
    ) -> Iterator[HistoryRow]:
        day = day_of(self._header.started)
        for number, (step, plan, done) in enumerate(zip(timeline.steps, self._planned, record.steps, strict=True)):
            values: dict[str, ColumnValue] = {
                "record": self._header.id,
                "number": number,
                "day": day,
                "exercise": exercise_key(step),
                "name": step.name,
                "kind": step.kind,
                "dose": _stored_dose_text(step),
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

    def _set_rows(self, timeline: Timeline, record: SessionRecord, under_way_ms: int) -> Iterator[HistoryRow]:
        for number, one in _changed_parts(self._sets, record.sets):
            yield self._set_row(number, one, one.held_ms + (0 if one.is_over else under_way_ms), timeline)
        # A set under way grows with every second.
        self._sets = tuple(one for one in record.sets if one.is_over)

    def _set_row(self, number: int, one: SetRecord, held_ms: int, timeline: Timeline) -> HistoryRow:
        dose, step = self._doses.get(one.unit, PlannedDose()), timeline.steps[one.step]
        values: dict[str, ColumnValue] = {
            "record": self._header.id,
            "number": number,
            "step": one.step,
            "unit": one.unit,
            "exercise": exercise_key(step),
            "kind": step.kind,
            "set": one.number,
            "side": one.side or "",
            "planned_hold_ms": dose.hold_ms,
            "planned_reps": dose.reps,
            "planned_load": dose.load,
            "planned_distance_mm": dose.distance_mm,
            "load": one.load,
            "rpe": one.rpe,
            "rir": one.rir,
            "day": day_of(self._header.started),
            "began_ms": one.began_ms,
            "held_ms": held_ms,
            "reps": one.reps,
            "done": int(one.done),
            "repeated": int(one.repeated),
        }
        return HistoryRow("sets", values)


def _is_worth_keeping(record: SessionRecord) -> bool:
    return bool(record.sets or record.answers) or record.ending in ("finished", "finished early")


def _changed_parts(before: Sequence[_Part], now: Sequence[_Part]) -> Iterator[tuple[int, _Part]]:
    """The parts that are new or changed, by their numbers."""
    for number, part in enumerate(now):
        if number >= len(before) or before[number] != part:
            yield number, part


def sha256(text: str) -> str:
    """The hash by which a text is stored."""
    return hashlib.sha256(text.encode()).hexdigest()


def day_of(moment: datetime) -> int:
    """The calendar day in the time zone of that moment, counted from 1 January 1970."""
    return (epoch_ms(moment) // _SECOND_MS + _zone_min(moment) * _MINUTE_S) // _DAY_S


def epoch_ms(moment: datetime) -> int:
    """Milliseconds since the beginning of 1970, UTC."""
    return round(moment.timestamp() * _SECOND_MS)


def _zone_min(moment: datetime) -> int:
    """Minutes east of Greenwich."""
    offset = moment.utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / _MINUTE_S)


def _unfinished_work_ms(snapshot: Snapshot, unit_ms: int) -> dict[int, int]:
    """The work done in the current phase, in whole units, by its step; empty outside work."""
    phase = snapshot.phase
    if phase.kind != "work" or phase.step is None or snapshot.state in (State.FINISHED, State.ABORTED):
        return {}
    return {phase.step: snapshot.elapsed_ms // unit_ms * unit_ms}
