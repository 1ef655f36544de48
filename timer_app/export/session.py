"""Exports a session: renders it, and writes it with its chapters, its captions and its cue sheet."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from timer_app.audio.sink import ClipSource
from timer_app.core.fields.template import plain
from timer_app.core.player.clock import ManualClock
from timer_app.core.session.model import Session
from timer_app.core.timeline.model import Timeline
from timer_app.export.ahead import sounds_ahead
from timer_app.export.behind import BehindEncoder
from timer_app.export.encoders import FORMATS, Format, Tags, open_encoder, quietly_closed
from timer_app.export.marks import captions, chapters
from timer_app.export.sink import BLOCK_MS, FileSink, rendered
from timer_app.export.targets import Targets
from timer_app.export.texts import cue_sheet, srt, vtt
from timer_app.library.library import Library
from timer_app.run.live import RunOptions, Stage, Venue, open_stage
from timer_app.run.live_sound import desk_with
from timer_app.run.sound import Desk, SoundChoice
from timer_app.system.files import complete_or_nothing

if TYPE_CHECKING:
    from timer_app.run.live_sound import FindSound

_LOOK_S = 0.005
Progress = Callable[[int, int], None]
"""Told how much is done, and how much there is; what it raises ends the export, and no file is left."""


class ExportError(Exception):
    """The session cannot be exported; the message is one line."""


@dataclass(slots=True)
class Booth:
    """A run that is recorded rather than heard; close its stage in the end.

    Attributes:
        stage: The run.
        sink: What renders it.
        clock: What it goes by.
        needs_voice: Whether a line without a voice is a fault.
    """

    stage: Stage = field(init=False)
    sink: FileSink = field(init=False)
    clock: ManualClock = field(default_factory=ManualClock)
    needs_voice: bool = True

    def open_desk(self, choice: SoundChoice, find_sound: FindSound) -> Desk:
        """A desk whose cues come here."""
        return desk_with(choice, find_sound, self._open_sink)

    def _open_sink(self, clips: ClipSource, volume: float) -> FileSink:
        self.sink = FileSink(clips, volume)
        return self.sink


def open_booth(session: Session, options: RunOptions, library: Library, file: Path | None = None) -> Booth:
    """Set the stage for a recording.

    Args:
        session: What is exported.
        options: How it is run; it is heard at its own speed, and its open steps have a length.
        library: Where exercises, phrases and sounds come from.
        file: The session's file.
    """
    if not options.is_heard or options.open_steps_ms is None:
        raise ValueError("an exported run is heard, and nobody answers in it")
    booth = Booth(needs_voice=options.voice_for(session) != "none")
    booth.stage = open_stage(session, options, library, file, Venue(booth.open_desk, booth.clock))
    return booth


def have_ready(stage: Stage, progress: Progress) -> None:
    """Wait until every line is rendered and has its true length."""
    while not _is_ready(stage):
        progress(*stage.progress())
        time.sleep(_LOOK_S)
    progress(*stage.progress())


def _is_ready(stage: Stage) -> bool:
    """Asked of the stage only when all lines are there: it compiles the session again for every one that is new."""
    done, total = stage.progress()
    return done == total and stage.is_ready() and stage.is_settled


def write_session(booth: Booth, targets: Targets, comment: str, progress: Progress) -> Timeline:
    """Write the files of a session whose lines are ready; each appears complete or not at all.

    Args:
        booth: The run.
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
    timeline = booth.stage.timeline
    with ExitStack() as files:
        sound = files.enter_context(complete_or_nothing(targets.sound))
        for path, text in _texts(timeline, targets):
            files.enter_context(complete_or_nothing(path)).write(text.encode())
        sound_format = FORMATS[targets.ending]
        files.enter_context(sounds_ahead(booth.sink.clips, timeline))
        _encode(booth, sound, sound_format, _tags(timeline, sound_format, comment), progress)
    return timeline


def _texts(timeline: Timeline, targets: Targets) -> list[tuple[Path, str]]:
    """The small files beside the sound."""
    texts = []
    if targets.vtt and targets.srt:
        said = captions(timeline)
        texts += [(targets.vtt, vtt(said)), (targets.srt, srt(said))]
    if targets.cue:
        texts.append((targets.cue, cue_sheet(timeline.name, targets.sound.name, chapters(timeline))))
    return texts


def _tags(timeline: Timeline, sound_format: Format, comment: str) -> Tags:
    if not sound_format.has_cover:
        return Tags(timeline.name, plain(comment), chapters(timeline))
    from timer_app.export.cover import SIZE, draw_cover

    return Tags(timeline.name, plain(comment), chapters(timeline), draw_cover(timeline), SIZE)


def _encode(booth: Booth, file: BinaryIO, sound_format: Format, tags: Tags, progress: Progress) -> None:
    encoder = open_encoder(file, sound_format, tags)
    behind = BehindEncoder(encoder)
    blocks = -(-booth.stage.timeline.total_ms // BLOCK_MS)
    try:
        for number, samples in enumerate(rendered(booth.stage, booth.sink, booth.clock), 1):
            _see_that_all_is_said(booth)
            behind.write(samples)
            progress(number, max(number, blocks))
        behind.close()
    except BaseException:
        behind.drop()
        quietly_closed(encoder)
        raise
    progress(blocks, blocks)


def _see_that_all_is_said(booth: Booth) -> None:
    silent = next((text for kind, text in booth.sink.missing if kind == "speech"), None)
    if silent is not None and booth.needs_voice:
        raise ExportError(f'the line "{silent}" could not be spoken')
