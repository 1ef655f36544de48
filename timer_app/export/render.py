"""Exports a session: renders it, and writes it with its chapters, its captions and its cue sheet.

Renders a run into samples as fast as the computer can, through the mixer that a device is fed from.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from timer_app.audio.clips import Clip
from timer_app.audio.frames import AudioError, Samples, ms_to_frames
from timer_app.audio.mixer import Mixer
from timer_app.audio.music import Playlist
from timer_app.audio.sink import ClipSource
from timer_app.core.fields.template import without_placeholders
from timer_app.core.player.clock import ManualClock
from timer_app.core.player.states import Command
from timer_app.core.session.model import Session
from timer_app.core.timeline.model import CueContent, Timeline, content_text
from timer_app.core.timeline.utterance import Utterance
from timer_app.export.chapters import build_captions, build_chapters, cue_sheet, srt, vtt
from timer_app.export.encoders import FORMATS, SoundFormat, Tags, close_quietly, open_encoder
from timer_app.export.pipeline import BackgroundEncoder, prefetch_sounds
from timer_app.export.targets import Targets
from timer_app.library.library import Library
from timer_app.run.live import LiveRun, RunEnvironment, RunOptions, open_run
from timer_app.run.live_sound import build_sound_system
from timer_app.run.sound import SoundOptions, SoundSystem
from timer_app.system.files import atomic_write

if TYPE_CHECKING:
    from timer_app.run.live_sound import FindSound


BLOCK_MS = 1_000
"""Shorter than the time by which the conductor hands cues over early."""


class OfflineSink:
    """A sink whose time passes only as it is rendered.

    A cue is kept until the block that it falls into is rendered, as by the live sink, so that it can be cancelled.

    Args:
        clips: Where the sound of a cue comes from.
        volume: From 0 to 1.

    Attributes:
        clips: As given.
        latency_ms: None: nothing is filled ahead.
        trouble: None: there is no device.
        missing: The cues that have no sound, with the reason, once each.
        mixer: What is rendered.
    """

    latency_ms = 0
    trouble: str | None = None

    def __init__(self, clips: ClipSource, volume: float = 1.0) -> None:
        self.missing: dict[CueContent, str] = {}
        self.mixer = Mixer(volume=volume)
        self.muted = False
        self.clips = clips
        self._pending: list[tuple[int, int, CueContent, Clip]] = []
        self._number = 0

    @property
    def volume(self) -> float:
        """Loudness from 0 to 1."""
        return self.mixer.volume

    @volume.setter
    def volume(self, volume: float) -> None:
        self.mixer.volume = volume

    def play_music(self, paths: Sequence[Path], gain: float) -> None:
        """Lay music below the cues."""
        self.mixer.play_music(Playlist(paths) if paths else None, gain)

    def set_music_level(self, level: float, fade_ms: float, at_ms: float) -> None:
        """Let the music go to a level from 0 to 1 within `fade_ms`, from `at_ms` on."""
        self.mixer.set_music_level(level, fade_ms, ms_to_frames(at_ms))

    def schedule(self, content: CueContent, at_ms: float, from_ms: int = 0) -> None:
        """Let a cue be heard at `at_ms`, counted from the first sample, without its first `from_ms`."""
        try:
            clip = self.clips(content)
        except AudioError as error:
            self.missing[content] = str(error)
            return
        if clip is None:
            self.missing[content] = "there is no sound for it"
            return
        self._number += 1
        heapq.heappush(self._pending, (ms_to_frames(at_ms), self._number, content, clip.starting_at(from_ms)))

    def cancel(self, *, keep_sounding: bool = False) -> None:
        """Forget the cues that have not begun, and fade out what sounds unless it is to be kept."""
        self._pending.clear()
        if not keep_sounding:
            self.mixer.cancel()

    def close(self) -> None:
        """Nothing is held."""

    def render(self, n_frames: int) -> Samples:
        """The next `n_frames` samples."""
        until = self.mixer.position + n_frames
        while self._pending and self._pending[0][0] < until:
            frame, _, content, clip = heapq.heappop(self._pending)
            self.mixer.schedule(clip, frame, key=content_text(content), ducks=isinstance(content, Utterance))
        return self.mixer.render(n_frames)


def render_blocks(run: LiveRun, sink: OfflineSink, clock: ManualClock) -> Iterator[Samples]:
    """The sound of a whole run, block by block, from its start to the end of its last sound.

    Args:
        run: A run that has not begun, without open phases, and for which every line is ready.
        sink: Where its cues go.
        clock: What it goes by; it shows 0.
    """
    run.send(Command.START)
    while (left_ms := run.timeline.total_ms - clock.now_ms()) > 0:
        block_ms = min(BLOCK_MS, left_ms)
        clock.advance(block_ms)
        run.tick()
        yield sink.render(ms_to_frames(block_ms))
    while (left := sink.mixer.end_frame - sink.mixer.position) > 0:
        yield sink.render(min(left, ms_to_frames(BLOCK_MS)))


_LOOK_S = 0.005
ProgressCallback = Callable[[int, int], None]
"""Told how much is done, and how much there is; what it raises ends the export, and no file is left."""


class ExportError(Exception):
    """The session cannot be exported; the message is one line."""


@dataclass(slots=True)
class OfflineRun:
    """A run that is recorded rather than heard; close its stage in the end.

    Attributes:
        run: The run.
        sink: What renders it.
        clock: What it goes by.
        needs_voice: Whether a line without a voice is a fault.
    """

    run: LiveRun = field(init=False)
    sink: OfflineSink = field(init=False)
    clock: ManualClock = field(default_factory=ManualClock)
    needs_voice: bool = True

    def open_sound_system(self, choice: SoundOptions, find_sound: FindSound) -> SoundSystem:
        """A desk whose cues come here."""
        return build_sound_system(choice, find_sound, self._open_sink)

    def _open_sink(self, clips: ClipSource, volume: float) -> OfflineSink:
        self.sink = OfflineSink(clips, volume)
        return self.sink


def open_offline_run(session: Session, options: RunOptions, library: Library, file: Path | None = None) -> OfflineRun:
    """Set the stage for a recording.

    Args:
        session: What is exported.
        options: How it is run; it is heard at its own speed, and its open steps have a length.
        library: Where exercises, phrases and sounds come from.
        file: The session's file.
    """
    if not options.is_heard or options.open_steps_ms is None:
        raise ValueError("an exported run is heard, and nobody answers in it")
    booth = OfflineRun(needs_voice=options.resolved(session).voice != "none")
    booth.run = open_run(session, options, library, file, RunEnvironment(booth.open_sound_system, booth.clock))
    return booth


def wait_until_ready(run: LiveRun, progress: ProgressCallback) -> None:
    """Wait until every line is rendered and has its true length."""
    while not _is_ready(run):
        progress(*run.progress())
        time.sleep(_LOOK_S)
    progress(*run.progress())


def _is_ready(run: LiveRun) -> bool:
    """Asked of the stage only when all lines are there: it compiles the session again for every one that is new."""
    done, total = run.progress()
    return done == total and run.is_ready() and run.has_exact_lengths


def write_session(offline_run: OfflineRun, targets: Targets, comment: str, progress: ProgressCallback) -> Timeline:
    """Write the files of a session whose lines are ready; each appears complete or not at all.

    Args:
        offline_run: The run.
        targets: Where to.
        comment: One line about the session.
        progress: Told the blocks written, and how many there are.

    Returns:
        What was written.

    Raises:
        ExportError: A line could not be spoken.
        ImportError: The libraries for this kind of file are not installed.
        OSError: It cannot be written.
    """
    timeline = offline_run.run.timeline
    with ExitStack() as files:
        sound = files.enter_context(atomic_write(targets.sound))
        for path, text in _texts(timeline, targets):
            files.enter_context(atomic_write(path)).write(text.encode())
        sound_format = FORMATS[targets.ending]
        files.enter_context(prefetch_sounds(offline_run.sink.clips, timeline))
        _encode(offline_run, sound, sound_format, _tags(timeline, sound_format, comment), progress)
    return timeline


def _texts(timeline: Timeline, targets: Targets) -> list[tuple[Path, str]]:
    """The small files beside the sound."""
    texts = []
    if targets.vtt and targets.srt:
        said = build_captions(timeline)
        texts += [(targets.vtt, vtt(said)), (targets.srt, srt(said))]
    if targets.cue:
        texts.append((targets.cue, cue_sheet(timeline.name, targets.sound.name, build_chapters(timeline))))
    return texts


def _tags(timeline: Timeline, sound_format: SoundFormat, comment: str) -> Tags:
    if not sound_format.has_cover:
        return Tags(timeline.name, without_placeholders(comment), build_chapters(timeline))
    from timer_app.export.cover import COVER_SIZE, draw_cover

    return Tags(
        timeline.name, without_placeholders(comment), build_chapters(timeline), draw_cover(timeline), COVER_SIZE
    )


def _encode(
    offline_run: OfflineRun, file: BinaryIO, sound_format: SoundFormat, tags: Tags, progress: ProgressCallback
) -> None:
    encoder = open_encoder(file, sound_format, tags)
    behind = BackgroundEncoder(encoder)
    blocks = -(-offline_run.run.timeline.total_ms // BLOCK_MS)
    try:
        for number, samples in enumerate(render_blocks(offline_run.run, offline_run.sink, offline_run.clock), 1):
            _check_all_spoken(offline_run)
            behind.write(samples)
            progress(number, max(number, blocks))
        behind.close()
    except BaseException:
        behind.abort()
        close_quietly(encoder)
        raise
    progress(blocks, blocks)


def _check_all_spoken(offline_run: OfflineRun) -> None:
    silent = next((line.text for line in offline_run.sink.missing if isinstance(line, Utterance)), None)
    if silent is not None and offline_run.needs_voice:
        raise ExportError(f'the line "{silent}" could not be spoken')
