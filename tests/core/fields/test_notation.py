from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.fields.doses import parse_distance_dose, parse_hold_dose, parse_reps_dose
from timer_app.core.fields.load import checked_increment, checked_load, checked_rir, checked_rpe
from timer_app.core.fields.notation import (
    MAX_DURATION_MS,
    CuePosition,
    DoseRange,
    NotationError,
    duration_text,
    format_duration_ms,
    parse_count_dose,
    parse_cue_position,
    parse_duration_dose,
    parse_duration_ms,
    parse_tell_time,
    parse_tempo,
)

# Python refuses to write a number of so many digits, as a TOML file in hexadecimal may hold.
HUGE = 16**5000

toml_values = st.one_of(
    st.text(max_size=60),
    st.from_regex(r"[-+0-9 .:/hmsevrytandNI–]{0,20}", fullmatch=True),
    st.from_regex(r"[-+0-9 .,xXkglbm%]{0,20}", fullmatch=True),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.just(HUGE),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
)


class TestDurations:
    @pytest.mark.parametrize(
        ("value", "expected_ms"),
        [
            (30, 30_000),
            (30.5, 30_500),
            (0, 0),
            ("30", 30_000),
            ("30s", 30_000),
            (" 30 s ", 30_000),
            ("1.5s", 1_500),
            ("1:30", 90_000),
            ("0:90", 90_000),
            ("1:02:03", 3_723_000),
            ("1:30.5", 90_500),
            ("1m30s", 90_000),
            ("1h 2m 3s", 3_723_000),
            ("2M", 120_000),
            ("1h", 3_600_000),
            ("500ms", 500),
            ("1m500ms", 60_500),
            ("0.0005s", 1),
            ("24h", MAX_DURATION_MS),
        ],
    )
    def test_is_read_in_every_way_of_writing_it(self, value: object, expected_ms: int) -> None:
        assert parse_duration_ms(value) == expected_ms

    @pytest.mark.parametrize("value", ["", "x", "s", "1:2:3:4", "1m2h", "30x", "1:", "1e3", "٣", "1" * 50, math.nan])
    def test_says_what_is_allowed_when_it_cannot_be_read(self, value: object) -> None:
        with pytest.raises(NotationError, match='is not a duration; allowed: seconds such as 30 or "30s"'):
            parse_duration_ms(value)

    @pytest.mark.parametrize("value", [-1, -0.5, "-3s", "- 1:30", -math.inf])
    def test_cannot_be_negative(self, value: object) -> None:
        with pytest.raises(NotationError, match="cannot be negative"):
            parse_duration_ms(value)

    @pytest.mark.parametrize("value", ["24:00:01", 86_401, "25h", math.inf, 1e300, pytest.param(HUGE, id="huge")])
    def test_is_no_longer_than_a_day(self, value: object) -> None:
        with pytest.raises(NotationError, match="longer than 24 hours"):
            parse_duration_ms(value)

    @pytest.mark.parametrize(("value", "kind"), [(True, "true or false"), ([], "a list"), ({}, "a table")])
    def test_of_another_kind_is_named_by_kind(self, value: object, kind: str) -> None:
        with pytest.raises(NotationError, match=f"must be a duration, not {kind}"):
            parse_duration_ms(value)

    @pytest.mark.parametrize(
        ("duration_ms", "text"),
        [(0, "0s"), (500, "0.5s"), (30_000, "30s"), (59_999, "59.999s"), (90_000, "1:30"), (3_723_000, "1:02:03")],
    )
    def test_is_written_short(self, duration_ms: int, text: str) -> None:
        assert format_duration_ms(duration_ms) == text

    @pytest.mark.parametrize(
        ("duration_ms", "text"),
        [(0, "0 s"), (1_500, "1.5 s"), (30_000, "30 s"), (90_000, "1:30"), (3_600_000, "1:00:00")],
    )
    def test_is_read_with_its_unit_apart(self, duration_ms: int, text: str) -> None:
        assert duration_text(duration_ms) == text

    @given(st.integers(0, MAX_DURATION_MS))
    def test_written_is_read_back_unchanged(self, duration_ms: int) -> None:
        assert parse_duration_ms(format_duration_ms(duration_ms)) == duration_ms


class TestDoses:
    @pytest.mark.parametrize(
        ("value", "low_ms", "high_ms"),
        [
            (30, 30_000, 30_000),
            ("1:30", 90_000, 90_000),
            ("20-30s", 20_000, 30_000),
            ("20s-30s", 20_000, 30_000),
            ("20 – 30 s", 20_000, 30_000),
            ("20-30", 20_000, 30_000),
            ("1-2m", 60_000, 120_000),
            ("0:30-1:00", 30_000, 60_000),
            ("45s-1m30s", 45_000, 90_000),
            ("250-500ms", 250, 500),
        ],
    )
    def test_of_time_is_one_figure_or_a_range(self, value: object, low_ms: int, high_ms: int) -> None:
        dose = parse_duration_dose(value)
        assert (dose.low, dose.high) == (low_ms, high_ms)

    @pytest.mark.parametrize(
        ("value", "meant"), [("30-20s", "20-30s"), ("2m-1m", "1m-2m"), ("1:00-0:30", "0:30-1:00"), ("3-2", "2-3")]
    )
    def test_the_wrong_way_round_is_refused_and_turned(self, value: str, meant: str) -> None:
        with pytest.raises(NotationError, match="from high to low") as caught:
            parse_duration_dose(value)
        assert caught.value.suggestion == meant
        assert parse_duration_dose(meant).low < parse_duration_dose(meant).high

    @pytest.mark.parametrize("value", ["45-1m30s", "20s-30", "1-2:00"])
    def test_with_a_unit_that_could_mean_two_things_is_refused(self, value: str) -> None:
        with pytest.raises(NotationError, match="needs the unit at both ends"):
            parse_duration_dose(value)

    @pytest.mark.parametrize(
        ("value", "asked"),
        [("30-1m", "30s-1m"), ("90 - 2m", "90s-2m"), ("45-1h", "45m-1h"), ("30–1m", "30s-1m")],
    )
    def test_whose_low_end_would_be_the_larger_in_the_same_unit_is_asked_about(self, value: str, asked: str) -> None:
        with pytest.raises(NotationError, match="does not say what") as caught:
            parse_duration_dose(value)
        assert caught.value.suggestion == asked
        assert parse_duration_dose(asked).low < parse_duration_dose(asked).high

    @pytest.mark.parametrize("value", ["1-2-3", "-", "5-", "20-30s" * 20, "x-y"])
    def test_that_is_no_range_is_refused(self, value: str) -> None:
        with pytest.raises(NotationError, match="is not a duration"):
            parse_duration_dose(value)

    @pytest.mark.parametrize(
        ("value", "ends"), [(10, (10, 10)), ("10", (10, 10)), ("10-15", (10, 15)), (1000, (1000, 1000))]
    )
    def test_of_reps_is_a_count_or_a_range(self, value: object, ends: tuple[int, int]) -> None:
        dose = parse_count_dose(value)
        assert (dose.low, dose.high) == ends

    @pytest.mark.parametrize(
        ("value", "wrong"),
        [
            (0, "too few"),
            (-3, "too few"),
            ("0-3", "too few"),
            (1001, "too many"),
            pytest.param(HUGE, "too many", id="huge"),
            (10.0, "not a count"),
            ("x", "not a count"),
            ("1-2-3", "not a count"),
            (True, "must be a count, not true or false"),
            ([], "must be a count, not a list"),
            ("15-10", 'did you mean "10-15"'),
        ],
    )
    def test_of_reps_says_what_is_wrong(self, value: object, wrong: str) -> None:
        with pytest.raises(NotationError, match=wrong):
            parse_count_dose(value)

    def test_at_a_level_is_rounded_half_up(self) -> None:
        assert [DoseRange(10, 15).at(level) for level in (0, 0.1, 0.29, 0.3, 1)] == [10, 11, 11, 12, 15]

    def test_of_whole_seconds_gives_whole_seconds_at_every_level(self) -> None:
        assert parse_duration_dose("20-25s").at(0.5) == 23_000
        assert parse_duration_dose("1-1.5s").at(0.5) == 1_250

    @pytest.mark.parametrize("level", [-0.1, 1.1, math.nan])
    def test_has_no_level_outside_its_range(self, level: float) -> None:
        with pytest.raises(ValueError, match="from 0 to 1"):
            DoseRange(1, 2).at(level)

    @given(st.integers(0, 10_000), st.integers(0, 10_000), st.floats(0, 1), st.floats(0, 1))
    def test_never_leaves_its_ends_and_never_falls_as_the_level_rises(
        self, low: int, span: int, one: float, other: float
    ) -> None:
        dose = DoseRange(low, low + span)
        doses = [dose.at(level) for level in (0, *sorted((one, other)), 1)]
        assert doses == sorted(doses)
        assert (doses[0], doses[-1]) == (dose.low, dose.high)


class TestTempos:
    @pytest.mark.parametrize(
        ("value", "parts_ms"),
        [("1-3-2", (1_000, 3_000, 2_000)), ("1.5-3", (1_500, 3_000)), ("3-0-1-0", (3_000, 0, 1_000, 0))],
    )
    def test_is_two_to_four_parts_in_seconds(self, value: str, parts_ms: tuple[int, ...]) -> None:
        found = parse_tempo(value)
        assert (found.lengths_ms, found.starts) == (parts_ms, None)

    @pytest.mark.parametrize(
        ("value", "parts_ms"),
        [
            ("3111", (3_000, 1_000, 1_000, 1_000)),
            ("30X0", (3_000, 0, 1_000, 0)),
            ("41x", (4_000, 1_000, 1_000)),
            ("3-0-X-1", (3_000, 0, 1_000, 1_000)),
        ],
    )
    def test_as_trainers_write_it_begins_with_lowering(self, value: str, parts_ms: tuple[int, ...]) -> None:
        found = parse_tempo(value)
        assert (found.lengths_ms, found.starts) == (parts_ms, "lower")

    def test_of_trainers_without_quotes_is_offered_with_them(self) -> None:
        with pytest.raises(NotationError, match='did you mean "3111"'):
            parse_tempo(3111)

    @pytest.mark.parametrize(
        "value", ["2", "1-2-3-4-5", "slow", "1--2", "1-2s", "31", "31111", "XY10", 3, None, ["1", "2"], "1-" * 30]
    )
    def test_of_another_form_is_refused(self, value: object) -> None:
        with pytest.raises(NotationError, match='allowed: two to four numbers of seconds such as "1-3-2"'):
            parse_tempo(value)

    def test_without_any_time_is_refused(self) -> None:
        with pytest.raises(NotationError, match="takes no time"):
            parse_tempo("0-0")

    @pytest.mark.parametrize("part", ["61", "9" * 30, "9" * 37])
    def test_with_a_part_above_a_minute_is_refused(self, part: str) -> None:
        with pytest.raises(NotationError, match="longer than a minute"):
            parse_tempo(f"1-{part}")


class TestPlaces:
    @pytest.mark.parametrize(
        ("value", "place", "offsets"),
        [
            ("start", CuePosition("start"), [(0, False)]),
            ("End", CuePosition("end"), [(59_999, True)]),
            ("1/2", CuePosition("fraction", fraction=Fraction(1, 2)), [(30_000, False)]),
            ("2/3", CuePosition("fraction", fraction=Fraction(2, 3)), [(40_000, False)]),
            ("20s", CuePosition("after", 20_000), [(20_000, False)]),
            (20, CuePosition("after", 20_000), [(20_000, False)]),
            (0, CuePosition("after", 0), [(0, False)]),
            ("-10s", CuePosition("before_end", 10_000), [(50_000, True)]),
            (-10, CuePosition("before_end", 10_000), [(50_000, True)]),
            ("every 20s", CuePosition("every", 20_000), [(20_000, False), (40_000, False)]),
            ("1:00", CuePosition("after", 60_000), []),
            ("-61s", CuePosition("before_end", 61_000), []),
            ("-1:00", CuePosition("before_end", 60_000), [(0, True)]),
            ("every 1:00", CuePosition("every", 60_000), []),
        ],
    )
    def test_falls_where_it_says_in_a_minute(
        self, value: object, place: CuePosition, offsets: list[tuple[int, bool]]
    ) -> None:
        assert parse_cue_position(value) == place
        assert place.offsets(60_000) == offsets

    @pytest.mark.parametrize("value", ["start", "end", "1/2", 0, "-1s", "every 1s"])
    def test_falls_nowhere_in_a_phase_without_time(self, value: object) -> None:
        assert parse_cue_position(value).offsets(0) == []

    @pytest.mark.parametrize(
        ("value", "wrong"),
        [
            ("middle", "is not a place in time"),
            ("", "is not a place in time"),
            ("-x", "is not a place in time"),
            ("3/2", "is not between 0 and 1"),
            ("0/2", "is not between 0 and 1"),
            ("1/0", "is not between 0 and 1"),
            ("every 500ms", "is too often"),
            ("every day", "is not a duration"),
            ("-0", 'did you mean "end"'),
            (True, "must be a place in time, not true or false"),
            (math.nan, "is not a duration"),
            pytest.param(HUGE, "longer than 24 hours", id="huge"),
        ],
    )
    def test_says_what_is_wrong(self, value: object, wrong: str) -> None:
        with pytest.raises(NotationError, match=wrong):
            parse_cue_position(value)

    @given(
        st.sampled_from(["start", "end", "1/3", "99/100", 0.4, "7s", "-3s", "every 1s", "every 7s"]),
        st.integers(0, 100_000),
    )
    def test_lies_inside_the_phase_and_in_order(self, value: object, duration_ms: int) -> None:
        offsets = [offset_ms for offset_ms, _ in parse_cue_position(value).offsets(duration_ms)]
        assert offsets == sorted(set(offsets))
        assert all(0 <= offset_ms < duration_ms for offset_ms in offsets)


@pytest.mark.parametrize("written", ["AMRAP", "to failure", "as many as possible"])
def test_other_words_for_as_much_as_one_can_are_known(written: str) -> None:
    for parse in (parse_reps_dose, parse_hold_dose):
        with pytest.raises(NotationError) as caught:
            parse(written)
        assert caught.value.suggestion == "max"


@given(toml_values)
def test_any_value_is_read_or_refused_with_one_printable_line(value: object) -> None:
    notations = (parse_duration_ms, parse_duration_dose, parse_count_dose, parse_tempo, parse_cue_position)
    doses = (parse_hold_dose, parse_reps_dose, parse_distance_dose)
    for parse in (*notations, *doses, checked_load, checked_increment, checked_rpe, checked_rir):
        try:
            parse(value)
        except NotationError as error:
            assert str(error).isprintable()  # noqa: PT017 - not to raise is right as well
            assert len(str(error)) < 300  # noqa: PT017


class TestTellTime:
    @pytest.mark.parametrize(
        ("value", "every_ms"),
        [("every 30s", 30_000), ("Every 1m", 60_000), (" every 0:05 ", 5_000), ("never", 0), ("NEVER", 0)],
    )
    def test_is_a_time_or_never(self, value: str, every_ms: int) -> None:
        assert parse_tell_time(value) == every_ms

    @pytest.mark.parametrize(
        ("value", "wrong"),
        [
            ("30s", "does not say how often the time is told"),
            ("", "does not say how often the time is told"),
            ("every day", "is not a duration"),
            ("every 4s", "is too often"),
            (30, "must be how often the time is told, not a"),
            (True, "must be how often the time is told, not true or false"),
            pytest.param(HUGE, "must be how often the time is told, not a whole number", id="huge"),
        ],
    )
    def test_says_what_is_wrong(self, value: object, wrong: str) -> None:
        with pytest.raises(NotationError, match=wrong):
            parse_tell_time(value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("30 sek", "30s"),
        ("30 Sek.", "30s"),
        ("30sec", "30s"),
        ("2 minutes", "2m"),
        ("1 min 30 sec", "1m30s"),
        ("1,5 min", "1.5m"),
    ],
)
def test_a_unit_that_is_spelled_otherwise_is_understood_in_the_suggestion(written: str, meant: str) -> None:
    for parse in (parse_duration_ms, parse_duration_dose):
        with pytest.raises(NotationError) as caught:
            parse(written)
        assert caught.value.suggestion == meant
        parse(meant)


def test_the_unit_of_a_range_is_understood_in_the_suggestion() -> None:
    with pytest.raises(NotationError) as caught:
        parse_duration_dose("20-30 sec")
    assert caught.value.suggestion == "20-30s"
    with pytest.raises(NotationError) as caught:
        parse_duration_dose("30 parsecs")
    assert not caught.value.suggestion


@pytest.mark.parametrize(("written", "meant"), [("10 reps", "10"), ("12x", "12"), ("8-12 Wdh.", "8-12"), ("ten", "")])
def test_a_count_with_what_is_counted_is_understood_in_the_suggestion(written: str, meant: str) -> None:
    with pytest.raises(NotationError) as caught:
        parse_count_dose(written)
    assert caught.value.suggestion == meant
