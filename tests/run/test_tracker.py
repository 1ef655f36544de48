"""Runs of real sessions are written down, and taken up again where they were cut off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.history.performing import Wall, history
from timer_app.core.player.clock import ManualClock
from timer_app.core.player.states import Command, State
from timer_app.core.timeline.dose import Dose
from timer_app.core.training.progression import ResolvedDose
from timer_app.history.database import open_to_write
from timer_app.history.store import Store
from timer_app.library.library import Library
from timer_app.run import tracker
from timer_app.run.live import LiveRun, RunEnvironment, open_run
from timer_app.run.options import RunOptions
from timer_app.run.sound_system import silent_sound_system
from timer_app.run.tracker import RunTracker

TEXT = """
schema = 1
name = "Mixed"
[defaults]
prepare = "2s"
[[steps]]
name = "Wall squat"
hold = "20-40s"
[[steps]]
name = "Curl"
reps = 4
tempo = "1-1"
[[steps]]
name = "Push-up"
reps = 5
tempo = "free"
[[steps]]
shuffle = true
rounds = 2
steps = [{ name = "A", hold = "5s" }, { name = "B", hold = "5s" }, { name = "C", hold = "5s" }]
"""


class House:
    """A user with one session, who starts runs and has them cut off."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "mixed.toml"
        self.file.write_text(TEXT, encoding="utf-8")
        self.clock = ManualClock()
        self.store: Store = history(folder)
        self.diary = RunTracker(self.store, now=Wall(self.clock), machine_ms=self.clock.now_ms)

    def start(self, options: RunOptions | None = None, *, resume: bool = False) -> LiveRun:
        sessions = Library.default()
        entry = sessions.find(str(self.file))
        session, _ = sessions.load(entry)
        offer = self.diary.find_resumable() if resume else None
        assert (offer is not None) == resume
        options = options or RunOptions(sound=False)
        if offer:
            options = offer.restore_options(options)
        environment = RunEnvironment(lambda *_: silent_sound_system(), self.clock)
        starter = self.diary.starter(entry.id, entry.path, offer)
        live_run = open_run(session, options, sessions, self.file, environment, starter=starter)
        live_run.send(Command.START)
        return live_run

    def pass_by(self, live_run: LiveRun, ms: int) -> None:
        while ms > 0:
            self.clock.advance(min(400, ms))
            ms -= 400
            live_run.tick()

    def until(self, live_run: LiveRun, label: str, kind: str = "work") -> None:
        while (live_run.snapshot().phase.label, live_run.snapshot().phase.kind) != (label, kind):
            self.pass_by(live_run, 100)

    def cut_off(self, live_run: LiveRun) -> None:
        """End a run as a killed program does: without a word."""
        assert self.diary.close() == []
        live_run.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.diary.close()


def test_a_hold_that_was_cut_off_begins_anew_and_the_record_goes_on(house: House) -> None:
    live_run = house.start(RunOptions(sound=False, level=1.0, seed=7))
    house.until(live_run, "Wall squat")
    house.pass_by(live_run, 15_000)
    house.cut_off(live_run)
    house.clock.advance(3_600_000)
    again = house.start(resume=True)
    assert again.state is State.LEAD_IN
    assert (again.plan.level, again.plan.seed) == (1.0, 7)
    house.until(again, "Curl")
    assert again.record.steps[0].held_ms == 15_000 + 40_000
    assert again.record.steps[0].sets == 1
    again.send(Command.FINISH)
    house.diary.close()
    (entry,) = house.store.entries()
    assert entry.ending == "finished early"
    held = house.store.query(
        lambda base: [tuple(row) for row in base.execute("SELECT held_ms, done FROM sets ORDER BY number")]
    )
    assert held[:2] == [(15_000, 0), (40_000, 1)]


def test_a_run_goes_on_with_the_doses_it_had(house: House) -> None:
    live_run = house.start(RunOptions(sound=False, growth=True, doses={0: ResolvedDose(26_000)}))
    house.until(live_run, "Curl")
    house.cut_off(live_run)
    house.clock.advance(3_600_000)
    again = house.start(resume=True)
    assert {place: dose.amount for place, dose in again.plan.doses.items()} == {0: 26_000}
    assert again.timeline.steps[0].dose == Dose("hold", 26_000)
    assert again.snapshot().phase.label == "Curl"


def test_a_run_goes_on_with_the_dose_and_the_load_of_each_set(house: House) -> None:
    listed = 'reps = [4, "2-6"]\nload = ["20 kg", "30 kg"]\nincrement = "2.5 kg"\n'
    house.file.write_text(TEXT.replace("reps = 4\n", listed), encoding="utf-8")
    dose = ResolvedDose(4, amounts=(4, 5), loads=("22.5 kg", "30 kg"))
    live_run = house.start(RunOptions(sound=False, growth=True, doses={1: dose}))
    house.until(live_run, "Curl")
    house.cut_off(live_run)
    again = house.start(resume=True)
    assert again.plan.doses[1] == dose
    assert again.timeline.steps[1].dose == Dose(
        "reps", 4, 2, amounts=(4, 5), minimums=(False, False), loads=("22.5 kg", "30 kg")
    )


def test_paced_reps_go_on_with_the_rep_that_was_cut_off(house: House) -> None:
    live_run = house.start()
    house.until(live_run, "Curl")
    house.pass_by(live_run, 5_300)
    house.cut_off(live_run)
    again = house.start(resume=True)
    assert again.snapshot().phase.rep == 3
    house.until(again, "Push-up")
    assert again.record.steps[1].reps == 4
    assert again.record.steps[1].sets == 1
    house.diary.close()
    query = "SELECT reps, done FROM sets WHERE exercise = 'curl'"
    assert [tuple(row) for row in house.store.query(lambda base: base.execute(query).fetchall())] == [(4, 1)]


def test_reps_counted_by_hand_go_on_from_their_count(house: House) -> None:
    live_run = house.start()
    house.until(live_run, "Push-up")
    for _ in range(3):
        live_run.send(Command.COUNT_REP)
    house.cut_off(live_run)
    again = house.start(resume=True)
    house.pass_by(again, 4_000)
    for _ in range(2):
        again.send(Command.COUNT_REP)
    assert (again.record.steps[2].reps, again.record.steps[2].sets) == (5, 1)
    house.diary.close()
    query = "SELECT reps, done FROM sets WHERE exercise = 'push-up'"
    assert [tuple(row) for row in house.store.query(lambda base: base.execute(query).fetchall())] == [(5, 1)]


def test_one_clock_for_all_rounds_goes_on_where_it_stood(house: House) -> None:
    clock = 'steps = [{ name = "Laps", within = "60s", steps = [{ name = "Lap", reps = 5 }] }]'
    house.file.write_text(f'schema = 1\nname = "Mixed"\n{clock}\n', encoding="utf-8")
    live_run = house.start()
    for passed_ms in (20_000, 3_000 + 12_000):  # the second after a lead-in
        house.until(live_run, "Laps")
        house.pass_by(live_run, passed_ms)
        live_run.send(Command.COUNT_ROUND)
        house.cut_off(live_run)
        live_run = house.start(resume=True)
    house.pass_by(live_run, 3_000 + 1_000)
    snapshot = live_run.snapshot()
    assert 31_000 <= snapshot.elapsed_ms <= 33_000  # each time, less than a second is lost
    assert snapshot.elapsed_ms + (snapshot.remaining_ms or 0) == 60_000
    assert snapshot.counted_reps == 2
    house.pass_by(live_run, 30_000)
    laps = live_run.record.steps[0]
    assert (laps.held_ms // 1_000, laps.rounds, laps.sets) == (60, 2, 1)


def test_a_shuffled_order_stays_as_it_was(house: House) -> None:
    live_run = house.start()
    house.until(live_run, "Push-up")
    house.cut_off(live_run)
    order = [phase.label for phase in live_run.timeline.phases]
    assert [phase.label for phase in house.start(resume=True).timeline.phases] == order


def test_a_session_that_has_changed_begins_with_the_step_as_a_new_record(house: House) -> None:
    live_run = house.start()
    house.until(live_run, "Curl")
    house.pass_by(live_run, 3_000)
    house.cut_off(live_run)
    house.file.write_text(TEXT.replace("reps = 4", "reps = 9"), encoding="utf-8")
    offer = house.diary.find_resumable()
    assert offer is not None
    assert (offer.is_file_changed, offer.step_name) == (True, "Curl")
    again = house.start(resume=True)
    assert "The session has changed since; it goes on with the start of Curl." in again.refresh()
    house.until(again, "Curl")
    house.pass_by(again, 3_000)
    house.diary.close()
    endings = house.store.query(
        lambda base: [row["ending"] for row in base.execute("SELECT ending FROM records ORDER BY 1")]
    )
    assert endings == ["broken off", "running"]


def test_other_options_alone_are_not_said_to_be_a_changed_session(house: House) -> None:
    live_run = house.start()
    house.until(live_run, "Curl")
    house.cut_off(live_run)
    offer = house.diary.find_resumable()
    assert offer is not None
    assert not offer.is_file_changed
    starter = house.diary.starter("mixed", house.file, offer)
    start = starter(replace(live_run.plan, timeline=replace(live_run.timeline, phases=live_run.timeline.phases[1:])))
    assert start.notices == ("It runs with other options than before; it goes on with the start of Curl.",)


def test_a_file_that_only_says_something_else_goes_on_at_its_phase(house: House) -> None:
    live_run = house.start()
    house.until(live_run, "Curl")
    house.pass_by(live_run, 3_000)
    house.cut_off(live_run)
    house.file.write_text(TEXT + "# a remark\n", encoding="utf-8")
    house.until(house.start(resume=True), "Push-up")
    house.diary.close()
    assert len(house.store.entries()) == 1


@pytest.mark.parametrize("why", ["gone", "no file name", "late", "left", "not kept"])
def test_nothing_is_offered_where_nothing_can_be_taken_up(house: House, why: str) -> None:
    live_run = house.start()
    house.until(live_run, "Curl")
    house.cut_off(live_run)
    offer = house.diary.find_resumable()
    assert offer is not None
    assert house.diary.find_resumable("mixed") is not None
    assert house.diary.find_resumable("another") is None
    if why == "gone":
        house.file.unlink()
    elif why == "no file name":
        with closing(open_to_write(house.diary.store.path)) as base:
            base.execute("UPDATE records SET path = ?", ("x\0y",))
    elif why == "late":
        house.clock.advance(int(timedelta(hours=25).total_seconds()) * 1_000)
    elif why == "left":
        house.diary.dismiss(offer)
    else:
        house.diary.is_enabled = False
    assert house.diary.find_resumable() is None


def test_a_history_that_cannot_be_read_disturbs_nobody(house: House) -> None:
    house.store.path.parent.mkdir()
    house.store.path.write_bytes(b"junk" * 5_000)
    assert (house.diary.find_resumable(), house.diary.last_done_times()) == (None, {})


def test_a_run_that_is_not_to_be_kept_leaves_nothing(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.diary.is_enabled = False
    live_run = house.start()
    house.until(live_run, "Curl")
    assert house.diary.close() == []
    assert not house.store.path.exists()


def test_when_a_run_is_over_it_is_compared_with_the_earlier_ones_and_takes_a_note(house: House) -> None:
    def done(seconds: int) -> LiveRun:
        live_run = house.start(RunOptions(sound=False, level=1.0, seed=7))
        house.until(live_run, "Wall squat")
        house.pass_by(live_run, seconds * 1_000)
        live_run.send(Command.FINISH)
        live_run.close()
        house.diary.close()
        house.clock.advance(3_600_000)
        return live_run

    first = done(20).look_back()
    assert (first.earlier_ms, first.streak) == ((), 1)
    live_run = done(30)
    known = live_run.look_back()
    assert (known.work_ms, known.earlier_ms, known.streak) == (30_000, (20_000,), 1)
    assert known.next_day is None
    assert live_run.write_note is not None
    assert live_run.write_note("quiet") == ""
    newest, oldest = house.store.entries()
    notes = [house.store.full_record(entry.id).note for entry in (newest, oldest)]  # type: ignore[union-attr]
    assert notes == ["quiet", ""]


def test_where_nothing_is_kept_there_is_nothing_to_look_back_on(house: House) -> None:
    house.diary.is_enabled = False
    live_run = house.start()
    house.until(live_run, "Wall squat")
    assert live_run.write_note is None
    assert live_run.look_back().earlier_ms == ()
    live_run.close()


def test_a_slow_disk_is_waited_for_where_nothing_else_is_wrong(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker, "_LAST_WRITE_S", 0.0)
    live_run = house.start()
    house.pass_by(live_run, 60_000)
    live_run.close()
    assert house.diary.close() == []
    assert len(house.store.query(lambda base: base.execute("SELECT id FROM records").fetchall())) == 1
