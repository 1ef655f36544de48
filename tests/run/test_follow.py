"""A run takes over what is saved in its file while it goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.history.performing import Wall, history
from tests.library_folders import Place
from tests.run.test_live import SlowSpeaker
from tests.run.test_variants import CATALOGUE
from timer_app.core.player.clock import ManualClock
from timer_app.core.player.states import Command, IllegalTransitionError, State
from timer_app.core.timeline import content_text
from timer_app.core.timeline.utterance import Utterance
from timer_app.run.follow import SessionFollower
from timer_app.run.live import LiveRun, RunEnvironment, open_run
from timer_app.run.options import RunOptions
from timer_app.run.sound_system import SoundSystem, silent_sound_system
from timer_app.run.tracker import RunTracker
from timer_app.testing import RecordingSink

LIMIT_S = 15.0
HEAD = 'schema = 1\nname = "Legs"\ndefaults = { prepare = "2s" }\n'
SQUAT = '[[steps]]\nname = "Squat"\nhold = "20s"\nsets = 2\nrest = "30s"\n'
ROW = '[[steps]]\nname = "Row"\nhold = "10s"\n'
PLANK = '[[steps]]\nname = "Plank"\nhold = "10s"\n'
PUSH = '[[steps]]\nexercise = "knee-push-up"\n'


class Gym:
    """Somebody who edits a session while doing it."""

    def __init__(self, folder: Path) -> None:
        self.place, self.clock, self.sink, self.speaker = Place(folder), ManualClock(), RecordingSink(), SlowSpeaker()
        self.place.write("push.toml", CATALOGUE, self.place.own_exercises)
        self.store = history(folder)
        self.tracker = RunTracker(self.store, now=Wall(self.clock), machine_ms=self.clock.now_ms)
        self.library = self.place.library()
        self.options = RunOptions(growth=True)
        self.speaks = False
        self.runs: list[LiveRun] = []

    def save(self, *steps: str) -> Path:
        return self.place.write("legs.toml", HEAD + "".join(steps))

    def start(self, *steps: str) -> LiveRun:
        run = self.open(*steps)
        run.send(Command.START)
        return run

    def open(self, *steps: str) -> LiveRun:
        self.save(*steps)
        self.entry = self.library.find("legs")
        session, _ = self.library.load(self.entry)
        options = self.tracker.resolve_doses(self.options, session, self.library.catalogue, "legs", self.entry.path)
        system = SoundSystem(self.speaker, self.sink) if self.speaks else silent_sound_system()
        environment = RunEnvironment(lambda *_: system, self.clock)
        starter = self.tracker.starter("legs", self.entry.path)
        run = open_run(session, options, self.library, self.entry.path, environment, starter=starter)
        self.runs.append(run)
        self.follower = SessionFollower(run, self.entry, self.library, self.options, self.tracker)
        return run

    def saved(self, run: LiveRun, *steps: str) -> list[str]:
        """Save the session, and let the run look; returns what it says."""
        run.refresh()
        return self.saved_at_once(run, *steps)

    def saved_at_once(self, run: LiveRun, *steps: str) -> list[str]:
        """Save the session again before the run has looked."""
        self.follower.look(frozenset({self.save(*steps)}))
        return run.refresh()

    def until(self, run: LiveRun, label: str, kind: str = "work") -> None:
        while (run.snapshot().phase.label, run.snapshot().phase.kind) != (label, kind):
            self.pass_by(run, 100)

    def pass_by(self, run: LiveRun, ms: int) -> None:
        for _ in range(ms // 100):
            self.clock.advance(100)
            run.refresh()
            run.tick()

    def finish(self, run: LiveRun) -> None:
        while not run.state.is_over:
            self.pass_by(run, 500)
        self.tracker.close()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self.store.query(lambda base: [tuple(row) for row in base.execute(query)])


@pytest.fixture
def gym(tmp_path: Path) -> Iterator[Gym]:
    gym = Gym(tmp_path)
    yield gym
    for run in gym.runs:
        run.close()
    gym.tracker.close()


def test_what_has_not_begun_is_done_as_it_is_saved_and_the_record_has_both(gym: Gym) -> None:
    run = gym.start(SQUAT, ROW)
    gym.until(run, "Squat")
    gym.pass_by(run, 5_000)
    left_ms = run.snapshot().remaining_ms
    assert gym.saved(run, SQUAT, PLANK, ROW) == ["The session was changed: 3 steps left."]
    assert run.snapshot().remaining_ms == left_ms
    gym.until(run, "Plank")
    assert gym.saved(run, ROW) == ["The session was changed: 1 step left."]
    gym.finish(run)
    steps = gym.rows("SELECT name, held_ms, sets, planned_sets FROM steps ORDER BY number")
    assert steps == [("Squat", 40_000, 2, 2), ("Plank", 10_000, 1, 1), ("Row", 10_000, 1, 1)]
    assert gym.rows("SELECT s.name, sets.done FROM sets JOIN steps s ON s.number = sets.step ORDER BY sets.number") == [
        ("Squat", 1),
        ("Squat", 1),
        ("Plank", 1),
        ("Row", 1),
    ]
    assert gym.rows("SELECT text FROM records JOIN texts ON sha256 = text_sha256") == [(HEAD + ROW,)]


def test_the_set_in_progress_counts_by_the_new_version(gym: Gym) -> None:
    run = gym.start(SQUAT, ROW)
    gym.until(run, "Squat")
    gym.pass_by(run, 5_000)
    gym.saved(run, SQUAT.replace("sets = 2", "sets = 3"), ROW)
    assert (run.snapshot().phase.set, run.snapshot().phase.sets) == (1, 3)


def test_what_has_not_begun_is_fitted_again_into_the_time_that_was_asked_for(gym: Gym) -> None:
    spare = PLANK + "priority = 3\n"
    max_ms = gym.open(SQUAT, ROW).timeline.total_ms + 4_000
    gym.options = replace(gym.options, max_ms=max_ms)
    run = gym.start(SQUAT, ROW)
    gym.until(run, "Squat")
    (told,) = gym.saved(run, SQUAT, spare, ROW)
    assert told.startswith("The session was changed: 2 steps left. Left out, so that it takes ")
    assert told.endswith(": Plank.")
    # Words are estimated, and no run is longer than it was said to be.
    assert run.timeline.total_ms <= max_ms
    (told,) = gym.saved(run, SQUAT, spare)
    assert told.startswith("The session was changed: 2 steps left. Nothing is left out any more: it takes ")
    gym.until(run, "Plank")
    (told,) = gym.saved(run, SQUAT, spare.replace("10s", "100s"), ROW)
    assert told.endswith(" now, longer than asked for, without Row.")
    gym.finish(run)
    assert gym.rows("SELECT name, held_ms FROM steps ORDER BY number") == [
        ("Squat", 40_000),
        ("Plank", 10_000),
        ("Row", 0),
    ]


def test_a_session_that_is_saved_as_it_is_changes_nothing(gym: Gym) -> None:
    run = gym.start(SQUAT, ROW)
    gym.until(run, "Squat")
    before = run.timeline
    assert gym.saved(run, "# A remark.\n", SQUAT, ROW) == []
    assert run.timeline is before


def test_a_version_that_is_taken_back_before_it_is_taken_over_changes_nothing(gym: Gym) -> None:
    run = gym.start(SQUAT, ROW)
    gym.until(run, "Squat")
    before = run.timeline
    gym.follower.look(frozenset({gym.save(SQUAT, PLANK)}))
    assert gym.saved_at_once(run, SQUAT, ROW) == []
    assert run.timeline is before


def test_a_broken_file_is_told_once_and_the_run_goes_on_as_it_was(gym: Gym) -> None:
    run = gym.start(SQUAT, ROW)
    gym.until(run, "Squat")
    before = run.timeline
    where = 'legs.toml:11:8: steps[1].hold: "x" is not a duration'
    told = [f"The file has faults now, and the session goes on as it was. {where}"]
    broken = ROW.replace("10s", "x")
    assert gym.saved(run, SQUAT, broken) == told
    assert gym.saved(run, SQUAT, broken, "\n") == []
    assert run.timeline is before
    mended = ["The file has no faults any more; nothing in the session has changed."]
    assert gym.saved(run, SQUAT, ROW) == mended
    gym.entry.path.unlink()
    gym.follower.look(frozenset())
    assert "there is no such file" in run.refresh()[0]
    gym.until(run, "Row")


def test_it_is_said_in_a_silence_that_is_long_enough(gym: Gym) -> None:
    gym.speaks = True
    run = gym.start(SQUAT, ROW)
    gym.until(run, "Squat")
    gym.saved(run, SQUAT, PLANK, ROW)
    said = Utterance("The session was changed: 3 steps left.")
    assert said in gym.speaker.asked
    gym.speaker.render()
    gym.pass_by(run, 8_000)
    heard = [cue for cue in gym.sink.heard if isinstance(cue.content, Utterance)]
    times = {content_text(cue.content): cue.at_ms for cue in heard}
    assert said.text in times
    assert all(abs(times[said.text] - at_ms) >= 1_000 for text, at_ms in times.items() if text != said.text)


def test_where_it_is_never_quiet_it_is_not_said_when_it_is_no_news_any_more(gym: Gym) -> None:
    gym.speaks = True
    run = gym.start(SQUAT, ROW)
    gym.until(run, "Squat")
    gym.saved(run, SQUAT, PLANK, ROW)
    gym.pass_by(run, 25_000)  # it is rendered too late
    gym.speaker.render()
    gym.pass_by(run, 10_000)
    assert not any("was changed" in getattr(cue.content, "text", "") for cue in gym.sink.heard)


def test_a_variant_that_was_chosen_stays_and_others_can_be_chosen_afterwards(gym: Gym) -> None:
    run = gym.start(SQUAT, PUSH, ROW)
    gym.until(run, "Squat")
    run.change_variant(1)
    gym.until(run, "Knee push-up", "prepare")
    run.change_variant(1)
    assert gym.saved(run, PLANK, SQUAT, PUSH, ROW, PLANK) == ["The session was changed: 3 steps left."]
    assert [step.name for step in run.timeline.steps] == ["Plank", "Squat", "Push-up", "Row", "Plank"]
    assert run.timeline.steps[0].is_left_out
    _events, said = run.change_variant(-1)
    assert said == "From now on: Knee push-up."
    assert run.plan.variants["2"] == "knee-push-up"
    gym.finish(run)
    done = [(one.name, one.sets) for one in run.record.steps]
    assert done == [("Plank", 0), ("Squat", 2), ("Knee push-up", 1), ("Row", 1), ("Plank", 1)]


def test_what_is_saved_before_the_start_is_taken_over_at_the_start(gym: Gym) -> None:
    run = gym.open(ROW)
    assert gym.saved(run, ROW, PLANK) == []
    assert [step.name for step in run.timeline.steps] == ["Row"]
    run.send(Command.START)
    assert run.refresh() == ["The session was changed: 2 steps left."]
    assert [step.name for step in run.timeline.steps] == ["Row", "Plank"]


def test_nothing_is_taken_over_after_the_end(gym: Gym) -> None:
    run = gym.start(ROW)
    gym.until(run, "Row")
    run.send(Command.FINISH)
    assert gym.saved(run, ROW, PLANK) == []
    assert run.state is State.FINISHED


def test_a_file_on_the_disk_is_followed_until_the_run_is_closed(gym: Gym) -> None:
    run = gym.start(SQUAT, ROW)
    gym.until(run, "Squat")
    run.follow_file(gym.entry, gym.library, gym.options, gym.tracker)
    assert gym.library.uses(gym.entry) == ()
    end = monotonic() + LIMIT_S
    while not (said := run.refresh()) and monotonic() < end:
        gym.save(SQUAT, PLANK)  # again and again, as it may not have begun yet to watch
        sleep(0.3)
    assert said == ["The session was changed: 2 steps left."]
    run.close()
    assert "file watcher" not in [thread.name for thread in threading.enumerate()]


def test_a_run_that_was_changed_and_cut_off_goes_on_with_its_step(gym: Gym) -> None:
    run = gym.start(SQUAT, ROW)
    gym.until(run, "Squat")
    gym.saved(run, SQUAT, PLANK, ROW)
    gym.until(run, "Plank")
    gym.pass_by(run, 5_000)
    gym.tracker.close()
    offer = gym.tracker.find_resumable()
    assert offer is not None
    assert (offer.step_name, offer.is_file_changed) == ("Plank", True)
    session, _ = gym.library.load(gym.entry)
    environment = RunEnvironment(lambda *_: silent_sound_system(), gym.clock)
    starter = gym.tracker.starter("legs", gym.entry.path, offer)
    options = offer.restore_options(gym.options)
    again = open_run(session, options, gym.library, gym.entry.path, environment, starter=starter)
    gym.runs.append(again)
    assert "The session has changed since; it goes on with the start of Plank." in again.refresh()


def test_a_variant_that_cannot_be_chosen_any_more_changes_nothing(gym: Gym) -> None:
    run = gym.start(PUSH)
    gym.until(run, "Knee push-up", "prepare")
    run.send(Command.FINISH)
    before = run.timeline
    with pytest.raises(IllegalTransitionError):
        run.change_variant(1)
    assert run.timeline is before
    assert run.plan.variants == {"0": "knee-push-up"}


def test_a_session_that_is_put_in_is_followed_too(gym: Gym) -> None:
    other = gym.place.write("warm-up.toml", HEAD + PLANK)
    run = gym.start(SQUAT, '[[steps]]\nsession = "warm-up"\n')
    assert gym.library.uses(gym.entry) == (other,)
    gym.until(run, "Squat")
    other.write_text(HEAD + PLANK + ROW, encoding="utf-8")
    gym.follower.look(frozenset({other}))
    assert run.refresh() == ["The session was changed: 3 steps left."]
    gym.until(run, "Row")
