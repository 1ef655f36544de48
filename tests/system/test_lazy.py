from __future__ import annotations

import threading
from types import SimpleNamespace

from timer_app.system.lazy import lazy


def test_nothing_is_made_before_something_is_asked_and_nothing_twice() -> None:
    made = []

    def make() -> SimpleNamespace:
        made.append(1)
        return SimpleNamespace(name="a", reported=lambda: "b")

    thing = lazy(make)
    assert not made
    assert (thing.name, thing.reported(), thing.name) == ("a", "b", "a")
    assert len(made) == 1


def test_two_threads_that_ask_at_once_are_answered_by_the_same() -> None:
    together, made = threading.Barrier(2), []

    def make() -> SimpleNamespace:
        made.append(1)
        return SimpleNamespace(name=object())

    thing, names = lazy(make), []

    def ask() -> None:
        together.wait()
        names.append(thing.name)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert names[0] is names[1]
