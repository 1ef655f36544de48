"""Things that are made when something is first asked of them, so that the first picture need not wait for them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

_Made = TypeVar("_Made")


class _Late:
    """Hands every question on to what `make` returns; whichever thread asks first makes it."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make
        self._making = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        with self._making:
            made = self._made
        return getattr(made, name)

    @cached_property
    def _made(self) -> object:
        return self._make()


def late(make: Callable[[], _Made]) -> _Made:
    """What `make` returns, for all that is asked of it; it is called once, and not before that.

    Whoever holds it must only use its methods and attributes.
    """
    return cast("_Made", _Late(make))
