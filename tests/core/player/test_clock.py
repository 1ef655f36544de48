from __future__ import annotations

import math
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.player import clock as clock_module
from timer_app.core.player.clock import (
    SLEEP_GAP_MS,
    ManualClock,
    MonotonicClock,
    SleepGuess,
    machine_ms,
    sleepless_clock,
)
from timer_app.core.player.conductor import Conductor, SilentSink
from timer_app.core.player.events import Paused
from timer_app.core.player.player import Player
from timer_app.core.player.states import Command
from timer_app.testing import hold, timeline

EVERY_CLOCK = {
    name: partial(int, n)
    for n, name in enumerate(
        ["CLOCK_BOOTTIME", "CLOCK_MONOTONIC", "CLOCK_MONOTONIC_RAW", "CLOCK_UPTIME_RAW", "QueryInterruptTimePrecise"]
    )
}
FASTER = st.floats(0.1, 100)


class Machine:
    """Stands in for the machine's clock."""

    def __init__(self) -> None:
        self.ms = 5_000_000.25

    def __call__(self) -> float:
        return self.ms


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(clock_module, "machine_ms", made)
    return made


def test_a_clock_begins_at_zero_and_shows_whole_milliseconds(machine: Machine) -> None:
    clock = MonotonicClock()
    assert clock.now_ms() == 0
    machine.ms += 1_234.9
    assert clock.now_ms() == 1_234


def test_at_a_rate_time_passes_that_much_faster(machine: Machine) -> None:
    clock = MonotonicClock(rate=60)
    machine.ms += 1_000
    assert clock.now_ms() == 60_000
    assert clock.rate == 60


def test_a_moment_of_the_clock_is_found_on_the_machine(machine: Machine) -> None:
    began_ms = machine.ms
    clock = MonotonicClock(rate=4)
    assert clock.machine_ms(0) == began_ms
    assert clock.machine_ms(10_000) == began_ms + 2_500


@given(FASTER, st.integers(0, 10**9))
def test_going_to_the_machine_and_back_loses_less_than_a_millisecond(rate: float, at_ms: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        made = Machine()
        patch.setattr(clock_module, "machine_ms", made)
        clock = MonotonicClock(rate)
        made.ms = clock.machine_ms(at_ms)
        assert abs(clock.now_ms() - at_ms) <= 1


@pytest.mark.parametrize(
    ("platform", "name"),
    [
        ("linux", "CLOCK_BOOTTIME"),
        ("darwin", "CLOCK_MONOTONIC_RAW"),
        ("win32", "QueryInterruptTimePrecise"),
    ],
)
def test_each_system_reads_the_clock_that_runs_on_while_it_sleeps(platform: str, name: str) -> None:
    assert sleepless_clock(platform, EVERY_CLOCK) is EVERY_CLOCK[name]
    without = {other: read for other, read in EVERY_CLOCK.items() if other != name}
    assert sleepless_clock(platform, without) is None


def test_of_a_system_that_is_not_known_no_clock_is_trusted_to_run_on() -> None:
    assert sleepless_clock("freebsd14", EVERY_CLOCK) is None


class Sleeper:
    """A computer whose own clock stops while it sleeps, and whose clock on the wall can be set."""

    def __init__(self) -> None:
        self.awake_ms, self.wall_ms = 10_000.0, 1_700_000_000_000.0
        self.guess = SleepGuess(lambda: self.wall_ms, lambda: self.awake_ms)

    def run(self, ms: float, wall_ms: float = 0.0) -> int:
        """Be awake for a time, while the clock on the wall gains some more."""
        self.awake_ms += ms
        self.wall_ms += ms + wall_ms
        return self.guess()


def test_a_sleep_that_only_the_wall_clock_shows_counts_as_just_enough_to_be_noticed() -> None:
    computer = Sleeper()
    assert computer.run(1_000) == 0
    assert computer.run(200, 8 * 3_600_000) == SLEEP_GAP_MS
    assert computer.run(1_000) == SLEEP_GAP_MS
    assert computer.run(1_000, 60_000) == 2 * SLEEP_GAP_MS


def test_a_wall_clock_that_is_slewed_or_set_back_is_no_sleep() -> None:
    computer = Sleeper()
    assert [computer.run(1_000, gained) for gained in (400, 400, -3_600_000, 400, SLEEP_GAP_MS - 1)] == [0] * 5


def test_a_run_pauses_after_a_guessed_sleep_and_goes_on_where_it_was(machine: Machine) -> None:
    slept_ms = 0
    clock = MonotonicClock(2, lambda: slept_ms)
    conductor = Conductor(Player(timeline(hold(60_000))), clock, SilentSink())
    conductor.send(Command.START)
    for _ in range(4):
        machine.ms += 1_000
        conductor.tick()
    slept_ms = SLEEP_GAP_MS
    (paused,) = conductor.tick()
    assert (paused, conductor.slept) == (Paused(8_000), True)
    assert clock.machine_ms(clock.now_ms()) == machine.ms
    assert conductor.snapshot().elapsed_ms == 8_000


def test_the_machines_clock_never_goes_back() -> None:
    looks = [machine_ms() for _ in range(1_000)]
    assert looks == sorted(looks)


@pytest.mark.parametrize("rate", [0, -1, math.nan, math.inf])
@pytest.mark.parametrize("kind", [MonotonicClock, ManualClock])
def test_a_rate_that_no_time_can_have_is_refused(kind: type[MonotonicClock | ManualClock], rate: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        kind(rate=rate)


def test_a_manual_clock_moves_only_when_told_and_never_back() -> None:
    clock = ManualClock(start_ms=100, rate=2)
    assert clock.now_ms() == 100
    assert clock.advance(50) == clock.now_ms() == 150
    assert clock.machine_ms(150) == 75
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1)
