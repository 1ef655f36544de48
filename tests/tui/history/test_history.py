"""Looks back in the app, on a real history of eight weeks."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Static

from tests.history.performing import history, in_areas
from tests.history.seeded import NOW, TODAY, fill
from tests.tui.conftest import FakeLiveRun, make_app, squat_timeline
from tests.tui.pictures import check_picture, screen_text
from timer_app.core.player.recorder import SessionRecord, StepRecord
from timer_app.history.stats import ActivitySum, ExerciseSum
from timer_app.history.store import FullRecord, Store
from timer_app.history.views import VIEWS, ExercisesView, HistoryView, Period, WeeksView, calendar, pain
from timer_app.run.tracker import RunTracker
from timer_app.tui.dialogs import ConfirmScreen
from timer_app.tui.history import charts
from timer_app.tui.history import screen as screens
from timer_app.tui.history.charts import chart_lines
from timer_app.tui.history.record_screen import (
    RecordScreen,
    WhichSessionScreen,
    record_detail_lines,
    record_line,
    tab_at,
    tabs_text,
)
from timer_app.tui.history.screen import TAB_TITLES, HistoryScreen
from timer_app.tui.library.screen import LibraryScreen
from timer_app.tui.widgets.inputs import MarkedList
from timer_app.tui.widgets.text_layout import MessageLine

SIZES = {"wide": (120, 40), "standard": (80, 24), "narrow": (43, 46), "tiny": (20, 5)}
LOOKS = 1_000
NAMES = (*(view.id for view in VIEWS), "records")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return history(tmp_path)


@pytest.fixture
def filled(store: Store) -> Store:
    fill(store.path)
    return store


@asynccontextmanager
async def looking_back(store: Store, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    app = make_app(FakeLiveRun(squat_timeline()), tracker=RunTracker(store), now=lambda: NOW)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "f8")
        assert isinstance(app.screen, HistoryScreen)
        yield pilot


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait for what they lead to; a dialogue that waits for an answer is not waited for."""
    await pilot.press(*keys)
    await pilot.pause()
    reading = [worker for worker in pilot.app.workers if worker.group in ("read", "default")]
    await pilot.app.workers.wait_for_complete(reading)
    await pilot.pause()


async def comes_true(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    for _ in range(LOOKS):
        if holds():
            return
        await pilot.pause(0.01)
    raise AssertionError(screen_text(pilot.app))


async def until(pilot: Pilot[None], screen: type) -> None:
    await comes_true(pilot, lambda: isinstance(pilot.app.screen, screen))
    await pilot.pause()


def message(pilot: Pilot[None]) -> str:
    found = pilot.app.screen.query(MessageLine)
    return found.first().text if found else ""


def heading(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#back").border_title)


def shown(pilot: Pilot[None], part: str) -> str:
    return str(pilot.app.screen.query_one(f"#{part}", Static).render())


def records(pilot: Pilot[None]) -> MarkedList:
    return pilot.app.screen.query_one(MarkedList)


@pytest.mark.parametrize("layout", SIZES)
async def test_each_view_fits_every_layout(filled: Store, layout: str) -> None:
    async with looking_back(filled, SIZES[layout]) as pilot:
        for number, view in enumerate(NAMES, 1):
            await press(pilot, str(number))
            check_picture(pilot.app, f"history-{view}-{layout}")


async def test_an_empty_history_says_in_every_view_what_will_be_here(store: Store) -> None:
    async with looking_back(store) as pilot:
        for number, view in enumerate(NAMES, 1):
            await press(pilot, str(number))
            assert "This will " in shown(pilot, "sentence"), view
            assert not records(pilot).option_count, view


async def test_a_history_that_cannot_be_read_is_one_clear_line_in_every_view(store: Store) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(b"junk" * 5_000)
    async with looking_back(store) as pilot:
        for key in "123456":
            await press(pilot, key)
            assert "history.db is damaged" in " ".join(shown(pilot, "sentence").split())
        await press(pilot, "s")
        assert isinstance(pilot.app.screen, HistoryScreen)


async def test_left_and_right_go_round_the_views(filled: Store) -> None:
    async with looking_back(filled) as pilot:
        observed = []
        for _ in NAMES:
            await press(pilot, "right")
            observed.append(shown(pilot, "tabs").split("▸")[1][0])
        assert observed == ["2", "3", "4", "5", "6", "1"]
        await press(pilot, "left")
        assert "▸6" in shown(pilot, "tabs")
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_a_click_on_its_name_shows_a_view(filled: Store) -> None:
    async with looking_back(filled) as pilot:
        for name in ("Pain", "Calendar", "Records"):
            await pilot.click("#tabs", offset=(shown(pilot, "tabs").index(name) + 1, 0))
            await press(pilot)
            assert f"▸{[*TAB_TITLES].index(name) + 1} {name}" in shown(pilot, "tabs")


async def test_the_period_goes_round(filled: Store) -> None:
    async with looking_back(filled) as pilot:
        observed = []
        for _ in range(4):
            observed.append(heading(pilot))
            await press(pilot, "p")
        assert observed == [
            "History: All sessions, the last 12 weeks",
            "History: All sessions, the last year",
            "History: All sessions, all the time",
            "History: All sessions, the last 4 weeks",
        ]


async def test_one_session_can_be_looked_at_alone(filled: Store) -> None:
    async with looking_back(filled) as pilot:
        await pilot.press("s")
        await until(pilot, WhichSessionScreen)
        await press(pilot, "down", "enter")
        assert heading(pilot) == "History: Desk break, the last 12 weeks"
        assert shown(pilot, "sentence").startswith("You trained on eight days")
        await press(pilot, "6")
        assert records(pilot).option_count == 8
        await pilot.press("s")
        await until(pilot, WhichSessionScreen)
        await press(pilot, "escape")
        assert heading(pilot).startswith("History: Desk break")
        await pilot.press("s")
        await until(pilot, WhichSessionScreen)
        await press(pilot, "enter")
        assert records(pilot).option_count == 24


@pytest.mark.parametrize("layout", SIZES)
async def test_a_record_tells_what_was_planned_done_and_answered(filled: Store, layout: str) -> None:
    async with looking_back(filled, SIZES[layout]) as pilot:
        await press(pilot, "6")
        await pilot.press("enter")
        await until(pilot, RecordScreen)
        check_picture(pilot.app, f"history-record-{layout}")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, HistoryScreen)


async def test_a_record_is_forgotten_only_when_the_user_is_sure(filled: Store) -> None:
    newest, second = (entry.id for entry in filled.entries(limit=2))
    async with looking_back(filled) as pilot:
        await press(pilot, "6")
        await pilot.press("d")
        await until(pilot, ConfirmScreen)
        check_picture(pilot.app, "history-forget-standard")
        await press(pilot, "n")
        assert records(pilot).option_count == 24
        await pilot.press("d")
        await until(pilot, ConfirmScreen)
        await pilot.press("y")
        await comes_true(pilot, lambda: message(pilot) == "The record is deleted.")
        await comes_true(pilot, lambda: records(pilot).option_count == 23)
    assert filled.full_record(newest) is None
    assert filled.entries(limit=1)[0].id == second
    assert newest.encode() not in filled.path.read_bytes()


async def test_only_a_marked_record_can_be_forgotten(filled: Store) -> None:
    async with looking_back(filled) as pilot:
        await press(pilot, "d")
        assert isinstance(pilot.app.screen, HistoryScreen)
        assert pilot.app.screen.query_one(MessageLine).text.startswith("6 shows the records")


async def test_a_history_held_by_another_program_is_left_alone(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timer_app.history.database.BUSY_MS", 50)
    async with looking_back(filled) as pilot:
        with closing(sqlite3.connect(filled.path)) as other:
            other.execute("BEGIN IMMEDIATE")
            await press(pilot, "6")
            await pilot.press("d")
            await until(pilot, ConfirmScreen)
            await pilot.press("y")
            await comes_true(pilot, lambda: "another program holds the file" in message(pilot))
    assert len(filled.entries()) == 24


async def test_older_records_are_read_when_the_mark_reaches_the_last_one(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "PAGE_SIZE", 10)
    async with looking_back(filled) as pilot:
        await press(pilot, "6")
        counts = [records(pilot).option_count]
        for _ in range(3):
            await press(pilot, "end")
            counts.append(records(pilot).option_count)
        assert counts == [10, 20, 24, 24]
        assert "2026-01-12" in screen_text(pilot.app)


async def test_without_a_history_the_list_says_so() -> None:
    app = make_app(FakeLiveRun(squat_timeline()))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "f8")
        assert isinstance(app.screen, LibraryScreen)
        assert app.screen.query_one(MessageLine).text == "No history is kept here."


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = history(tmp_path_factory.mktemp("drawn"))
    fill(store.path)
    return store


@pytest.mark.parametrize("weeks", [1, 4, 12, 52, None])
@pytest.mark.parametrize("width", [12, 20, 39, 55, 56, 76, 200])
def test_no_line_is_wider_and_nothing_is_spread_higher_than_there_is_room(
    seeded: Store, weeks: int | None, width: int
) -> None:
    for named in VIEWS:
        view = seeded.query(partial(named.load, period=Period(TODAY, weeks)))
        least = len(chart_lines(view, width))
        for height in (0, 12, 25, 60):
            lines = chart_lines(view, width, height)
            assert len(lines) <= max(least, height)
            for line in lines:
                assert cell_len("".join(text for text, _ in line)) <= width
                assert {part for _, part in line} <= set(charts.STYLE_NAMES)


def test_a_calendar_with_room_has_its_days_in_twice_the_size(seeded: Store) -> None:
    view = seeded.query(partial(calendar, period=Period(TODAY, 12)))
    small, large = (
        [
            [text for text, part in line if part in {"little", "some", "much", "most"}]
            for line in chart_lines(view, 110, h)
        ]
        for h in (0, 30)
    )
    done = [line for line in small if line]
    twice = [line for line in large if line]
    assert [[day.rstrip() for day in line] for line in twice] == [
        [day[0] * 7 for day in line] for line in done for _ in range(2)
    ]


@given(st.lists(st.integers(0, 10**8), min_size=1, max_size=60), st.integers(30, 120))
def test_a_longer_week_has_no_shorter_bar(lengths: list[int], width: int) -> None:
    spans = [ActivitySum(date(2026, 3, 2), 1, length_ms, 0) for length_ms in lengths]
    lines = reversed(chart_lines(WeeksView(Period(TODAY), spans), width))
    filled = [sum(text.count(sign) for text, part in line if part == "bar" for sign in "█") for line in lines]
    order = sorted(range(len(lengths)), key=lambda place: lengths[place])
    assert [filled[place] for place in order] == sorted(filled)


@pytest.mark.parametrize("width", [40, 80])
def test_one_set_and_one_rep_are_told_as_one(width: int) -> None:
    sums = [ExerciseSum("clap", "Clap", 4_000, 1, 1), ExerciseSum("row", "Row", 9_000, 20, 2)]
    reported = [
        "".join(text for text, _ in line).split() for line in chart_lines(ExercisesView(Period(TODAY), sums), width)
    ]
    words = " ".join(word for line in reported for word in line)
    for amount in ("1 rep ", "1 set ", "20 reps", "2 sets"):
        assert amount in f"{words} ".replace(",", "")


@pytest.mark.parametrize("layout", SIZES)
async def test_pain_in_several_areas_has_a_curve_for_each(store: Store, layout: str) -> None:
    for number, neck in enumerate((8, 7, 6, 5)):
        in_areas(store.path, number, neck)
    async with looking_back(store, SIZES[layout]) as pilot:
        await press(pilot, "4")
        check_picture(pilot.app, f"history-pain-areas-{layout}")
        await press(pilot, "end")
        check_picture(pilot.app, f"history-pain-areas-end-{layout}")


@pytest.mark.parametrize("width", [12, 20, 39, 76])
def test_no_curve_has_answers_about_another_area(store: Store, width: int) -> None:
    for number, neck in enumerate((8, 7, 6, 5)):
        in_areas(store.path, number, neck)
    lines = chart_lines(store.query(partial(pain, period=Period(TODAY, 12))), width)
    assert all(cell_len("".join(text for text, _ in line)) <= width for line in lines)
    columns = min(4, (width - 3) // 2)
    answers = [sum(part == "before" for _, part in line) for line in lines]
    assert [count for count in answers if count > 1] == [columns, columns]
    assert sum(answers) == 3 * columns


@pytest.mark.parametrize("width", range(22, 80))
def test_no_sign_of_a_legend_is_parted_from_its_words(seeded: Store, width: int) -> None:
    scope = Period(TODAY, 12)
    views: list[tuple[HistoryView, str]] = [
        (seeded.query(partial(pain, period=scope)), "─ trend of “before”"),
        (seeded.query(partial(calendar, period=scope)), "█ 30 min and more"),
    ]
    for view, said in views:
        assert any(said in "".join(text for text, _ in line) for line in chart_lines(view, width))


def test_each_amount_of_a_day_has_a_sign_of_its_own() -> None:
    assert [charts._level(minutes)[0] for minutes in (0, 9, 10, 19, 20, 29, 30, 300)] == list("░░▒▒▓▓██")
    assert charts._EMPTY_LEVEL[0] not in "░▒▓█"
    assert len({charts._BEFORE, charts._AFTER, charts._BOTH, charts._TREND}) == 4


def test_the_names_of_the_views_give_way_where_it_is_narrow() -> None:
    titles = ["Calendar", "Weeks"]
    assert tabs_text(titles, 1, 30) == " 1 Calendar ▸2 Weeks"
    assert tabs_text(titles, 1, 12) == "▸2 Weeks  ←→"
    assert [tab_at(titles, 1, 30, column) for column in (0, 10, 11, 12, 19, 25)] == [0, 0, None, 1, 1, None]
    assert tab_at(titles, 1, 12, 3) is None


def test_a_record_that_did_not_end_by_itself_says_so(filled: Store) -> None:
    entry = filled.entries(limit=1)[0]
    assert record_line(entry) == "2026-03-05 07:30  Upper-back release, 22 min, pain 4, then 3"
    assert record_line(replace(entry, pain_about="Neck, left")).endswith(", pain (Neck, left) 4, then 3")
    cut_off = replace(entry, ending="broken off", pain_before=None)
    assert record_line(cut_off) == "2026-03-05 07:30  Upper-back release, 22 min, cut off"


@pytest.mark.parametrize(("width", "lines"), [(35, 1), (34, 3)])
def test_the_steps_of_a_record_stand_in_columns_only_where_their_cells_fit(
    filled: Store, width: int, lines: int
) -> None:
    done = StepRecord("背中を丸める", held_ms=30_000)
    whole = FullRecord(filled.entries(limit=1)[0], SessionRecord("Back", [done]), ("hold",), ("30 s",))
    reported = list(record_detail_lines(whole, width))[3:]
    assert len(reported) == lines
    assert max(map(cell_len, reported)) <= width


async def test_the_line_of_keys_has_what_is_done_with_a_record_only_where_one_is_marked(filled: Store) -> None:
    async with looking_back(filled, (120, 40)) as pilot:
        for number, name in enumerate(NAMES, 1):
            await press(pilot, str(number))
            last = screen_text(pilot.app).splitlines()[-1]
            assert ("Enter Open" in last, "d Forget" in last) == (name == "records",) * 2, last
            assert "p Period" in last


async def test_without_records_nothing_is_offered_to_be_done_with_one(store: Store) -> None:
    async with looking_back(store) as pilot:
        await press(pilot, "6")
        assert "Enter Open" not in screen_text(pilot.app)
