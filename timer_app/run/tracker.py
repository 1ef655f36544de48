"""What front ends have to do with the history: runs are written into it, and those that were cut off are taken up.

Whatever becomes of the history, a run goes on: nothing here raises because of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from timer_app.core.diagnostics.problems import FileFault
from timer_app.core.player.events import Event
from timer_app.core.player.recorder import SessionRecord
from timer_app.core.player.states import RunPosition, Snapshot
from timer_app.core.timeline.model import Phase, Timeline
from timer_app.core.training.measurements import EarlierResults, Question
from timer_app.core.training.progression import ResolvedDose
from timer_app.history.database import HistoryError
from timer_app.history.queries import past_measurements
from timer_app.history.run_log import RecordHeader, ResumeState, RunLog, sha256, timeline_hash
from timer_app.history.store import Store, UnfinishedRecord
from timer_app.history.writer import HistoryWriter
from timer_app.run.doses import resolve_doses
from timer_app.run.options import RunOptions
from timer_app.run.programme import ActiveProgrammeStore
from timer_app.system.files import read_text

if TYPE_CHECKING:
    from timer_app.core.session.exercise import Exercise
    from timer_app.core.session.model import Session
    from timer_app.run.live import LiveRun

_LAST_WRITE_S = 3.0
_LOST = "What was done could not be written into the history, and is lost: {reason}."


def local_now() -> datetime:
    """The time of day where the user is."""
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class ResumableRun:
    """A run that was cut off and can be taken up again.

    Attributes:
        unfinished: What the history has of it.
        is_file_changed: Its file has another text now, so the run can only go on from the start of a step.
    """

    unfinished: UnfinishedRecord
    is_file_changed: bool

    @property
    def path(self) -> Path:
        """Where the session's file lies."""
        return self.unfinished.path

    @property
    def step_name(self) -> str:
        """The step in which it stood; the session's name where that has none."""
        return self.unfinished.step or self.unfinished.name

    def restore_options(self, options: RunOptions) -> RunOptions:
        """How it is to be run, so that it has the same phases."""
        was = self.unfinished.options
        same = replace(options, level=was.get("level", options.level), seed=was.get("seed", options.seed))
        doses = {int(place): ResolvedDose(amount) for place, amount in was.get("doses", {}).items()}
        return replace(same, verbosity=was.get("verbosity", options.verbosity), growth=False, doses=doses)


class RunTracker:
    """Writes runs down, as far as they are to be.

    Args:
        store: The history.
        is_enabled: Whether runs are written into it.
        now: The time of day.
        programme_store: Which programme is followed; `None` for none.
    """

    def __init__(
        self,
        store: Store,
        *,
        is_enabled: bool = True,
        now: Callable[[], datetime] = local_now,
        programme_store: ActiveProgrammeStore | None = None,
    ) -> None:
        self.store = store
        self.programme_store = programme_store
        self.is_enabled = is_enabled
        self._now = now
        self._writers: list[HistoryWriter] = []

    def track(self, run: LiveRun, session_id: str, path: Path) -> None:
        """Have a run written down that is not begun yet.

        Args:
            run: The run.
            session_id: What the user calls the session.
            path: Where its file lies.
        """
        record_id = uuid.uuid4().hex
        run.query_past = partial(self._query_past, record_id)
        if self.is_enabled:
            run.listener = self._make_listener(run, record_id, session_id, path, None)

    def resume(self, run: LiveRun, resumable: ResumableRun) -> None:
        """Let a run that is not begun yet go on where one was cut off, and go on with its record.

        Where the session has other phases by now, it begins with the step in which it was cut off, as a new record.
        """
        cut_off, timeline = resumable.unfinished, run.timeline
        if timeline_hash(timeline) != cut_off.timeline_hash or cut_off.phase >= len(timeline.phases):
            self.dismiss(resumable)
            _start_at_step(run, cut_off.step)
            self.track(run, cut_off.session, resumable.path)
            return
        place = _resume_position(timeline, cut_off)
        run.resume(place, cut_off.record, cut_off.answered_phases, cut_off.resume_state.units)
        run.query_past = partial(self._query_past, cut_off.id)
        earlier = (
            cut_off.resume_state if _is_within_set(timeline, place) else replace(cut_off.resume_state, open_set=None)
        )
        if self.is_enabled:
            run.listener = self._make_listener(run, cut_off.id, cut_off.session, resumable.path, earlier)

    def track_or_resume(self, run: LiveRun, session_id: str, path: Path, resumable: ResumableRun | None) -> None:
        """`take_up` where something is offered, else `keep`."""
        if resumable:
            self.resume(run, resumable)
        else:
            self.track(run, session_id, path)

    def find_resumable(self, session: str | None = None) -> ResumableRun | None:
        """The latest run that was cut off and can be taken up; `None` also where nothing is kept or can be read.

        Args:
            session: Only one of the session with that id or path.
        """
        try:
            return self.query_resumable(session) if self.is_enabled else None
        except HistoryError:
            return None

    def query_resumable(self, session: str | None = None) -> ResumableRun | None:
        """The same, whether or not runs are kept.

        Raises:
            HistoryError: The history cannot be read.
        """
        found = self.store.unfinished(self._now())
        wanted = (one for one in found if _is_of(one, session))
        return next((offer for one in wanted if (offer := _resumable_run(one))), None)

    def _query_past(self, record_id: str, questions: Sequence[Question], steps: Sequence[str]) -> EarlierResults:
        """What records other than that one have; nothing where the history cannot be read."""
        if not questions and not steps:
            return EarlierResults()
        try:
            return self.store.query(lambda base: past_measurements(base, questions, steps, record_id))
        except HistoryError:
            return EarlierResults()

    def dismiss(self, resumable: ResumableRun) -> None:
        """Let a run that was cut off stay as it is; it is not offered any more."""
        try:
            self.store.mark_broken_off(resumable.unfinished.id, self._now())
        except HistoryError:
            return

    def resolve_doses(
        self, options: RunOptions, session: Session, catalogue: Mapping[str, Exercise], session_id: str = ""
    ) -> RunOptions:
        """Options with the doses that a session has today, as far as they are to grow.

        Args:
            options: How it is to be run.
            session: Which session.
            catalogue: The exercises.
            session_id: What the programme that is followed calls it.
        """
        if self.programme_store:
            options = self.programme_store.adjust_options(options, session_id)
        return resolve_doses(options, session, catalogue, self.store, self._now().date())

    def due_sessions(self) -> dict[str, str]:
        """Of the programme that is followed, the sessions still to be done today, each with what to say of it."""
        return self.programme_store.due_sessions() if self.programme_store else {}

    def last_done_times(self) -> dict[str, datetime]:
        """When each session was last done, by its id; nothing where the history cannot be read."""
        try:
            return self.store.recently_done()
        except HistoryError:
            return {}

    def close(self) -> list[str]:
        """Have everything written; returns what the user should know."""
        told = [line for writer in self._writers for line in _close_writer(writer)]
        self._writers.clear()
        return told

    def _make_listener(
        self, run: LiveRun, record_id: str, session_id: str, path: Path, earlier: ResumeState | None
    ) -> _HistoryListener:
        options = {
            "level": run.level,
            "seed": run.seed,
            "verbosity": run.verbosity,
            "speed": run.speed,
            "doses": {str(place): dose.amount for place, dose in run.doses.items()},
        }
        head = RecordHeader(
            record_id, session_id, str(path.absolute()), _read_session_text(path), run.language, options
        )
        return _HistoryListener(RunLog(head, self._now, earlier), lambda: self._open_writer(record_id))

    def _open_writer(self, record_id: str) -> HistoryWriter:
        writer = HistoryWriter(self.store.path, record_id, self._now)
        self._writers.append(writer)
        return writer


class _HistoryListener:
    """Keeps one run; its writer is there from the first row on."""

    def __init__(self, run_log: RunLog, open_writer: Callable[[], HistoryWriter]) -> None:
        self._run_log = run_log
        self._open_writer = open_writer
        self._writer: HistoryWriter | None = None

    def on_events(self, events: Sequence[Event], timeline: Timeline, record: SessionRecord, snapshot: Snapshot) -> None:
        """Hand over what changed."""
        if rows := self._run_log.changed_rows(events, timeline, record, snapshot):
            self._writer = self._writer or self._open_writer()
            self._writer.put(rows)

    def take_notices(self) -> list[str]:
        """What the user should know, each once."""
        return self._writer.take_notices() if self._writer else []

    def close(self) -> None:
        """Nothing more comes."""
        if self._writer:
            self._writer.finish()


def _close_writer(writer: HistoryWriter) -> list[str]:
    """What is to be said in the end: what is lost, or else what came too late for the run itself to say it."""
    if writer.close(_LAST_WRITE_S):
        return writer.take_notices()
    return [_LOST.format(reason=writer.trouble or "it takes too long")]


def _is_of(unfinished: UnfinishedRecord, session: str | None) -> bool:
    if session is None or session in (unfinished.session, unfinished.name):
        return True
    return Path(session).absolute() == unfinished.path


def _resumable_run(unfinished: UnfinishedRecord) -> ResumableRun | None:
    """What can be taken up; a session whose file is gone cannot."""
    text = _read_session_text(unfinished.path)
    return ResumableRun(unfinished, sha256(text) != unfinished.text_sha256) if text else None


def _read_session_text(path: Path) -> str:
    """The text of a session's file; empty where it cannot be read any more."""
    try:
        return read_text(path)
    except (OSError, FileFault):
        return ""


def _resume_position(timeline: Timeline, cut_off: UnfinishedRecord) -> RunPosition:
    """Where to go on: in the same phase, or where the rep or round began in which it was cut off."""
    index, phases = cut_off.phase, timeline.phases
    here = phases[index]
    while index > 0 and _is_same_repetition(phases[index - 1], here):
        index -= 1
    return RunPosition(index, cut_off.counted)


def _is_same_repetition(before: Phase, here: Phase) -> bool:
    """Whether both are parts of one rep, or of one round of a flow."""
    if here.rep is None and not here.part:
        return False
    return (before.unit, before.rep, before.round) == (here.unit, here.rep, here.round)


def _is_within_set(timeline: Timeline, place: RunPosition) -> bool:
    """Whether a set goes on rather than begins."""
    return place.counted_reps > 0 or timeline.unit_start(place.phase) != place.phase


def _start_at_step(run: LiveRun, step_name: str) -> None:
    """Begin with the step of that name, where there is still one."""
    timeline = run.timeline
    number = next((i for i, step in enumerate(timeline.steps) if step.name == step_name), None)
    phase = None if number is None else timeline.first_of_step(number)
    if phase is None:
        run.add_notices("The session has changed since; it begins from its start.")
        return
    run.add_notices(f"The session has changed since; it goes on with the start of {step_name}.")
    run.start_at(RunPosition(phase))
