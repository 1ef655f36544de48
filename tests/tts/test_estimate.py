from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.compiler.estimate import EstimatedLengths, estimate_likely, estimate_upper
from timer_app.core.timeline.utterance import Utterance
from timer_app.tts.espeak import EspeakVoice

LINES = [
    ("en", "one"),
    ("en", "Rest."),
    ("en", "Set 2 of 3."),
    ("en", "Hold for 30 seconds."),
    ("en", "Half way. Blades back and down."),
    ("en", "Back flat on the wall, slide down until your thighs are level."),
    ("en", "Bend to 90°, at 50 %."),
    ("en", "USA"),
    ("de", "Schulterblätter nach hinten und unten ziehen."),
    ("fr", "Encore dix secondes."),
    ("es", "Respira hondo y suelta el aire despacio."),
    ("pl", "Jeszcze dziesięć sekund."),
    ("ja", "やすんで。"),
    ("zh", "吸气，慢慢放松。"),
]


@pytest.mark.parametrize("wpm", [100, 150, 220])
@pytest.mark.parametrize(("language", "text"), LINES)
def test_an_estimate_is_long_enough_and_not_absurd(espeak: EspeakVoice, language: str, text: str, wpm: int) -> None:
    real = espeak.render(text, language, wpm).length_ms
    assert real <= estimate_upper(Utterance(text, rate=wpm)).length_ms <= 3 * real


def test_a_counted_number_is_likely_to_fit_into_its_second_as_it_does(espeak: EspeakVoice) -> None:
    for number in range(1, 61):
        real_ms, likely_ms = (
            espeak.render(str(number), "en", 175).length_ms,
            estimate_likely(Utterance(str(number), rate=175)).length_ms,
        )
        assert (real_ms < 1_000, likely_ms < 1_000) == (True, True)


@given(st.text(max_size=50), st.text(max_size=50), st.integers(80, 450))
def test_more_text_is_never_estimated_shorter(first: str, second: str, wpm: int) -> None:
    longer = estimate_upper(Utterance(f"{first} {second}", rate=wpm))
    assert longer.length_ms >= estimate_upper(Utterance(first, rate=wpm)).length_ms
    assert estimate_upper(Utterance(first, rate=80)).length_ms >= estimate_upper(Utterance(first, rate=wpm)).length_ms
    assert longer.beat_ms < longer.length_ms


def test_a_length_is_estimated_from_the_words_that_are_spoken() -> None:
    lengths = EstimatedLengths()
    assert lengths.speech(Utterance("20 kg w/ band")) == lengths.speech(Utterance("20 kilograms with band"))
    assert lengths.speech(Utterance("🔥")).length_ms == 0
