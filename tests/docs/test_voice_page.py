from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from timer_app.tts import names
from timer_app.tts.loudness import TARGET_LUFS, loudness
from timer_app.tts.plugins import PluginVoice
from timer_app.tts.renderer import LINE_TIMEOUT_S
from timer_app.tts.voice import VoiceError

PAGE = (Path(__file__).parents[2] / "docs" / "voices.md").read_text(encoding="utf-8")


def test_the_example_of_an_added_voice_works_as_it_stands() -> None:
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert code is not None
    example: dict[str, Any] = {}
    exec(code[1], example)  # noqa: S102 - the page of this very project
    voice = PluginVoice("hum", "humming-voice 1", "110", example["open_voice"]("110"))
    slow, fast = (voice.render("Shoulders down.", "en", wpm) for wpm in (100, 200))
    assert slow.length_ms > 1.8 * fast.length_ms
    assert loudness(slow.samples, slow.rate) == pytest.approx(TARGET_LUFS, abs=0.5)
    with pytest.raises(VoiceError):
        voice.render("Schultern tief.", "de", 150)


def test_the_page_names_every_voice_the_group_and_the_limit() -> None:
    assert [name for name in names.BUILT_IN if f"| `{name}" not in PAGE] == []
    assert f'"{names.ENTRY_POINT_GROUP}"' in PAGE
    assert f"{LINE_TIMEOUT_S:.0f} seconds over a line" in PAGE
