"""Exports a session: renders it, and writes it with its chapters, its captions and its cue sheet.

Renders a run into samples as fast as the computer can, through the sink and the mixer that feed a device.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from timer_app.audio import ClipSource, MixerSink, OfflineOutput
from timer_app.audio.base import Samples, ms_to_frames
from timer_app.core.fields import without_placeholders
from timer_app.core.i18n import _
from timer_app.core.player import ManualClock
from timer_app.core.player.states import Command
from timer_app.core.session.model import Session
from timer_app.core.timeline import Timeline
from timer_app.core.timeline.utterance import Utterance
from timer_app.export.chapters import LEAD_SILENCE_MS, build_captions, build_chapters, cue_sheet, srt, vtt
from timer_app.export.encoders import FORMATS, SoundFormat, Tags, close_quietly, open_encoder
from timer_app.export.targets import Targets
from timer_app.export.workers import BackgroundEncoder, prefetch_sounds
from timer_app.library import Library
from timer_app.run import LiveRun, RunEnvironment, RunOptions, SoundOptions, SoundSystem, open_run
from timer_app.run.live_sound import build_sound_system
from timer_app.system.files import atomic_write

BLOCK_MS = 1_000
"""Shorter than the time by which the conductor hands cues over early."""


_LOOK_S = 0.005
ProgressCallback = Callable[[int, int], None]
"""Told how much is done, and how much there is; what it raises ends the export, and no file is left."""


class ExportError(Exception):
    """The session cannot be exported; the message is one line."""


@dataclass(slots=True)
class OfflineRun:
    """A run that is recorded rather than heard, through the sink of a live run; close `run` in the end.

    Attributes:
        run: The run.
        clips: Where the sound of a cue comes from.
        sink: Where its cues go.
        output: What renders them.
        clock: The run's clock, which is moved by hand.
        needs_voice: Whether a line without a voice is a fault.
    """

    run: LiveRun = field(init=False)
    clips: ClipSource = field(init=False)
    sink: MixerSink = field(init=False)
    output: OfflineOutput = field(default_factory=OfflineOutput)
    clock: ManualClock = field(default_factory=ManualClock)
    needs_voice: bool = True

    def open_sound_system(self, choice: SoundOptions, find_sound: Callable[[str], Path | None]) -> SoundSystem:
        """A sound system whose cues are recorded here."""
        return build_sound_system(choice, find_sound, self.open_sink)

    def open_sink(self, clips: ClipSource, volume: float = 1.0) -> MixerSink:
        """The sink of a live run, with only *now* replaced: its time passes as samples are rendered."""
        self.clips = clips
        self.sink = MixerSink(self.output, clips, self.output.now_ms, volume)
        return self.sink

    def render_blocks(self) -> Iterator[Samples]:
        """The sound of the whole run, block by block, from its start to the end of its last sound.

        The run must not have begun, must have no open phases, and every line must be ready. Its clock is always a block
        ahead of the samples, so that music follows an event from the very sample at which it falls due.
        """
        self.run.send(Command.START)
        while (left_ms := self.run.timeline.as_heard().total_ms - self.clock.now_ms()) > 0:
            block_ms = min(BLOCK_MS, left_ms)
            self.clock.advance(block_ms)
            self.run.tick()
            yield self.output.render(ms_to_frames(block_ms))
        while (left := self.sink.mixer.end_frame - self.output.frames) > 0:
            yield self.output.render(min(left, ms_to_frames(BLOCK_MS)))


def open_offline_run(session: Session, options: RunOptions, library: Library, file: Path | None = None) -> OfflineRun:
    """Prepare a session to be recorded.

    Args:
        session: What is exported.
        options: How it is run; it is heard at its own speed, and its open steps have a length.
        library: Where exercises, phrases and sounds come from.
        file: The session's file.
    """
    if not options.is_heard or options.open_steps_ms is None:
        raise ValueError(_("an exported run is heard, and nobody answers in it"))
    offline_run = OfflineRun(needs_voice=options.resolved(session).voice != "none")
    environment = RunEnvironment(offline_run.open_sound_system, offline_run.clock)
    offline_run.run = open_run(session, options, library, file, environment)
    return offline_run


def wait_until_ready(run: LiveRun, progress: ProgressCallback) -> None:
    """Wait until every line is rendered and has its true length."""
    while not _is_ready(run):
        progress(*run.progress())
        time.sleep(_LOOK_S)
    progress(*run.progress())


def _is_ready(run: LiveRun) -> bool:
    """Exact lengths are asked for last: the run compiles the session again for each new line."""
    done, total = run.progress()
    return done == total and run.is_ready() and run.has_exact_lengths


def write_session(offline_run: OfflineRun, targets: Targets, comment: str, progress: ProgressCallback) -> Timeline:
    """Write the files of a session whose lines are ready; each appears complete or not at all.

    Args:
        offline_run: The run.
        targets: Where to.
        comment: One line about the session.
        progress: Called with the number of blocks written, and how many there are.

    Returns:
        What was written.

    Raises:
        ExportError: A line could not be spoken.
        ImportError: The libraries for this kind of file are not installed.
        OSError: It cannot be written.
    """
    timeline = offline_run.run.timeline.as_heard()
    with ExitStack() as files:
        sound = files.enter_context(atomic_write(targets.sound))
        for path, text in _texts(timeline, targets):
            files.enter_context(atomic_write(path)).write(text.encode())
        sound_format = FORMATS[targets.ending]
        files.enter_context(prefetch_sounds(offline_run.clips, timeline))
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
    blocks = -(-offline_run.run.timeline.as_heard().total_ms // BLOCK_MS)
    try:
        behind.write(np.zeros(ms_to_frames(LEAD_SILENCE_MS), np.float32))
        for number, samples in enumerate(offline_run.render_blocks(), 1):
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
    unspoken = next((cue.content for cue in offline_run.sink.missed_cues if isinstance(cue.content, Utterance)), None)
    if unspoken is not None and offline_run.needs_voice:
        raise ExportError(_('the line "{text}" could not be spoken').format(text=unspoken.text))
