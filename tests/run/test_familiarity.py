"""How well a session is known, by its history: full again after a break or a change, the same when a run goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.history.performing import Wall, history
from timer_app.core.player.clock import ManualClock
from timer_app.core.player.states import Command, State
from timer_app.library.library import Library
from timer_app.run.live import LiveRun, RunEnvironment, open_run
from timer_app.run.options import RunOptions
from timer_app.run.sound_system import silent_sound_system
from timer_app.run.tracker import RunTracker

TEXT = """schema = 1
name = "Morning"
cautions = ["Stop if it hurts."]
steps = [{ name = "Squat", hold = "20s", say = "Back on the wall.", sets = 2 }]
"""
DAY_MS = 24 * 3_600_000


class Person:
    """Somebody who does one session again and again, a day apart."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "morning.toml"
        self.file.write_text(TEXT, encoding="utf-8")
        self.clock = ManualClock()
        self.store = history(folder)
        self.tracker = RunTracker(self.store, now=Wall(self.clock))

    def start(self, *, resume: bool = False) -> LiveRun:
        library = Library.default()
        entry = library.find(str(self.file))
        session, _ = library.load(entry)
        cut_off = self.tracker.find_resumable() if resume else None
        options = RunOptions(sound=False, fewer_words=True)
        options = cut_off.restore_options(options) if cut_off else options
        options = self.tracker.resolve_doses(options, session, library.catalogue, entry.id, entry.path)
        environment = RunEnvironment(lambda *_: silent_sound_system(), self.clock)
        starter = self.tracker.starter(entry.id, entry.path, cut_off)
        return open_run(session, options, library, self.file, environment, starter=starter)

    def do(self, times: int = 1) -> None:
        for _ in range(times):
            run = self.start()
            run.send(Command.START)
            while run.state is not State.FINISHED:
                self.clock.advance(400)
                run.tick()
            assert self.tracker.close() == []
            run.close()
            self.clock.advance(DAY_MS)

    def times_done(self) -> int | None:
        run = self.start()
        run.close()
        return run.plan.times_done


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path)


def _said(run: LiveRun) -> set[str]:
    return {line.text for line in run.timeline.spoken_lines()}


def test_the_more_often_a_session_was_done_the_less_is_explained(person: Person) -> None:
    first = person.start()
    assert {"A rising tone begins, a falling tone ends.", "Stop if it hurts.", "Back on the wall."} <= _said(first)
    first.close()
    person.do(3)
    known = person.start()
    assert not {"Stop if it hurts.", "Back on the wall."} & _said(known)
    known.close()


def test_after_a_break_and_after_a_change_of_its_file_a_session_is_as_new(person: Person) -> None:
    person.do(4)
    assert person.times_done() == 4
    person.clock.advance(19 * DAY_MS)
    assert person.times_done() == 4
    person.clock.advance(3 * DAY_MS)
    assert person.times_done() == 0
    person.do(2)
    assert person.times_done() == 2
    person.file.write_text(TEXT.replace("20s", "25s"), encoding="utf-8")
    assert person.times_done() == 0


def test_each_record_changes_the_wordings_and_without_one_they_stay(person: Person) -> None:
    one, same = person.start(), person.start()
    assert one.plan.wording == same.plan.wording
    one.close()
    same.close()
    person.do()
    other = person.start()
    assert other.plan.wording != one.plan.wording
    other.close()


def test_a_run_that_goes_on_is_said_as_it_was_begun(person: Person) -> None:
    person.do(3)
    begun = person.start()
    begun.send(Command.START)
    for _ in range(40):
        person.clock.advance(400)
        begun.tick()
    assert person.tracker.close() == []
    person.clock.advance(60_000)
    resumed = person.start(resume=True)
    assert (resumed.plan.times_done, resumed.plan.wording) == (begun.plan.times_done, begun.plan.wording)
    begun.close()
    resumed.close()


def test_whoever_asks_hears_the_instruction_of_what_is_done_now_or_comes_next(person: Person) -> None:
    person.do(3)
    run = person.start()
    assert run.explain()[1] == "There is nothing to explain before the start or after the end."
    run.send(Command.START)
    told = set()
    while run.state is not State.FINISHED:
        told.add((run.snapshot().phase.kind, run.explain()[1]))
        person.clock.advance(400)
        run.tick()
    asked = {kind for kind, said in told if said == "Back on the wall."}
    assert {"prepare", "work", "rest"} <= asked
    run.close()
