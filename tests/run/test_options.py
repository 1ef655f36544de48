"""What holds for a run: its options override the session, and the session overrides the defaults."""

from __future__ import annotations

from typing import Any

import pytest

from timer_app.core.session.model import Session
from timer_app.run.options import RunDefaults, RunOptions

DEFAULTS = RunDefaults(level=0.5, voice="system", rate=160, pitch=60)


def _session(**keys: Any) -> Session:
    return Session.model_validate({"schema": 1, "name": "Test", "steps": [{"say": "One."}], **keys})


@pytest.mark.parametrize(
    ("options", "session", "expected"),
    [
        ({}, {}, (0.5, "system", "calm")),
        ({}, {"level": 0.0, "voice": {"name": "none"}, "sound": {"theme": "gym"}}, (0.0, "none", "gym")),
        (
            {"level": 1.0, "voice": "espeak", "sound_theme": "wood"},
            {"level": 0.0, "voice": {"name": "none"}, "sound": {"theme": "gym"}},
            (1.0, "espeak", "wood"),
        ),
    ],
)
def test_options_override_the_session_and_that_the_defaults(
    options: dict[str, Any], session: dict[str, Any], expected: tuple[float, str, str]
) -> None:
    resolved = RunOptions(defaults=DEFAULTS, **options).resolved(_session(**session))
    assert (resolved.level, resolved.voice, resolved.sound_theme) == expected


def test_outside_of_a_session_the_defaults_hold() -> None:
    resolved = RunOptions(defaults=DEFAULTS, pitch=10, sounds={"end": "/mine.wav"}).resolved()
    assert (resolved.level, resolved.voice, resolved.sound_theme) == (0.5, "system", "calm")
    assert resolved.sounds == {"end": "/mine.wav"}
    assert (resolved.style.usual.rate, resolved.style.usual.pitch, resolved.style.fixed.pitch) == (160, 60, 10)


@pytest.mark.parametrize(
    ("options", "expected"), [({}, True), ({"speed": 2.0}, False), ({"breath_tones": False}, False)]
)
def test_breath_tones_sound_at_real_speed_only(options: dict[str, Any], expected: bool) -> None:
    assert RunOptions(**options).resolved(_session()).breath_tones is expected
