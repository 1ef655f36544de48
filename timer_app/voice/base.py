"""What a voice of another package imports: published before the room was called `timer_app.tts`, and kept."""

from timer_app.tts.voice import Language, Samples, Speech, Voice, VoiceError

__all__ = ["Language", "Samples", "Speech", "Voice", "VoiceError"]
