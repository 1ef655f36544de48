"""Writes runs to the history, and resumes those that were cut off.

A run never fails because of the history: nothing here raises where it cannot be read or written.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from timer_app.core.diagnostics import FileFault
from timer_app.core.diagnostics.safe_text import storable
from timer_app.core.i18n import N_, _
from timer_app.core.player import machine_ms
from timer_app.core.player.recorder import SessionRecord
from timer_app.core.player.states import RunPosition, Snapshot
from timer_app.core.timeline import Phase, Timeline
from timer_app.core.training import EarlierResults, Question, ResolvedDose
from timer_app.core.wording.look_back import LookBack
from timer_app.history import HistoryRow, HistoryWriter, Store, UnfinishedRecord
from timer_app.history.database import HistoryError
from timer_app.history.earlier_results import earlier_performances, past_measurements
from timer_app.history.run_log import RecordHeader, RunLog, StoredDose, sha256, timeline_hash
from timer_app.history.stats import streak_with
from timer_app.run.doses import resolve_doses
from timer_app.run.familiarity import resolve_familiarity
from timer_app.run.options import RunOptions
from timer_app.run.picks import resolve_picks
from timer_app.run.plan import RunListener, RunPlan, RunStart, RunStarter
from timer_app.run.programme import ActiveProgrammeStore
from timer_app.run.variants import resolve_variants
from timer_app.system.files import read_text

if TYPE_CHECKING:
    from timer_app.core.session import Exercise
    from timer_app.core.session.model import Session

_LAST_WRITE_S = 3.0
_SLOW_WRITE_S = 20.0  # where nothing is wrong but that the disk or the machine is slow
_FLUSH_S = 1.0
_LOST = N_("What was done could not be written into the history, and is lost: {reason}.")


class _AfterRun(TypedDict):
    """What a run is given for when it is over, as in `RunStart`."""

    look_back: Callable[[SessionRecord], LookBack]
    write_note: Callable[[str], str] | None


def local_now() -> datetime:
    """The time of day where the user is."""
    return datetime.now().astimezone()


def steady_time(start: datetime, machine_ms: Callable[[], float]) -> Callable[[], datetime]:
    """A time of day that goes on from `start` whatever is done to the clock of the computer meanwhile.

    Args:
        start: The time of day now; its offset from UTC holds for as long as this runs.
        machine_ms: Real milliseconds since some fixed moment.
    """
    began_ms = machine_ms()
    start = start.astimezone(timezone(start.utcoffset() or timedelta()))
    return lambda: start + timedelta(milliseconds=machine_ms() - began_ms)


@dataclass(frozen=True, slots=True)
class ResumableRun:
    """A run that was cut off and can be resumed.

    Attributes:
        unfinished: What the history has of it.
        is_file_changed: Its file has changed since it began.
    """

    unfinished: UnfinishedRecord
    is_file_changed: bool

    @property
    def path(self) -> Path:
        """The session's file."""
        return self.unfinished.path

    def has_phases_of(self, timeline: Timeline) -> bool:
        """Whether it can go on where it was cut off: the timeline has the same phases."""
        return timeline_hash(timeline) == self.unfinished.timeline_hash and self.unfinished.phase < len(timeline.phases)

    @property
    def step_name(self) -> str:
        """The step in which it was cut off; the session's name if that step has no name."""
        return self.unfinished.step or self.unfinished.name

    def restore_options(self, options: RunOptions) -> RunOptions:
        """Options with which the session has the same phases again."""
        earlier = self.unfinished.options
        return replace(
            options,
            level=earlier.get("level", options.level),
            seed=earlier.get("seed", options.seed),
            verbosity=earlier.get("verbosity", options.verbosity),
            growth=False,
            doses={int(step): _stored_dose(amounts) for step, amounts in earlier.get("doses", {}).items()},
            left_out=frozenset(earlier.get("left_out", ())),
            max_ms=None,
            variants={int(step): exercise for step, exercise in earlier.get("variants", {}).items()},
            times_done=earlier.get("times_done"),
            wording=earlier.get("wording", 0),
        )


class RunTracker:
    """Writes runs to the history, and knows what it says about the next one.

    Args:
        store: The history.
        is_enabled: Whether runs are written to it.
        now: The time of day, from a clock that may be set while a run goes on.
        machine_ms: Real milliseconds since some fixed moment, which a run is dated with from its start on.
        programme_store: The programme that the user follows; `None` for none.
    """

    def __init__(
        self,
        store: Store,
        *,
        is_enabled: bool = True,
        now: Callable[[], datetime] = local_now,
        machine_ms: Callable[[], float] = machine_ms,
        programme_store: ActiveProgrammeStore | None = None,
    ) -> None:
        self.store = store
        self.programme_store = programme_store
        self.is_enabled = is_enabled
        self._now = now
        self._machine_ms = machine_ms
        self._writers: list[HistoryWriter] = []

    def starter(self, session_id: str, path: Path, resumable: ResumableRun | None = None) -> RunStarter:
        """What starts a run that is tracked.

        Args:
            session_id: The id of the session, or its path.
            path: The path of its file.
            resumable: The run to resume; `None` for a new one.
        """
        return partial(self._start, session_id, path, resumable)

    @staticmethod
    def trial_starter(phase: int) -> RunStarter:
        """What starts a run with some phase that is only a trial, and leaves no record.

        Args:
            phase: The index of the phase; the last one where the timeline has fewer.
        """

        def start(plan: RunPlan) -> RunStart:
            return RunStart(RunPosition(min(phase, len(plan.timeline.phases) - 1)) if phase else None)

        return start

    def _start(self, session_id: str, path: Path, resumable: ResumableRun | None, plan: RunPlan) -> RunStart:
        if resumable is None:
            return self._start_record(session_id, path, plan)
        if resumable.has_phases_of(plan.timeline):
            return self._resume_record(resumable, plan)
        # The session has other phases now: it begins with the step in which it was cut off, as a new record.
        self.dismiss(resumable)
        start = self._start_record(resumable.unfinished.session, resumable.path, plan)
        cut_off_in = resumable.unfinished.step
        return _start_at_step(start, plan.timeline, cut_off_in, is_file_changed=resumable.is_file_changed)

    def _start_record(self, session_id: str, path: Path, plan: RunPlan) -> RunStart:
        now = self._now()
        header = _record_header(uuid.uuid4().hex, session_id, path, plan, now)
        return RunStart(
            listener=self._listener(header, now, None, path),
            query_past=partial(self._query_past, header.id),
            **self._after(header),
        )

    def _after(self, header: RecordHeader) -> _AfterRun:
        write_note = partial(self._write_note, header.id) if self.is_enabled else None
        return {"look_back": partial(self._look_back, header), "write_note": write_note}

    def _look_back(self, header: RecordHeader, record: SessionRecord) -> LookBack:
        """How a run compares with earlier ones, and what the programme wants next."""
        for writer in self._writers:
            writer.flush(_FLUSH_S)  # what is due depends on this run too
        today = header.started.date()
        known = LookBack(record.work_ms, record.reps, today=today)
        with suppress(HistoryError):
            earlier = self.store.query(lambda base: earlier_performances(base, header.session, header.id))
            # The record may not be written at all.
            streak = self.store.query(lambda base: streak_with(base, today)) if record.work_ms else 0
            times, reps = zip(*earlier, strict=True) if earlier else ((), ())
            known = replace(known, earlier_ms=times, earlier_reps=reps, streak=streak)
        schedule = self.programme_store.schedule() if self.programme_store else None
        if schedule is None:
            return known
        if left := tuple(dict.fromkeys(schedule.remaining)):
            return replace(known, next_day=schedule.today, today=schedule.today, next_sessions=left)
        if schedule.next_due is None:
            return known
        upcoming = schedule.next_due
        return replace(known, today=schedule.today, next_day=upcoming.day, next_sessions=tuple(upcoming.sessions))

    def _write_note(self, record_id: str, note: str) -> str:
        try:
            self.store.write_note(record_id, note, self._now())
        except HistoryError as error:
            return str(error)
        return ""

    def _resume_record(self, resumable: ResumableRun, plan: RunPlan) -> RunStart:
        cut_off = resumable.unfinished
        header = _record_header(cut_off.id, cut_off.session, resumable.path, plan, cut_off.started)
        position = _resume_position(plan.timeline, cut_off)
        _take_back(cut_off.record, position.offset_ms)
        return RunStart(
            position,
            cut_off.record,
            continues_set=_is_within_set(plan.timeline, position),
            # What is written now is later than what is there, even if the clock was set back since.
            listener=self._listener(header, max(self._now(), cut_off.changed), cut_off.record, resumable.path),
            query_past=partial(self._query_past, cut_off.id),
            **self._after(header),
        )

    def find_resumable(self, session: str | None = None) -> ResumableRun | None:
        """The latest run that can be resumed; `None` also if the history is turned off or cannot be read.

        Args:
            session: Only a run of the session with that id, name or path.
        """
        try:
            return self.query_resumable(session) if self.is_enabled else None
        except HistoryError:
            return None

    def query_resumable(self, session: str | None = None) -> ResumableRun | None:
        """The same, whether or not the history is turned on.

        Raises:
            HistoryError: The history cannot be read.
        """
        found = self.store.unfinished(self._now())
        wanted = (one for one in found if _is_of(one, session))
        return next((offer for one in wanted if (offer := _resumable_run(one))), None)

    def _query_past(self, record_id: str, questions: Sequence[Question], steps: Sequence[str]) -> EarlierResults:
        """What records other than that one have; nothing if the history cannot be read."""
        if not questions and not steps:
            return EarlierResults()
        try:
            return self.store.query(lambda base: past_measurements(base, questions, steps, record_id))
        except HistoryError:
            return EarlierResults()

    def dismiss(self, resumable: ResumableRun) -> None:
        """Leave a run that was cut off as it is; it is not offered again."""
        try:
            self.store.mark_broken_off(resumable.unfinished.id, self._now())
        except HistoryError:
            return

    def resolve_doses(
        self,
        options: RunOptions,
        session: Session,
        catalogue: Mapping[str, Exercise],
        session_id: str = "",
        path: Path | None = None,
    ) -> RunOptions:
        """Options with today's doses of a session, what is left out of it, and how well it is known.

        Args:
            options: How to run the session.
            session: The session.
            catalogue: The exercises.
            session_id: Its id, by which history and programme name it.
            path: Its file; without it, nobody knows how well the session is known.
        """
        options = self.resolve_familiarity(options, session_id, path) if path else options
        if self.programme_store:
            options = self.programme_store.adjust_options(options, session_id)
        today = self._now().date()
        options = resolve_picks(options, session, self.store, storable(session_id), today)
        options = resolve_variants(options, session, catalogue, self.store, today)
        return resolve_doses(options, session, catalogue, self.store, today)

    def resolve_familiarity(self, options: RunOptions, session_id: str, path: Path) -> RunOptions:
        """Options with how well a session is known, and with the wordings of its next record."""
        return resolve_familiarity(
            options, self.store, storable(session_id), _read_session_text(path), self._now().date()
        )

    def due_sessions(self) -> dict[str, str]:
        """The sessions that the programme still has for today, each with a line that says so."""
        return self.programme_store.due_sessions() if self.programme_store else {}

    def last_done_times(self) -> dict[str, datetime]:
        """When each session was last done, by its id; nothing if the history cannot be read."""
        try:
            return self.store.recently_done()
        except HistoryError:
            return {}

    def close(self) -> list[str]:
        """Finish writing; returns what the user should know."""
        notices = [line for writer in self._writers for line in _close_writer(writer)]
        self._writers.clear()
        return notices

    def _listener(
        self, header: RecordHeader, start: datetime, earlier: SessionRecord | None, path: Path
    ) -> RunListener | None:
        if not self.is_enabled:
            return None
        run_log = RunLog(header, steady_time(start, self._machine_ms), earlier)

        def new_header(plan: RunPlan) -> RecordHeader:
            return _record_header(header.id, header.session, path, plan, header.started)

        return _HistoryListener(run_log, partial(self._open_writer, header.id), new_header)

    def _open_writer(self, record_id: str) -> HistoryWriter:
        writer = HistoryWriter(self.store.path, record_id, self._now)
        self._writers.append(writer)
        return writer


class _HistoryListener:
    """Writes one run; the writer starts with the first row."""

    def __init__(
        self,
        run_log: RunLog,
        open_writer: Callable[[], HistoryWriter],
        new_header: Callable[[RunPlan], RecordHeader],
    ) -> None:
        self._run_log = run_log
        self._open_writer = open_writer
        self._new_header = new_header
        self._writer: HistoryWriter | None = None
        self._latest: tuple[Timeline, SessionRecord, Snapshot] | None = None

    def on_progress(self, timeline: Timeline, record: SessionRecord, snapshot: Snapshot) -> None:
        """Write what changed."""
        self._latest = (timeline, record, snapshot)
        self._put(self._run_log.changed_rows(timeline, record, snapshot))

    def on_new_plan(self, plan: RunPlan) -> None:
        """Write down the text of the session as it is now, and with what it is done."""
        self._run_log.change_header(self._new_header(plan))

    def take_notices(self) -> list[str]:
        """What the user should know, each once."""
        return self._writer.take_notices() if self._writer else []

    def close(self) -> None:
        """Nothing more comes: write the last of it to the millisecond."""
        if self._latest:
            self._put(self._run_log.changed_rows(*self._latest, is_last=True))
        if self._writer:
            self._writer.finish()

    def _put(self, rows: list[HistoryRow]) -> None:
        if rows:
            self._writer = self._writer or self._open_writer()
            self._writer.put(rows)


def _close_writer(writer: HistoryWriter) -> list[str]:
    """What is lost, or else the notices that came too late for the run to show."""
    if writer.close(_LAST_WRITE_S) or (not writer.trouble and writer.close(_SLOW_WRITE_S)):
        return writer.take_notices()
    return [_(_LOST).format(reason=writer.trouble or _("it takes too long"))]


def _storable_dose(dose: ResolvedDose) -> StoredDose:
    """A dose as the options of a record have it: one amount, or a list of those of each set, with loads that grew."""
    amounts = list(dose.amounts) or dose.amount
    return {"amounts": amounts, "loads": list(dose.loads)} if dose.loads else amounts


def _stored_dose(stored: StoredDose) -> ResolvedDose:
    amounts, loads = (stored["amounts"], tuple(stored["loads"])) if isinstance(stored, dict) else (stored, ())
    if isinstance(amounts, int):
        return ResolvedDose(amounts, loads=loads)
    return ResolvedDose(amounts[0], amounts=tuple(amounts), loads=loads)


def _is_of(unfinished: UnfinishedRecord, session: str | None) -> bool:
    if session is None or session in (unfinished.session, unfinished.name):
        return True
    return Path(session).absolute() == unfinished.path


def _resumable_run(unfinished: UnfinishedRecord) -> ResumableRun | None:
    """The run if it can be resumed; it cannot if its file is gone."""
    text = _read_session_text(unfinished.path)
    is_changed = sha256(text) != unfinished.text_sha256 or bool(unfinished.options.get("changed"))
    return ResumableRun(unfinished, is_changed) if text else None


def _read_session_text(path: Path) -> str:
    """The text of a session's file; empty if it cannot be read."""
    try:
        return read_text(path)
    except (OSError, ValueError, FileFault):  # a record may name what no file can be called
        return ""


def _resume_position(timeline: Timeline, cut_off: UnfinishedRecord) -> RunPosition:
    """Where to go on: in the same phase, or at the start of the rep or round that was cut off.

    One clock for all rounds goes on where it stood, as the rounds that were counted by it do.
    """
    index, phases = cut_off.phase, timeline.phases
    here = phases[index]
    if here.counts_rounds and (held_ms := _held_ms(cut_off.record, here)):
        return RunPosition(index, cut_off.counted, min(held_ms, here.duration_ms or 0))
    while index > 0 and _is_same_repetition(phases[index - 1], here):
        index -= 1
    return RunPosition(index, cut_off.counted)


def _held_ms(record: SessionRecord, phase: Phase) -> int:
    """How much was done of the set that was cut off in `phase`."""
    last = record.sets[-1] if record.sets else None
    return last.held_ms if last is not None and last.unit == phase.unit and not last.done else 0


def _take_back(record: SessionRecord, offset_ms: int) -> None:
    """Take the time of a phase that goes on at `offset_ms` out of a record, as it is noted when the phase is over."""
    if offset_ms:
        current = record.sets[-1]
        record.sets[-1] = replace(current, held_ms=current.held_ms - offset_ms)
        record.steps[current.step].held_ms -= offset_ms


def _is_same_repetition(before: Phase, here: Phase) -> bool:
    """Whether both are parts of one rep, or of one round of a flow."""
    if here.rep is None and not here.part:
        return False
    return (before.unit, before.rep, before.round) == (here.unit, here.rep, here.round)


def _is_within_set(timeline: Timeline, position: RunPosition) -> bool:
    """Whether a set goes on there rather than begins."""
    return position.counted_reps > 0 or position.offset_ms > 0 or timeline.unit_start(position.phase) != position.phase


def _record_header(record_id: str, session_id: str, path: Path, plan: RunPlan, started: datetime) -> RecordHeader:
    options = {
        "level": plan.level,
        "seed": plan.seed,
        "verbosity": plan.verbosity,
        "speed": plan.speed,
        "doses": {str(step): _storable_dose(dose) for step, dose in plan.doses.items()},
        "left_out": sorted(plan.left_out),
        "variants": plan.variants,
        "times_done": plan.times_done,
        "wording": plan.wording,
        **({"changed": 1} if plan.is_changed else {}),
    }
    text = _read_session_text(path)
    where = storable(str(path.absolute()))
    return RecordHeader(record_id, storable(session_id), where, text, plan.language, started, options)


def _start_at_step(start: RunStart, timeline: Timeline, step_name: str, *, is_file_changed: bool) -> RunStart:
    """Begin with the step of that name, where there is still one; a notice says what is not as it was."""
    number = next((i for i, step in enumerate(timeline.steps) if step.name == step_name), None)
    phase = None if number is None else timeline.first_of_step(number)
    if phase is None:
        notice = (
            _("The session has changed since; it begins from its start.")
            if is_file_changed
            else _("It runs with other options than before; it begins from its start.")
        )
        return replace(start, notices=(notice,))
    text = (
        _("The session has changed since; it goes on with the start of {step}.")
        if is_file_changed
        else _("It runs with other options than before; it goes on with the start of {step}.")
    )
    return replace(start, position=RunPosition(phase), notices=(text.format(step=step_name),))
