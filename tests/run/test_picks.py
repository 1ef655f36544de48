"""What is chosen by chance, with a real history: not what was done the last time, and the same when a run goes on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.history.performing import Wall, history
from timer_app.core.player.clock import ManualClock
from timer_app.core.player.states import Command, State
from timer_app.history import Store
from timer_app.library.library import Library
from timer_app.run.live import LiveRun, RunEnvironment, open_run
from timer_app.run.options import RunOptions
from timer_app.run.sound_system import silent_sound_system
from timer_app.run.tracker import RunTracker

TEXT = """schema = 1
name = "Some of all"
[defaults]
prepare = "1s"
[[steps]]
pick = 2
steps = [
  { name = "A", hold = "5s" }, { name = "B", hold = "5s" }, { name = "C", hold = "5s" },
  { name = "D", hold = "5s" }, { name = "E", hold = "5s" },
]
[[steps]]
name = "Last"
hold = "60s"
priority = 3
"""


class Person:
    """Somebody who does one session again and again."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "some.toml"
        self.file.write_text(TEXT, encoding="utf-8")
        self.clock = ManualClock()
        self.store: Store = history(folder)
        self.tracker = RunTracker(self.store, now=Wall(self.clock))

    def start(self, options: RunOptions | None = None, *, resume: bool = False) -> LiveRun:
        library = Library.default()
        entry = library.find(str(self.file))
        session, _ = library.load(entry)
        cut_off = self.tracker.find_resumable() if resume else None
        options = options or RunOptions(sound=False)
        options = cut_off.restore_options(options) if cut_off else options
        options = self.tracker.resolve_doses(options, session, library.catalogue, entry.id)
        environment = RunEnvironment(lambda *_: silent_sound_system(), self.clock)
        starter = self.tracker.starter(entry.id, entry.path, cut_off)
        run = open_run(session, options, library, self.file, environment, starter=starter)
        run.send(Command.START)
        return run

    def go_on(self, run: LiveRun, ms: int = 10**9) -> None:
        while ms > 0 and run.state is not State.FINISHED:
            self.clock.advance(400)
            ms -= 400
            run.tick()

    def leave(self, run: LiveRun) -> None:
        assert self.tracker.close() == []
        run.close()

    def perform(self) -> tuple[str, ...]:
        run = self.start()
        self.go_on(run)
        self.leave(run)
        return run.timeline.picked


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    made = Person(tmp_path)
    yield made
    made.tracker.close()


def test_what_was_done_the_last_time_is_not_chosen_again(person: Person) -> None:
    picks = [person.perform() for _ in range(5)]
    for before, after in pairwise(picks):
        assert not set(before) & set(after)


def test_what_is_shown_before_a_run_is_what_the_run_does(person: Person) -> None:
    person.perform()
    shown = [person.start(RunOptions(sound=False)).timeline.picked for _ in range(3)]
    assert len(set(shown)) == 1


def test_a_run_that_goes_on_has_what_was_chosen_at_its_start(person: Person) -> None:
    person.perform()
    run = person.start()
    person.go_on(run, 12_000)
    person.leave(run)
    assert person.start(resume=True).timeline.picked == run.timeline.picked


def test_a_run_cut_short_for_time_goes_on_without_what_was_left_out(person: Person) -> None:
    run = person.start(RunOptions(sound=False, max_ms=40_000))
    assert "Last" not in {phase.label for phase in run.timeline.phases}
    (notice,) = run.refresh()
    assert notice.startswith("Left out, so that it takes ")
    assert notice.endswith("Last.")
    person.go_on(run, 12_000)
    person.leave(run)
    again = person.start(resume=True)
    assert [phase.label for phase in again.timeline.phases] == [phase.label for phase in run.timeline.phases]


def test_without_a_history_the_day_decides(person: Person) -> None:
    person.store.path.parent.mkdir(parents=True, exist_ok=True)
    person.store.path.write_bytes(b"no database")
    assert person.start().timeline.picked == person.start().timeline.picked
