from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from timer_app.tui.lifecycle import freeze_garbage_collector


@pytest.fixture(autouse=True)
def _usual_collections() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


class Ring:
    """Refers to itself, so that only a collection frees it."""

    def __init__(self) -> None:
        self.own = self


def test_what_lives_long_is_not_looked_at_again() -> None:
    freeze_garbage_collector()
    assert gc.get_freeze_count() > 0


def test_garbage_of_a_run_does_not_pile_up() -> None:
    freeze_garbage_collector()
    left: weakref.WeakSet[Ring] = weakref.WeakSet()
    for _ in range(20_000):
        left.add(Ring())
    assert len(left) < 5_000
