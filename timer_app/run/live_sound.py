"""The sound of a live run: turns spoken lines and cue sounds into clips for one audio stream."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from timer_app.audio import ClipSource, Sink, decode_error, start_sink
from timer_app.audio.base import MIX_RATE, AudioError
from timer_app.audio.clips import Clip, Recordings, breath_clip, clip_from_samples, load_wav
from timer_app.core.compiler import EstimatedLengths
from timer_app.core.i18n import N_, _
from timer_app.core.player import CueSink
from timer_app.core.timeline import CueContent
from timer_app.core.timeline.utterance import SpeechTiming, Utterance
from timer_app.run.sound_system import FindSound, SoundChange, SoundOptions, SoundSystem, silent_sound_system
from timer_app.system import paths
from timer_app.tts import SpeechCache, SpeechRenderer, normalise_loudness, open_renderer

_CACHED_CLIPS = 256

SOUND_IS_BACK = N_("The sound is back.")


class AudibleSink(CueSink, Protocol):
    """A sink that makes sound, live or in a file."""

    volume: float
    muted: bool

    def preload(self, contents: Iterable[CueContent]) -> None:
        """Have the sound of cues at hand."""

    def play_music(self, paths: Sequence[Path], gain: float) -> None:
        """Play music below the cues."""

    def set_music_level(self, level: float, fade_ms: float, at_ms: float) -> None:
        """Fade the music to a level from 0 to 1 within `fade_ms`, starting at `at_ms`."""

    @property
    def trouble(self) -> str | None:
        """Why nothing is heard now, in one line."""


def open_sound_system(choice: SoundOptions, find_sound: FindSound) -> SoundSystem:
    """Open the voice and the output; if there is no sound, both are silent and a notice says why.

    Args:
        choice: Which voice and output.
        find_sound: Gives the file of a cue sound.
    """
    notices: list[str] = []

    def opened(clips: ClipSource, volume: float) -> Sink:
        sink = start(clips, volume)
        if sink.device.startswith("file:"):
            file = sink.device.removeprefix("file:")
            notices.append(_("What is heard is written to {file}").format(file=file))
        return sink

    try:
        start = start_sink(choice.output, choice.latency_ms)
        return build_sound_system(choice, find_sound, opened, notices)
    except AudioError as error:
        return silent_sound_system(_no_device(choice.output, error))


def build_sound_system(
    choice: SoundOptions,
    find_sound: FindSound,
    open_sink: Callable[[ClipSource, float], AudibleSink],
    notices: list[str] | None = None,
) -> SoundSystem:
    """Open the voice, and the sink by `open_sink`, which receives the clips of all cues and the volume from 0 to 1.

    Adds what the user should know to `notices`.

    Raises:
        AudioError: The sink does not open.
    """
    notices = [] if notices is None else notices
    recorded = _read_recordings(choice, notices)
    renderer = _open_renderer(choice, notices)
    clips = _CueClips(renderer, find_sound, recorded)
    try:
        sink = open_sink(clips, _gain(choice.volume))
    except AudioError:
        if renderer:
            renderer.close()
        raise
    if choice.music:
        sink.play_music(_decodable_music(choice.music, notices), _gain(choice.music_volume))
    return SoundSystem(LiveSound(choice, clips, sink, notices), sink)


def _read_recordings(choice: SoundOptions, notices: list[str]) -> Recordings:
    """The sound of recorded lines, as loud as the voice; the reasons for what is left out go to `notices`."""
    recorded = Recordings(choice.recordings, lambda samples: normalise_loudness(samples, MIX_RATE))
    notices += recorded.faults
    return recorded


def _decodable_music(music: Sequence[Path], notices: list[str]) -> list[Path]:
    """The files that can be decoded; one notice names the others."""
    faults = {path: fault for path in music if (fault := decode_error(path))}
    if len(faults) == 1:
        notices.append(_("A file of music is left out: {fault}").format(fault=next(iter(faults.values()))))
    elif faults:
        text = _("{count} files of music are left out; the first is {fault}")
        notices.append(text.format(count=len(faults), fault=next(iter(faults.values()))))
    return [path for path in music if path not in faults]


def _no_device(output: str, error: AudioError) -> str:
    """A line that fits a screen: details matter only if the user chose the output."""
    if output == "auto":
        return _("No sound: no device answers. The session goes on silently; `timer-app sounds` says more.")
    return _("No sound from {output}, so the session goes on silently: {error}").format(output=output, error=error)


def _open_renderer(choice: SoundOptions, notices: list[str]) -> SpeechRenderer | None:
    """The renderer of the voice; `None` without one, with the reason in `notices`."""
    renderer, news = open_renderer(choice.voice, choice.style, SpeechCache(paths.speech_dir()))
    notices += news
    return renderer


def _gain(percent: int) -> float:
    """The gain of a volume: half the percentage sounds about half as loud."""
    return (percent / 100) ** 2


class _CueClips:
    """The sound of every cue.

    Attributes:
        renderer: The voice; `None` without one.
        recordings: What is played instead of being spoken.
    """

    def __init__(self, renderer: SpeechRenderer | None, find_sound: FindSound, recordings: Recordings) -> None:
        self.renderer, self.recordings = renderer, recordings
        self._find_sound = find_sound
        self._renderer_before: SpeechRenderer | None = None
        self._cached_load = lru_cache(_CACHED_CLIPS)(self._load)

    def __call__(self, content: CueContent) -> Clip | None:
        clip = self._cached_load(content)
        if clip is None:
            # A missing line will be rendered later, so its absence must not be cached.
            self._cached_load.cache_clear()
            clip = self._said_before(content)
        return clip

    def change(self, renderer: SpeechRenderer | None, find_sound: FindSound, recordings: Recordings) -> None:
        """Give other sounds from now on."""
        self._renderer_before = self.renderer if renderer is not self.renderer else self._renderer_before
        self.renderer, self.recordings = renderer, recordings
        self._find_sound = find_sound
        self._cached_load.cache_clear()

    def _load(self, content: CueContent) -> Clip | None:
        if not isinstance(content, Utterance):
            path = self._find_sound(content)
            return load_wav(path) if path else breath_clip(content)
        if clip := self.recordings.clip(content.text):
            return clip.ending_softly()
        return _spoken_clip(self.renderer, content)

    def _said_before(self, content: CueContent) -> Clip | None:
        """A line by the voice that spoke before, until the present one has rendered it."""
        if self.renderer is None or not isinstance(content, Utterance):
            return None
        return _spoken_clip(self._renderer_before, content)


def _spoken_clip(renderer: SpeechRenderer | None, line: Utterance) -> Clip | None:
    speech = renderer.get(line) if renderer else None
    return clip_from_samples(speech.samples, speech.rate).ending_softly() if speech else None


@dataclass(frozen=True, slots=True)
class _LiveSoundChange:
    """Other sound for a run; a `SoundChange`."""

    live_sound: LiveSound
    choice: SoundOptions
    renderer: SpeechRenderer | None
    find_sound: FindSound
    recordings: Recordings
    music: list[Path] | None  # `None` where it stays
    notices: list[str]

    def take_over(self) -> None:
        """Let it be heard from now on."""
        self.live_sound.take_over(self)

    def drop(self) -> None:
        """Close the voice that was opened for it."""
        self.live_sound.close_renderer(self.renderer)


class LiveSound:
    """A `RunSound` with a voice and a sink."""

    def __init__(self, choice: SoundOptions, clips: _CueClips, sink: AudibleSink, notices: list[str]) -> None:
        self._choice = choice
        self._clips = clips
        self._sink = sink
        self._notices = notices
        self._was_lost = False
        self._estimates = EstimatedLengths()

    @property
    def _renderer(self) -> SpeechRenderer | None:
        return self._clips.renderer

    def speech(self, line: Utterance, /) -> SpeechTiming:
        """The exact length of a rendered line, otherwise an estimate; without a voice, the time it takes to read."""
        if clip := self._clips.recordings.clip(line.text):
            return SpeechTiming(clip.length_ms)
        return self._renderer.speech(line) if self._renderer else self._estimates.speech(line)

    def prepare(self, lines: Iterable[Utterance]) -> bool:
        """Render lines in the background; returns whether any is still to be rendered."""
        if self._renderer is None:
            return False
        wanted = self._unrecorded(lines)
        self._renderer.prepare(wanted)
        return not self._renderer.ready(wanted)

    def ready(self, lines: Iterable[Utterance]) -> bool:
        """Whether all of them are rendered."""
        return self._renderer is None or self._renderer.ready(self._unrecorded(lines))

    def prepare_change(self, choice: SoundOptions, find_sound: FindSound) -> SoundChange | None:
        """Open another voice and read other recordings where they are others; it may be called in a thread."""
        before = self._choice
        choice = replace(choice, output=before.output, volume=before.volume, latency_ms=before.latency_ms)
        if choice == before:
            return None
        notices: list[str] = []
        renderer, recordings = self._renderer, self._clips.recordings
        if choice.recordings != before.recordings:
            recordings = _read_recordings(choice, notices)
        if (choice.voice, choice.style) != (before.voice, before.style):
            renderer = _open_renderer(choice, notices)
        music = None
        if (choice.music, choice.music_volume) != (before.music, before.music_volume):
            music = _decodable_music(choice.music, notices)
        return _LiveSoundChange(self, choice, renderer, find_sound, recordings, music, notices)

    def take_over(self, change: _LiveSoundChange) -> None:
        """Sound as a change says from now on."""
        self._notices += change.notices
        before = self._renderer
        self._clips.change(change.renderer, change.find_sound, change.recordings)
        if before is not None and before is not change.renderer:
            self._notices += before.notices
            # What it rendered stays; its process may take a moment to end.
            threading.Thread(target=before.close, name="closing a voice", daemon=True).start()
        if change.music is not None:
            self._sink.play_music(change.music, _gain(change.choice.music_volume))
        self._choice = change.choice

    def close_renderer(self, renderer: SpeechRenderer | None) -> None:
        """Close a voice that was opened for a change, if it is not the one that speaks."""
        if renderer is not None and renderer is not self._renderer:
            renderer.close()

    def preload(self, cues: Iterable[CueContent]) -> None:
        """Hand the sound of cues to the device ahead of time."""
        self._sink.preload(cues)

    def _unrecorded(self, lines: Iterable[Utterance]) -> list[Utterance]:
        """The lines that have to be rendered, as no recording is played in their place."""
        return [line for line in lines if not self._clips.recordings.clip(line.text)]

    @property
    def progress(self) -> tuple[int, int]:
        """How many lines are rendered, and how many there are."""
        return self._renderer.progress if self._renderer else (0, 0)

    @property
    def is_heard(self) -> bool:
        """Whether the device plays now."""
        return not self._sink.trouble

    def notices(self) -> list[str]:
        """Why there is no voice, and when the sound was lost and recovered."""
        renderer_notices = self._renderer.notices if self._renderer else []
        self._check_sink()
        return self._notices + renderer_notices

    def _check_sink(self) -> None:
        trouble = self._sink.trouble
        if trouble and not self._was_lost:
            self._notices.append(_("No sound: {reason}").format(reason=trouble))
        elif self._was_lost and not trouble:
            self._notices.append(_(SOUND_IS_BACK))
        self._was_lost = bool(trouble)

    def set_volume(self, percent: int) -> None:
        """Make everything louder or quieter."""
        self._sink.volume = _gain(percent)

    def set_muted(self, muted: bool) -> None:
        """Silence everything for now, or end that."""
        self._sink.muted = muted

    def set_music_level(self, level: float, fade_ms: int, at_ms: float) -> None:
        """Let the music go to a level from 0 to 1."""
        self._sink.set_music_level(level, fade_ms, at_ms)

    def close(self) -> None:
        """Stop rendering; the conductor closes the sink."""
        if self._renderer:
            self._renderer.close()
