from __future__ import annotations

import threading

import numpy as np
import pytest

from timer_app.audio.base import Samples
from timer_app.export.workers import BackgroundEncoder


class SlowEncoder:
    """Keeps what it is given, each block only when it is let."""

    def __init__(self, fault: BaseException | None = None) -> None:
        self.blocks: list[float] = []
        self.closed = False
        self.may_go_on = threading.Event()
        self._fault = fault

    def write(self, samples: Samples) -> None:
        assert self.may_go_on.wait(10)
        if self._fault:
            raise self._fault
        self.blocks.append(float(samples[0]))

    def close(self) -> None:
        self.closed = True


def block(number: int) -> Samples:
    return np.full(4, number, np.float32)


def write_many(behind: BackgroundEncoder) -> None:
    for number in range(1_000):
        behind.write(block(number))


def test_blocks_are_encoded_in_their_order_and_all_of_them_before_the_end() -> None:
    encoder = SlowEncoder()
    behind = BackgroundEncoder(encoder)
    for number in range(8):
        behind.write(block(number))
    assert not encoder.blocks
    encoder.may_go_on.set()
    behind.close()
    assert encoder.blocks == [float(number) for number in range(8)]
    assert encoder.closed


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_goes_wrong_with_a_block_comes_out_as_it_is_and_nothing_waits_for_ever(fault: BaseException) -> None:
    encoder = SlowEncoder(fault)
    encoder.may_go_on.set()
    behind = BackgroundEncoder(encoder)
    with pytest.raises(type(fault)) as caught:
        write_many(behind)
    assert caught.value is fault
    behind.abort()
    assert not encoder.closed


def test_what_goes_wrong_with_the_last_block_comes_out_at_the_end() -> None:
    fault = OSError(28, "No space left on device")
    encoder = SlowEncoder(fault)
    behind = BackgroundEncoder(encoder)
    behind.write(block(1))
    encoder.may_go_on.set()
    with pytest.raises(OSError, match="No space") as caught:
        behind.close()
    assert caught.value is fault
    assert not encoder.closed


def test_blocks_that_still_wait_are_left_out_when_the_file_is_given_up() -> None:
    encoder = SlowEncoder()
    behind = BackgroundEncoder(encoder)
    for number in range(5):
        behind.write(block(number))
    threading.Timer(0.2, encoder.may_go_on.set).start()
    behind.abort()
    assert len(encoder.blocks) <= 1
