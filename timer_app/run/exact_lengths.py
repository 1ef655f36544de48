"""Compiles a session with the exact lengths of its spoken lines, so that the timeline is that of a run."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from timer_app.core.compiler import Compiled, EstimatedLengths
from timer_app.core.timeline.utterance import KnownLengths, Lengths
from timer_app.system import paths
from timer_app.tts import SpeechCache, SpeechRenderer, SpeechStyle, VoiceError, open_voice

_MAX_PASSES = 5  # exact lengths may make room for further lines, whose lengths are not known yet
_TIMEOUT_S = 600.0

SoundLength = Callable[[str], int]


def compile_with_exact_lengths(
    compile_with: Callable[[Lengths], Compiled], sound_length: SoundLength, voice: str, style: SpeechStyle
) -> Compiled:
    """Compile a session as a run with that voice does.

    Args:
        compile_with: Compiles the session with the given lengths.
        sound_length: Returns the length of a sound by its name, in milliseconds.
        voice: The voice's name; `none` gives the lengths of a run without a voice.
        style: How the voice speaks.

    Raises:
        VoiceError: The voice cannot speak on this computer.
    """
    if voice == "none":
        return compile_with(EstimatedLengths(sound_length))
    with closing(SpeechRenderer(open_voice(voice), SpeechCache(paths.cache_dir() / "speech"), style)) as renderer:
        return _compile_until_stable(compile_with, KnownLengths(renderer.speech, sound_length), renderer)


def _compile_until_stable(
    compile_with: Callable[[Lengths], Compiled], lengths: Lengths, renderer: SpeechRenderer
) -> Compiled:
    """Compile again and again until every line has its exact length."""
    compiled = compile_with(lengths)
    for _ in range(_MAX_PASSES):
        lines = list(compiled.timeline.spoken_lines())
        if renderer.ready(lines):
            break
        renderer.wait(lines, _TIMEOUT_S)
        if renderer.failure:
            raise VoiceError(renderer.failure)
        compiled = compile_with(lengths)
    return compiled
