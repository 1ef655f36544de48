"""What `make hostile` tries, how much of it, and the figures that it prints at its end.

`TIMER_APP_HOSTILE_SIZE` is `ci` or `night`; where it is set, `make test` tries that much too. `TIMER_APP_HOSTILE_SEED`
is the first seed, and the same seed tries the same again.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import pytest

SIZE: Final = os.environ.get("TIMER_APP_HOSTILE_SIZE") or "ci"
FIRST_SEED: Final = int(os.environ.get("TIMER_APP_HOSTILE_SEED") or 1)
PROPERTY: Final = "hostile figures"
LIMIT_S: Final = 2.0
_SHARES: Final = {"ci": 4, "night": 40}
_MOST_TOLD: Final = 20
_LONGEST_CASE: Final = 2_000


@dataclass
class Figures:
    """What one test tried, and what went wrong.

    Attributes:
        kind: What was tried, in the plural.
        seed: What repeats it.
        tried: How many.
        tracebacks: Exceptions that left the program, and lines that tell of something unexpected.
        hangs: Files that took longer than two seconds of computing, and programs that did not end by themselves.
        lost_s: Seconds that had been counted and were not in the history afterwards.
        left_behind: Files of killed writers that were there after the next start.
        wrong: Everything else that was not as it has to be.
        cases: How to see each of these again.
    """

    kind: str
    seed: int
    tried: int = 0
    tracebacks: int = 0
    hangs: int = 0
    lost_s: int = 0
    left_behind: int = 0
    wrong: int = 0
    cases: list[str] = field(default_factory=list)

    def note(self, trouble: str, case: str, count: int = 1) -> None:
        """Count something that went wrong, by the name of its figure."""
        setattr(self, trouble, getattr(self, trouble) + count)
        self.cases.append(f"{trouble}: {case}"[:_LONGEST_CASE])


@contextmanager
def figures(request: pytest.FixtureRequest, kind: str, seed: int) -> Iterator[Figures]:
    """The figures of a test, which fails at the end of the block if anything went wrong."""
    counted = Figures(kind, seed)
    try:
        yield counted
    finally:
        request.node.user_properties.append((PROPERTY, {**asdict(counted), "cases": len(counted.cases)}))
    assert not counted.cases, f"seed {seed}: " + "\n".join(counted.cases[:_MOST_TOLD])


def shares(small: int, ci: int, night: int) -> list[Any]:
    """Parameters `seed` and `count`: a small share of a search for `make test`, the rest for `make hostile`."""
    whole, number = {"ci": ci, "night": night}[SIZE], _SHARES[SIZE]
    each = -(-whole // number)
    rest = [pytest.param(FIRST_SEED + n, each, marks=pytest.mark.hostile) for n in range(1, number + 1) if each]
    return [pytest.param(FIRST_SEED, small), *rest] if small else rest


def summary_lines(properties: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """The figures of all tests, a line for each kind and one for all of them."""
    totals: dict[str, Counter[str]] = {}
    for name, value in properties:
        if name == PROPERTY:
            counted = totals.setdefault(value["kind"], Counter())
            counted.update({key: number for key, number in value.items() if key not in {"kind", "seed"}})
    if not totals:
        return
    yield f"size {SIZE}, seed {FIRST_SEED}; `make hostile SIZE={SIZE} SEED={FIRST_SEED}` tries the same again"
    for kind, counted in sorted(totals.items()):
        yield f"{counted['tried']:>9,} {kind}"
    every = sum(totals.values(), Counter[str]())
    told = {"tracebacks": "tracebacks", "hangs": f"hangs over {LIMIT_S:g} s", "lost_s": "lost counted seconds"}
    told |= {"left_behind": "files left behind", "wrong": "otherwise wrong"}
    yield ", ".join(f"{words} {every[name]}" for name, words in told.items())
