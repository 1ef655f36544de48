"""What voice plug-ins import; the names live in `timer_app.tts.voice`."""

from timer_app.tts import Language, Samples, Speech, Voice, VoiceError

__all__ = ["Language", "Samples", "Speech", "Voice", "VoiceError"]
