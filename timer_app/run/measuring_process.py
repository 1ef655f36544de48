"""The process that measures lines: it answers `{"do": "measure", "voice", "style", "recordings", "lines"}`.

The answer has `timings`, for each line its length and its beat in milliseconds, and `notices` for the user.
"""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from timer_app.audio.clips import Recordings
from timer_app.core.i18n import _
from timer_app.core.timeline.utterance import SpeechTiming, Utterance
from timer_app.system import paths
from timer_app.system.processes import Message, private_output, serve
from timer_app.tts import SpeechCache, SpeechRenderer, SpeechStyle, VoiceError, open_renderer

_TIMEOUT_S = 600.0


def _handle(message: Message) -> Message:
    try:
        return Message(_measure(message.header))
    except VoiceError as error:
        return Message({"error": str(error)})


def _measure(request: dict[str, Any]) -> dict[str, Any]:
    recordings = Recordings({line: Path(path) for line, path in request["recordings"].items()})
    lines = [Utterance(*line) for line in request["lines"]]
    spoken = [line for line in lines if not recordings.clip(line.text)]
    renderer, notices = _open_renderer(request)
    with closing(renderer):
        if not renderer.wait(spoken, _TIMEOUT_S):
            raise VoiceError(_("the voice takes too long"))
        if renderer.failure:
            raise renderer.failure

        def timing(line: Utterance) -> SpeechTiming:
            clip = recordings.clip(line.text)
            return SpeechTiming(clip.length_ms) if clip else renderer.speech(line)

        timings = [(found.length_ms, found.beat_ms) for found in map(timing, lines)]
        return {"timings": timings, "notices": [*notices, *renderer.notices]}


def _open_renderer(request: dict[str, Any]) -> tuple[SpeechRenderer, list[str]]:
    style, cache = SpeechStyle.from_dict(request["style"]), SpeechCache(paths.speech_dir())
    renderer, notices = open_renderer(request["voice"], style, cache, alone=request["strict"])
    if renderer is None:
        prefix = _("No voice: {error}").partition("{")[0]
        raise VoiceError(notices[-1].removeprefix(prefix) if notices else _("there is none"))
    return renderer, notices


if __name__ == "__main__":
    serve(sys.stdin.buffer, private_output(), _handle)
    os._exit(0)  # engines are known to crash on the way out
