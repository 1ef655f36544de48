"""The programme that is followed, with a real history."""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from tests.history.performing import MORNING, Performance, history
from timer_app.core.player.recorder import SessionRecord
from timer_app.core.player.states import Command
from timer_app.library.programmes import ProgrammeError, ProgrammeLibrary
from timer_app.run.options import RunOptions
from timer_app.run.plan import RunPlan
from timer_app.run.programme import ActiveProgrammeStore
from timer_app.run.tracker import RunTracker
from timer_app.testing import hold, timeline

TEXT = """
schema = 1
name = "Mornings"
[[weeks]]
level = 0.25
monday = "short"
tuesday = ["short", "other"]
wednesday = "short"
"""


class Follower:
    """Somebody who follows a programme; the first day is a Monday."""

    def __init__(self, folder: Path) -> None:
        self.now: datetime = MORNING
        self.folder = folder / "programmes"
        self.folder.mkdir()
        (self.folder / "mornings.toml").write_text(TEXT, encoding="utf-8")
        self.store = history(folder)
        self.own_folder = ProgrammeLibrary((self.folder,), ("short", "other"))
        self.following = ActiveProgrammeStore(
            folder / "data" / "programme.toml", self.own_folder, self.store, lambda: self.now
        )
        self._records = 0

    def at(self, day: int) -> None:
        self.now = MORNING + timedelta(days=day)

    def perform(self, *, gives_up: bool = False) -> None:
        self._records += 1
        run = Performance(self.store.path, record_id=f"r{self._records}", start=self.now)
        if not gives_up:
            run.whole()
            return
        run.send(Command.START)
        run.send(Command.ANSWER, value=1)
        run.after(5_000)
        run.send(Command.ABORT)
        run.close()


@pytest.fixture
def follower(tmp_path: Path) -> Follower:
    return Follower(tmp_path)


def test_without_a_programme_nothing_is_due(follower: Follower) -> None:
    assert follower.following.schedule() is None
    assert follower.following.due_sessions() == {}
    assert follower.following.trouble == ""


def test_what_is_due_goes_once_it_is_done(follower: Follower) -> None:
    follower.following.start("mornings", date(2026, 3, 2))
    assert follower.following.due_sessions() == {"short": "Due today: Mornings, week 1 of 1."}
    follower.perform(gives_up=True)
    assert list(follower.following.due_sessions()) == ["short"]
    follower.perform()
    assert follower.following.due_sessions() == {}
    agenda = follower.following.schedule()
    assert agenda is not None
    assert (agenda.done, agenda.remaining, agenda.streak) == (("short",), (), 1)
    assert agenda.next_due is not None
    assert agenda.next_due.sessions == ("short", "other")


@pytest.mark.parametrize("name", ['it"s mine', "back\\slash", "two\nlines", "ünïcode", "tab\t", "'''"])
def test_a_programme_may_be_called_anything_a_file_may(follower: Follower, name: str) -> None:
    (follower.folder / f"{name}.toml").write_text(TEXT, encoding="utf-8")
    follower.following.start(name, date(2026, 3, 2))
    followed = follower.following.current()
    assert followed is not None
    assert (followed.id, followed.start, follower.following.trouble) == (name, date(2026, 3, 2), "")


@pytest.mark.parametrize(
    "content",
    [b"x = " + b"[" * 20_000, b"\xff", b"programme = 1", b"#" * 1_000_001],
    ids=["deep", "bytes", "half", "big"],
)
def test_a_choice_that_cannot_be_read_is_told(follower: Follower, content: bytes) -> None:
    follower.following.path.parent.mkdir()
    follower.following.path.write_bytes(content)
    assert follower.following.current() is None
    assert "`timer-app programme start NAME` writes it anew" in follower.following.trouble


def test_a_pipe_in_place_of_the_choice_is_told_and_replaced(follower: Follower) -> None:
    follower.following.path.parent.mkdir()
    os.mkfifo(follower.following.path)
    assert follower.following.current() is None
    assert "cannot be read" in follower.following.trouble
    follower.following.start("mornings", date(2026, 3, 2))
    assert follower.following.current() is not None


def test_what_is_due_several_times_a_day_has_to_be_done_as_often(follower: Follower) -> None:
    times = '[{ session = "short", at = "07:30" }, { session = "short", at = "19:00" }, "other"]'
    text = TEXT.replace('monday = "short"', f"monday = {times}")
    (follower.folder / "mornings.toml").write_text(text, encoding="utf-8")
    follower.following.start("mornings", date(2026, 3, 2))
    due = follower.following.due_sessions()
    assert due["short"] == "Due today at 07:30 and 19:00, 0 of 2 done: Mornings, week 1 of 1."
    follower.perform()
    due = follower.following.due_sessions()
    assert due["short"] == "Due today at 19:00, 1 of 2 done: Mornings, week 1 of 1."
    follower.perform()
    assert list(follower.following.due_sessions()) == ["other"]


def test_who_trains_after_midnight_says_when_a_day_begins(follower: Follower) -> None:
    follower.following = ActiveProgrammeStore(
        follower.folder / "night.toml", follower.own_folder, follower.store, lambda: follower.now, time(4)
    )
    follower.following.start("mornings", date(2026, 3, 2))
    follower.now = datetime(2026, 3, 3, 1, 30, tzinfo=MORNING.tzinfo)
    assert follower.following.today() == date(2026, 3, 2)
    assert list(follower.following.due_sessions()) == ["short"]
    follower.perform()
    assert follower.following.due_sessions() == {}
    follower.now = datetime(2026, 3, 3, 4, 0, tzinfo=MORNING.tzinfo)
    assert set(follower.following.due_sessions()) == {"short", "other"}


def test_days_in_a_row_end_with_a_day_on_which_something_is_missing(follower: Follower) -> None:
    follower.following.start("mornings", date(2026, 3, 2))
    follower.perform()
    follower.at(1)
    follower.perform()
    agenda = follower.following.schedule()
    assert agenda is not None
    assert (agenda.remaining, agenda.streak) == (("other",), 1)
    follower.at(2)
    agenda = follower.following.schedule()
    assert agenda is not None
    assert agenda.streak == 0
    assert [done for _, done in agenda.days] == [True, False, False]


def test_before_it_begins_and_after_it_ended_nothing_is_due(follower: Follower) -> None:
    follower.following.start("mornings", date(2026, 3, 9))
    agenda = follower.following.schedule()
    assert agenda is not None
    assert (agenda.week, agenda.due) == (0, None)
    follower.at(60)
    agenda = follower.following.schedule()
    assert agenda is not None
    assert (agenda.due, agenda.next_due, agenda.last_day) == (None, None, date(2026, 3, 15))


def test_the_level_of_the_week_is_a_ceiling_for_sessions_that_are_due(follower: Follower) -> None:
    follower.following.start("mornings", date(2026, 3, 2))
    applied = follower.following.adjust_options
    assert applied(RunOptions(growth=True), "short").ceiling == 0.25
    assert applied(RunOptions(growth=False), "short").level == 0.25
    assert applied(RunOptions(growth=True), "other") == RunOptions(growth=True)
    assert applied(RunOptions(growth=True, level=1.0), "short") == RunOptions(growth=True, level=1.0)


@pytest.mark.parametrize(
    "text",
    [
        "junk",
        "",
        'programme = "mornings"',
        "programme = 1\nfrom = 2026-03-02",
        'programme = "gone"\nfrom = 2026-03-02',
    ],
)
def test_a_damaged_file_is_told_and_disturbs_nobody(follower: Follower, text: str) -> None:
    follower.following.start("mornings", date(2026, 3, 2))
    follower.following.path.write_text(text, encoding="utf-8")
    assert follower.following.due_sessions() == {}
    assert follower.following.trouble
    assert follower.following.adjust_options(RunOptions(growth=True), "short") == RunOptions(growth=True)
    follower.following.start("mornings", date(2026, 3, 2))
    assert list(follower.following.due_sessions()) == ["short"]


def test_a_programme_whose_file_has_faults_now_is_told(follower: Follower) -> None:
    follower.following.start("mornings", date(2026, 3, 2))
    (follower.folder / "mornings.toml").write_text(TEXT.replace('"other"', '"othr"'), encoding="utf-8")
    assert follower.following.schedule() is None
    assert 'there is no session "othr"' in follower.following.trouble


def test_following_ends(follower: Follower) -> None:
    follower.following.start("mornings", date(2026, 3, 2))
    assert follower.following.stop()
    assert not follower.following.stop()
    assert follower.following.schedule() is None


def test_an_unknown_programme_is_not_followed(follower: Follower) -> None:
    with pytest.raises(ProgrammeError, match='did you mean "mornings"'):
        follower.following.start("morning", date(2026, 3, 2))
    assert not follower.following.path.exists()


def test_a_programme_does_not_begin_so_late_that_its_weeks_have_no_dates(follower: Follower) -> None:
    with pytest.raises(ProgrammeError, match="9998-12-31"):
        follower.following.start("mornings", date(9999, 1, 1))
    assert follower.following.current() is None
    assert follower.following.trouble == ""
    follower.following.start("mornings", date(9998, 12, 31))
    assert follower.following.schedule() is not None


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_that_was_written_by_hand_and_cannot_be_meant_keeps_nothing_from_working(
    follower: Follower, day: date
) -> None:
    follower.following.start("mornings", date(2026, 3, 2))
    follower.following.path.write_text(f'programme = "mornings"\nfrom = {day.isoformat()}\n', encoding="utf-8")
    agenda = follower.following.schedule()
    assert (agenda is None) == bool(follower.following.trouble) == (day == date.max)


@pytest.mark.parametrize(
    ("day", "sessions", "due"),
    [(0, ("short",), (1, ("short", "other"))), (1, ("short",), (1, ("other",))), (2, ("short",), (None, ()))],
)
def test_a_run_that_is_over_knows_what_is_due_next(
    follower: Follower, day: int, sessions: tuple[str, ...], due: tuple[int | None, tuple[str, ...]]
) -> None:
    follower.following.start("mornings", date(2026, 3, 2))
    follower.at(day)
    for _ in sessions:
        follower.perform()
    tracker = RunTracker(follower.store, now=lambda: follower.now, programme_store=follower.following)
    plan = RunPlan(timeline(hold(1_000)), "en", 0.0, 1, "full", 1.0, {})
    start = tracker.starter("short", follower.folder / "short.toml")(plan)
    known = start.look_back(SessionRecord("Short", []))
    ahead = None if known.next_day is None else (known.next_day - date(2026, 3, 2)).days
    assert (ahead, known.next_sessions) == due
