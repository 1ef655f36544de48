"""Rendered lines, kept on disk between runs and in memory during one."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from dataclasses import astuple, dataclass
from pathlib import Path

from timer_app.core.timeline.utterance import MIDDLE_PITCH, Spoken
from timer_app.voice.base import Speech
from timer_app.voice.speech_file import FORMAT
from timer_app.voice.speech_folder import SpeechFolder

DISK_BYTES = 200_000_000
MEMORY_BYTES = 64_000_000
# Raised when trimming, loudness, fading or the beat change, so that lines shaped the old way are rendered anew.
SHAPING = 3


@dataclass(frozen=True, slots=True)
class Line:
    """Everything that decides how a line sounds.

    Attributes:
        voice: The voice's name.
        version: The voice's version.
        language: As handed to the voice.
        wpm: Words a minute.
        text: What is said, as it is spelled for the voice.
        pitch: From 0 to 100.
    """

    voice: str
    version: str
    language: str
    wpm: int
    text: str
    pitch: int = MIDDLE_PITCH

    @property
    def key(self) -> str:
        """A file name of 64 characters, different for every different line."""
        content = json.dumps([FORMAT, SHAPING, *astuple(self)])
        return hashlib.sha256(content.encode("ascii")).hexdigest()


class SpeechCache:
    """Keeps lines in a folder; where that cannot be written it keeps them in memory. Safe for threads.

    Args:
        folder: Made by the first write; a damaged file in it counts as missing and is replaced.
        max_bytes: The limit of the folder; the lines used longest ago go first.
    """

    def __init__(self, folder: Path, max_bytes: int = DISK_BYTES) -> None:
        self._folder = SpeechFolder(folder, max_bytes)
        self._lock = threading.Lock()
        self._recent: OrderedDict[str, Speech] = OrderedDict()
        self._recent_bytes = 0
        self._unwritten: dict[str, Speech] = {}
        self._measures: dict[str, Spoken] = {}

    def get(self, line: Line) -> Speech | None:
        """The line as it was put; `None` where it is not there."""
        key = line.key
        with self._lock:
            speech = self._unwritten.get(key) or self._recent.get(key)
            if speech is None:
                speech = self._folder.read(key)
            if speech is None:
                self._measures.pop(key, None)
            else:
                self._remember(key, speech)
        return speech

    def measure(self, line: Line) -> Spoken | None:
        """How long the line is, without reading its samples; `None` where it is not there."""
        key = line.key
        with self._lock:
            found = self._measures.get(key) or self._folder.measure(key)
            if found is not None:
                self._measures[key] = found
        return found

    def put(self, line: Line, speech: Speech) -> None:
        """Keep the line; never fails."""
        key = line.key
        with self._lock:
            if self._folder.write(key, speech):
                self._unwritten.pop(key, None)
            else:
                self._unwritten[key] = speech
            self._remember(key, speech)

    def _remember(self, key: str, speech: Speech) -> None:
        """Hold the line in memory, and as many of the last ones used as fit."""
        self._measures[key] = speech.spoken
        if key in self._unwritten:
            return
        replaced = self._recent.pop(key, None)
        self._recent[key] = speech
        self._recent_bytes += speech.samples.nbytes - (replaced.samples.nbytes if replaced is not None else 0)
        while self._recent_bytes > MEMORY_BYTES and len(self._recent) > 1:
            _, oldest = self._recent.popitem(last=False)
            self._recent_bytes -= oldest.samples.nbytes
