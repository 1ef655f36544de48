from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from timer_app.core.diagnostics.problems import MAX_NESTING, CaretTarget, FileFault, KeyPath, LocatedProblem, Problem
from timer_app.core.diagnostics.source import Source, parse_toml

SESSION = """\
# A comment
name = "Upper back"
defaults.rest = "10s"
"odd key" = 1
summary = '''
two
lines'''
matrix = [
  [1, 2],  # first
  [3, { deep.key = true }],
]

[sound]
theme = "calm"

[[steps]]
hold = "30s"
cues = [{ at = "1/2", say = "Half" }, { at = "-10s" }]

[[steps]]
name = "漢字"
  [[steps.steps]]
  rest = 1
  [steps.extra."a.b"]
  x = 2
"""


def fault(text: str) -> LocatedProblem:
    """The one problem of a text that cannot be read."""
    with pytest.raises(FileFault) as caught:
        parse_toml(text, "f.toml")
    (problem,) = caught.value.problems
    assert problem.message.isprintable()
    return problem


def pointed_at(source: Source, path: KeyPath, part: CaretTarget) -> tuple[int, str]:
    """The line, and the text that stands at a place."""
    line, column, end_column = source.locate(path, part)
    return line, source.lines[line - 1][column - 1 : end_column - 1]


def marked(problem: LocatedProblem) -> str:
    """The text a problem points at."""
    return problem.source_line[problem.column - 1 : problem.end_column - 1]


class TestPlaces:
    @pytest.mark.parametrize(
        ("path", "part", "expected"),
        [
            (("name",), "key", (2, "name")),
            (("name",), "value", (2, '"Upper back"')),
            (("name",), "table", (2, "name")),
            (("defaults",), "key", (3, "defaults")),
            (("defaults", "rest"), "key", (3, "rest")),
            (("defaults", "missing"), "value", (3, "defaults")),
            (("odd key",), "key", (4, '"odd key"')),
            (("summary",), "value", (5, "'''")),
            (("matrix", 0), "value", (9, "[1, 2]")),
            (("matrix", 0, 1), "value", (9, "2")),
            (("matrix", 1, 1), "table", (10, "{")),
            (("matrix", 1, 1, "deep", "key"), "key", (10, "key")),
            (("matrix", 1, 1, "missing"), "table", (10, "{")),
            (("matrix", 7), "value", (8, "matrix")),
            (("sound",), "table", (13, "[sound]")),
            (("sound",), "key", (13, "sound")),
            (("sound",), "value", (13, "[sound]")),
            (("sound", "missing"), "table", (13, "[sound]")),
            (("steps",), "key", (16, "steps")),
            (("steps", 0), "table", (16, "[[steps]]")),
            (("steps", 0, "cues", 1, "at"), "value", (18, '"-10s"')),
            (("steps", 0, "cues", 1, "say"), "table", (18, "{")),
            (("steps", 1), "table", (20, "[[steps]]")),
            (("steps", 1, "name"), "value", (21, '"漢字"')),
            (("steps", 1, "steps", 0, "rest"), "key", (23, "rest")),
            (("steps", 1, "steps", 0, "missing", "deeper"), "value", (22, "[[steps.steps]]")),
            (("steps", 1, "extra", "a.b", "x"), "value", (25, "2")),
            (("steps", 1, "extra"), "key", (24, "extra")),
            ((), "table", (1, "#")),
            (("missing",), "table", (1, "#")),
        ],
    )
    def test_of_everything_in_a_session_are_found(
        self, path: KeyPath, part: CaretTarget, expected: tuple[int, str]
    ) -> None:
        assert pointed_at(parse_toml(SESSION, "f.toml"), path, part) == expected

    def test_are_the_same_with_windows_line_ends_and_a_byte_order_mark(self) -> None:
        source = parse_toml("\N{BYTE ORDER MARK}" + SESSION.replace("\n", "\r\n"), "f.toml")
        assert source.locate(("steps", 1, "name")) == (21, 8, 12)
        assert source.locate(("name",), "key") == (2, 1, 5)

    def test_count_characters_not_bytes(self) -> None:
        assert parse_toml('a = ["ä漢😀", 1]', "f.toml").locate(("a", 1)) == (1, 13, 14)

    def test_of_a_problem_come_with_its_line_and_key(self) -> None:
        source = parse_toml(SESSION, "f.toml")
        found = source.located(Problem(("steps", 0, "hold"), "is wrong", "right", "rite", "warning", "key"))
        assert found == LocatedProblem(
            "f.toml", "is wrong", 17, 1, 5, 'hold = "30s"', "steps[0].hold", "right", "rite", "warning"
        )

    def test_an_explicit_header_wins_over_the_one_that_implied_it(self) -> None:
        assert parse_toml("[a.b]\nx = 1\n[a]\ny = 2\n", "f.toml").locate(("a",), "table") == (3, 1, 4)

    def test_an_empty_file_has_a_place_too(self) -> None:
        assert parse_toml("", "f.toml").locate(("name",)) == (1, 1, 2)

    def test_the_parser_of_places_is_loaded_only_for_a_place(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "tree_sitter", None)
        source = parse_toml("a = 1", "f.toml")
        with pytest.raises(ImportError):
            source.locate(("a",))


class TestSyntax:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("hold = 30s", "30s"),
            ("hold = 1:30 # x", "1:30"),
            ("hold = 0:90", "0:90"),
            ("hold = 30 s", "30 s"),
            ("hold = 20-30s", "20-30s"),
            ("at = -10s", "-10s"),
            ("cues = [{ at = 1/2, say = 'x' }]", "1/2"),
            ("rests = [30s, 40s]", "30s"),
            ("name = Wall squat", "Wall squat"),
            ("say = Don't hold your breath", "Don't hold your breath"),
            ("at = every 15s", "every 15s"),
            ("x = 1\nname = 漢字", "漢字"),
        ],
    )
    def test_a_value_without_quotes_is_told_to_take_them(self, text: str, value: str) -> None:
        problem = fault(text)
        assert (problem.message, problem.suggestion) == ("this must stand in quotes", value)
        assert marked(problem) == value

    @pytest.mark.parametrize(
        ("text", "line", "column", "message"),
        [
            ("a = True", 1, 5, "true is written in small letters"),
            ("a = 'x", 1, 5, "opened here and never closed"),
            ('a = """\nx\n', 1, 5, "opened here and never closed"),
            ("b = '''it''''\na = '''\nx", 2, 5, "opened here and never closed"),
            ('a = "x\nb = 1', 1, 7, "closing quote in the same line"),
            ("a = 'x\nb = '1'", 1, 7, "closing quote in the same line"),
            ("a = [1, 2\nb = 3", 2, 1, "a list needs"),
            ("a = { b = 1 ! }", 1, 13, "a table in braces needs"),
            ("a = { b = 1,\n c = 2 }", 1, 13, "stands on one line"),
            ("a = { b = 1, }", 1, 14, "stands on one line"),
            ("[a\nb = 1", 1, 3, 'closing "]"'),
            ("[[a]\nb = 1", 1, 4, 'closing "]]"'),
            ("name", 1, 5, 'needs "="'),
            ("name = \n\n", 1, 8, "a value is missing"),
            ("= 1", 1, 1, "a line cannot start like this"),
            ("a. = 1", 1, 4, "a key is missing"),
            ("a = 1 b = 2", 1, 7, "the line should end here"),
            ('a = "\\q"', 1, 8, "special character that does not exist"),
            ('a = "\\uD800"', 1, 12, "no character of the number"),
            ('a = "\\u12"', 1, 8, "not enough hexadecimal digits"),
            ("a = 2020-02-31", 1, 5, "no such date"),
            ("a = 1\n\n  a = 2", 3, 3, '"a" is there a second time'),
            ("a = { b = 1, b = 2 }", 1, 14, '"b" is there a second time'),
            ("[a]\nx = [\n1]\n[a]", 4, 2, '"a" is there a second time'),
            ("[a]\nb = 1\n[a.b]", 3, 2, '"a.b" is there a second time'),
            ("a = []\n[[a]]", 2, 3, '"a" was already given as a whole'),
            ("[a.b]\n[a]\nb.c = 1", 3, 1, '"b.c" was already given elsewhere'),
            ("a = 1\x00", 1, 6, "invisible character U+0000"),
            ("# \x07", 1, 3, "invisible character U+0007"),
            ("a = 1\rb = 2", 1, 6, "invisible character U+000D"),
            ("a\u00a0= 1", 1, 2, "invisible character U+00A0"),
            ("a = \u201cb\u201d", 1, 5, "is a curly quote"),
            ('a = "b\u201d\nc = 1', 1, 7, "is a curly quote"),
            ("\u2018a\u2019 = 1", 1, 1, "is a curly quote"),
            ("a = `b`", 1, 5, "is no quote here"),
            ("a = \u221210", 1, 5, "only looks like a minus"),
            ("a\tb = 1", 1, 2, "a tab cannot stand inside a key"),
            ("a b = 1", 1, 2, "a blank cannot stand inside a key"),
            ('a: "b"', 1, 2, 'joined by "=", not by ":"'),
            ("[a]]\nb = 1", 1, 1, 'needs "[["'),
            ("a = 1, 2]", 1, 9, 'its opening "[" is missing'),
            ("a = { b = 1\nc = 2", 1, 12, 'closing "}" in the same line'),
            ("a = [1,, 2]", 1, 8, "comma too many"),
            ("a = 1, # b", 1, 6, "comma too many"),
            ("a = { b = 1,, c = 2 }", 1, 13, "comma too many"),
            ("a = 1,5", 1, 6, "a point in place of a comma"),
            ("a = 1, b = 2", 1, 6, "the line should end here"),
        ],
    )
    def test_an_error_is_said_in_plain_words_at_its_place(
        self, text: str, line: int, column: int, message: str
    ) -> None:
        problem = fault(text)
        assert message in problem.message
        assert (problem.line, problem.column) == (line, column)

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("a = \u201cWall squat\u201d", "Wall squat"),
            ('a = \u201cWall squat"', "Wall squat"),
            ('a = "Wall squat\u201d', "Wall squat"),
            ("a = ['x', \u201ey\u201c]", "y"),
            ("[steps]]", "[[steps]]"),
            ("a = 1,5", "1.5"),
            ("tell time = 1", "tell_time"),
        ],
    )
    def test_a_slip_of_the_hand_is_told_what_was_meant(self, text: str, value: str) -> None:
        assert fault(text).suggestion == value

    @pytest.mark.parametrize("opening", ["[", "{a=", "[{a="])
    def test_endless_nesting_is_one_problem_where_it_goes_too_deep(self, opening: str) -> None:
        problem = fault(f"# [[\nx = '[['\na = {opening * 5_000}")
        assert problem.message == "tables and lists are nested more than 64 deep"
        deep = problem.source_line[: problem.column]
        assert (problem.line, deep.count("[") + deep.count("{")) == (3, MAX_NESTING + 1)

    @pytest.mark.parametrize(
        "text",
        [
            "x = '[['\na = " + "[" * 500 + "]" * 500,
            "x = '[['\na = " + "[" * 70 + "]" * 70,
            "x = '[['\na = " + "{b=" * 400 + "1" + "}" * 400,
            "x = '[['\na = {" + ".".join("b" * 40) + " = {" + ".".join("c" * 40) + " = 1}}",
        ],
    )
    def test_well_formed_but_deep_nesting_is_refused_in_its_line(self, text: str) -> None:
        problem = fault(text)
        assert problem.message == "tables and lists are nested more than 64 deep"
        assert problem.line == 2
        assert problem.column > MAX_NESTING

    @pytest.mark.parametrize("part", ["a", "'a b'", '"."'])
    def test_a_key_of_endless_parts_is_refused_at_once(self, part: str) -> None:
        problem = fault("x = 1\n[" + ".".join([part] * 50_000) + "]")
        assert (problem.message, problem.line, problem.column) == (
            "tables and lists are nested more than 64 deep",
            2,
            2,
        )

    @pytest.mark.parametrize("text", ["# {}", 'a = "{}"', "a = '''\n{}'''", "a = 'x {} y'"])
    def test_a_text_or_comment_may_be_full_of_dots(self, text: str) -> None:
        dots = text.format(".".join("1" * 100))
        parse_toml(dots, "f.toml")
        assert fault(f"{dots}\n{'b.' * 100}b = 1").line == dots.count("\n") + 2

    def test_nesting_up_to_the_limit_is_read_and_found(self) -> None:
        depth = MAX_NESTING - 1
        source = parse_toml("a = " + "[" * depth + "]" * depth, "f.toml")
        assert source.locate(("a", *[0] * (depth - 1))) == (1, 4 + depth, 6 + depth)

    def test_a_number_of_too_many_digits_is_refused(self) -> None:
        problem = fault("x = 1\na = " + "9" * 5_000)
        assert (problem.message, problem.line, problem.column) == ("this number has too many digits", 2, 5)


fragments = st.sampled_from(
    [
        *("[", "]", "[[", "]]", "{", "}", "=", ".", ",", "a", "b", '"', "'", '"""', "'''", "\n", "\r\n", "\r", "\\"),
        *("1", "1.5", "true", "inf", "2020-01-01", "07:30:00", "0x1F", "# c", " ", "a = 1\n", "[a]\n", "[[a]]\n"),
        *("a.b", "\x00", "漢", "\t", "\ufeff", "\ud800", "b = []\n", "{a=1}", "\\u0041", "1:30"),
    ]
)


class TestAnyText:
    @settings(deadline=None)
    @given(st.text() | st.lists(fragments, max_size=25).map("".join))
    def test_is_read_or_refused_with_problems_at_a_place(self, text: str) -> None:
        try:
            source = parse_toml(text, "f.toml")
        except FileFault as error:
            places = [(problem.line, problem.column, problem.end_column) for problem in error.problems]
        else:
            places = [source.locate(path, "key") for path, _ in leaves(source.data)]
        rows = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
        assert all(1 <= column < end <= len(rows[line - 1]) + 2 for line, column, end in places)


keys = st.one_of(st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True), st.text(max_size=6))
values = st.recursive(
    st.one_of(
        st.integers(-9, 9), st.booleans(), st.text(max_size=8), st.floats(allow_nan=False), st.dates(), st.times()
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


def leaves(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Every path below a value, with what stands there."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    for name, below in inner:
        yield (*path, name), below
        yield from leaves(below, (*path, name))


class TestAnyDocument:
    @settings(deadline=None)
    @given(st.dictionaries(keys, values, max_size=5))
    def test_has_every_key_where_it_is_said_to_be(self, document: dict[str, Any]) -> None:
        source = parse_toml(tomli_w.dumps(document), "f.toml")
        for path, _ in leaves(source.data):
            if isinstance(path[-1], str):
                _, written = pointed_at(source, path, "key")
                assert list(parse_toml(f"{written} = 0", "key").data) == [path[-1]]

    @settings(deadline=None)
    @given(st.dictionaries(keys, values, max_size=5))
    def test_has_every_one_line_value_where_it_is_said_to_be(self, document: dict[str, Any]) -> None:
        source = parse_toml(tomli_w.dumps(document), "f.toml")
        for path, value in leaves(source.data):
            if not isinstance(value, dict | list):
                _, written = pointed_at(source, path, "value")
                assert parse_toml(f"v = {written}", "value").data == {"v": value}
