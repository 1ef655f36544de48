"""How the benches measure and print."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def median_ms(call: Callable[[], object], times: int = 5) -> float:
    """The median time of a call, in milliseconds."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def row(what: str, figure: str, beside: str = "") -> None:
    """One line of a table."""
    print(f"  {what:<52} {figure:>14}   {beside}".rstrip())


def ratio(own: float, peer: float) -> str:
    """How many times the peer's figure."""
    return f"{own / peer:.2f} times" if peer else "no figure to compare with"
