from __future__ import annotations

from textual import events
from textual.geometry import Size

from tests.tui.conftest import ENTRIES, FakeLibrary, FakeLiveRun, make_app
from timer_app.testing import hold, timeline
from timer_app.tui.library.screen import LibraryScreen


async def test_a_size_that_the_terminal_had_before_is_not_laid_out() -> None:
    app = make_app(FakeLiveRun(timeline(hold(5_000))), library=FakeLibrary(ENTRIES))
    async with app.run_test(size=(80, 41)) as pilot:
        await app.workers.wait_for_complete()
        screen, sizes = app.screen, []
        assert isinstance(screen, LibraryScreen)
        screen.post_message(events.Resize(Size(80, 24), Size(80, 24)))
        for _ in range(20):
            await pilot.pause()
            sizes.append(screen.size)
        assert set(sizes) == {Size(80, 41)}
        assert screen.has_class("-tall")
        await pilot.resize_terminal(120, 24)
        assert screen.size == Size(120, 24)
        assert screen.classes >= {"-wide", "-normal"}
        assert not screen.has_class("-tall")
