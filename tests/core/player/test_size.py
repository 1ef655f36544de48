"""A long timeline costs no more at each look than a short one: what is counted here is phases looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.core.player_run import Run
from timer_app.core.player.conductor import Conductor
from timer_app.core.player.player import Player
from timer_app.core.player.states import Command
from timer_app.core.timeline.model import LeadIn, Phase, Timeline
from timer_app.testing import ManualClock, RecordingSink, hold, rest, timeline

FEW = 60


class CountedPhases(tuple[Phase, ...]):
    """Phases that count how often one of them is looked at, a slice as all that it holds."""

    __slots__ = ()
    looks = 0

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        CountedPhases.looks += len(found) if isinstance(key, slice) else 1
        return found


@pytest.fixture(scope="module")
def long() -> Timeline:
    return timeline(*(part for _ in range(10_000) for part in (hold(3_000), rest(1_000))))


@pytest.fixture
def counted(long: Timeline) -> Timeline:
    made = replace(long, phases=CountedPhases(long.phases))
    CountedPhases.looks = 0
    return made


@pytest.mark.parametrize(
    "act",
    [
        lambda run: run.after(400),
        lambda run: run.player.upcoming(run.now_ms, run.now_ms + 1_500),
        lambda run: run.player.snapshot(run.now_ms),
        lambda run: run.player.next_change_ms(),
        lambda run: run.press(Command.NEXT),
        lambda run: run.press(Command.BACK),
        lambda run: run.press(Command.RESTART),
        lambda run: run.press(Command.AGAIN),
        lambda run: run.press(Command.PAUSE),
        lambda run: run.press(Command.ADD_TIME, 10_000),
    ],
    ids=["advance", "upcoming", "snapshot", "next change", "next", "back", "restart", "again", "pause", "add time"],
)
@pytest.mark.parametrize("step", [0, 10_000, 19_000])
def test_a_look_or_a_command_sees_only_the_phases_around(
    counted: Timeline, act: Callable[[Run], object], step: int
) -> None:
    run = Run(counted)
    run.press(Command.JUMP, step)
    run.after(LeadIn().duration_ms + 500)
    CountedPhases.looks = 0
    act(run)
    assert 0 < CountedPhases.looks < FEW


def test_leading_a_run_without_cues_looks_at_each_phase_a_bounded_number_of_times(counted: Timeline) -> None:
    clock = ManualClock()
    conductor = Conductor(Player(counted), clock, RecordingSink(clock))
    conductor.send(Command.START)
    for _ in range(100):
        clock.advance(400)
        conductor.tick()
        conductor.ms_until_next_tick()
        conductor.snapshot()
    assert CountedPhases.looks < 100 * FEW


def test_catching_up_with_the_whole_of_it_takes_one_pass(counted: Timeline) -> None:
    run = Run(counted)
    run.after(counted.total_ms)
    assert run.player.state.is_over
    assert CountedPhases.looks < FEW * len(counted.phases)
