"""A whole shipped session, exported with an empty and a full cache of speech and measured in the file.

`make listen ARGS=sessions` does the same over all sessions, in the voice that they usually have.
"""

from __future__ import annotations

from pathlib import Path

from tests.export.measured_export import differing_lines, export_session


def test_a_session_sounds_as_it_is_to(tmp_path: Path) -> None:
    cold, warm = (export_session("desk-break", tmp_path / f"{cache}.wav") for cache in ("cold", "warm"))
    assert cold.lines
    assert cold.overlaps() == []
    assert cold.cut_lines() == []
    assert differing_lines(cold, warm) == []
    assert cold.tones
    assert cold.strayed_ms() <= 1
    assert cold.loudness_spread().lu <= 1
    assert 0 < cold.longest_silence().length_ms <= 25_000
