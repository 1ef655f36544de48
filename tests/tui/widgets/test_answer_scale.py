from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from timer_app.tui.widgets.answer_scale import MOST_NUMBERS, scale_layout

SIZES = st.integers(21, 240), st.integers(1, 9)


@given(st.integers(2, MOST_NUMBERS), *SIZES)
def test_every_number_has_a_place_of_its_own_within_the_scale(count: int, width: int, height: int) -> None:
    layout = scale_layout(count, width, height)
    rows = -(-count // layout.in_row)
    assert layout.in_row * (layout.cells + 1) - 1 <= width
    assert rows * layout.rows <= height
    assert height == 1 or rows * layout.rows < height


def test_a_finger_hits_every_number_on_a_phone() -> None:
    for width, height in ((41, 7), (44, 7), (76, 4)):
        layout = scale_layout(MOST_NUMBERS, width, height)
        assert layout.cells >= 5
        assert layout.rows == 3
