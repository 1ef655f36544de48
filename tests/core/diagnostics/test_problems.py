from __future__ import annotations

import datetime as dt
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.diagnostics.problems import (
    Collector,
    FileFault,
    LocatedProblem,
    Problem,
    dotted_key,
    excerpt,
    first_line,
    kind_of,
    nearest,
    quoted,
)

HERE = LocatedProblem(
    file="a.toml",
    message="unknown key",
    line=3,
    column=1,
    end_column=5,
    source_line='hodl = "30s"',
    key="steps[2].hodl",
    allowed="hold, reps",
    suggestion="hold",
)


def locate_by_index(problem: Problem) -> LocatedProblem:
    """A stand-in for a text: the first part of the path is the line."""
    return LocatedProblem("a.toml", problem.message, line=int(problem.path[0]), column=1, severity=problem.severity)


def cells(text: str) -> int:
    """How wide a terminal shows a text, by the Unicode tables alone."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


class TestWords:
    @pytest.mark.parametrize(
        ("value", "kind"),
        [
            ("x", "a text"),
            (True, "true or false"),
            (1, "a whole number"),
            (1.5, "a number"),
            ([], "a list"),
            ({}, "a table"),
            (dt.date(2020, 1, 1), "a date"),
            (dt.datetime(2020, 1, 1, tzinfo=dt.UTC), "a date"),
            (dt.time(1, 30), "a time of day"),
            (None, "something else"),
        ],
    )
    def test_every_kind_of_value_has_a_plain_name(self, value: object, kind: str) -> None:
        assert kind_of(value) == kind

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("30s", '"30s"'),
            ("\x1b[31m\n", '"\\x1b[31m\\n"'),
            ("x" * 50, '"' + "x" * 39 + '…"'),
            (True, "true"),
            (1.5, "1.5"),
            (16**5000, "so large a number"),
            ([1], "a list"),
        ],
        ids=lambda value: None if isinstance(value, str) else "value",
    )
    def test_a_value_in_a_message_is_short_and_printable(self, value: object, text: str) -> None:
        assert quoted(value) == text

    @pytest.mark.parametrize(
        ("name", "near"),
        [
            ("hodl", "hold"),
            ("HOLD", "hold"),
            ("upnext", "up-next"),
            ("up_next", "up-next"),
            ("zebra", None),
            ("", None),
        ],
    )
    def test_a_typo_finds_the_nearest_name(self, name: str, near: str | None) -> None:
        assert nearest(name, ["hold", "reps", "up-next"]) == near

    def test_a_giant_typo_costs_no_time(self) -> None:
        assert nearest("hold" * 1_000_000, ["hold", "reps"]) is None

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ((), ""),
            (("name",), "name"),
            (("steps", 2, "hold"), "steps[2].hold"),
            (("steps", 0, "steps", 1), "steps[0].steps[1]"),
            (("exercises", "a b", ""), 'exercises."a b".""'),
            (("\x1b",), '"\\x1b"'),
        ],
    )
    def test_a_path_is_written_with_dots(self, path: tuple[str | int, ...], text: str) -> None:
        assert dotted_key(path) == text


class TestRendering:
    def test_shows_place_line_caret_allowed_and_suggestion(self) -> None:
        assert HERE.render().splitlines() == [
            "a.toml:3:1: steps[2].hodl: unknown key",
            '  hodl = "30s"',
            "  ^^^^",
            "  allowed: hold, reps",
            '  did you mean "hold"?',
        ]

    def test_of_a_warning_says_so(self) -> None:
        assert (
            LocatedProblem("a.toml", "is long", line=1, column=1, severity="warning").render()
            == "a.toml:1:1: warning: is long"
        )

    def test_of_a_fault_without_a_line_makes_no_line_up(self) -> None:
        assert str(FileFault.about("a.toml", "there is no such file")) == "a.toml: there is no such file"

    def test_lets_no_escape_sequence_through(self) -> None:
        fault = LocatedProblem("\x1b[2J.toml", "\x1b]0;x\x07", 1, 1, 2, "\x1b[31m\u202e", "\x1b", "\x1b", "\x1b")
        assert all(line.isprintable() for line in fault.render().splitlines())

    def test_as_data_for_editors_has_every_field(self) -> None:
        assert json.loads(json.dumps(HERE.to_dict())) == {
            "file": "a.toml",
            "line": 3,
            "column": 1,
            "end_column": 5,
            "key": "steps[2].hodl",
            "severity": "error",
            "message": "unknown key",
            "allowed": "hold, reps",
            "suggestion": "hold",
        }


class TestExcerpt:
    @pytest.mark.parametrize(
        ("line", "column", "end_column", "expected"),
        [
            ("a = 1", 5, 6, ("a = 1", "    ^")),
            ("a = 1", 6, 7, ("a = 1", "     ^")),
            ("", 1, 2, ("", "^")),
            ("\tb = 1", 2, 3, ("    b = 1", "    ^")),
            ('漢 = "字" # x', 5, 8, ('漢 = "字" # x', "     ^^^^")),
            ("e\u0301 = 1", 6, 7, ("e\u0301 = 1", "    ^")),
            ("a\x00b = 1", 3, 4, ("a�b = 1", "  ^")),
        ],
    )
    def test_carets_stand_below_what_they_mark(
        self, line: str, column: int, end_column: int, expected: tuple[str, str]
    ) -> None:
        assert excerpt(line, column, end_column) == expected

    def test_a_long_line_is_cut_around_the_carets(self) -> None:
        line = "x" * 500 + "BAD" + "y" * 500
        text, carets = excerpt(line, 501, 504, cells=41)
        assert text.startswith("…xxx")
        assert text.endswith("yyy…")
        assert len(text) <= 41
        assert text[carets.index("^") :].startswith("BAD")
        assert carets.count("^") == 3

    def test_a_mark_longer_than_the_window_fills_it(self) -> None:
        text, carets = excerpt("z" * 500, 100, 400, cells=40)
        assert len(text) <= 40
        assert carets.strip("^ ") == ""
        assert len(carets) <= 40

    @given(
        st.text(st.sampled_from("ab\t漢e\u0301\x00"), max_size=80),
        st.integers(1, 90),
        st.integers(1, 90),
        st.integers(10, 60),
    )
    def test_never_leaves_its_window_and_always_marks_something(
        self, line: str, column: int, length: int, window: int
    ) -> None:
        text, carets = excerpt(line, column, column + length, cells=window)
        assert cells(text) <= window
        assert "^" in carets
        assert cells(carets) <= window + 1


class TestCollecting:
    def test_gives_the_problems_in_the_order_of_the_text(self) -> None:
        collector = Collector(locate_by_index)
        collector.add(Problem((2,), "second"), Problem((1,), "first"))
        assert [found.message for found in collector.located()] == ["first", "second"]

    def test_notes_a_problem_once(self) -> None:
        collector = Collector(locate_by_index)
        collector.add(Problem((1,), "same"), Problem((1,), "same"))
        collector.add(Problem((1,), "same"))
        assert len(collector.problems) == 1


@pytest.mark.parametrize(("said", "reported"), [("broken", "broken"), ("broken\nin two", "broken"), ("", "ValueError")])
def test_the_first_line_of_an_error_is_its_kind_where_it_says_nothing(said: str, reported: str) -> None:
    assert first_line(ValueError(said)) == reported
