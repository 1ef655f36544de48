"""Variants of exercises in real runs: what the history decides, a key that changes it, and an answer that does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.history.performing import Wall, history
from tests.library_folders import Place
from timer_app.core.player.clock import ManualClock
from timer_app.core.player.states import Command, State
from timer_app.history import Store
from timer_app.run.live import LiveRun, RunEnvironment, open_run
from timer_app.run.options import RunOptions
from timer_app.run.sound_system import silent_sound_system
from timer_app.run.tracker import RunTracker

CATALOGUE = """schema = 1
[exercises.wall-push-up]
name = "Wall push-up"
say = "Lean on the wall."
reps = 3
[exercises.knee-push-up]
name = "Knee push-up"
say = "On your knees."
reps = 2
[exercises.push-up]
name = "Push-up"
say = "Straight from head to heels."
reps = 1
variants = ["wall-push-up", "knee-push-up", "push-up"]
"""
TEXT = """schema = 1
name = "Pushing"
[[steps]]
measure = "effort"
range = "0-10"
then = [{ answer = "8-10", go = "easier" }]
[[steps]]
name = "Plank"
hold = "5s"
[[steps]]
exercise = "knee-push-up"
sets = 2
rest = "5s"
[[steps]]
name = "Plank again"
hold = "5s"
"""


class Person:
    """Somebody who does one session again and again."""

    def __init__(self, folder: Path) -> None:
        self.place = Place(folder)
        self.place.write("push.toml", CATALOGUE, self.place.own_exercises)
        self.file = self.place.write("pushing.toml", TEXT)
        self.clock = ManualClock()
        self.store: Store = history(folder)
        self.tracker = RunTracker(self.store, now=Wall(self.clock))

    def start(self, *, resume: bool = False) -> LiveRun:
        library = self.place.library()
        entry = library.find("pushing")
        session, _ = library.load(entry)
        cut_off = self.tracker.find_resumable() if resume else None
        options = RunOptions(sound=False, growth=True)
        options = cut_off.restore_options(options) if cut_off else options
        options = self.tracker.resolve_doses(options, session, library.catalogue, entry.id)
        environment = RunEnvironment(lambda *_: silent_sound_system(), self.clock)
        starter = self.tracker.starter(entry.id, entry.path, cut_off)
        run = open_run(session, options, library, self.file, environment, starter=starter)
        run.send(Command.START)
        return run

    def until(self, run: LiveRun, label: str, kind: str = "work", number: int = 1) -> None:
        while (run.snapshot().phase.label, run.snapshot().phase.kind, run.snapshot().phase.set) != (
            label,
            kind,
            number,
        ):
            self.go_on(run, 100)
            if run.snapshot().question:
                run.send(Command.ANSWER, value=2)

    def go_on(self, run: LiveRun, ms: int) -> None:
        self.clock.advance(ms)
        run.tick()

    def finish(self, run: LiveRun) -> None:
        while run.state is not State.FINISHED:
            self.go_on(run, 200)
            if run.snapshot().question:
                run.send(Command.ANSWER, value=2)
        self.leave(run)

    def leave(self, run: LiveRun) -> None:
        assert self.tracker.close() == []
        run.close()

    def sets(self) -> list[tuple[str, int, int]]:
        query = "SELECT exercise, reps, done FROM sets ORDER BY record, number"
        return [tuple(row) for row in self.store.query(lambda base: base.execute(query).fetchall())]


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    made = Person(tmp_path)
    yield made
    made.tracker.close()


def _variant(run: LiveRun) -> str:
    return run.timeline.steps[2].name


def test_a_key_makes_the_exercise_easier_from_its_beginning_and_the_next_run_has_it(person: Person) -> None:
    run = person.start()
    person.until(run, "Knee push-up", number=2)
    _, said = run.change_variant(-1)
    assert said == "From now on: Wall push-up."
    person.go_on(run, 100)
    assert (run.snapshot().phase.label, run.snapshot().phase.kind) == ("Wall push-up", "prepare")
    person.finish(run)
    assert person.sets() == [
        ("plank", 0, 1),
        ("knee-push-up", 2, 1),
        ("knee-push-up", 0, 0),
        ("wall-push-up", 3, 1),
        ("wall-push-up", 3, 1),
        ("plank-again", 0, 1),
    ]
    assert _variant(person.start()) == "Wall push-up"


def test_before_the_exercise_the_next_one_is_changed_and_a_pause_stays_one(person: Person) -> None:
    run = person.start()
    person.until(run, "Plank", "prepare")
    run.send(Command.NEXT)
    person.go_on(run, 100)
    run.send(Command.PAUSE)
    run.send(Command.NEXT)
    _, said = run.change_variant(1)
    assert said == "From now on: Push-up."
    assert run.state is State.PAUSED
    assert run.snapshot().phase.label == "Push-up"


def test_where_the_ladder_ends_nothing_changes(person: Person) -> None:
    run = person.start()
    person.until(run, "Knee push-up")
    run.change_variant(1)
    person.go_on(run, 100)
    before = run.timeline
    _, said = run.change_variant(1)
    assert said == "There is no harder variant of Push-up."
    assert run.timeline is before
    person.until(run, "Plank again")
    assert run.change_variant(-1)[1] == "There is no easier variant of Plank again."
    while run.state is not State.FINISHED:
        person.go_on(run, 200)
    assert run.change_variant(1)[1] == "No exercise comes any more."


def test_a_run_that_goes_on_has_the_variant_that_was_chosen_last(person: Person) -> None:
    run = person.start()
    person.until(run, "Knee push-up")
    run.change_variant(-1)
    person.until(run, "Wall push-up", number=2)
    person.leave(run)
    again = person.start(resume=True)
    assert _variant(again) == "Wall push-up"
    assert (again.snapshot().phase.label, again.snapshot().phase.set) == ("Wall push-up", 2)
    assert again.refresh() == []


def test_an_answer_asks_for_an_easier_variant(person: Person) -> None:
    run = person.start()
    while not run.snapshot().question:
        person.go_on(run, 100)
    run.send(Command.ANSWER, value=9)
    assert run.refresh() == ["From now on: Wall push-up."]
    assert _variant(run) == "Wall push-up"
    person.go_on(run, 100)
    assert run.snapshot().phase.label == "Plank"
    person.until(run, "Wall push-up", number=2)
    person.finish(run)
    assert [done for _, _, done in person.sets()] == [1, 1, 1, 1]


def test_while_another_exercise_is_done_it_goes_on_and_only_what_comes_is_changed(person: Person) -> None:
    run = person.start()
    person.until(run, "Plank")
    person.go_on(run, 2_000)
    left_ms = run.snapshot().remaining_ms
    _, said = run.change_variant(-1, seeks=True)
    assert said == "From now on: Wall push-up."
    assert (run.snapshot().phase.label, run.snapshot().remaining_ms) == ("Plank", left_ms)
    person.until(run, "Wall push-up")


def test_two_good_days_lead_to_the_next_variant(person: Person) -> None:
    for _ in range(2):
        person.finish(person.start())
        person.clock.advance(24 * 3_600_000)
    assert _variant(person.start()) == "Push-up"
