"""How many lines a row of the list gets, and that no word of a purpose is cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.tui.conftest import FakeLibrary, entry
from tests.tui.library.test_library import opened
from timer_app.tui.library.table import MOST_LINES, columns_for, lines_for, lines_needed, row_text
from timer_app.tui.widgets.text_layout import words_in_lines

PURPOSES = st.lists(st.text("abcdefgh,äß", min_size=1, max_size=12), max_size=20).map(" ".join)


@given(PURPOSES, st.integers(13, 80), st.integers(1, 5))
def test_lines_hold_whole_words_in_their_order_and_say_when_some_are_left_out(text: str, width: int, most: int) -> None:
    lines = words_in_lines(text, width, most)
    assert len(lines) <= most
    assert all(cell_len(line) <= width for line in lines)
    shown = " ".join(lines).split()
    if shown and shown[-1].endswith("…"):
        last = shown.pop().removesuffix("…")
        assert text.split()[len(shown)].startswith(last)
        assert text.split()[len(shown)].rstrip(",") == last.rstrip(",")
    else:
        assert shown == text.split()
    assert shown == text.split()[: len(shown)]


def test_a_word_wider_than_a_line_and_a_script_without_spaces_are_broken() -> None:
    assert words_in_lines("abcdefghij", 4, 9) == ["abcd", "efgh", "ij"]
    assert words_in_lines("背中を丸める", 4, 9) == ["背中", "を丸", "める"]
    assert words_in_lines("", 4, 9) == [""]


@given(st.lists(st.integers(1, 4), max_size=12), st.integers(0, 40))
def test_rows_that_are_free_are_given_to_purposes_and_never_more_than_there_are(needed: list[int], rows: int) -> None:
    lines = lines_for(needed, rows)
    assert all(1 <= got <= want for got, want in zip(lines, needed, strict=True))
    assert sum(lines) <= max(rows, len(needed))
    if sum(needed) <= rows:
        assert lines == needed
    # No line stays empty while a purpose is cut off.
    assert sum(lines) == min(sum(needed), max(rows, len(needed)))


@given(PURPOSES, st.integers(20, 160), st.integers(1, 4))
def test_a_row_has_the_lines_that_it_is_given(text: str, width: int, lines: int) -> None:
    columns = columns_for(width, 20)
    rows = row_text(("Name", "5 min", "ball", text), columns, lines)
    assert len(rows) == lines
    assert all(cell_len("".join(row)) <= columns.total for row in rows)


@given(PURPOSES, st.integers(20, 160))
def test_a_row_asks_for_the_lines_that_its_purpose_takes_and_no_more(text: str, width: int) -> None:
    columns = columns_for(width, 20)

    def shown(lines: int) -> str:
        return "".join("".join(row) for row in row_text(("Name", "5 min", "ball", text), columns, lines)).rstrip()

    needed = lines_needed(text, columns)
    assert needed == MOST_LINES or "…" not in shown(needed)
    assert needed == 1 or shown(needed - 1) != shown(needed)


async def test_a_high_list_shows_whole_purposes_and_a_click_below_a_name_marks_it() -> None:
    purpose = "Ball pressure with a gentle stretch after each area, then mobility, then strength"
    library = FakeLibrary([entry(f"Session {n}", summary=purpose) for n in range(4)])
    async with opened(library, size=(80, 24)) as there:
        rows = [there.table.render_line(y).text for y in range(there.table.size.height)]
        assert "strength" in rows[2] + rows[3]
        assert "…" not in "".join(rows)
        second = next(y for y, row in enumerate(rows) if "Session 1" in row)
        await there.pilot.click("SessionTable", offset=(50, second + 1))
        assert there.marked == "Session 1"


async def test_a_star_makes_the_column_of_names_wider() -> None:
    name = "A session with a name of thirty"
    async with opened(FakeLibrary([entry(name, summary="For the back")]), size=(98, 24)) as there:
        await there.press("ctrl+s")
        assert f"★ {name}" in there.table.render_line(1).text
