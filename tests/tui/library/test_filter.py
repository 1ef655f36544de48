from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.tui.conftest import ENTRIES, entry
from timer_app.library import library as sessions
from timer_app.tui.favourites import Favourites
from timer_app.tui.library.filter import (
    SessionActivity,
    SessionFilter,
    equipment_of,
    filter_and_rank,
    matches_filter,
    next_length_limit,
    relative_date,
)

NOW = datetime(2024, 5, 10, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wanted", "found"), [("", True), ("WALL ball", True), ("upper-back", True), ("roller", False)]
)
def test_a_filter_looks_for_every_word_in_all_that_is_known(wanted: str, found: bool) -> None:
    assert matches_filter(ENTRIES[0], SessionFilter(wanted)) is found


@pytest.mark.parametrize(
    ("wanted", "found"), [("squat", True), ("QUADRI wall", True), ("squat legs", True), ("row", False)]
)
def test_a_filter_looks_into_exercises_and_muscles_as_well(wanted: str, found: bool) -> None:
    legs = entry("Legs", words="Wall squat · quadriceps")
    assert matches_filter(legs, SessionFilter(wanted)) is found


def test_a_shipped_session_is_found_by_what_is_in_it() -> None:
    listed = filter_and_rank(sessions.Library.default().entries(), SessionFilter("wall squat"), SessionActivity())
    assert {"wall-and-shoulders", "upper-back-release", "full-programme"} <= {found.id for found in listed}


def test_a_session_of_that_name_comes_before_those_that_only_mention_it() -> None:
    mentions, named = (
        sessions.SessionEntry("a", Path("a.toml"), "shipped", "Cat and cow", summary="Moves the upper back"),
        sessions.SessionEntry("b", Path("b.toml"), "shipped", "Upper back", summary="Ball pressure"),
    )
    assert filter_and_rank([mentions, named], SessionFilter("upper"), SessionActivity()) == [named, mentions]
    assert filter_and_rank([mentions, named], SessionFilter("back ball"), SessionActivity()) == [named]
    assert filter_and_rank([mentions, named], SessionFilter(), SessionActivity()) == [mentions, named]


def test_stars_come_first_then_what_was_done_lately_then_the_rest_as_it_comes() -> None:
    one, two, three, four = (entry(name) for name in ("One", "Two", "Three", "Four"))
    habits = SessionActivity(frozenset({"four"}), {"three": NOW, "two": NOW - timedelta(days=1)})
    assert filter_and_rank([one, two, three, four], SessionFilter(), habits) == [four, three, two, one]


def test_what_needs_something_that_is_not_at_hand_is_left_out() -> None:
    assert [
        e.name for e in filter_and_rank(ENTRIES, SessionFilter(missing=frozenset({"ball"})), SessionActivity())
    ] == [
        "Desk break",
        "Broken one",
    ]


@pytest.mark.parametrize(("most", "fitting"), [(None, 2), (5, 1), (20, 1), (21, 2)])
def test_what_takes_longer_than_wanted_is_left_out(most: int | None, fitting: int) -> None:
    assert len(filter_and_rank(ENTRIES[:2], SessionFilter(most_min=most), SessionActivity())) == fitting


def test_a_length_counts_as_the_minutes_that_the_list_shows() -> None:
    assert matches_filter(entry("Just over", length_ms=320_000), SessionFilter(most_min=5))
    assert not matches_filter(entry("Nearly six", length_ms=340_000), SessionFilter(most_min=5))


def test_the_key_for_lengths_comes_back_to_all() -> None:
    observed: list[int | None] = [None]
    while (following := next_length_limit(observed[-1])) is not None:
        observed.append(following)
    assert observed == [None, 5, 10, 20, 30]


def test_limits_are_told_in_few_words() -> None:
    assert SessionFilter("x", frozenset({"wall", "ball"}), 10).limits_text() == "at most 10 min · without ball, wall"
    assert SessionFilter("x").limits_text() == ""


def test_everything_that_is_needed_anywhere_is_named_once() -> None:
    assert equipment_of([*ENTRIES, entry("More", equipment=("Mat", "ball"))]) == ["ball", "Mat", "wall"]


@pytest.mark.parametrize(
    ("ago", "reported"),
    [
        (timedelta(hours=2), "today at 16:30"),
        (timedelta(hours=20), "yesterday"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=15), "2 weeks ago"),
        (timedelta(days=70), "2 months ago"),
        (timedelta(days=800), "2 years ago"),
        (timedelta(hours=-1), "today at 19:30"),
    ],
)
def test_when_something_was_is_told_as_roughly_as_it_is_long_ago(ago: timedelta, reported: str) -> None:
    assert relative_date(NOW - ago, NOW) == reported


def test_stars_are_kept_from_one_start_to_the_next(tmp_path: Path) -> None:
    path = tmp_path / "data" / "stars.json"
    assert Favourites(path).toggle("desk-break") == ""
    assert Favourites(path).toggle("é") == ""
    assert Favourites(path).ids == {"desk-break", "é"}
    assert Favourites(path).toggle("é") == ""
    assert Favourites(path).ids == {"desk-break"}
    assert [file.name for file in path.parent.iterdir()] == ["stars.json"]


@pytest.mark.parametrize("text", ["", "[", '"x"', '{"stars": 3}', '{"stars": [1, null]}', "[" * 100_000, "\udcff"])
def test_a_file_of_stars_that_is_broken_counts_as_none_and_is_written_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "stars.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    stars = Favourites(path)
    assert stars.ids == frozenset()
    assert stars.toggle("x") == ""
    assert Favourites(path).ids == {"x"}


def test_stars_that_cannot_be_kept_hold_for_this_run_and_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    stars = Favourites(tmp_path / "file" / "stars.json")
    assert stars.toggle("x").startswith("Kept for this run only: ")
    assert stars.ids == {"x"}
