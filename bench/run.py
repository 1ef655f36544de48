"""Prints figures beside those of a peer, so that a change for the worse is seen; nothing passes or fails by them.

`make bench` runs all; `make bench ARGS="compile speech"` runs some.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from analysing import bench_analysis
from compiling import bench_compile
from costs import bench_costs
from exporting import bench_export
from history import bench_history
from libraries import bench_library
from processes import bench_start
from screens import bench_cpu, bench_memory
from sounding import bench_sound
from speaking import bench_speech

BENCHES: dict[str, Callable[[], None]] = {
    "start": bench_start,
    "compile": bench_compile,
    "analysis": bench_analysis,
    "library": bench_library,
    "costs": bench_costs,
    "history": bench_history,
    "speech": bench_speech,
    "sound": bench_sound,
    "export": bench_export,
    "cpu": bench_cpu,
    "memory": bench_memory,
}


def main(names: list[str]) -> int:
    """Run the benches named, or all."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"no bench called {', '.join(unknown)}; there are {', '.join(BENCHES)}")
        return 2
    for name in names or BENCHES:
        print(f"\n{name}")
        BENCHES[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
