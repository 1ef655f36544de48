from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import Static

from tests.tui.conftest import ENTRIES, FakeLibrary, FakeLiveRun, at_rest, make_app, squat_timeline
from tests.tui.pictures import check_picture
from timer_app.core.diagnostics.problems import FileFault
from timer_app.core.timeline.dose import Dose
from timer_app.core.timeline.model import StepInfo
from timer_app.core.wording.doses import dose_text
from timer_app.history.store import Store
from timer_app.library import library as sessions
from timer_app.run.options import RunOptions
from timer_app.run.tracker import RunTracker
from timer_app.testing import hold, step, timeline, wait
from timer_app.tui.context import RunChoice
from timer_app.tui.favourites import Favourites
from timer_app.tui.library.preview import PreviewPane, PreviewScreen, ProfileBar
from timer_app.tui.library.preview_content import (
    KIND_BLOCKS,
    KIND_LABELS,
    Preview,
    load_preview,
    preview_from_timeline,
    profile_kinds,
    step_lines,
    totals_by_kind,
    totals_text,
)
from timer_app.tui.library.table import SessionTable, cells_of

NOW = datetime(2024, 5, 10, 18, 30, tzinfo=UTC)
SPANS = st.lists(st.tuples(st.sampled_from(sorted(KIND_BLOCKS)), st.integers(1, 600_000)), max_size=40)


def look_into(entry: sessions.SessionEntry) -> Preview:
    return preview_from_timeline(squat_timeline(), entry.equipment, ["Stop at once if something hurts sharply."])


@asynccontextmanager
async def opened(size: tuple[int, int], **home: Any) -> AsyncIterator[Pilot[None]]:
    given_home = {"preview_loader": look_into, "now": lambda: NOW, **home}
    app = make_app(FakeLiveRun(squat_timeline()), library=FakeLibrary(ENTRIES), **given_home)
    async with app.run_test(size=size) as pilot:
        await at_rest(app)
        await pilot.pause()
        yield pilot


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await at_rest(pilot.app)
    await pilot.pause()
    await pilot.pause()


def shown(pilot: Pilot[None], part: str) -> str:
    return str(pilot.app.screen.query_one(PreviewPane).query_one(f"#preview-{part}", Static).render())


@given(SPANS, st.integers(0, 120))
def test_every_cell_of_the_profile_shows_a_kind_of_phase_that_is_there(
    spans: list[tuple[str, int]], columns: int
) -> None:
    cells = profile_kinds(spans, columns)
    assert len(cells) == (columns if spans else 0)
    assert set(cells) <= {kind for kind, _ in spans}


def test_the_profile_follows_the_time_and_a_cell_shows_what_has_most_of_it() -> None:
    assert profile_kinds([("work", 30), ("rest", 30)], 4) == ["work", "work", "rest", "rest"]
    assert profile_kinds([("work", 9), ("rest", 2), ("work", 9)], 2) == ["work", "work"]


@given(SPANS)
def test_the_sums_leave_no_time_out(spans: list[tuple[str, int]]) -> None:
    assert sum(totals_by_kind(spans).values()) == sum(length_ms for _, length_ms in spans)


def test_every_kind_with_a_sum_has_a_height() -> None:
    assert set(KIND_LABELS) <= set(KIND_BLOCKS)
    assert len({KIND_BLOCKS[kind] for kind in KIND_LABELS}) == len(KIND_LABELS)


def test_a_session_that_waits_says_so_and_takes_at_least_its_length() -> None:
    preview = preview_from_timeline(timeline(step("A", wait(), hold(60_000)), name="N"), [], [])
    assert totals_text(preview, 60) == "█ work 1 min   ▁ waits for you once"
    assert totals_text(preview, 15) == "█ work 1 min\n▁ waits for you once"


@pytest.mark.parametrize("width", [8, 20, 40])
def test_a_step_keeps_its_dose_beside_it_or_below_it(width: int) -> None:
    lines = list(step_lines([StepInfo("Wall squat", "hold", Dose("hold", 30_000, 2), depth=1)], width))
    assert all(len(line) <= width for line in lines)
    assert len(lines) == (1 if width >= 21 else 2)
    if width > 8:
        assert lines[-1].endswith("2 × 30 s")


def test_a_step_in_rounds_tells_what_all_of_them_come_to() -> None:
    (line,) = step_lines([StepInfo("Clap", "reps", Dose("reps", 3), depth=1, planned=Dose("reps", 3, 2))], 30)
    assert line == "  Clap              2 × 3 reps"


def test_a_shipped_session_can_be_looked_into(tmp_path: Path) -> None:
    library = sessions.Library.default()
    diary = RunTracker(Store(tmp_path / "history.db"))
    preview = load_preview(library, library.find("desk-break"), RunOptions(growth=True), diary)
    assert preview.name == "Desk break"
    assert "Chest stretch" in [step.name for step in preview.steps]
    assert totals_by_kind(preview.spans)["work"] > 60_000
    assert preview.cautions


def test_a_preview_has_the_doses_of_today_or_those_that_were_chosen(tmp_path: Path) -> None:
    library, diary = sessions.Library.default(), RunTracker(Store(tmp_path / "history.db"))
    choice, reported = RunChoice.of_doses(), []
    for _ in range(4):
        options = choice.apply_to(RunOptions(growth=True))
        preview = load_preview(library, library.find("wall-and-shoulders"), options, diary)
        reported.append(
            (choice.label, next(dose_text(step.dose) for step in preview.steps if step.name == "Wall squat"))
        )
        choice.select_next()
    assert reported == [("", "30 s"), ("low doses", "30 s"), ("high doses", "1:00"), ("", "30 s")]


async def test_a_key_chooses_other_doses_and_the_screen_says_so() -> None:
    async with opened((120, 30)) as pilot:
        limits = pilot.app.screen.query_one("#limits", Static)
        for expected in ("low doses", "high doses", ""):
            await press(pilot, "ctrl+b")
            assert str(limits.render()) == expected


async def test_beside_the_list_stands_what_the_marked_session_will_be_like() -> None:
    done = {"desk-break": NOW - timedelta(days=3)}
    async with opened((120, 30), recently_done=lambda: done) as pilot:
        assert shown(pilot, "facts").endswith("You need: nothing.") is False
        assert shown(pilot, "facts").splitlines()[-1] == "Last done 3 days ago."
        assert "Wall squat" in shown(pilot, "steps")
        await press(pilot, "down")
        assert "You need: ball, wall." in shown(pilot, "facts")
        assert "Last done" not in shown(pilot, "facts")
        check_picture(pilot.app, "library-wide")


@pytest.mark.parametrize(("name", "size"), [("standard", (80, 24)), ("narrow", (43, 46)), ("tiny", (20, 5))])
async def test_the_list_fits_every_layout(name: str, size: tuple[int, int]) -> None:
    stars = Favourites()
    stars.toggle("desk-break")
    async with opened(size, favourites=stars) as pilot:
        check_picture(pilot.app, f"library-{name}")


async def test_a_screen_that_becomes_wider_shows_the_preview() -> None:
    async with opened((43, 20)) as pilot:
        await pilot.resize_terminal(120, 30)
        await pilot.pause()
        await press(pilot)
        assert "Wall squat" in shown(pilot, "steps")


async def test_where_there_is_no_room_a_key_shows_the_preview() -> None:
    async with opened((80, 24)) as pilot:
        await press(pilot, "f6")
        assert isinstance(pilot.app.screen, PreviewScreen)
        assert "Wall squat" in shown(pilot, "steps")
        check_picture(pilot.app, "preview-standard")
        await press(pilot, "escape")
        assert not isinstance(pilot.app.screen, PreviewScreen)


async def test_of_a_session_with_faults_the_preview_shows_them() -> None:
    async with opened((120, 30)) as pilot:
        await press(pilot, "end")
        assert "then press F5" in shown(pilot, "facts")
        assert "broken-one.toml:3:1: is not a number" in shown(pilot, "faults")
        await press(pilot, "f6")
        assert isinstance(pilot.app.screen, PreviewScreen)
        assert "is not a number" in shown(pilot, "faults")


async def test_of_a_file_that_became_faulty_meanwhile_the_preview_shows_the_faults() -> None:
    def broken(_: sessions.SessionEntry) -> Preview:
        raise FileFault.about("x.toml", "is gone")

    async with opened((120, 30), preview_loader=broken) as pilot:
        assert shown(pilot, "steps") == ""
        assert "is not a number" in shown(pilot, "faults")


async def test_a_star_is_set_and_taken_off_by_a_key_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "stars.json"
    async with opened((80, 24), favourites=Favourites(path)) as pilot:
        await press(pilot, "down", "f7")
        assert Favourites(path).ids == {"desk-break"}
        assert "★ Desk break" in pilot.app.screen.query_one("SessionTable").render_line(1).text
        await press(pilot, "f7")
        assert Favourites(path).ids == frozenset()


async def test_limits_are_set_by_keys_shown_beside_the_filter_and_lifted_with_it() -> None:
    async with opened((80, 24)) as pilot:
        table: Any = pilot.app.screen.query_one("SessionTable")
        await press(pilot, "ctrl+g", "enter")
        check_picture(pilot.app, "equipment")
        await press(pilot, "escape", "ctrl+l")
        assert str(pilot.app.screen.query_one("#limits", Static).render()) == "at most 5 min · without ball"
        assert [entry.name for entry in table.entries] == ["Desk break", "Broken one"]
        await press(pilot, "slash", "x", "y")
        reported = str(pilot.app.screen.query_one("#empty", Static).render())
        assert reported.startswith("No session fits “xy” (at most 5 min · without ball).\n\nEsc shows all")
        await press(pilot, "escape")
        assert len(table.entries) == 3


async def test_where_nothing_is_needed_there_is_nothing_to_ask() -> None:
    app = make_app(FakeLiveRun(squat_timeline()), library=FakeLibrary(ENTRIES[1:]))
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await press(pilot, "ctrl+g")
        assert str(pilot.app.screen.query_one("#message", Static).render()) == "No session needs anything."


async def test_what_a_programme_wants_today_stands_first_and_says_so() -> None:
    reported = {"desk-break": "Due today: Desk weeks, week 1 of 4."}
    async with opened((120, 30), due=lambda: reported, favourites=Favourites()) as pilot:
        table = pilot.app.screen.query_one(SessionTable)
        assert table.entries[0].id == "desk-break"
        assert cells_of(table.entries[0], due=True)[0] == "Desk break (today)"
        assert "Due today: Desk weeks, week 1 of 4." in shown(pilot, "facts")


def test_a_session_in_a_folder_is_shown_with_its_group() -> None:
    entry = sessions.SessionEntry("evening/short/calm", Path("calm.toml"), "own", "4-7-8")
    assert cells_of(entry, starred=True)[0] == "★ short › 4-7-8"
    assert cells_of(replace(entry, faults=1))[0] == "✗ short › 4-7-8"


async def test_a_preview_that_comes_when_the_user_has_left_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, left = threading.Event(), threading.Event()

    def look_slowly(entry: sessions.SessionEntry) -> Preview:
        wanted.set()
        assert left.wait(10)
        return look_into(entry)

    async def leave(_: ProfileBar) -> None:
        left.set()
        await asyncio.sleep(0.1)  # what is shown is taken away piece by piece, and the preview comes in between

    monkeypatch.setattr(ProfileBar, "on_unmount", leave, raising=False)
    app = make_app(FakeLiveRun(squat_timeline()), library=FakeLibrary(ENTRIES), preview_loader=look_slowly)
    async with app.run_test(size=(120, 30)):
        await asyncio.to_thread(wanted.wait, 10)
    assert app.failure is None
