"""Checks the sound: plays some sounds and a line, and reports what is heard or why nothing is."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence

from timer_app.audio import ClipSource, Sink, start_sink
from timer_app.audio.base import AudioError
from timer_app.core.i18n import _
from timer_app.core.player import machine_ms
from timer_app.core.timeline.utterance import Utterance
from timer_app.run.live_sound import build_sound_system
from timer_app.run.sound_system import FindSound, RunSound, SoundOptions

CHECK_SOUNDS = ("start", "tick", "finish")

_SCHEDULE_AHEAD_MS = 60  # so that scheduling a sound does not make it late
_GAP_S = 0.25
_POLL_S = 0.05
_RENDER_TIMEOUT_S = 20.0
_PLAYBACK_TIMEOUT_S = 40.0  # longer than any sound may last


class SoundCheck:
    """A running sound check, made by `start_sound_check`; may be read from any thread.

    Attributes:
        status: What is heard now, what was heard, or why nothing is; one line.
        done: Whether it has ended.
        failed: Whether there was no sound.
        remarks: What the user should know, such as that the voice is missing; complete when it has ended.
    """

    def __init__(
        self,
        choice: SoundOptions,
        find_sound: FindSound,
        sounds: Sequence[str],
        line: str,
        lines: Sequence[Utterance],
    ) -> None:
        self.status = _("Opening the sound.")
        self.done = self.failed = False
        self.remarks: list[str] = []
        self._stopped = threading.Event()
        self._steps = iter_sound_check(choice, find_sound, sounds, line, self._stopped, lines)
        self._expected = {*sounds, line, *(each.text for each in lines)}
        self._thread = threading.Thread(target=self._play, name="sound test", daemon=True)
        self._thread.start()

    @property
    def is_playing(self) -> bool:
        """Whether `status` names what is heard; else it says how the test goes."""
        return self.status in self._expected

    def stop(self) -> None:
        """Stop soon; does not wait."""
        self._stopped.set()

    def wait(self, limit_s: float) -> bool:
        """Wait for the end for at most `limit_s` seconds; returns whether it came."""
        self._thread.join(limit_s)
        return self.done

    def _play(self) -> None:
        try:
            for step in self._steps:
                if self.status not in self._expected:
                    self.remarks.append(self.status)
                self.status = step
            del self.remarks[:1]  # that the sound was opened
        except AudioError as error:
            self.status = said = str(error)
            # Where no device plays, the message says so itself.
            says_so = said.lower().startswith(_("No sound: {reason}").partition("{")[0].lower())
            self.status = said[:1].upper() + said[1:] if says_so else _("No sound: {reason}").format(reason=said)
            self.failed = True
            self.remarks = [self.status]
        self.done = True


def start_sound_check(
    choice: SoundOptions,
    find_sound: FindSound,
    sounds: Sequence[str] = CHECK_SOUNDS,
    line: str = "",
    lines: Sequence[Utterance] = (),
) -> SoundCheck:
    """Play some sounds and then spoken lines, in the background.

    Args:
        choice: The output, the voice and the volume.
        find_sound: Finds the file of a sound.
        sounds: Names of sounds, played in turn.
        line: Spoken after them; nothing if empty.
        lines: Spoken after that, each in its own manner.
    """
    return SoundCheck(choice, find_sound, sounds, line, lines)


def iter_sound_check(  # noqa: PLR0913, PLR0917 - a sample is complete when it begins
    choice: SoundOptions,
    find_sound: FindSound,
    sounds: Sequence[str],
    line: str = "",
    stopped: threading.Event | None = None,
    lines: Sequence[Utterance] = (),
) -> Iterator[str]:
    """Play sounds and lines in turn; yields the name of each as it starts, and finally where it was played.

    Raises:
        AudioError: There is no sound, or it was lost.
    """
    stopped = stopped or threading.Event()
    sinks: list[Sink] = []
    start = start_sink(choice.output, choice.latency_ms)

    def opened(clips: ClipSource, volume: float) -> Sink:
        sinks.append(start(clips, volume))
        return sinks[0]

    sound_system = build_sound_system(choice, find_sound, opened)
    (sink,) = sinks
    try:
        for name in sounds:
            sink.schedule(name, machine_ms() + sink.latency_ms + _SCHEDULE_AHEAD_MS)
            yield name
            _wait_until_heard(sink, stopped)
        spoken = (*([Utterance(line)] if line else ()), *lines)
        sound_system.sound.prepare(spoken)
        for utterance in spoken:
            if _wait_until_rendered(sound_system.sound, utterance, stopped):
                sink.schedule(utterance, machine_ms() + sink.latency_ms + _SCHEDULE_AHEAD_MS)
                yield utterance.text
                _wait_until_heard(sink, stopped)
        yield from sound_system.sound.notices()
        yield _("Played through {device}.").format(device=sink.device) if not stopped.is_set() else _("Stopped.")
    finally:
        sink.close()
        sound_system.sound.close()


def _wait_until_heard(sink: Sink, stopped: threading.Event) -> None:
    until_s = time.monotonic() + _PLAYBACK_TIMEOUT_S
    while not stopped.is_set() and not sink.drain(_POLL_S):
        if sink.trouble or time.monotonic() > until_s:
            raise AudioError(sink.trouble or _("the sound device does not play"))
    stopped.wait(_GAP_S)


def _wait_until_rendered(run_sound: RunSound, line: Utterance, stopped: threading.Event) -> bool:
    """Wait for a line, but not for ever; returns whether it can be spoken."""
    run_sound.prepare([line])
    until_s = time.monotonic() + _RENDER_TIMEOUT_S
    while not run_sound.ready([line]) and not stopped.is_set() and time.monotonic() < until_s:
        stopped.wait(_POLL_S)
    return run_sound.ready([line]) and not stopped.is_set()
