"""The play screen in languages with longer words, and with characters two cells wide: nothing is cut off."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tests.tui.conftest import OpenPlay, Play
from tests.tui.play.test_rows import MOMENTS
from timer_app.core.i18n import _, languages, use_language
from timer_app.tui.widgets.big_text import big_rows, can_draw


def drawn(play: Play, widget: str) -> list[str]:
    """The rows of a widget on the screen, each with its characters in their cells."""
    region = play.screen.query_one(widget).region
    rows = play.app.screen._compositor.render_strips()[region.y : region.bottom]
    return [strip.crop(region.x, region.right).text for strip in rows]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("moment", "language", "size"),
    [(moment, *(("de", (80, 24)), ("ja", (43, 46)))[number % 2]) for number, moment in enumerate(MOMENTS)],
)
async def test_nothing_is_cut_off(open_play: OpenPlay, language: str, moment: str, size: tuple[int, int]) -> None:
    use_language(language)
    run, ms, keys = MOMENTS[moment]
    async with open_play(run, size=size) as play:
        for _second in range(ms // 1_000):
            await play.pass_time(1_000)
        await play.press(*keys) if keys else None
        await play.pilot.pause()
        for label in ("#hint", "#left", "#sound"):
            if play.screen.query_one(label).display:
                assert squeezed("".join(drawn(play, label))) == squeezed(play.shown(label)), label
        word = play.shown("#word")
        shown = "".join(drawn(play, "#word"))
        assert word in shown or (can_draw(word) and any(block in shown for block in "█▀▄"))
        for widget in play.screen.query("*"):
            if widget.display and widget.region.area:
                assert play.screen.region.contains_region(widget.region), widget


BIG_WORDS = (
    "PREPARE",
    "WORK",
    "HOLD",
    "SWITCH",
    "REST",
    "LISTEN",
    "WAIT",
    "ANSWER",
    "GET READY",
    "PAUSED",
    "DONE",
    "ENDED",
)


@pytest.mark.parametrize("language", languages())
def test_the_words_for_what_to_do_are_short_enough_to_be_drawn_large_on_a_phone(language: str) -> None:
    use_language(language)
    words = [_(word) for word in BIG_WORDS]
    assert [word for word in words if can_draw(word) and len(big_rows(word, 40, 4)) < 3] == []
    assert [word for word in words if not can_draw(word) and not 0 < cell_len(word) <= 40] == []
    assert language in {"ja", "zh"} or all(map(can_draw, words))


@pytest.mark.parametrize("language", ["de", "fr", "pl", "zh"])
async def test_the_word_is_drawn_as_large_as_it_can_be(open_play: OpenPlay, language: str) -> None:
    use_language(language)
    run, ms, keys = MOMENTS["lead-in"]
    async with open_play(run, size=(43, 46)) as play:
        for _second in range(ms // 1_000):
            await play.pass_time(1_000)
        await play.press(*keys)
        word, rows = play.shown("#word"), [row.strip() for row in drawn(play, "#word") if row.strip()]
        assert len(rows) >= 3 if can_draw(word) else rows == [word]
