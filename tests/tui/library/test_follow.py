"""The list follows the user's files."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from textual.widgets import Static

from tests.library_folders import HEAD, Place
from tests.tui.conftest import ENTRIES, FakeLibrary, FakeLiveRun, OpenPlay, entry, make_app, squat_timeline
from tests.tui.library.test_library import Opened, opened
from timer_app.history.store import Store
from timer_app.library.library import SessionEntry
from timer_app.library.watcher import FileWatcher
from timer_app.run.options import RunOptions
from timer_app.run.tracker import RunTracker
from timer_app.tui.library.filter_input import FilterInput
from timer_app.tui.library.preview import PreviewScreen
from timer_app.tui.library.preview_content import load_preview

LIMIT_S = 15.0
BROKEN = HEAD + '[[steps]]\nname = "A"\nhold = "soon"\n'

Tell = Callable[[frozenset[Path]], None]


def session(name: str, *names: str) -> str:
    steps = "".join(f'[[steps]]\nname = "{step}"\nhold = "30s"\n' for step in names)
    return f'schema = 1\nname = "{name}"\n{steps}'


@asynccontextmanager
async def followed(place: Place, follow: Any = None) -> AsyncIterator[Opened]:
    """The list of the sessions in a place, which is watched."""
    library = place.library()

    def watch(tell: Tell, fail: Callable[[str], None]) -> FileWatcher:
        return FileWatcher([place.own, place.own_exercises], (), tell, fail)

    tracker = RunTracker(Store(place.root / "history.db"))
    app = make_app(
        FakeLiveRun(squat_timeline()),
        library=library,  # type: ignore[arg-type]
        follow_files=follow or watch,
        preview_loader=lambda wanted: load_preview(library, wanted, RunOptions(), tracker),
    )
    async with app.run_test(size=(120, 30)) as pilot:
        there = Opened(pilot)
        await there.settle()
        yield there


async def until(there: Opened, is_so: Callable[[], bool]) -> None:
    end = monotonic() + LIMIT_S
    while not is_so():
        assert monotonic() < end, "the list does not follow"
        await there.pilot.pause(0.05)


def is_seen(there: Opened, text: str) -> bool:
    return any(text in str(each.render()) for each in there.app.screen.query(Static))


def steps_shown(there: Opened) -> str:
    return str(there.app.screen.query_one("#preview-steps", Static).render())


async def test_what_is_saved_is_seen_at_once_while_filter_and_mark_stay(place: Place) -> None:
    place.write("wrist.toml", session("Wrists", "Circles"))
    place.write("neck.toml", session("Neck", "Nod"))
    async with followed(place) as there:
        await there.press("slash", "n", "e", "c", "k")
        await until(there, lambda: "Nod" in steps_shown(there))
        place.write("neck.toml", session("Neck", "Turn"))
        await until(there, lambda: "Turn" in steps_shown(there))
        place.write("other.toml", session("Another for the neck", "Tilt"))
        await until(there, lambda: len(there.names) == 2)
        assert there.app.screen.query_one(FilterInput).value == "neck"
        assert there.marked == "Neck"
        place.write("neck.toml", BROKEN)
        await until(there, lambda: there.table.entry is not None and there.table.entry.faults == 1)
        await until(there, lambda: '  hold = "soon"\n         ^^^^^^' in there.text("#preview-faults"))
        assert there.text("#about").startswith("line 5: steps[0].hold: ")
        (place.own / "neck.toml").unlink()
        await until(there, lambda: there.names == ["Another for the neck"])
        assert there.marked == "Another for the neck"
    assert "file watcher" not in [thread.name for thread in threading.enumerate()]


async def test_an_open_preview_follows_its_file_to_the_end(place: Place) -> None:
    tells: list[Tell] = []
    path = place.write("neck.toml", session("Neck", "Nod"))
    async with followed(place, lambda tell, _fail: _kept(tells, tell)) as there:
        await there.press("f6")
        await until(there, lambda: there.shows(PreviewScreen))
        for text, shown in ((session("Neck", "Turn"), "Turn"), (BROKEN, "steps[0].hold"), (None, "no such file")):
            if text is None:
                path.unlink()
            else:
                path.write_text(text, encoding="utf-8")
            tells[0](frozenset({path}))
            await until(there, partial(is_seen, there, shown))


async def test_an_exercise_that_is_saved_changes_the_sessions_that_name_it_and_a_broken_one_is_told(
    place: Place,
) -> None:
    tells: list[Tell] = []
    exercise = 'schema = 1\n[exercises.nod]\nname = "{}"\nsay = "Nod."\nhold = "10s"\n'
    path = place.write("mine.toml", exercise.format("Nod"), place.own_exercises)
    place.write("neck.toml", HEAD + '[[steps]]\nexercise = "nod"\n')
    async with followed(place, lambda tell, _fail: _kept(tells, tell)) as there:
        assert "Nod" in steps_shown(there)
        path.write_text(exercise.format("Slow nod"), encoding="utf-8")
        tells[0](frozenset({path}))
        await until(there, lambda: "Slow nod" in steps_shown(there))
        path.write_text("schema = 1\n[exercises.nod]\nhold = 3 seconds\n", encoding="utf-8")
        tells[0](frozenset({path}))
        await until(there, lambda: "mine.toml" in there.text("#message"))


async def test_what_is_in_sight_stays_where_it_is_when_a_session_comes_before_it() -> None:
    tells: list[Tell] = []
    library = FakeLibrary([entry(f"Session {number:03}") for number in range(60)])
    app = make_app(FakeLiveRun(squat_timeline()), library=library, follow_files=lambda tell, _: _kept(tells, tell))
    async with app.run_test(size=(80, 20)) as pilot:
        there = Opened(pilot)
        await there.settle()
        there.table.marked = 30
        await there.settle()
        there.table.scroll_to(y=25, animate=False)
        await there.settle()
        before = there.table.scroll_offset.y
        library.listed.insert(0, entry("A new one"))
        tells[0](frozenset({Path("/sessions/a-new-one.toml")}))
        await there.settle()
        assert (there.marked, there.table.scroll_offset.y) == ("Session 030", before + 1)
        library.listed = [one for one in library.listed if one.name != "Session 030"]
        tells[0](frozenset())
        await there.settle()
        assert (there.marked, there.table.scroll_offset.y) == ("Session 031", before + 1)


async def test_where_nothing_can_be_watched_it_is_said_once_with_the_key_that_reads_again() -> None:
    fails: list[Callable[[str], None]] = []
    app = make_app(FakeLiveRun(squat_timeline()), follow_files=lambda _tell, fail: _kept(fails, fail))
    async with app.run_test(size=(120, 30)) as pilot:
        there = Opened(pilot)
        await there.settle()
        fails[0]("no watches are left")
        await there.settle()
        said = "The list does not follow your files by itself (no watches are left); F5 reads them again."
        assert there.text("#message") == said
        there.table.marked = 2
        await there.settle()
        assert "then press F5" in there.text("#preview-facts")


async def test_letters_of_the_filter_do_not_look_for_todays_session_again() -> None:
    async with opened() as there:
        looked: list[object] = []
        there.app.screen._show_today = lambda: looked.append(None)  # type: ignore[attr-defined]
        await there.press("d", "e", "s", "k")
        assert there.names == ["Desk break"]
        assert looked == []


class NothingToClose:
    """Files that a test changes by hand."""

    def close(self) -> None:
        """Nothing is watched."""


def _kept(kept: list[Any], one: object) -> NothingToClose:
    kept.append(one)
    return NothingToClose()


@pytest.mark.parametrize("follows", [True, False])
async def test_a_run_follows_its_file_where_that_was_asked_for(open_play: OpenPlay, follows: bool) -> None:
    followed: list[object] = []

    class Following(FakeLiveRun):
        def follow_file(self, wanted: SessionEntry, *_: object) -> None:
            followed.append(wanted)

    async with open_play(Following(squat_timeline()), follows_runs=follows):
        assert followed == ([ENTRIES[0]] if follows else [])
