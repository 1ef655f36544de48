"""Labels of a run keep their words whole."""

from __future__ import annotations

from typing import cast

from textual.app import App, ComposeResult

from timer_app.tui.play.labels import WholeWordsLabel
from timer_app.tui.play.view import RunView

TEXT = "Bend your knees a little to roll the ball, and find the most tender spot."


class Shown(App[None]):
    CSS = "WholeWordsLabel { width: 20; height: 2; }"

    def compose(self) -> ComposeResult:
        yield WholeWordsLabel(lambda _view: TEXT)


async def test_an_instruction_that_is_too_long_ends_with_a_whole_word_and_an_ellipsis() -> None:
    async with Shown().run_test(size=(80, 24)) as pilot:
        label = pilot.app.query_one(WholeWordsLabel)
        label.show_view(cast("RunView", None))
        assert label.text.splitlines() == ["Bend your knees a", "little to roll the…"]
        label.styles.height = 10
        await pilot.pause()
        assert " ".join(label.text.split()) == TEXT
