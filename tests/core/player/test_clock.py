from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.player import clock as clock_module
from timer_app.core.player.clock import ManualClock, MonotonicClock, machine_ms

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
