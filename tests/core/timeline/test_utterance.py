from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.compiler.estimate import EstimatedLengths
from timer_app.core.timeline.utterance import DEFAULT_MANNER, Manner, manner_of, with_manner

SLOW = Manner(rate=90)
manners = st.builds(
    Manner, st.none() | st.integers(80, 450), st.none() | st.integers(0, 100), st.sampled_from(["", "de"])
)


def test_a_text_to_be_said_as_usual_is_a_plain_text() -> None:
    assert type(with_manner("Rest.", DEFAULT_MANNER)) is str
    assert manner_of("Rest.") == DEFAULT_MANNER


@given(st.text(), manners, manners)
def test_lines_are_the_same_line_only_in_the_same_manner(text: str, one: Manner, other: Manner) -> None:
    said, again = with_manner(text, one), with_manner(text, other)
    assert (said == again) == (one == other)
    assert (said != again) == (one != other)
    assert len({said, again, text}) == len({one, other, DEFAULT_MANNER})
    assert len({text: 1, said: 2, again: 3}) == len({one, other, DEFAULT_MANNER})
    assert str(said) == text
    assert f"{said}" == text


@given(st.text(), manners)
def test_a_manner_survives_being_sent_to_another_process(text: str, manner: Manner) -> None:
    back = pickle.loads(pickle.dumps(with_manner(text, manner)))  # noqa: S301 - made in this very line
    assert back == with_manner(text, manner)
    assert manner_of(back) == manner


def test_a_manner_of_its_own_goes_before_one_given_later() -> None:
    said = with_manner(with_manner("Rest.", SLOW), Manner(rate=200, pitch=10))
    assert manner_of(said) == Manner(rate=90, pitch=10)


def test_what_is_said_slowly_is_estimated_longer() -> None:
    lengths = EstimatedLengths()
    assert (
        lengths.speech(with_manner("Slide down.", Manner(rate=75))).length_ms
        == 2 * lengths.speech("Slide down.").length_ms
    )
