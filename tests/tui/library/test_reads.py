"""When the list reads sessions and history: at first, when something may have changed, and not otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.tui.conftest import ENTRIES, FakeLibrary, FakeLiveRun, entry, make_app, squat_timeline
from tests.tui.library.test_library import Opened, opened
from timer_app.core.diagnostics.problems import FileFault
from timer_app.history.store import Store
from timer_app.library.library import SessionEntry
from timer_app.run.tracker import RunTracker
from timer_app.settings.settings import Settings
from timer_app.settings.store import SettingsStore
from timer_app.tui.history.screen import HistoryScreen
from timer_app.tui.library.preview_content import Preview, preview_from_timeline
from timer_app.tui.library.screen import LibraryScreen
from timer_app.tui.widgets.inputs import MarkedList


class CountingLibrary(FakeLibrary):
    """Counts how often all sessions were read."""

    reads = 0

    def entries(self) -> list[SessionEntry]:
        self.reads += 1
        return super().entries()


@asynccontextmanager
async def opened_with_history(tmp_path: Path, library: FakeLibrary, **home: Any) -> AsyncIterator[Opened]:
    desk, diary = SettingsStore(Settings()), RunTracker(Store(tmp_path / "history.db"))
    app = make_app(FakeLiveRun(squat_timeline()), library=library, settings_store=desk, tracker=diary, **home)
    async with app.run_test(size=(120, 30)) as pilot:
        there = Opened(pilot)
        await there.settle()
        yield there


async def test_nothing_is_read_again_only_because_something_lay_over_the_list(tmp_path: Path) -> None:
    library = CountingLibrary(ENTRIES)
    preview = preview_from_timeline(squat_timeline(), (), ())
    async with opened_with_history(tmp_path, library, preview_loader=lambda _: preview) as there:
        for key in ("f1", "f2", "ctrl+p", "ctrl+g", "f6", "f4", "space"):
            await there.press(key)
            assert not there.shows(LibraryScreen), key
            await there.press("escape")
            assert there.shows(LibraryScreen), key
            assert library.reads == 1, key


async def test_all_is_read_again_after_the_history_in_which_records_may_have_been_deleted(tmp_path: Path) -> None:
    library = CountingLibrary(ENTRIES)
    done = {"desk-break": datetime.now(UTC)}
    async with opened_with_history(tmp_path, library, recently_done=lambda: dict(done)) as there:
        assert there.names[0] == "Desk break"
        await there.press("f8")
        assert there.shows(HistoryScreen)
        done.clear()
        await there.press("escape")
        assert there.names[0] == "Upper-back release"
        assert library.reads == 2


async def test_a_file_that_became_faulty_is_listed_with_its_faults_when_it_could_not_be_run() -> None:
    library = FakeLibrary(ENTRIES, {"desk-break": FileFault.about("/sessions/desk-break.toml", "is not text")})
    async with opened(library) as there:
        library.listed[1] = entry("Desk break", faults=1)
        await there.press("down", "enter")
        assert there.shows(LibraryScreen)
        assert there.table.entry is not None
        assert (there.table.entry.name, there.table.entry.faults) == ("Desk break", 1)


async def test_the_preview_follows_a_setting_that_was_changed(tmp_path: Path) -> None:
    looks: list[str] = []

    def look_into(wanted: SessionEntry) -> Preview:
        looks.append(wanted.name)
        return preview_from_timeline(squat_timeline(), (), ())

    async with opened_with_history(tmp_path, FakeLibrary(ENTRIES), preview_loader=look_into) as there:
        assert looks == ["Upper-back release"]
        await there.press("f2")
        settings = there.app.screen.query_one(MarkedList)
        settings.highlighted = settings.get_option_index("growth")
        await there.press("enter")
        await there.press("escape")
        assert looks == ["Upper-back release", "Upper-back release"]
