"""The rows of the settings screen: a label and a control each, and what lies at which column of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from rich.cells import cell_len

from timer_app.core.diagnostics import printable
from timer_app.core.i18n import _
from timer_app.settings import Setting
from timer_app.tui.settings.values import control_kind, share_of, value_text
from timer_app.tui.widgets.text_layout import fit_to_width

LESS, MORE = "◂", "▸"
_FILLED, _KNOB, _OPEN_KNOB, _EMPTY, _OPEN = "━", "●", "○", "─", "…"
_WIDE_FROM, _NARROW_FROM = 56, 28


class Layout(NamedTuple):
    """How a row divides its cells.

    Attributes:
        label: Cells of the label; 0 if the control stands below it.
        bar: Cells of the bar of a slider; 0 for none.
    """

    label: int
    bar: int


def layout_for(width: int) -> Layout:
    """How rows of `width` cells are divided."""
    if width >= _WIDE_FROM:
        return Layout(20, 21)
    return Layout(16, 6) if width >= _NARROW_FROM else Layout(0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """What lies below the pointer.

    Attributes:
        kind: The place of a bar, the arrow to less or to more, or the rest of the row.
        share: Where on the bar, from 0 to 1.
    """

    kind: Literal["bar", "less", "more", "rest"]
    share: float = 0


def row_text(setting: Setting, value: Any, layout: Layout, width: int) -> str:
    """A row, of two lines where the control stands below its label."""
    label, control = _(setting.label), control_text(setting, value, layout.bar)
    if not layout.label:
        return f"{fit_to_width(label, width).rstrip()}\n{fit_to_width(control, width).rstrip()}"
    return f"{fit_to_width(label, layout.label)}{fit_to_width(control, width - layout.label)}".rstrip()


def control_text(setting: Setting, value: Any, bar: int) -> str:
    """The control with its value: a bar, arrows on both sides, or a sign that more opens."""
    shown, kind = printable(value_text(setting, value)), control_kind(setting)
    if kind in ("table", "text"):
        return f"{shown} {_OPEN}"
    if kind == "slider" and bar:
        usual = share_of(setting, setting.usual) or 0.0
        return f"{_bar_text(share_of(setting, value), usual, bar)}  {shown}"
    return f"{LESS} {shown} {MORE}"


def _bar_text(share: float | None, usual: float, cells: int) -> str:
    """A bar with its knob; without a value, an open one stands where the arrow keys begin."""
    at = round((usual if share is None else share) * (cells - 1))
    if share is None:
        return _EMPTY * at + _OPEN_KNOB + _EMPTY * (cells - 1 - at)
    return _FILLED * at + _KNOB + _EMPTY * (cells - 1 - at)


def part_at(setting: Setting, value: Any, layout: Layout, column: int, line: int) -> Part:
    """What lies at a column of a line of a row."""
    if line != (0 if layout.label else 1):
        return Part("rest")
    column -= layout.label
    kind = control_kind(setting)
    if kind == "slider" and layout.bar:
        return Part("bar", column / (layout.bar - 1)) if 0 <= column < layout.bar else Part("rest")
    if kind in ("slider", "switch", "choice"):
        if 0 <= column <= 1:
            return Part("less")
        end = cell_len(control_text(setting, value, 0))
        if end - 2 <= column <= end:
            return Part("more")
    return Part("rest")
