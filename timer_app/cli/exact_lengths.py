"""Compiles a session with the true lengths of a voice, so that what is shown is what a run plays."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from timer_app.cli.errors import CommandError
from timer_app.core.compiler.compile import Compiled
from timer_app.core.compiler.estimate import EstimatedLengths
from timer_app.core.timeline.utterance import KnownLengths, Lengths
from timer_app.system import paths
from timer_app.tts.cache import SpeechCache
from timer_app.tts.delivery import SpeechStyle
from timer_app.tts.registry import open_voice
from timer_app.tts.renderer import SpeechRenderer
from timer_app.tts.voice import VoiceError

_MOST_PASSES = 5  # true lengths may make room for lines that had none, and those have lengths of their own
_TIMEOUT_S = 600.0

SoundLength = Callable[[str], int]


def compile_with_exact_lengths(
    compiled: Callable[[Lengths], Compiled], sounds: SoundLength, voice: str, delivery: SpeechStyle
) -> Compiled:
    """A session as a run with that voice plays it.

    Args:
        compiled: Compiles the session with the given lengths.
        sounds: Tells the length of a sound by its name.
        voice: Its name; `none` gives the lengths of a run without a voice.
        delivery: How it speaks.

    Raises:
        CommandError: The voice does not speak here.
    """
    if voice == "none":
        return compiled(EstimatedLengths(sounds))
    try:
        studio = SpeechRenderer(open_voice(voice), SpeechCache(paths.cache_dir() / "speech"), delivery)
    except VoiceError as error:
        raise CommandError(f"No voice: {error}") from None
    with closing(studio):
        return _compile_until_stable(compiled, KnownLengths(studio.speech, sounds), studio)


def _compile_until_stable(
    compiled: Callable[[Lengths], Compiled], lengths: Lengths, studio: SpeechRenderer
) -> Compiled:
    """Compile again and again until every line has its true length."""
    made = compiled(lengths)
    for _ in range(_MOST_PASSES):
        lines = list(made.timeline.spoken_lines())
        if studio.ready(lines):
            break
        studio.wait(lines, _TIMEOUT_S)
        if studio.failure:
            raise CommandError(f"No voice: {studio.failure}")
        made = compiled(lengths)
    return made
