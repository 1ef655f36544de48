"""The doses of a session, from a real history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.history.performing import MORNING, Performance, history
from timer_app.core.compiler.compile import compile_session
from timer_app.core.player.states import Command
from timer_app.core.session.model import Session
from timer_app.core.timeline.model import Timeline
from timer_app.core.wording.doses import dose_origin_line, dose_text
from timer_app.history import stats
from timer_app.history.store import Store
from timer_app.library.library import Library
from timer_app.run.doses import resolve_doses, todays_doses
from timer_app.run.options import RunOptions

TEXT = """
schema = 1
name = "Growing"
[defaults]
prepare = "2s"
[[steps]]
measure = "pain"
[[steps]]
name = "Wall squat"
hold = "30-60s"
[[steps]]
exercise = "shoulder-circles"
tempo = "free"
sides = "both"
[[steps]]
name = "Breathing"
rounds = "4-6"
flow = [{ name = "in", for = "2s" }, { name = "out", for = "2s" }]
[[steps]]
name = "Fixed"
hold = "10s"
[[steps]]
measure = "pain"
"""


class Person:
    """Somebody who does one session on some days."""

    def __init__(self, folder: Path, text: str = TEXT) -> None:
        file = folder / "growing.toml"
        file.write_text(text, encoding="utf-8")
        self.library = Library.default()
        self.session: Session = self.library.load(self.library.find(str(file)))[0]
        self.store: Store = history(folder)
        self._records = 0

    def doses(self, day: int) -> dict[int, int]:
        found = todays_doses(self.session, self.library.catalogue, self.store, self.day(day))
        return {place: dose.amount for place, dose in found.items()}

    def day(self, day: int) -> date:
        return self._at(day).date()

    def _at(self, day: int) -> datetime:
        return MORNING + timedelta(days=day)

    def plan(self, day: int) -> Timeline:
        lengths = self.library.estimated_lengths("calm", None, {})
        options = RunOptions(growth=True)
        options = resolve_doses(options, self.session, self.library.catalogue, self.store, self.day(day))
        plan = self.library.plan(self.session, lengths)
        return compile_session(self.session, replace(plan, doses=options.doses)).timeline

    def perform(
        self, day: int, before: float = 4, after: float = 3, *, passes_over: str = "", gives_up: str = ""
    ) -> None:
        self._records += 1
        run = Performance(self.store.path, self.plan(day), record_id=f"r{self._records}", start=self._at(day))
        run.send(Command.START)
        asked = [before, after]
        while not run.conductor.player.state.is_over:
            phase = run.conductor.snapshot().phase
            if phase.measure:
                run.send(Command.ANSWER, value=asked.pop(0))
            elif phase.kind == "work" and phase.label == gives_up:
                run.send(Command.ABORT)
            elif phase.kind == "work" and phase.label == passes_over:
                run.send(Command.NEXT)
            elif phase.self_paced:
                run.send(Command.COUNT_REP)
            else:
                run.after(1_000)
        run.close()


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path)


def test_without_a_history_every_range_is_at_its_low_end(person: Person) -> None:
    assert person.doses(0) == {1: 30_000, 2: 10, 3: 4}


def test_a_completed_session_raises_every_range_the_next_day(person: Person) -> None:
    person.perform(0)
    assert person.doses(0) == {1: 30_000, 2: 10, 3: 4}
    assert person.doses(1) == {1: 33_000, 2: 11, 3: 5}
    person.perform(1)
    assert person.doses(2) == {1: 36_000, 2: 12, 3: 6}


@pytest.mark.parametrize("name", ["{reps} wall slides", "Slides, {sets} of {{{reps}}}", "{reps}"])
def test_an_exercise_whose_name_tells_its_dose_grows_and_stays_one_exercise(tmp_path: Path, name: str) -> None:
    text = f'schema = 1\nname = "Slides"\n[[steps]]\nname = "{name}"\nreps = "8-12"\ntempo = "1-1"\nsets = 2\n'
    person = Person(tmp_path, text)
    for day, reps in enumerate((8, 9, 10)):
        assert person.doses(day) == {0: reps}
        person.perform(day)
    (done,) = person.store.query(stats.exercises)
    assert done.reps == 2 * (8 + 9 + 10)


def test_the_steps_of_a_timeline_have_the_doses_and_say_why(person: Person) -> None:
    person.perform(0)
    steps = person.plan(2).steps
    assert [(dose_text(step.dose), dose_origin_line(step)) for step in steps if step.dose_origin] == [
        ("33 s", "Wall squat: 33 s today (+3 s since Monday)"),
        ("11 reps", "Shoulder circles: 11 reps today (+1 rep since Monday)"),
        ("5 rounds", "Breathing: 5 rounds today (+1 round since Monday)"),
    ]


def test_a_step_that_was_passed_over_does_not_grow(person: Person) -> None:
    person.perform(0, passes_over="Wall squat")
    assert person.doses(1) == {1: 30_000, 2: 11, 3: 5}


def test_a_session_that_was_given_up_raises_nothing(person: Person) -> None:
    person.perform(0, gives_up="Fixed")
    assert person.doses(1) == {1: 30_000, 2: 10, 3: 4}


def test_more_pain_takes_every_dose_back(person: Person) -> None:
    person.perform(0)
    person.perform(1)
    person.perform(2, before=3, after=5)
    assert person.doses(3) == {1: 33_000, 2: 11, 3: 5}


def test_an_exercise_is_followed_by_its_name_and_kind_across_sessions(person: Person) -> None:
    person.perform(0)
    other = person.session.model_copy(update={"steps": person.session.steps[1:3]})
    found = todays_doses(other, person.library.catalogue, person.store, person.day(1))
    assert {place: dose.amount for place, dose in found.items()} == {0: 33_000, 1: 11}


def test_a_level_that_was_asked_for_or_no_growth_leaves_doses_alone(person: Person) -> None:
    for options in (RunOptions(growth=True, level=0.5), RunOptions(growth=False)):
        found = resolve_doses(options, person.session, person.library.catalogue, person.store, person.day(0))
        assert found == options


def test_a_history_that_cannot_be_read_begins_anew(person: Person) -> None:
    person.store.path.parent.mkdir()
    person.store.path.write_bytes(b"junk" * 5_000)
    assert person.doses(0) == {1: 30_000, 2: 10, 3: 4}


LISTED = 'schema = 1\nname = "Listed"\n[[steps]]\nname = "Plank"\nhold = ["20-24s", "30s", "40-60s"]\nrest = "2s"\n'


def test_every_range_of_a_list_grows_by_itself(tmp_path: Path) -> None:
    person = Person(tmp_path, LISTED)

    def amounts(day: int) -> tuple[int, ...]:
        return todays_doses(person.session, person.library.catalogue, person.store, person.day(day))[0].amounts

    assert amounts(0) == (20_000, 30_000, 40_000)
    for day in range(3):
        person.perform(day)
    assert amounts(3) == (24_000, 30_000, 46_000)
    (step,) = person.plan(3).steps
    assert dose_text(step.dose) == "24 s, 30 s, 46 s"
    assert dose_origin_line(step) == "Plank: 24 s, 30 s, 46 s today (+2 s since yesterday)"


def test_a_list_says_what_each_of_its_sets_grows_to(tmp_path: Path) -> None:
    (step,) = Person(tmp_path, LISTED).plan(0).steps
    assert dose_origin_line(step) == "Plank: 20 s, 30 s, 40 s today (first time, goal 24 s, 30 s, 1:00)"


def test_as_much_as_one_can_is_no_time_of_zero(tmp_path: Path) -> None:
    (step,) = Person(tmp_path, LISTED.replace('"40-60s"', '"max"')).plan(0).steps
    assert dose_origin_line(step) == "Plank: 20 s, 30 s, max today (first time, goal 24 s, 30 s, max)"


LOADED = """
schema = 1
name = "Loaded"
[[steps]]
name = "Press"
reps = "2-3"
tempo = "1-1"
load = "20 kg"
increment = "2.5 kg"
"""


def _loaded(person: Person, day: int) -> tuple[str, str]:
    (step,) = person.plan(day).steps
    return dose_text(step.dose), dose_origin_line(step).removeprefix("Press: ")


def test_a_load_grows_when_the_reps_are_at_their_high_end_and_they_begin_anew(tmp_path: Path) -> None:
    person = Person(tmp_path, LOADED)
    grown = []
    for day in range(5):
        grown.append(_loaded(person, day))
        person.perform(day)
    assert grown == [
        ("2 reps, 20 kg", "2 reps, 20 kg today (first time, goal 3 reps, then up by 2.5 kg)"),
        ("3 reps, 20 kg", "3 reps, 20 kg today (+1 rep since yesterday)"),
        ("2 reps, 22.5 kg", "2 reps, 22.5 kg today (+2.5 kg since yesterday)"),
        ("3 reps, 22.5 kg", "3 reps, 22.5 kg today (+1 rep since yesterday)"),
        ("2 reps, 25 kg", "2 reps, 25 kg today (+2.5 kg since yesterday)"),
    ]


def test_a_load_goes_back_after_a_break_and_stays_where_a_set_was_passed_over(tmp_path: Path) -> None:
    person = Person(tmp_path, LOADED.replace('"2-3"', "2"))
    person.perform(0)
    person.perform(1, passes_over="Press")
    assert _loaded(person, 2) == ("2 reps, 22.5 kg", "2 reps, 22.5 kg today (+2.5 kg since Monday)")
    assert _loaded(person, 17) == ("2 reps, 20 kg", "2 reps, 20 kg today (as on 2 March after a break of 17 days)")


def test_a_range_of_loads_ends_at_its_high_end(tmp_path: Path) -> None:
    person = Person(tmp_path, LOADED.replace('"2-3"', "2").replace('"20 kg"', '"20-24 kg"'))
    for day in range(4):
        person.perform(day)
    assert _loaded(person, 4)[0] == "2 reps, 24 kg"


def test_the_loads_of_a_list_grow_set_by_set(tmp_path: Path) -> None:
    text = LOADED.replace('"2-3"', "[2, 1]").replace('"20 kg"', '["20 kg", "30 kg"]')
    person = Person(tmp_path, text)
    person.perform(0)
    assert _loaded(person, 1)[0] == "2, 1 reps, 22.5 kg / 32.5 kg"
