"""The figure in the preview moves, and stands still for those who want that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tests.tui.conftest import FakeLiveRun, at_rest, make_app, squat_timeline
from timer_app.history.store import Store
from timer_app.library.library import Library
from timer_app.run.options import RunOptions
from timer_app.run.tracker import RunTracker
from timer_app.settings.settings import Settings
from timer_app.tui.library.preview_content import load_preview
from timer_app.tui.library.preview_figure import PreviewFigure, moment_in, scenes


@asynccontextmanager
async def opened(home: Path, settings: Settings, size: tuple[int, int]) -> AsyncIterator[Pilot[None]]:
    library, tracker = Library.default(), RunTracker(Store(home / "history.db"))
    app = make_app(
        FakeLiveRun(squat_timeline()),
        library=library,  # type: ignore[arg-type]
        settings=settings,
        preview_loader=lambda entry: load_preview(library, entry, RunOptions(), tracker),
    )
    async with app.run_test(size=size) as pilot:
        for _ in range(3):
            await at_rest(app)
            await pilot.pause()
        yield pilot


def drawn(figure: PreviewFigure) -> str:
    return "\n".join(figure.render_line(y).text for y in range(figure.size.height))


def looks_in_two_seconds(figure: PreviewFigure, patch: pytest.MonkeyPatch, *, calm: bool) -> int:
    """How many moments are drawn, where only the breath moves or more than that."""
    patch.setattr(PreviewFigure, "is_calm", calm)
    figure._show_moment(0)
    views = [figure.view]
    for at_ms in range(0, 2_000, 25):
        figure._began_s = figure._clock() - at_ms / 1_000
        figure._show_frame()
        if figure.view is not views[-1]:
            views.append(figure.view)
    return len(views)


async def test_the_figure_moves_through_the_exercises_of_the_marked_session(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(home, Settings(), (120, 40)) as pilot:
        figure = pilot.app.screen.query_one(PreviewFigure)
        assert drawn(figure).strip()
        assert figure.is_moving
        seen = set()
        for second in range(20):
            figure._began_s = figure._clock() - second
            figure._show_frame()
            seen.add(drawn(figure))
        assert len(seen) > 3
        assert looks_in_two_seconds(figure, monkeypatch, calm=False) >= 15
        assert looks_in_two_seconds(figure, monkeypatch, calm=True) <= 5
        figure._began_s = figure._clock() - 1_000
        figure._show_frame()
        assert not figure.is_moving


async def test_with_reduced_motion_it_stands_still(home: Path) -> None:
    async with opened(home, Settings(reduced_motion=True), (120, 40)) as pilot:
        figure = pilot.app.screen.query_one(PreviewFigure)
        assert drawn(figure).strip()
        assert not figure.is_moving


@pytest.mark.parametrize("session", ["desk-break", "upper-back-release"])
def test_each_figure_of_a_session_has_its_scene_which_begins_again_behind_its_end(home: Path, session: str) -> None:
    library = Library.default()
    preview = load_preview(library, library.find(session), RunOptions(), RunTracker(Store(home / "history.db")))
    assert preview.timeline
    found = list(scenes(preview.timeline))
    figures = {id(step.figure) for step in preview.timeline.steps if step.figure}
    assert 2 <= len(found) <= len(figures)
    for scene in found:
        assert moment_in(preview.timeline, scene, 0) == (scene[0], 0)
        for at_ms in range(0, 60_000, 700):
            index, elapsed_ms = moment_in(preview.timeline, scene, at_ms)
            assert index in scene
            length_ms = preview.timeline.phases[index].duration_ms
            assert length_ms is None or elapsed_ms < length_ms


async def test_what_is_only_said_stands_in_quotes(home: Path) -> None:
    async with opened(home, Settings(), (120, 40)) as pilot:
        steps = str(pilot.app.screen.query_one("#preview-steps", Static).render())
        assert "“Come up slowly, and sit down on a chair," in steps
        assert "\nCat and cow " in steps
