"""Sets the stage for one run: compiles the session, opens voice and output, and has every line ready in time."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Protocol

from timer_app.core.compiler.compile import CompileContext, compile_session
from timer_app.core.fields.template import without_placeholders
from timer_app.core.player.clock import Clock, MonotonicClock
from timer_app.core.player.conductor import Conductor
from timer_app.core.player.events import Event
from timer_app.core.player.music import MusicController
from timer_app.core.player.player import Player
from timer_app.core.player.recorder import Recorder, SessionRecord
from timer_app.core.player.states import RunPosition, Snapshot, State
from timer_app.core.ranges import MAX_SEED
from timer_app.core.session.model import Session
from timer_app.core.timeline.model import Timeline
from timer_app.core.timeline.utterance import KnownLengths, Utterance
from timer_app.core.training.measurements import (
    EarlierResults,
    Question,
    SuggestedSession,
    comparison_lines,
    group_answers,
    suggest_sessions,
)
from timer_app.library.library import Library, Media
from timer_app.run.options import RunOptions
from timer_app.run.sound import SoundOptions, SoundSystem, silent_sound_system

__all__ = ["LiveRun", "RunEnvironment", "RunOptions", "open_run"]

PastQuery = Callable[[Sequence[Question], Sequence[str]], EarlierResults]

_FIRST_MS = 60_000  # a run begins when the lines of its first minute are there


class RunListener(Protocol):
    """Keeps what is done in a run."""

    def on_events(self, events: Sequence[Event], timeline: Timeline, record: SessionRecord, snapshot: Snapshot) -> None:
        """Take note of what happened; `record` has it already. Must return at once."""

    def take_notices(self) -> list[str]:
        """What the user should know, each once."""

    def close(self) -> None:
        """Nothing more comes. Must return at once."""


class LiveRun:
    """Everything for one run. Made by `open_stage`.

    Args:
        session: What is run.
        plan: How it is compiled; its lengths become true as lines are rendered.
        options: How it is run.
        sound_system: Who renders the lines, and where cues are heard.
        clock: Where *now* comes from.

    Attributes:
        listener: Who is told what is done; `None` for nobody.
        query_past: Gives what earlier records have, for the questions and steps of this one.
    """

    def __init__(
        self, session: Session, plan: CompileContext, options: RunOptions, sound_system: SoundSystem, clock: Clock
    ) -> None:
        self.session_name = without_placeholders(session.name)
        self.cautions = tuple(without_placeholders(caution) for caution in session.cautions)
        self.language = session.language
        self.volume = options.volume
        self.muted = False
        self.level, self.seed, self.doses = plan.level, plan.seed, plan.doses
        self.speed, self.verbosity = options.speed, plan.verbosity
        self.listener: RunListener | None = None
        self.query_past: PastQuery = lambda _questions, _steps: EarlierResults()
        self._session = session
        self._plan = plan
        self._open_steps_ms = options.open_steps_ms
        self._sound, sink = sound_system
        self._clock = clock
        self._music = MusicController(session.sound.music_in_rests)
        self._notice_counts: Counter[str] = Counter()
        self._pending_notices: list[str] = []
        timeline = self._compile()
        self.conductor = Conductor(Player(timeline, int(sink.latency_ms * clock.rate)), clock, sink)
        self.recorder = Recorder(timeline)
        self._has_exact_lengths = not self._sound.prepare(timeline.spoken_lines())
        self._revised_at_count = -1  # how many lines were rendered when their true lengths were last taken over

    @property
    def timeline(self) -> Timeline:
        """What is being run."""
        return self.conductor.player.timeline

    def progress(self) -> tuple[int, int]:
        """How many lines are rendered, and how many there are."""
        return self._sound.progress

    @property
    def has_exact_lengths(self) -> bool:
        """Whether every line is rendered and has its true length."""
        return self._has_exact_lengths

    def is_ready(self) -> bool:
        """Whether all that is needed next is there; the run may then be started."""
        if not self._sound.ready(_first_lines(self.timeline)):
            return False
        rendered, _ = self._sound.progress
        if self._has_exact_lengths or rendered == self._revised_at_count:
            return True
        self._revised_at_count = rendered
        self._revise()
        return self._sound.ready(_first_lines(self.timeline))

    @property
    def is_heard(self) -> bool:
        """Whether anything can be heard: there is a sound device, and it plays."""
        return self._sound.is_heard

    def resume(
        self, place: RunPosition, earlier: SessionRecord, answered_phases: Sequence[int], finished_units: Iterable[int]
    ) -> None:
        """Let the run, which is not begun yet, go on with a record that was cut off.

        Args:
            place: Where it stood.
            earlier: What was done by then, in a run with the same phases.
            answered_phases: The phases in which its answers were given, in their order.
            finished_units: Those of which a set was done.
        """
        self.start_at(place)
        self.recorder.resume_from(earlier, answered_phases, finished_units, place.counted_reps)

    def start_at(self, place: RunPosition) -> None:
        """Let the run, which is not begun yet, begin in the midst of the session."""
        self.conductor.player.set_start(place.phase, place.counted_reps)

    def add_notices(self, *notices: str) -> None:
        """Let the next `refresh` tell something that came up before the run."""
        self._pending_notices += notices

    def refresh(self) -> list[str]:
        """Take over the true lengths of lines rendered since, and tell what the user should know; each thing once."""
        if not self._has_exact_lengths and self.conductor.player.state is not State.READY:
            done, total = self._sound.progress
            if done == total:
                self._revise()
        told: Counter[str] = Counter()
        news, self._pending_notices = self._pending_notices, []
        for notice in self._sound.notices():
            told[notice] += 1
            if told[notice] > self._notice_counts[notice]:
                news.append(notice)
        self._notice_counts |= told
        return news + (self.listener.take_notices() if self.listener else [])

    def set_volume(self, percent: int) -> None:
        """Make everything louder or quieter, 0 to 100."""
        self.volume = min(100, max(0, percent))
        self._sound.set_volume(self.volume)

    def set_muted(self, muted: bool) -> None:
        """Silence everything for now, or end that."""
        self.muted = muted
        self._sound.set_muted(muted)

    def handle_events(self, events: list[Event]) -> None:
        """Let the record take note of what happened, and the music follow."""
        self.recorder.observe(events)
        if self.listener:
            self.listener.on_events(events, self.timeline, self.recorder.record, self.conductor.snapshot())
        for event in events:
            for move in self._music.handle_event(event, self.timeline):
                self._sound.set_music_level(move.level, move.fade_ms, self._clock.machine_ms(move.at_ms))

    def compare_with_past(self) -> list[str]:
        """What was measured against earlier times, in lines; takes a moment to read."""
        record = self.recorder.record
        asked = (phase.measure for phase in self.timeline.phases if phase.measure)
        choices = {measure.key for measure in asked if measure.is_choice}
        answers = [answer for answer in record.answers if answer.key not in choices]
        steps = tuple(dict.fromkeys(step.name for step in record.steps if step.sides))
        return comparison_lines(answers, record.steps, self.query_past(tuple(group_answers(answers)), steps))

    def suggestions(self) -> tuple[SuggestedSession, ...]:
        """The sessions that the answers given suggest."""
        return suggest_sessions(self.timeline, self.recorder.record.answers)

    def close(self) -> None:
        """Fall silent and give everything back."""
        if self.listener:
            self.listener.close()
        self.conductor.close()
        self._sound.close()

    def _compile(self) -> Timeline:
        timeline = compile_session(self._session, self._plan).timeline
        if self._open_steps_ms is None:
            return timeline
        return timeline.without_open_phases(self._open_steps_ms)

    def _revise(self) -> None:
        """Compile again with what is known now. True lengths may make room for lines that had none."""
        timeline = self._compile()
        self._has_exact_lengths = not self._sound.prepare(timeline.spoken_lines())
        self.conductor.revise(timeline)


class RunEnvironment(NamedTuple):
    """Where a run takes place that is not live.

    Attributes:
        open_sound_system: Opens the voice, and the sink for the cues.
        clock: Where *now* comes from.
    """

    open_sound_system: Callable[[SoundOptions, Callable[[str], Path | None]], SoundSystem]
    clock: Clock


def open_run(
    session: Session,
    options: RunOptions,
    library: Library,
    file: Path | None = None,
    environment: RunEnvironment | None = None,
) -> LiveRun:
    """Set the stage; takes some tenths of a second, in which nothing else should wait for it.

    Without a voice or a sound device the stage is silent, and `LiveRun.refresh` says why.

    Args:
        session: What to run.
        options: How to run it.
        library: Where exercises, phrases and sounds come from.
        file: The session's file; its own sounds are looked for beside it.
        environment: Where it takes place; live if `None`.
    """
    resolved = options.resolved(session)
    theme, own = resolved.sound_theme, resolved.sounds
    folder = file.parent if file else None

    def find_sound(sound: str) -> Path | None:
        return library.find_sound(sound, theme, folder, own)

    desk = _open_sound(session, options, find_sound, library.media(session, folder), environment)
    seed = random.SystemRandom().randint(0, MAX_SEED) if options.seed is None else options.seed
    lengths = KnownLengths(desk.sound.speech, library.sound_lengths(theme, folder, own))
    plan = library.plan(session, lengths, resolved.level, seed)
    plan = replace(plan, verbosity=options.verbosity, breath_tones=resolved.breath_tones, doses=options.doses)
    stage = LiveRun(session, plan, options, desk, environment.clock if environment else MonotonicClock(options.speed))
    stage.add_notices(*library.text_notices(session, file))
    return stage


def _open_sound(
    session: Session,
    options: RunOptions,
    find_sound: Callable[[str], Path | None],
    media: Media,
    environment: RunEnvironment | None,
) -> SoundSystem:
    if not options.is_heard:
        return silent_sound_system()
    resolved = options.resolved(session)
    choice = SoundOptions(resolved.voice, resolved.style, options.output, options.volume, options.latency_ms)
    choice = replace(choice, music=tuple(media.music), music_volume=session.sound.music_volume)
    choice = replace(choice, recordings=media.recordings)
    if environment:
        return environment.open_sound_system(choice, find_sound)
    from timer_app.run.live_sound import (
        open_sound_system,  # numpy and the sound libraries are loaded for runs that are heard
    )

    return open_sound_system(choice, find_sound)


def _first_lines(timeline: Timeline) -> list[Utterance]:
    """What is said in the first minute."""
    first = timeline.phases[: bisect_left(timeline.starts_ms, _FIRST_MS)]
    return [cue.content for phase in first for cue in phase.cues if isinstance(cue.content, Utterance)]
