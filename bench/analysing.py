"""Time to analyse a text while it is written: it should be over before the next key."""

from __future__ import annotations

from functools import partial

from timing import median_ms, row

from timer_app.analysis import Analysis, analyse, completions
from timer_app.library import Library
from timer_app.system import paths

_STEP = '[[steps]]\nname = "Step {number}"\nsay = "Do step {number} slowly and with care."\nhold = "30s"\n'
_STEPS = 48
_SHIPPED = ("desk-break", "upper-back-release", "full-programme")


def bench_analysis() -> None:
    """Analysing and completing texts of growing length, whole and broken."""
    library = Library.default()
    folder = paths.shipped_sessions_dir()
    shipped = {name: (folder / f"{name}.toml").read_text(encoding="utf-8") for name in _SHIPPED}
    made = 'schema = 1\nname = "Long"\n' + "".join(_STEP.format(number=number) for number in range(_STEPS))
    for name, text in {**shipped, "194 lines, 48 holds": made, "the same, broken": made + 'name = "'}.items():
        analysed = partial(analyse, text, path=None, library=library)
        completing = partial(_complete, analysed())
        row(name, f"{median_ms(analysed):.0f} ms", f"completing takes {median_ms(completing):.1f} ms")


def _complete(analysis: Analysis) -> None:
    completions(analysis, len(analysis.lines) - 1, 0)
