"""What the list says of a session's length is what a run takes, heard or not."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from timer_app.core.compiler.compile import Compiled, compile_session
from timer_app.core.session.model import Session
from timer_app.core.timeline.utterance import DEFAULT_MANNER, Lengths
from timer_app.library import library
from timer_app.run.exact_lengths import LineMeasurer
from timer_app.run.live import open_run
from timer_app.run.options import RunOptions
from timer_app.system import paths
from timer_app.system.files import toml_files
from timer_app.tts.pronunciation import SpeechStyle

SESSIONS = [
    (name, language)
    for name in sorted(path.stem for path in toml_files(paths.shipped_sessions_dir()))
    for language in ("en", "de")
]


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was spoken so far for any session, in any process that runs tests: they share many lines."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "spoken"


def _opened(name: str, language: str) -> tuple[library.Library, library.SessionEntry, Session]:
    own_folder = library.Library.default(language)
    entry = own_folder.find(name)
    return own_folder, entry, own_folder.load(entry)[0]


@pytest.mark.parametrize(("name", "language"), SESSIONS)
def test_a_silent_run_takes_as_long_as_the_list_says(name: str, language: str) -> None:
    own_folder, entry, session = _opened(name, language)
    with closing(open_run(session, RunOptions(sound=False), own_folder, entry.path)) as live_run:
        assert live_run.timeline.total_ms == entry.length_ms


@pytest.mark.exact_lengths
@pytest.mark.parametrize(("name", "language"), SESSIONS)
def test_a_run_with_the_bundled_voice_takes_as_long_as_the_list_says(
    name: str, language: str, spoken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMER_APP_CACHE", str(spoken))
    own_folder, entry, session = _opened(name, language)

    def compiled(lengths: Lengths) -> Compiled:
        return compile_session(session, own_folder.plan(session, lengths, session.level or 0.0))

    sounds = own_folder.sound_lengths(session.sound.theme, entry.path.parent, session.sound.sounds)
    style = SpeechStyle.for_session(session, DEFAULT_MANNER, DEFAULT_MANNER, None)
    with closing(LineMeasurer(strict=True)) as measurer:
        run = compiled(measurer.exact_lengths(compiled, sounds, "espeak", style)).timeline
    assert abs(run.total_ms - entry.length_ms) <= 0.025 * run.total_ms
