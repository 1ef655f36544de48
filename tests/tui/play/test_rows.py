"""Word and time at every size: they have their room first, and the rest what is left."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from textual.geometry import Size

from tests.core.compiling import plan
from tests.tui.conftest import OpenPlay, Play
from tests.tui.play.test_screen import SHIPPED
from timer_app.core.compiler.compile import compile_session
from timer_app.core.session.model import Session
from timer_app.core.timeline.model import LeadIn, Timeline
from timer_app.tui.play.rows import Needs, divide_rows
from timer_app.tui.screen import SHORT_FROM

# Only these widths make a difference; each is the first or the last of its kind.
WIDTHS = (20, 31, 32, 59, 60, 99, 100, 240)
ALL_SIZES = [Size(width, height) for width, height in product(WIDTHS, range(5, 71))]
NEEDS = [Needs(*flags) for flags in product((False, True), repeat=7)]


@pytest.mark.parametrize("needs", NEEDS)
def test_rows_are_divided_without_remainder_and_word_and_time_have_theirs_at_every_size(needs: Needs) -> None:
    for size in ALL_SIZES:
        rows = divide_rows(size, needs)
        keys = int(size.height >= SHORT_FROM)
        used = sum(rows.parts.values()) + sum(rows.above.values()) + keys
        assert used == size.height if needs.counts else used <= size.height, size
        assert rows.parts["word"] >= 1, size
        assert rows.parts.get("time", 0) >= _least_time(size, needs), size
        if needs.stands and size.height > 5:
            assert rows.parts.get("go-on") or needs.asks, size
        assert not needs.asks or rows.parts["answer"] >= 1, size


def _least_time(size: Size, needs: Needs) -> int:
    if not needs.counts:
        return 0
    return 4 if size.height >= 30 else 3 if size.height >= 7 else 1


def session(*steps: dict[str, object]) -> Timeline:
    data = {"schema": 1, "name": "A session", "steps": list(steps), "defaults": {"prepare": 5, "countdown": 3}}
    run = compile_session(Session.model_validate(data), plan(catalogue=SHIPPED)).timeline
    return replace(run, resume_lead_in=LeadIn(3_000))


BREATH = [{"name": name, "for": f"{length}s", "breath": way} for name, length, way in
          (("In", 4, "in"), ("Hold", 7, "hold"), ("Out", 8, "out"))]  # fmt: skip
# By what is seen: a run, how long it runs, and the keys that lead there.
MOMENTS: dict[str, tuple[Timeline, int, tuple[str, ...]]] = {
    "hold with a figure": (session({"exercise": "wall-shoulder-stretch"}), 12_000, ()),
    "long hold": (session({"name": "Stand", "hold": "1h10m"}), 12_000, ()),
    "reps": (session({"exercise": "shoulder-blade-retraction"}), 9_000, ()),
    "counted reps": (session({"name": "Squat", "reps": 120, "tempo": "free"}), 9_000, ("space", "space")),
    "breath": (session({"name": "4-7-8", "rounds": 3, "flow": BREATH}), 12_000, ()),
    "flow with a figure": (session({"exercise": "cat-cow"}), 9_000, ()),
    "rest": (session({"exercise": "cat-cow", "rounds": 1}, {"rest": "2m"}, {"exercise": "cat-cow"}), 40_000, ()),
    "question": (session({"measure": "pain"}), 4_000, ()),
    "waiting": (session({"wait": "Fetch the ball and the mat."}), 4_000, ()),
    "words": (session({"say": "Sit down, and let your shoulders sink."}), 1_000, ()),
    "paused": (session({"exercise": "wall-shoulder-stretch"}), 12_000, ("space",)),
    "paused flow": (session({"exercise": "cat-cow"}), 9_000, ("space",)),
    "lead-in": (session({"exercise": "wall-shoulder-stretch"}), 12_000, ("space", "space")),
}
SIZES = [(20, 5), (20, 9), (20, 30), (31, 44), (32, 20), (32, 30), (36, 32), (43, 46), (46, 35), (56, 37), (59, 70)]
SIZES += [(60, 20), (60, 30), (80, 24), (99, 31), (100, 20), (120, 40), (240, 70)]


def inked(play: Play, widget: str, *, row: int | None = None) -> list[str]:
    """The rows of a widget that have something on them, or one row counted from its first."""
    region = play.screen.query_one(widget).region
    rows = [strip.text[region.x : region.right] for strip in play.app.screen._compositor.render_strips()]
    if row is not None:
        return [text for text in rows[region.y + row : region.y + row + 1] if text.strip()]
    return [text for text in rows[region.y : region.bottom] if text.strip()]


@pytest.mark.parametrize("moment", MOMENTS)
async def test_word_and_time_are_large_and_stand_apart_at_every_size(open_play: OpenPlay, moment: str) -> None:
    run, ms, keys = MOMENTS[moment]
    async with open_play(run, size=(80, 24)) as play:
        for _ in range(ms // 1_000):
            await play.pass_time(1_000)
        await play.press(*keys) if keys else None
        for size in SIZES[list(MOMENTS).index(moment) % 5 :: 5]:  # the rule holds at all of them; here it is drawn
            await play.pilot.resize_terminal(*size)
            await play.pilot.pause()
            await play.pilot.pause()
            assert inked(play, "#word"), size
            time = play.screen.query_one("#time")
            if time.display:
                least = 4 if size[1] >= 30 else 3 if size[1] >= 9 else 2
                assert len(inked(play, "#time")) >= least, size
            for part in ("#pacer", "#figure"):
                shown = play.screen.query_one(part)
                below = part == "#pacer" or play.screen.query_one("#middle").has_class("-figure-below")
                if shown.display and below and inked(play, part):
                    assert not inked(play, part, row=-1), size
            for widget in play.screen.query("*"):
                if widget.display and widget.region.area:
                    assert play.screen.region.contains_region(widget.region), (size, widget)
