"""A run from compiling to closing: what it needs is there in time, and nothing it lacks stops it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from itertools import pairwise
from typing import Any
from unittest.mock import Mock

import pytest

from tests.library_folders import Place, write_wav
from timer_app.core.compiler.compile import CompileContext
from timer_app.core.player.events import Event, Finished, PhaseStarted
from timer_app.core.player.states import Command, IllegalTransitionError, State
from timer_app.core.session.model import Session
from timer_app.core.timeline import CueContent, content_text
from timer_app.core.timeline.utterance import KnownLengths, SpeechTiming, Utterance
from timer_app.core.training import EarlierResults, Question, Reading
from timer_app.library import phrases as phrase_book
from timer_app.library.library import Library
from timer_app.run.live import LiveRun, RunEnvironment, open_run
from timer_app.run.options import RunDefaults, RunOptions
from timer_app.run.plan import RunStart
from timer_app.run.sound_system import FindSound, SilentSound, SoundOptions, SoundSystem, silent_sound_system
from timer_app.testing import ManualClock, RecordingSink

STEPS: list[dict[str, Any]] = [
    {"name": "Squat", "say": "Lean on the wall and slide down.", "hold": "20-40s"},
    {"rest": "90s"},
    {"name": "Row", "reps": 2, "say": "Pull your elbows back."},
]
OPTIONS = RunOptions(seed=1, open_steps_ms=None)


def _session(*steps: dict[str, Any], **more: Any) -> Session:
    return Session.model_validate({"schema": 1, "name": "Test", "steps": list(steps or STEPS), **more})


class SlowSpeaker:
    """Renders a line only when told to; until then a line counts as ten seconds long, then as one."""

    def __init__(self) -> None:
        self.asked: list[Utterance] = []
        self.rendered: set[Utterance] = set()
        self.reported: list[str] = []
        self.volume: int | None = None
        self.muted: bool | None = None
        self.closed = False
        self.is_heard = True

    def render(self, count: int | None = None) -> None:
        waiting = [line for line in self.asked if line not in self.rendered]
        self.rendered.update(waiting[:count])

    def speech(self, line: Utterance, /) -> SpeechTiming:
        return SpeechTiming(1_000 if line in self.rendered else 10_000, 50)

    def prepare(self, lines: Iterable[Utterance]) -> bool:
        self.asked = list(dict.fromkeys([*lines, *self.asked]))
        return not self.ready(self.asked)

    def ready(self, lines: Iterable[Utterance]) -> bool:
        return self.rendered.issuperset(lines)

    def preload(self, cues: Iterable[CueContent]) -> None:
        pass

    @property
    def progress(self) -> tuple[int, int]:
        return len(self.rendered), len(self.asked)

    def notices(self) -> list[str]:
        return self.reported

    def set_volume(self, percent: int) -> None:
        self.volume = percent

    def set_muted(self, muted: bool) -> None:
        self.muted = muted

    def set_music_level(self, level: float, fade_ms: int, at_ms: float) -> None:
        pass

    def prepare_change(self, choice: SoundOptions, find_sound: FindSound) -> None:
        pass

    def close(self) -> None:
        self.closed = True


class CachedSpeaker(SlowSpeaker):
    """Has rendered every line in an earlier run."""

    def speech(self, _line: Utterance, /) -> SpeechTiming:
        return SpeechTiming(1_000, 50)


class Set:
    """A stage with a slow speaker, a sink that notes what it is asked, and a clock moved by hand."""

    def __init__(
        self, session: Session | None = None, options: RunOptions = OPTIONS, notices: Iterable[str] = ()
    ) -> None:
        self.speaker, self.clock, self.sink = SlowSpeaker(), ManualClock(), RecordingSink()
        session = session or _session()
        plan = CompileContext({}, phrase_book.phrases("en"), KnownLengths(self.speaker.speech, lambda _: 100))
        sound_system = SoundSystem(self.speaker, self.sink)
        self.live_run = LiveRun(session, plan, options, sound_system, self.clock, notices=notices)

    def render_all(self) -> None:
        """Render until nothing more is asked for."""
        while len(self.speaker.rendered) < len(self.speaker.asked):
            self.speaker.render()
            self.live_run.is_ready()
            self.live_run.refresh()

    def run(self, seconds: float) -> list[Event]:
        reported: list[Event] = []
        for _ in range(int(seconds * 10)):
            self.clock.advance(100)
            events = self.live_run.tick()
            reported += events
        return reported


def _prepare_ms(live_run: LiveRun) -> int | None:
    return next(phase.duration_ms for phase in live_run.timeline.phases if phase.kind == "prepare")


def test_a_run_is_ready_when_the_lines_of_its_first_seconds_are_rendered() -> None:
    made = Set()
    assert not made.live_run.is_ready()
    made.speaker.render(len(made.speaker.asked) - 3)
    while not made.live_run.is_ready():
        made.speaker.render(1)
    done, asked = made.live_run.progress()
    assert done < asked


def test_the_first_lines_are_rendered_first() -> None:
    asked = [line.text for line in Set().speaker.asked]
    assert (
        asked.index("Test.") < asked.index("Lean on the wall and slide down.") < asked.index("Pull your elbows back.")
    )


def test_true_lengths_are_taken_over_before_the_start() -> None:
    made = Set()
    estimated_ms = _prepare_ms(made.live_run)
    made.render_all()
    assert made.live_run.is_ready()
    assert estimated_ms is not None
    assert (_prepare_ms(made.live_run) or 0) < estimated_ms


def test_nothing_is_compiled_again_while_nothing_new_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Set(_session(*STEPS, {"rest": "5m"}, {"say": "Well done, that was all of it."}))
    while not made.live_run.is_ready():
        made.speaker.render(1)
    before = made.live_run.timeline
    monkeypatch.setattr(made.live_run, "_compile", lambda: pytest.fail("compiled again"))
    assert made.live_run.is_ready()
    assert made.live_run.timeline is before


def test_true_lengths_are_taken_over_in_mid_run_and_the_phases_stay_the_same() -> None:
    made = Set()
    while not made.live_run.is_ready():
        made.speaker.render(1)
    made.live_run.send(Command.START)
    made.run(5)
    before, index = made.live_run.timeline, made.live_run.snapshot().index
    made.render_all()
    made.live_run.refresh()
    after = made.live_run.timeline
    assert after is not before
    assert [(phase.kind, phase.label) for phase in after.phases] == [
        (phase.kind, phase.label) for phase in before.phases
    ]
    assert made.live_run.snapshot().index == index


def _phase_starts(*, lines_a_second: float) -> list[tuple[int, float]]:
    """When each phase of a long run begins while so many lines a second are rendered beside it."""
    steps = [{"name": f"Exercise {number}", "say": f"Do number {number}.", "hold": "20s"} for number in range(12)]
    made = Set(_session(*steps))
    while not made.live_run.is_ready():
        made.speaker.render(1)
    made.live_run.send(Command.START)
    begun: list[tuple[int, float]] = []
    due = 0.0
    while made.live_run.state is State.RUNNING:
        due += lines_a_second / 10
        if due >= 1:
            made.speaker.render(int(due))
            due -= int(due)
        made.live_run.refresh()
        begun += [(event.index, made.clock.now_ms()) for event in made.run(0.1) if isinstance(event, PhaseStarted)]
    return begun


def test_a_run_is_the_same_whether_its_lines_are_there_or_hardly_ahead_of_it() -> None:
    there = _phase_starts(lines_a_second=10_000)
    assert len(there) > 20
    assert _phase_starts(lines_a_second=0.7) == there


def test_lines_that_may_come_to_fit_by_their_true_length_are_rendered_from_the_start() -> None:
    made = Set(
        _session(
            {
                "name": "A",
                "hold": "30s",
                "cues": [{"at": "5s", "say": "Ten by estimate."}, {"at": "8s", "say": "Late."}],
            }
        )
    )
    assert Utterance("Late.") not in set(made.live_run.timeline.spoken_lines())
    assert Utterance("Late.") in made.speaker.asked


def test_a_run_goes_from_its_start_to_its_end() -> None:
    made = Set()
    made.render_all()
    assert made.live_run.is_ready()
    made.live_run.send(Command.START)
    reported = made.run(made.live_run.timeline.total_ms / 1_000 + 1)
    assert [event.index for event in reported if isinstance(event, PhaseStarted)] == list(
        range(1, len(made.live_run.timeline.phases))
    )
    assert isinstance(reported[-1], Finished)
    assert made.live_run.state is State.FINISHED


def test_a_voice_that_fails_in_mid_run_is_told_once_and_time_goes_on() -> None:
    made = Set()
    while not made.live_run.is_ready():
        made.speaker.render(1)
    made.live_run.send(Command.START)
    made.run(3)
    made.speaker.reported = ["No voice: it broke down"]
    assert made.live_run.refresh() == ["No voice: it broke down"]
    assert made.live_run.refresh() == []
    made.speaker.reported.append("No sound: the device is gone")
    assert made.live_run.refresh() == ["No sound: the device is gone"]
    made.speaker.reported += ["The sound is back.", "No sound: the device is gone"]
    assert made.live_run.refresh() == ["The sound is back.", "No sound: the device is gone"]
    assert made.live_run.refresh() == []
    reported = made.run(400)
    assert isinstance(reported[-1], Finished)


@pytest.mark.parametrize(
    ("run", "own", "usual", "seconds"),
    [(None, None, 0.0, 20), (None, None, 0.5, 30), (None, 1.0, 0.5, 40), (0.0, 1.0, 0.5, 20), (0.25, 1.0, 0.5, 25)],
)
def test_the_level_is_that_of_the_run_else_of_the_session_else_the_usual_one(
    run: float | None, own: float | None, usual: float, seconds: int, place: Place
) -> None:
    session = _session(**({} if own is None else {"level": own}))
    options = RunOptions(level=run, defaults=RunDefaults(level=usual), sound=False)
    live_run = open_run(session, options, place.library())
    hold = next(phase for phase in live_run.timeline.phases if phase.kind == "work")
    live_run.close()
    assert hold.duration_ms == seconds * 1_000


def _silent(place: Place, *steps: dict[str, Any], **options: Any) -> LiveRun:
    return open_run(_session(*steps), RunOptions(sound=False, **options), place.library())


CROWDED = {"name": "Squat", "hold": "9s", "cues": [{"at": "3s", "say": "Breathe out."}]}


def test_a_line_for_which_the_estimate_leaves_no_room_is_rendered_and_said_once_its_length_is_known() -> None:
    made = Set(_session(CROWDED))
    said = Utterance("Breathe out.")
    assert said not in set(made.live_run.timeline.spoken_lines())
    made.render_all()
    assert said in set(made.live_run.timeline.spoken_lines())
    assert made.live_run.refresh() == []


def test_lines_that_are_not_said_are_named_once_their_lengths_are_known() -> None:
    cues = [{"at": "8s", "say": "Breathe out."}, {"at": "8s", "say": "And in."}]
    made = Set(_session({**CROWDED, "cues": cues}))
    assert made.live_run.refresh() == []
    made.speaker.render()
    made.live_run.is_ready()
    assert made.live_run.refresh() == [
        '"Breathe out." and 1 other line are not said, for want of time; `timer-app check` says where.'
    ]
    assert made.live_run.refresh() == []


def test_with_tones_alone_a_run_is_the_same_whatever_the_cache_has(place: Place) -> None:
    steps = [{"say": "A welcome of some words."}, *STEPS]
    totals = set()
    for is_cached in (False, True):
        speaker = CachedSpeaker() if is_cached else SlowSpeaker()
        sound_system = SoundSystem(speaker, RecordingSink())
        environment = RunEnvironment(Mock(return_value=sound_system), ManualClock())
        options = RunOptions(seed=1, verbosity="tones")
        with closing(open_run(_session(*steps), options, place.library(), environment=environment)) as live_run:
            totals.add(live_run.timeline.total_ms)
    assert len(totals) == 1


def test_a_silent_run_is_ready_at_once_and_has_nothing_to_say_about_it(place: Place) -> None:
    live_run = _silent(place)
    assert live_run.is_ready()
    assert (live_run.progress(), live_run.refresh()) == ((0, 0), [])
    live_run.set_volume(30)
    live_run.set_muted(True)
    live_run.close()


def test_a_desk_without_sound_says_why_once() -> None:
    plan = CompileContext({}, phrase_book.phrases("en"), KnownLengths(SlowSpeaker().speech, lambda _: 0))
    live_run = LiveRun(_session(), plan, OPTIONS, silent_sound_system("No sound: nothing to play on"), ManualClock())
    assert live_run.refresh() == ["No sound: nothing to play on"]
    assert live_run.refresh() == []


def test_a_fast_run_makes_no_sound() -> None:
    assert RunOptions(speed=4.0).is_heard
    assert not RunOptions(speed=4.1).is_heard
    assert not RunOptions(sound=False).is_heard


def test_where_nobody_can_answer_open_steps_end_by_themselves(place: Place) -> None:
    steps: list[dict[str, Any]] = [
        {"wait": "Fetch a mat."},
        {"measure": "pain"},
        {"name": "A", "hold": 5, "overrun": True},
    ]
    assert any(phase.is_open for phase in _silent(place, *steps).timeline.phases)
    closed = _silent(place, *steps, open_steps_ms=7_000).timeline
    assert [phase.duration_ms for phase in closed.phases if phase.kind in {"wait", "measure"}] == [7_000, 7_000]
    assert not any(phase.is_open for phase in closed.phases)


def test_the_same_seed_shuffles_alike_and_no_seed_anew(place: Place) -> None:
    block = {"shuffle": True, "rounds": 9, "rest": 0, "steps": [{"name": name, "hold": 5} for name in "ABCDEF"]}

    def order(seed: int | None) -> tuple[str, ...]:
        return tuple(phase.label for phase in _silent(place, block, seed=seed).timeline.phases)

    assert order(7) == order(7)
    assert len({order(None) for _ in range(3)}) == 3


@pytest.mark.parametrize(("asked", "percent"), [(30, 30), (-5, 0), (250, 100)])
def test_the_volume_stays_between_0_and_100(asked: int, percent: int) -> None:
    made = Set()
    made.live_run.set_volume(asked)
    assert (made.live_run.volume, made.speaker.volume) == (percent, percent)


def test_muting_reaches_the_speaker() -> None:
    made = Set()
    assert not made.live_run.muted
    made.live_run.set_muted(True)
    assert (made.live_run.muted, made.speaker.muted) == (True, True)


def test_closing_gives_back_voice_and_device() -> None:
    made = Set()
    made.live_run.close()
    assert (made.speaker.closed, made.sink.closed) == (True, True)


def test_texts_on_the_stage_are_shown_as_they_are_meant() -> None:
    live_run = Set(_session(name="Set {{1}}", cautions=["Stop {{now}}."], language="de")).live_run
    assert (live_run.timeline.name, live_run.cautions, live_run.plan.language) == ("Set {1}", ("Stop {now}.",), "de")


def test_the_record_sees_what_is_told() -> None:
    made = Set()
    made.render_all()
    made.live_run.send(Command.START)
    made.run(made.live_run.timeline.total_ms / 1_000 + 1)
    assert made.live_run.record.ending == "finished"


def test_a_refused_command_leaves_the_stage_as_it_is() -> None:
    made = Set()
    with pytest.raises(IllegalTransitionError):
        made.live_run.send(Command.RESUME)
    assert made.live_run.state is State.READY


def test_lines_of_a_run_never_overlap_as_they_are_heard() -> None:
    made = Set()
    made.render_all()
    made.live_run.send(Command.START)
    made.run(made.live_run.timeline.total_ms / 1_000 + 1)
    spoken = [cue for cue in made.sink.heard if isinstance(cue.content, Utterance)]
    assert len(spoken) > 10
    assert all(before.at_ms + 1_000 <= after.at_ms for before, after in pairwise(spoken))


def test_a_theme_of_the_run_goes_before_that_of_the_session(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    found = Library.find_sound

    def note(library: Library, sound: str, theme: str, beside: Any = None, own: Any = None) -> Any:
        asked.append(theme)
        return found(library, sound, theme, beside, own)

    monkeypatch.setattr(Library, "find_sound", note)
    _silent(place, sound_theme="loud")
    assert set(asked) == {"loud"}


def test_files_take_the_place_of_sounds_and_those_of_the_user_go_first(place: Place) -> None:
    write_wav(place.own / "session.wav", 70)
    write_wav(place.sounds / "mine.wav", 90)
    session = _session(sound={"sounds": {"start": "session.wav", "end": "session.wav"}})
    options = RunOptions(seed=1, sound=False, sounds={"end": str(place.sounds / "mine.wav")})
    live_run = open_run(session, options, place.library(), place.own / "test.toml")
    cues = [cue for phase in live_run.timeline.phases for cue in phase.cues]
    assert {cue.length_ms for cue in cues if cue.text == "start"} == {70}
    assert {cue.length_ms for cue in cues if cue.text == "end"} == {90}
    live_run.close()


def test_a_run_with_tones_alone_says_nothing_and_has_nothing_to_render() -> None:
    options = RunOptions(seed=1, sound=False, verbosity="tones")
    live_run = open_run(_session(), options, Library.default())
    assert list(live_run.timeline.spoken_lines()) == []
    assert any(cue.text == "start" for phase in live_run.timeline.phases for cue in phase.cues)
    live_run.close()


@pytest.mark.parametrize(
    ("speed", "breath_tones", "heard"), [(1.0, True, True), (1.0, False, False), (2.0, True, False)]
)
def test_breath_tones_sound_at_the_true_speed_where_they_are_wanted(
    speed: float, breath_tones: bool, heard: bool
) -> None:
    breath = {"name": "Breath", "rounds": 1, "flow": [{"name": "In", "for": "4s", "breath": "in"}]}
    options = RunOptions(seed=1, sound=False, speed=speed, breath_tones=breath_tones)
    live_run = open_run(_session(breath), options, Library.default())
    sounds = {cue.text for phase in live_run.timeline.phases for cue in phase.cues if cue.kind == "sound"}
    assert ("breath-in@4000" in sounds) is heard
    live_run.close()


def test_what_came_up_before_the_run_is_told_once() -> None:
    made = Set(notices=["A file is left out."])
    made.speaker.reported.append("No voice.")
    assert [made.live_run.refresh(), made.live_run.refresh()] == [["A file is left out.", "No voice."], []]


def test_whether_anything_is_heard_follows_the_one_who_speaks() -> None:
    made = Set()
    heard = [made.live_run.is_heard]
    made.speaker.is_heard = False
    assert [*heard, made.live_run.is_heard, SilentSound().is_heard] == [True, False, False]


def test_what_is_said_after_a_pause_is_rendered_during_it() -> None:
    made = Set()
    made.render_all()
    made.live_run.send(Command.START)
    while made.live_run.snapshot().phase.kind != "work":
        made.run(1)
    made.run(2)
    before = set(made.speaker.asked)
    made.live_run.send(Command.PAUSE)
    left = [line.text for line in made.speaker.asked if line not in before]
    assert [text for text in left if text.endswith("seconds left.")] == left[-1:]
    made.render_all()
    made.sink.calls.clear()
    made.live_run.send(Command.RESUME)
    made.run(8)
    assert left[-1] in [content_text(cue.content) for cue in made.sink.heard]


def test_last_time_s_answers_go_to_the_same_questions_the_second_asking_of_one_has_its_last_answer(
    place: Place,
) -> None:
    pain, reach = {"measure": "pain"}, {"measure": "reach", "unit": "cm", "sides": "each"}
    readings = {
        Question("pain", "", ""): [Reading(9.0), Reading(6.0, 2.0)],
        Question("reach", "", "left"): [Reading(12.5)],
    }
    start = RunStart(query_past=lambda _questions, _steps: EarlierResults(readings))
    session = _session(pain, reach, pain)
    live_run = open_run(session, RunOptions(sound=False), place.library(), starter=lambda _plan: start)
    phases = live_run.timeline.phases
    asked = {index: (phase.label, phase.side) for index, phase in enumerate(phases) if phase.measure}
    assert [(asked[index], value) for index, value in live_run.last_answers().items()] == [
        (("Pain", None), 6.0),
        (("Reach", "left"), 12.5),
        (("Pain", None), 2.0),
    ]
