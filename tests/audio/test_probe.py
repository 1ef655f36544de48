from __future__ import annotations

import sys
import time

import pytest

from timer_app.audio.outputs import probe
from timer_app.audio.outputs.probe import output_states


def states() -> dict[str, tuple[bool, str]]:
    return {state.name: (state.usable, state.state) for state in output_states(4)}


def test_every_output_is_told_on_any_machine() -> None:
    found = {state.name: state for state in output_states()}
    assert list(found) == ["pulseaudio", "sounddevice", "miniaudio", "simpleaudio", "null", "file"]
    assert (found["null"].usable, found["null"].state) == (True, "silent clock")
    assert found["file"].usable
    assert all(state.state and "\n" not in state.state for state in found.values())


@pytest.mark.parametrize(
    ("conduct", "reported"),
    [
        ("import os; os.abort()", "miniaudio crashed when it was tried"),
        ("import time; time.sleep(60)", "miniaudio did not answer in time"),
        ("print('noise of a library'); raise SystemExit(3)", "miniaudio crashed when it was tried"),
    ],
)
def test_a_library_that_crashes_hangs_or_talks_harms_nobody(
    monkeypatch: pytest.MonkeyPatch, conduct: str, reported: str
) -> None:
    monkeypatch.setattr(probe, "output_command", lambda _name, _extra_ms: [sys.executable, "-c", conduct])
    begun_s = time.monotonic()
    assert states()["miniaudio"] == (False, reported)
    assert time.monotonic() - begun_s < 12


def test_a_process_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "output_command", lambda _name, _extra_ms: ["/nonexistent/python"])
    usable, reported = states()["sounddevice"]
    assert not usable
    assert "cannot be started" in reported
