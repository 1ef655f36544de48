"""Objects that are made on first use, so that the first frame need not wait for them.

Also how to install an optional extra into the environment that runs.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

_T = TypeVar("_T")


class _LazyProxy:
    """Forwards every attribute to what `make` returns; the first thread that needs one makes it."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            target = self._target
        return getattr(target, name)

    @cached_property
    def _target(self) -> object:
        return self._make()


def lazy(make: Callable[[], _T]) -> _T:
    """What `make` returns, for all that is asked of it; it is called once, and not before that.

    Whoever holds it must only use its methods and attributes.
    """
    return cast("_T", _LazyProxy(make))


def install_command(extra: str) -> str:
    """The command that installs an extra, to be copied as it stands.

    It names the interpreter, as another `pip` on the path would install for another one. The package is there already,
    so that nothing of it is fetched again.
    """
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    return f'{python} -m pip install "timer-app[{extra}]"'
