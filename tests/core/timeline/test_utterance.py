from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.compiler.estimate import EstimatedLengths
from timer_app.core.timeline.utterance import Manner, Utterance, usual_rate

manners = st.builds(
    Manner, st.none() | st.integers(80, 450), st.none() | st.integers(0, 100), st.sampled_from(["", "de"])
)


@given(st.text(), manners, manners)
def test_lines_are_the_same_line_only_in_the_same_manner(text: str, one: Manner, other: Manner) -> None:
    line, again = Utterance.in_manner(text, one), Utterance.in_manner(text, other)
    assert (line == again) == (line.manner == again.manner)
    assert len({line, again}) == len({line.manner, again.manner})


@given(st.text(), manners)
def test_a_line_survives_being_sent_to_another_process(text: str, manner: Manner) -> None:
    line = Utterance.in_manner(text, manner)
    assert Utterance(*json.loads(json.dumps(line))) == line


def test_a_manner_fills_in_what_another_leaves_open() -> None:
    assert Manner(rate=90).over(Manner(rate=200, pitch=10)) == Manner(rate=90, pitch=10)


def test_what_is_said_slowly_is_estimated_longer() -> None:
    lengths = EstimatedLengths()
    assert (
        lengths.speech(Utterance("Slide down.", rate=usual_rate("en") // 5)).length_ms
        == 5 * lengths.speech(Utterance("Slide down.")).length_ms
    )
