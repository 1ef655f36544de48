"""A live run: compiles the session, opens voice and output, and has every line rendered in time."""

from __future__ import annotations

import random
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from timer_app.core.compiler import (
    CompileContext,
    Compiled,
    DroppedLine,
    EstimatedLengths,
    all_cautions,
)
from timer_app.core.compiler.resume import ResumePlace, changed_lines, resume_lead_in, resume_lines, utterances
from timer_app.core.constraints import MAX_SEED
from timer_app.core.diagnostics import quoted
from timer_app.core.fields import without_placeholders
from timer_app.core.i18n import _, ngettext
from timer_app.core.player import Clock, Conductor, MonotonicClock, MusicController, Player
from timer_app.core.player.events import Event, Paused, VariantAsked
from timer_app.core.player.recorder import Recorder, SessionRecord
from timer_app.core.player.states import Command, IllegalTransitionError, Snapshot, State
from timer_app.core.session.model import Session
from timer_app.core.timeline import CueContent, LeadIn, Timeline
from timer_app.core.timeline.utterance import KnownLengths, Utterance
from timer_app.core.training import Question, SuggestedSession, group_answers, suggest_sessions
from timer_app.core.wording.comparison import comparison_lines
from timer_app.core.wording.look_back import LookBack
from timer_app.library import Library, SessionEntry
from timer_app.run.course import Course, RunChange
from timer_app.run.options import RunOptions
from timer_app.run.picks import left_out_anew, left_out_notices
from timer_app.run.plan import RunPlan, RunStarter, start_untracked, starting_at
from timer_app.run.sound_system import (
    FindSound,
    SessionSound,
    SoundOptions,
    SoundSystem,
    session_sound,
    silent_sound_system,
)

if TYPE_CHECKING:
    from timer_app.run.tracker import RunTracker

__all__ = ["LiveRun", "RunEnvironment", "open_run"]

# A run begins when the lines of its first seconds are there; with them, all that is laid out until then is as it stays.
_FIRST_MS = 20_000
# Exact lengths are taken over this long before the run meets what was laid out by estimates. No phase that is laid out
# by what is said in it lasts longer.
_AHEAD_MS = 90_000
_START_MS = 250  # so long after the order a run begins that is heard, beyond the delay of its device
_OPENING_MS = 10_000  # and its first sounds are with the device
_MOST_FIRST = 200  # lines for which a run waits before it begins
_ANNOUNCED_WITHIN_MS = 20_000  # after which it is no news that the session was changed
_QUIET_AFTER_MS = 500


class LiveRun:
    """One run: a player with its voice, output, clock and record; made by `open_run`.

    Front ends send commands, call `tick` in time, and ask for everything else.

    Args:
        session: What is run.
        context: How it is compiled; its lengths become exact as lines are rendered.
        options: How it is run.
        sound_system: Renders the lines and plays the cues.
        clock: Where *now* comes from.
        starter: Decides where it begins.
        notices: What the user should know from the start.

    Attributes:
        plan: The run as it began; its timeline is the one of the first compilation.
        write_note: Keeps what the user writes about the run, and returns why it cannot; `None` where nothing is kept.
    """

    def __init__(  # noqa: PLR0913 - a run is complete when it is made
        self,
        session: Session,
        context: CompileContext,
        options: RunOptions,
        sound_system: SoundSystem,
        clock: Clock,
        *,
        starter: RunStarter = start_untracked,
        notices: Iterable[str] = (),
    ) -> None:
        self.cautions = tuple(map(without_placeholders, all_cautions(session)))
        self.volume = options.volume
        self.muted = False
        self._course = Course(session, context, options.open_steps_ms, options.max_ms)
        self._options = options
        self._sound, sink = sound_system
        self._clock = clock
        self._music = MusicController(session.sound.music_in_rests)
        self._notice_counts: Counter[str] = Counter()
        compiled = self._course.compiled
        timeline = compiled.timeline
        self.plan = self._made_plan(timeline)
        start = starter(self.plan)
        self._listener, self._query_past = start.listener, start.query_past
        self._look_back, self.write_note = start.look_back, start.write_note
        self._pending_notices = [*start.notices, *left_out_notices(timeline, options.max_ms), *notices]
        if compiled.is_partial:
            self._pending_notices.append(_("It asks for more than is done in a session; `timer-app check` says where."))
        guard_ms = int(sink.latency_ms * clock.rate)
        start_ms = int(_START_MS * clock.rate) if guard_ms else 0
        self._player = Player(timeline, guard_ms, start.position, start_ms=start_ms)
        self._conductor = Conductor(self._player, clock, sink)
        self._recorder = Recorder(timeline, start.earlier, continues_set=start.continues_set)
        self._candidates = compiled.candidates
        self._has_exact_lengths = not self._sound.prepare(self._candidates)
        # What was offered last; another thread puts it in, and nothing is taken over while that one compares.
        self._offered: RunChange | str | None = None
        self._offering = threading.Lock()
        self._announced: tuple[Utterance, int] | None = None
        self._attached: list[Callable[[], None]] = []
        self._revised_at_count = -1  # how many lines were rendered when their exact lengths were last taken over
        self._estimated_from = 0  # the first phase with a line whose length was an estimate then

    def _made_plan(self, timeline: Timeline) -> RunPlan:
        session, context = self._course.session, self._course.context
        return RunPlan(
            timeline,
            session.language,
            context.level,
            context.seed,
            context.verbosity,
            self._options.speed,
            context.doses,
            context.steps_left_out(session),
            {str(step): exercise for step, exercise in context.variants.items()},
            context.times_done,
            context.wording,
        )

    @property
    def timeline(self) -> Timeline:
        """What is being run."""
        return self._player.timeline

    @property
    def state(self) -> State:
        """Where the run stands."""
        return self._player.state

    @property
    def record(self) -> SessionRecord:
        """What was done so far; it grows with the run."""
        return self._recorder.record

    @property
    def slept(self) -> bool:
        """Whether the run was paused because the computer slept or the program was stopped."""
        return self._conductor.slept

    def snapshot(self) -> Snapshot:
        """How the run looks now."""
        return self._conductor.snapshot()

    def paused_for_ms(self) -> int:
        """Real milliseconds since the run was paused; 0 while it is not."""
        return self._conductor.paused_for_ms()

    def ms_until_next_tick(self) -> float:
        """Real milliseconds after which `tick` is wanted again."""
        return self._conductor.ms_until_next_tick()

    def tick(self) -> list[Event]:
        """Let the run go on to the present; returns what happened, which is in the record by then."""
        return self._note(self._conductor.tick())

    def send(self, command: Command, amount: int = 0, value: float | None = None) -> list[Event]:
        """Let the run follow a command; returns what happened, which is in the record by then.

        Args:
            command: What the user asks.
            amount: Milliseconds for `ADD_TIME`, the step's index for `JUMP`.
            value: The number for `ANSWER`; `None` skips the question.

        Raises:
            IllegalTransitionError: Refused; `due_events` on it holds what had happened before.
        """
        if command is Command.RESUME and self.state is State.PAUSED:
            self._player.next_lead_in = self._resume_lead_in()
        try:
            events = self._conductor.send(command, amount, value)
        except IllegalTransitionError as refusal:
            self._note(refusal.due_events)
            raise
        noted = self._note(events)
        if asked := next((event for event in events if isinstance(event, VariantAsked)), None):
            more, said = self.change_variant(asked.harder, seeks=True)
            noted += more
            self._pending_notices.append(said)
        return noted

    def _resume_lead_in(self) -> LeadIn:
        """What leads back to where the run stands; where nobody speaks nothing is waited for."""
        speaks = self.progress()[1] > 0
        return resume_lead_in(
            self._course.session,
            self._course.context,
            self._resume_place(),
            lambda line: speaks and self._sound.ready([line]),
        )

    def _resume_place(self) -> ResumePlace:
        now = self.snapshot()
        return ResumePlace(now.phase, now.remaining_ms, now.elapsed_ms)

    def _prepare_resume(self) -> None:
        """Have what is said before the run goes on rendered during the pause."""
        lines = resume_lines(self._course.context, self._resume_place())
        self._sound.prepare(utterances(self._course.session, lines))

    def change_variant(self, by: int, *, seeks: bool = False) -> tuple[list[Event], str]:
        """Do an easier or a harder variant of the exercise that is done now, from its beginning, or that comes next.

        Args:
            by: How many rungs harder; easier if negative.
            seeks: Pass over exercises that have no variants.

        Returns:
            What happened before, and a sentence for the user: the new exercise, or why there is none.

        Raises:
            IllegalTransitionError: The run has not begun, or is over.
        """
        events = self.tick()
        before, now = self.timeline, self._player.snapshot(self._player.now_ms)
        change = self._course.change_variant(before, now, by, self._recorder.begun, seeks=seeks)
        if isinstance(change, str):
            return events, change
        if change.begins_anew:
            self._note(self._conductor.change_course(change.timeline, change.phase), before)
        else:
            self._conductor.change_ahead(change.timeline, change.phase)
        self._course.choose(change)
        self.plan.variants[str(change.step)] = self._course.context.variants[change.step]
        if change.succession is None:
            self._recorder.change_course(self.timeline, self.timeline.phases[change.phase].unit)
        else:
            self._recorder.follow(change.succession)
        self._prepare_lines(self._course.compiled)
        return events, _("From now on: {name}.").format(name=change.name)

    def prepare_change(self, session: Session, context: CompileContext, sound: SessionSound) -> RunChange | None:
        """Compile another version of the session with what was chosen for this run; it may be called in a thread.

        Args:
            session: The other version.
            context: What it is compiled with where nothing has been chosen yet; its lines are measured as in this run.
            sound: What it is to sound like.

        Returns:
            The change, or `None` where nothing has changed.
        """
        self._put_forward(None)  # nothing is taken over while this is compared with it
        course, run = self._course, self._player.timeline
        other_sound = self._sound.prepare_change(sound.choice, sound.find_sound)
        lengths = KnownLengths(course.context.lengths.speech, sound.length_ms)
        context, sounds_anew = replace(context, lengths=lengths), other_sound is not None
        change = course.prepare(session, context, run, self._player.index, sounds_anew=sounds_anew)
        return RunChange(change, other_sound) if change else None

    def offer(self, change: RunChange | str | None) -> None:
        """Have another version of the session taken over with the next `refresh`; it may be called in a thread.

        Args:
            change: The version, or a line that says why there is none; `None` where the session is as it is run, so
                that what was offered before is not taken over any more.
        """
        self._put_forward(change)

    def _put_forward(self, change: RunChange | str | None) -> None:
        with self._offering:
            before, self._offered = self._offered, change
        if isinstance(before, RunChange) and before.sound:
            before.sound.drop()

    def _take_offered(self) -> list[str]:
        """Take over what is offered, once the run has begun and no phase is just ending."""
        change_ms = self._player.next_change_ms()
        is_ending = change_ms is not None and change_ms <= self._clock.now_ms()
        if not self._offered or self.state is State.READY or self.state.is_over or is_ending:
            return []
        with self._offering:
            offered, self._offered = self._offered, None
            if isinstance(offered, RunChange):
                offered = self._take_over(offered)
        return [offered] if offered else []

    def _take_over(self, change: RunChange) -> str:
        now = self._player.snapshot(self._player.now_ms)
        had_no_time = self._course.without_time
        if change.sound:
            change.sound.take_over()
        succession = self._course.take_over(change.session, self.timeline, now, self._recorder.begun)
        self._conductor.follow(succession.timeline)
        self._recorder.follow(succession)
        self.plan = replace(self._made_plan(succession.timeline), is_changed=True)
        if self._listener:
            self._listener.on_new_plan(self.plan)
        self._prepare_lines(self._course.compiled)
        if change.sound:
            self._sound_otherwise()
        self._announce(succession.steps_left)
        max_ms, planned_ms = self._options.max_ms, self._course.planned_ms
        fitted = left_out_anew(self._course.without_time, had_no_time, planned_ms, max_ms)
        if not succession.steps_left:
            return " ".join([_("The session was changed: nothing comes after this."), *fitted])
        text = ngettext(
            "The session was changed: {count} step left.",
            "The session was changed: {count} steps left.",
            succession.steps_left,
        )
        return " ".join([text.format(count=succession.steps_left), *fitted])  # a screen shows the last line only

    def _sound_otherwise(self) -> None:
        """Measure the lines of another voice, and let other music come in."""
        self._has_exact_lengths, self._revised_at_count = False, -1
        in_rests, player = self._course.session.sound.music_in_rests, self._player
        begun_ms = player.now_ms - player.snapshot(player.now_ms).elapsed_ms
        fades = self._music.begin_anew(in_rests, self.timeline, player.index, begun_ms)
        if self.state is not State.PAUSED:
            self._fade_music(fades)

    def _fade_music(self, fades: Iterable[tuple[float, int, int]]) -> None:
        for level, fade_ms, at_ms in fades:
            self._sound.set_music_level(level, fade_ms, self._clock.machine_ms(at_ms))

    def _announce(self, steps_left: int) -> None:
        """Have it said that the session was changed."""
        course = self._course
        for line in utterances(course.session, changed_lines(course.context, steps_left)):
            self._sound.prepare([line])
            self._announced = line, self._clock.now_ms() + int(_ANNOUNCED_WITHIN_MS * self._clock.rate)

    def _say_announced(self) -> None:
        """Say it in a silence that is long enough; after a while it is no news any more."""
        if self._announced is None:
            return
        line, until_ms = self._announced
        length_ms = self._sound.speech(line).length_ms
        if self._clock.now_ms() > until_ms:
            self._announced = None
        elif self._sound.ready([line]) and self._conductor.is_quiet(length_ms + _QUIET_AFTER_MS):
            self._announced = None
            self._conductor.say_now(line, length_ms)

    def follow_file(
        self, entry: SessionEntry, library: Library, options: RunOptions, tracker: RunTracker | None
    ) -> None:
        """Take over what is saved in the session's file, and in those of exercises and phrases, until this is closed.

        Args:
            entry: The session.
            library: Where it comes from.
            options: How the run was asked for, before the doses of the day were known.
            tracker: Knows the doses of the day for what is new; `None` where nobody does.
        """
        from timer_app.run.follow import follow_file  # few runs do

        self._attached.append(follow_file(self, entry, library, options, tracker))

    def explain(self) -> tuple[list[Event], str]:
        """Say the instruction of the exercise that is done now, or that comes next.

        Returns:
            What happened before, and a sentence for the user: the instruction, or why there is none.
        """
        events = self.tick()
        if self.state is State.READY or self.state.is_over:
            return events, _("There is nothing to explain before the start or after the end.")
        phases, index = self.timeline.phases, self._player.index
        ahead = phases[index : index + 1] if phases[index].set is not None else phases[index:]
        line = next((phase.instruction for phase in ahead if phase.instruction), None)
        if line is None:
            return events, _("There is no instruction for this.")
        if self._course.context.speaks:
            self._conductor.say_now(line, self._sound.speech(line).length_ms)
        return events, line.text

    def progress(self) -> tuple[int, int]:
        """How many lines are rendered, and how many there are."""
        return self._sound.progress

    @property
    def has_exact_lengths(self) -> bool:
        """Whether every line is rendered, so that its exact length is known."""
        return self._has_exact_lengths

    def is_ready(self) -> bool:
        """Whether all that is needed next is there; the run may then be started."""
        if not self._sound.ready(self._first_lines()):
            return False
        rendered, _ = self._sound.progress
        if not self._has_exact_lengths and rendered != self._revised_at_count:
            self._revised_at_count = rendered
            self._revise()
            if not self._sound.ready(self._first_lines()):
                return False
        self._sound.preload(self._first_cues())
        return True

    def _first_cues(self) -> list[CueContent]:
        """What is heard first, and what leads to where the run begins."""
        timeline, first = self.timeline, self._player.index
        phases = timeline.phases[first : bisect_left(timeline.starts_ms, timeline.starts_ms[first] + _OPENING_MS)]
        cues = chain(timeline.resume_lead_in.cues, *(phase.cues for phase in phases))
        return list(dict.fromkeys(cue.content for cue in cues))

    def _first_lines(self) -> list[Utterance]:
        """Every line that may be said in the first minute."""
        within = bisect_left(self.timeline.starts_ms, _FIRST_MS)
        # A hold of hours may have thousands of them; those after the first are rendered while it goes on.
        return list(islice((line for line, phase in self._candidates.items() if phase < within), _MOST_FIRST))

    def _nears_estimates(self) -> bool:
        """Whether the run will soon meet what was laid out by estimates, as with a voice that is hardly ahead of it."""
        starts_ms = self.timeline.starts_ms
        return self._estimated_from < len(starts_ms) and (
            starts_ms[self._estimated_from] - starts_ms[self._player.index] < _AHEAD_MS
        )

    @property
    def is_heard(self) -> bool:
        """Whether anything can be heard: there is a sound device, and it plays."""
        return self._sound.is_heard

    def refresh(self) -> list[str]:
        """Take over the exact lengths of lines rendered since; returns what the user should know, each thing once."""
        if not self._has_exact_lengths and self.state is not State.READY:
            rendered, total = self._sound.progress
            if rendered == total or (rendered != self._revised_at_count and self._nears_estimates()):
                self._revised_at_count = rendered
                self._revise()
        self._pending_notices += self._take_offered()
        self._say_announced()
        counts: Counter[str] = Counter()
        news, self._pending_notices = self._pending_notices, []
        for notice in self._sound.notices():
            counts[notice] += 1
            if counts[notice] > self._notice_counts[notice]:
                news.append(notice)
        self._notice_counts |= counts
        return news + (self._listener.take_notices() if self._listener else [])

    def set_volume(self, percent: int) -> None:
        """Make everything louder or quieter, 0 to 100."""
        self.volume = min(100, max(0, percent))
        self._sound.set_volume(self.volume)

    def set_muted(self, muted: bool) -> None:
        """Silence everything for now, or end that."""
        self.muted = muted
        self._sound.set_muted(muted)

    def compare_with_past(self) -> list[str]:
        """What was measured compared with earlier times, in lines; takes a moment to read."""
        asked = (phase.measure for phase in self.timeline.phases if phase.measure)
        choices = {measure.key for measure in asked if measure.is_choice}
        answers = [answer for answer in self.record.answers if answer.key not in choices]
        steps = tuple(dict.fromkeys(step.name for step in self.record.steps if step.sides))
        return comparison_lines(answers, self.record.steps, self._query_past(tuple(group_answers(answers)), steps))

    def suggestions(self) -> tuple[SuggestedSession, ...]:
        """The sessions that the answers given suggest."""
        return suggest_sessions(self.timeline, self.record.answers)

    def close(self) -> None:
        """Count the time until now, fall silent, and give everything back."""
        for close in self._attached:
            close()
        self._put_forward(None)
        if self._listener:
            self.tick()
            self._listener.close()
        self._conductor.close()
        self._sound.close()

    def look_back(self) -> LookBack:
        """How the run compares with earlier ones, and what comes next; takes a moment to read."""
        return self._look_back(self.record)

    def last_answers(self) -> dict[int, float]:
        """What was answered last time to each question, by the index of its phase; takes a moment to read.

        A question that is asked twice has the first answer at first, and then the last one.
        """
        asked = {
            index: Question(phase.measure.key, phase.measure.area, phase.side or "", phase.label)
            for index, phase in enumerate(self.timeline.phases)
            if phase.measure and phase.measure.of_set is None
        }
        readings = self._query_past(tuple(dict.fromkeys(asked.values())), ()).readings
        found: dict[int, float] = {}
        again: set[Question] = set()
        for index, question in asked.items():
            if earlier := readings.get(question):
                found[index] = earlier[-1].last if question in again else earlier[-1].before
            again.add(question)
        return found

    def _note(self, events: list[Event], timeline: Timeline | None = None) -> list[Event]:
        """Record what happened, and let the music follow.

        Args:
            events: What happened.
            timeline: In which timeline; that of the run by default.
        """
        timeline = timeline or self.timeline
        now_ms = self._player.now_ms
        self._recorder.observe(events, now_ms)
        if self._listener:
            # Of the very moment until which time is counted: work never runs ahead of it.
            self._listener.on_progress(timeline, self.record, self._player.snapshot(now_ms))
        if any(isinstance(event, Paused) for event in events):
            self._prepare_resume()
        for event in events:
            self._fade_music(self._music.handle_event(event, timeline))
        return events

    def _compile(self) -> Compiled:
        return self._course.compile_again()

    def _prepare_lines(self, compiled: Compiled) -> None:
        self._candidates = compiled.candidates
        self._has_exact_lengths = not self._sound.prepare(self._candidates)
        self._estimated_from = self._player.index + 1

    def _revise(self) -> None:
        """Compile again with what is known now. Exact lengths may make room for lines that had none."""
        compiled = self._compile()
        self._prepare_lines(compiled)
        unknown = (phase for line, phase in self._candidates.items() if not self._sound.ready([line]))
        self._estimated_from = min(unknown, default=len(compiled.timeline.phases))
        self._conductor.revise(compiled.timeline)
        if self._has_exact_lengths and self.progress()[1]:
            self._pending_notices += _lost_lines_notice(compiled.dropped)


class RunEnvironment(NamedTuple):
    """Replaces the sound and the clock of a run that is not live.

    Attributes:
        open_sound_system: Opens the voice, and the sink for the cues.
        clock: Where *now* comes from.
    """

    open_sound_system: Callable[[SoundOptions, FindSound], SoundSystem]
    clock: Clock


def open_run(  # noqa: PLR0913 - a run is complete when it is opened
    session: Session,
    options: RunOptions,
    library: Library,
    file: Path | None = None,
    environment: RunEnvironment | None = None,
    *,
    starter: RunStarter = start_untracked,
    notices: Iterable[str] = (),
) -> LiveRun:
    """Open a run; takes some tenths of a second, in which nothing else should wait for it.

    Without a voice or a sound device the run is silent, and `LiveRun.refresh` says why.

    Args:
        session: What to run.
        options: How to run it.
        library: Where exercises, phrases and sounds come from.
        file: The session's file; its own sounds are looked for beside it.
        environment: The sound and the clock to use; `None` for those of this computer.
        starter: Decides where it begins and who keeps its record.
        notices: What else the user should know when it begins.
    """
    sound = session_sound(session, options, library, file.parent if file else None)
    sound_system = _open_sound(sound, options, environment)
    seed = random.SystemRandom().randint(0, MAX_SEED) if options.seed is None else options.seed
    # Where nobody speaks nothing is rendered, and what an earlier run left in the cache must not decide lengths.
    speech = EstimatedLengths().speech if options.verbosity == "tones" else sound_system.sound.speech
    lengths = KnownLengths(speech, sound.length_ms)
    context = options.compile_context(session, library, lengths, seed)
    clock = environment.clock if environment else MonotonicClock(options.speed)
    notices = [*library.text_notices(session, file), *notices]
    starter = starting_at(starter, options.first_step)
    return LiveRun(session, context, options, sound_system, clock, starter=starter, notices=notices)


def _open_sound(sound: SessionSound, options: RunOptions, environment: RunEnvironment | None) -> SoundSystem:
    if not options.is_heard:
        return silent_sound_system()
    if environment:
        return environment.open_sound_system(sound.choice, sound.find_sound)
    from timer_app.run.live_sound import (
        open_sound_system,  # numpy and the sound libraries are loaded for runs that are heard
    )

    return open_sound_system(sound.choice, sound.find_sound)


def _lost_lines_notice(dropped: Iterable[DroppedLine]) -> list[str]:
    """A line for the author's own lines that are not said, whose true lengths leave no room for them."""
    lost = list({line.origin: line for line in dropped if line.origin and not line.replacement}.values())
    if not lost:
        return []
    text, more = quoted(lost[0].text), len(lost) - 1
    if not more:
        return [_("{text} is not said, for want of time; `timer-app check` says where.").format(text=text)]
    notice = ngettext(
        "{text} and {count} other line are not said, for want of time; `timer-app check` says where.",
        "{text} and {count} other lines are not said, for want of time; `timer-app check` says where.",
        more,
    )
    return [notice.format(text=text, count=more)]
