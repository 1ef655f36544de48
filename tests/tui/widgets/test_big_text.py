from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from timer_app.tui.widgets.big_text import (
    GLYPHS,
    GRID_HEIGHT,
    GRID_WIDTH,
    GlyphSize,
    big_rows,
    can_draw,
    centred_big_rows,
    changed_region,
    draw_text,
    fit_size,
    glyph_rows,
)

times = st.from_regex(r"\A([1-9]?[0-9]|[1-9]?[0-9]:[0-5][0-9]|[1-9]:[0-5][0-9]:[0-5][0-9])\Z")
columns = st.integers(1, 200)
rows = st.integers(1, 30)
sizes = [
    GlyphSize(3, 5, 1),
    GlyphSize(3, 6, 1),
    GlyphSize(4, 7, 1),
    GlyphSize(4, 8, 1),
    GlyphSize(5, 8, 1),
    GlyphSize(6, 10, 2),
    GlyphSize(10, 16, 3),
    GlyphSize(20, 48, 6),
]


@settings(deadline=None)  # the first drawing of a size is slow, and remembered
@given(times, columns, rows)
def test_a_drawn_text_never_leaves_its_space(text: str, columns: int, rows: int) -> None:
    size = fit_size(text, columns, rows)
    assume(size is not None)
    assert size is not None
    drawn = draw_text(text, size)
    assert len(drawn) <= rows
    (width,) = {len(row) for row in drawn}
    assert width <= columns


@given(times, columns, rows)
def test_more_room_never_makes_a_text_lower(text: str, columns: int, rows: int) -> None:
    small, wider, higher = (
        fit_size(text, columns, rows),
        fit_size(text, columns + 1, rows),
        fit_size(text, columns, rows + 1),
    )
    if small is not None:
        assert wider is not None
        assert higher is not None
        assert small.height <= wider.height
        assert small.height <= higher.height


@pytest.mark.parametrize("size", sizes)
def test_no_two_glyphs_look_alike(size: GlyphSize) -> None:
    drawn = {c: glyph_rows(c, size.width, size.height, size.pen) for c in "0123456789" + "+/:"}
    assert len(set(drawn.values())) == len(drawn)


@settings(deadline=None)
@given(times, columns, rows)
def test_smooth_text_is_as_large_as_the_other_and_differs_only_at_its_edges(text: str, columns: int, rows: int) -> None:
    size = fit_size(text, columns, rows)
    assume(size is not None)
    assert size is not None
    plain, smooth = draw_text(text, size), draw_text(text, size, smooth=True)
    assert [len(row) for row in smooth] == [len(row) for row in plain]
    pairs = zip("".join(plain), "".join(smooth), strict=True)
    assert not any({one, other} == {" ", "█"} for one, other in pairs)


@pytest.mark.parametrize("size", sizes)
def test_no_two_smooth_glyphs_look_alike(size: GlyphSize) -> None:
    drawn = {c: glyph_rows(c, size.width, size.height, size.pen, smooth=True) for c in "0123456789" + "+/:"}
    assert len(set(drawn.values())) == len(drawn)


@pytest.mark.parametrize("size", sizes[4:])
def test_no_two_letters_look_alike(size: GlyphSize) -> None:
    drawn = {c: glyph_rows(c, size.width, size.height, size.pen) for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    assert len(set(drawn.values())) == len(drawn)


@pytest.mark.parametrize("character", "0235689")
def test_round_digits_touch_all_four_sides_of_their_box(character: str) -> None:
    drawn = glyph_rows(character, 10, 16, 2)
    assert any(row.strip() for row in drawn[:1])
    assert any(row.strip() for row in drawn[-1:])
    assert any(row[0] != " " for row in drawn)
    assert any(row[-1] != " " for row in drawn)


def test_every_stroke_lies_on_the_grid() -> None:
    for strokes in GLYPHS.values():
        for stroke in strokes:
            assert all(0 <= x <= GRID_WIDTH and 0 <= y <= GRID_HEIGHT for x, y in stroke)
            assert all(start != end for start, end in pairwise(stroke))


def test_seconds_stand_at_least_twelve_rows_high_beside_the_list_of_a_wide_terminal() -> None:
    assert len(big_rows("28", 78, 17)) >= 12


@pytest.mark.parametrize("text", ["9", "28", "1:30", "10:05"])
def test_a_time_is_drawn_large_even_in_a_tiny_terminal(text: str) -> None:
    assert len(big_rows(text, 20, 4)) >= 3


def test_what_has_no_shape_is_shown_as_it_is() -> None:
    assert not can_draw("休憩")
    assert big_rows("休憩", 80, 10) == ("休憩",)


def test_a_letter_with_marks_is_drawn_with_them_where_there_are_pixels_for_them() -> None:
    for letters in ("ÄÖÜ", "ÉÈÊÍÓÚÑÃÇ", "ĄĆĘŁŃÓŚŹŻ"):
        assert can_draw(letters)
        for letter in letters:
            base = {"Ł": "L"}.get(letter) or unicodedata.normalize("NFD", letter)[0]
            assert big_rows(letter, 20, 9) != big_rows(base, 20, 9), letter
            assert big_rows(letter, 4, 3) == big_rows(base, 4, 3), letter


def test_what_does_not_fit_large_is_shown_small() -> None:
    assert big_rows("PREPARE", 12, 5) == ("PREPARE",)


def test_nothing_is_drawn_of_nothing() -> None:
    assert big_rows("", 80, 10) == ()
    assert big_rows("12", 0, 10) == ()


def test_only_the_piece_that_differs_is_drawn_again() -> None:
    before, after = centred_big_rows("28", 60, 12), centred_big_rows("27", 60, 12)
    region = changed_region(before, after)
    assert region is not None
    assert region.x > 25
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        assert all(region.contains(x, y) for x in range(60) if old[x] != new[x])


def test_nothing_is_drawn_again_where_nothing_differs() -> None:
    assert changed_region(centred_big_rows("28", 60, 12), centred_big_rows("28", 60, 12)) is None


@given(times, columns, rows)
@settings(deadline=None)
def test_a_text_is_framed_to_fill_its_widget_exactly(text: str, columns: int, rows: int) -> None:
    drawn = centred_big_rows(text, columns, rows)
    assert len(drawn) == rows
    assert {len(row) for row in drawn} == {columns}
