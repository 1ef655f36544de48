"""The voice that says nothing."""

from __future__ import annotations

from timer_app.core.timeline.utterance import MIDDLE_PITCH
from timer_app.voice.base import Language, Speech, silence


class SilentVoice:
    """Every line is of no length, in every language."""

    name = "none"
    version = "1"

    def render(self, text: str, language: str, wpm: int, pitch: int = MIDDLE_PITCH) -> Speech:  # noqa: ARG002 - the protocol's signature
        """An empty line."""
        return silence()

    def languages(self) -> list[Language]:
        """None are named: silence is understood everywhere."""
        return []

    def close(self) -> None:
        """Nothing to let go of."""
