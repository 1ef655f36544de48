"""What the play screen looks like in every layout and every kind of phase; `pictures` tells how to keep a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.style import Style

from tests.tui.conftest import OpenPlay, Play
from tests.tui.pictures import check_picture
from timer_app.core.timeline.dose import Dose
from timer_app.core.timeline.model import Breath, Phase, StepInfo, Timeline
from timer_app.testing import hold, measure, phase, prepare, rest, say, self_paced, step, switch, timeline, wait
from timer_app.tui.play.screen import PlayScreen

LAYOUTS = {
    "large": (200, 60),
    "wide": (120, 40),
    "standard": (80, 24),
    "narrow": (43, 46),
    "short": (60, 12),
    "tiny": (20, 5),
}
STAND = "Stand with your back to the wall, the ball beside your spine. Lean in until one spot is clearly more tender."


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime(2026, 1, 2, 12, tzinfo=UTC) + timedelta(seconds=30)
    monkeypatch.setattr(PlayScreen, "wall_clock", lambda: noon)


def breath(part: str, way: Breath) -> Phase:
    return phase("work", 4_000, part=part, breath=way, label="Slow breathing", round=1, rounds=6)


def session() -> Timeline:
    """Every kind of phase once, in an order that makes sense."""
    about: dict[str, Any] = {"label": "Ball on the rhomboids", "text": STAND, "set": 1, "sets": 2}
    made = timeline(
        step("Before we start", say("Welcome. Stop at once if something hurts.", 6_000), kind="say"),
        step("Ball on the rhomboids", prepare(8_000, **about), hold(90_000, side="left", **about),
             switch(8_000, side="right", **about), hold(90_000, side="right", **about),
             dose=Dose("hold", 90_000, 2, sides=("left", "right"))),
        step("Rest", rest(15_000), kind="rest", dose=Dose("rest", 15_000)),
        step("Wall squat", hold(30_000, label="Wall squat", text="Back flat, thighs level."),
             dose=Dose("hold", 30_000)),
        step("Press-ups", self_paced(12, label="Press-ups", text="At your own pace."), kind="reps",
             dose=Dose("reps", 12)),
        step("Slow breathing", [breath("In", "in"), breath("Out", "out")], kind="flow", dose=Dose("flow", 6)),
        step("Fetch a pillow.", wait("Fetch a pillow.", label="Your turn"), kind="wait"),
        step("Pain", measure("pain", 0, 10), kind="measure"),
        name="Upper-back release",
    )  # fmt: skip
    return replace(made, steps=tuple(_equipped(info) for info in made.steps))


def _equipped(info: StepInfo) -> StepInfo:
    needed = {"Ball on the rhomboids": ("ball", "wall"), "Wall squat": ("wall",)}
    return replace(info, equipment=needed.get(info.name, ()))


MOMENTS: dict[str, tuple[int, int]] = {
    "say": (0, 2_000),
    "prepare": (1, 3_000),
    "hold": (2, 4_500),
    "switch": (3, 1_000),
    "rest": (5, 3_000),
    "reps": (7, 0),
    "breath": (8, 3_000),
    "wait": (10, 0),
    "measure": (11, 0),
}


async def go_to(play: Play, moment: str) -> None:
    index, into_ms = MOMENTS[moment]
    while play.live_run.conductor.player.index < index:
        await play.press("n")
    await play.pass_time(into_ms)


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_a_hold_looks_as_kept_in_every_layout(open_play: OpenPlay, layout: str) -> None:
    async with open_play(session(), size=LAYOUTS[layout]) as play:
        await go_to(play, "hold")
        check_picture(play.app, f"play-hold-{layout}")


@pytest.mark.parametrize("layout", ["wide", "standard", "narrow", "tiny"])
async def test_a_breath_looks_as_kept(open_play: OpenPlay, layout: str) -> None:
    async with open_play(session(), size=LAYOUTS[layout]) as play:
        await go_to(play, "breath")
        check_picture(play.app, f"play-breath-{layout}")


@pytest.mark.parametrize("moment", [moment for moment in MOMENTS if moment not in {"hold", "breath"}])
async def test_every_kind_of_phase_looks_as_kept(open_play: OpenPlay, moment: str) -> None:
    async with open_play(session(), size=LAYOUTS["standard"]) as play:
        await go_to(play, moment)
        check_picture(play.app, f"play-{moment}-standard")


@pytest.mark.parametrize("layout", ["wide", "standard", "narrow", "short", "tiny"])
async def test_a_pause_looks_as_kept(open_play: OpenPlay, layout: str) -> None:
    async with open_play(session(), size=LAYOUTS[layout]) as play:
        await go_to(play, "hold")
        await play.press("space")
        await play.pass_time(12_000)
        check_picture(play.app, f"play-paused-{layout}")


async def test_each_kind_of_phase_has_its_own_colour_and_its_own_pattern(open_play: OpenPlay) -> None:
    observed: dict[str, tuple[object, str]] = {}
    async with open_play(session(), size=LAYOUTS["standard"]) as play:
        for moment in ("say", "prepare", "hold", "switch", "rest", "wait"):
            await go_to(play, moment)
            await play.pilot.pause()
            band = play.screen.query_one("#band")
            rows = [band.render_line(y) for y in range(2)]
            style = next(segment.style for segment in rows[0] if segment.style)
            assert isinstance(style, Style)
            observed[moment] = (style.color, "".join(row.text for row in rows))
    assert len({pattern for _, pattern in observed.values()}) == len(observed)
    colours = {moment: colour for moment, (colour, _) in observed.items()}
    assert len({colours[moment] for moment in ("prepare", "hold", "switch", "rest")}) == 4
