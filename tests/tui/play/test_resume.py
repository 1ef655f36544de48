"""What the app asks when a run was cut off, and what becomes of the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import ENTRIES, FakeLibrary, FakeLiveRun, make_app, squat_timeline
from tests.tui.pictures import check_picture
from timer_app.core.player.recorder import SessionRecord
from timer_app.history.store import UnfinishedRecord
from timer_app.library.library import SessionEntry
from timer_app.run.options import RunOptions
from timer_app.run.plan import RunStarter, start_untracked
from timer_app.run.tracker import ResumableRun
from timer_app.tui.library.screen import LibraryScreen
from timer_app.tui.play.resume import ResumeScreen
from timer_app.tui.play.screen import PlayScreen

BEGUN = datetime(2026, 3, 2, 7, 30, tzinfo=UTC).astimezone()
SIZES = {"standard": (80, 24), "narrow": (43, 46), "tiny": (20, 5)}
CUT_OFF = UnfinishedRecord(
    id="a1",
    session="upper-back-release",
    name="Upper-back release",
    path=Path("/sessions/upper-back-release.toml"),
    text_sha256="",
    timeline_hash="",
    options={},
    language="en",
    phase=1,
    counted=0,
    step="Wall squat",
    left_ms=420_000,
    started=BEGUN,
    changed=BEGUN,
    record=SessionRecord("Upper-back release", []),
)


class FakeDiary:
    """Offers a run that was cut off, and keeps what it was told."""

    def __init__(self, offer: ResumableRun) -> None:
        self.offered = offer
        self.left: list[ResumableRun] = []
        self.taken_up: list[ResumableRun | None] = []

    def find_resumable(self, session: str | None = None) -> ResumableRun:
        assert session is None
        return self.offered

    def dismiss(self, offer: ResumableRun) -> None:
        self.left.append(offer)

    def resolve_doses(self, options: RunOptions, *_: Any) -> RunOptions:
        return options

    def starter(self, _session: str, _path: Path, offer: ResumableRun | None) -> RunStarter:
        self.taken_up.append(offer)
        return start_untracked


class Sessions(FakeLibrary):
    def load(self, wanted: SessionEntry) -> tuple[Any, list[Any]]:
        return SimpleNamespace(name=wanted.name, language="en"), []

    def catalogue_in(self, language: str) -> dict[str, Any]:
        assert language == "en"
        return {}

    def find(self, path: str) -> SessionEntry:
        return next(entry for entry in self.listed if str(entry.path) == path)


def diary(**more: Any) -> FakeDiary:
    return FakeDiary(ResumableRun(replace(CUT_OFF, **more), is_file_changed=False))


@asynccontextmanager
async def asked(diary: FakeDiary, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    app = make_app(FakeLiveRun(squat_timeline()), library=Sessions(ENTRIES), tracker=diary)
    async with app.run_test(size=size) as pilot:
        while not isinstance(app.screen, ResumeScreen):
            await pilot.pause()
        await pilot.pause()
        yield pilot


async def answered(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@pytest.mark.parametrize("name", SIZES)
async def test_the_question_fits_every_layout(name: str) -> None:
    started = BEGUN.replace(hour=7, minute=30)
    reported = diary(started=started)
    async with asked(reported, SIZES[name]) as pilot:
        check_picture(pilot.app, f"resume-{name}")


@pytest.mark.parametrize("name", SIZES)
async def test_every_answer_can_be_reached_in_every_layout(name: str) -> None:
    reported = diary()
    async with asked(reported, SIZES[name]) as pilot:
        await answered(pilot, "down", "down", "enter")
        assert isinstance(pilot.app.screen, LibraryScreen)
    assert (reported.left, reported.taken_up) == ([reported.offered], [])


async def test_the_first_answer_goes_on_where_the_run_stood() -> None:
    reported = diary()
    async with asked(reported) as pilot:
        await answered(pilot, "enter")
        assert isinstance(pilot.app.screen, PlayScreen)
    assert (reported.left, reported.taken_up) == ([], [reported.offered])


async def test_afresh_starts_a_new_run_and_leaves_the_old_one() -> None:
    reported = diary()
    async with asked(reported) as pilot:
        await answered(pilot, "down", "enter")
        assert isinstance(pilot.app.screen, PlayScreen)
    assert (reported.left, reported.taken_up) == ([reported.offered], [None])


async def test_closing_it_decides_nothing() -> None:
    reported = diary()
    async with asked(reported) as pilot:
        await answered(pilot, "escape")
        assert isinstance(pilot.app.screen, LibraryScreen)
    assert (reported.left, reported.taken_up) == ([], [])


async def test_a_session_that_has_changed_goes_on_with_the_start_of_a_step() -> None:
    reported = FakeDiary(ResumableRun(CUT_OFF, is_file_changed=True))
    async with asked(reported) as pilot:
        check_picture(pilot.app, "resume-changed")
