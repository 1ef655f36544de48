"""Measures the latency of a headset: plays ticks, and the user presses a key with each (`sounds --calibrate`)."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import click

from timer_app.audio import Sink, start_sink
from timer_app.audio.base import AudioError
from timer_app.audio.calibration import BEAT_MS, TAPS_NEEDED, TAPS_WANTED, LatencyEstimate, estimate_latency
from timer_app.audio.clips import Clip, load_wav
from timer_app.cli.errors import FAULT, INTERRUPTED, PROGRAM, USAGE, CommandError
from timer_app.cli.output import echo, echo_lines, is_terminal
from timer_app.cli.resources import load_user_settings
from timer_app.cli.signals import raise_on_stop_signal
from timer_app.core.constraints import MAX_LATENCY_MS
from timer_app.core.diagnostics import FileFault, printable
from timer_app.core.i18n import N_, _
from timer_app.core.player import machine_ms
from timer_app.core.timeline import CueContent
from timer_app.plain import QUIT_KEY, interactive_descriptor
from timer_app.settings import write_setting
from timer_app.system import guarded_stderr, paths


class KeyPress(NamedTuple):
    """A key and the time of its arrival, on the machine's clock."""

    key: str
    at_ms: float


ReadKey = Callable[[float], KeyPress | None]
"""Waits for a key for a number of milliseconds at most."""

if sys.platform == "win32":
    import msvcrt
    import time

    _POLL_S = 0.002

    @contextmanager
    def key_presses(descriptor: int) -> Iterator[ReadKey]:  # noqa: ARG001 - the console has only one keyboard
        """Read the console key by key, without echo."""

        def read(limit_ms: float) -> KeyPress | None:
            until_ms = machine_ms() + limit_ms
            while not msvcrt.kbhit():
                if machine_ms() >= until_ms:
                    return None
                time.sleep(_POLL_S)
            return KeyPress(msvcrt.getwch(), machine_ms())

        yield read
        while msvcrt.kbhit():
            msvcrt.getwch()

else:
    import termios
    import tty

    @contextmanager
    def key_presses(descriptor: int) -> Iterator[ReadKey]:
        """Read a terminal key by key, without echo; Ctrl+C still interrupts.

        Unread input is discarded at the end, so that it does not answer the next question.
        """

        def read(limit_ms: float) -> KeyPress | None:
            if not select.select([descriptor], [], [], max(0.0, limit_ms) / 1000)[0]:
                return None
            at_ms = machine_ms()
            return KeyPress(os.read(descriptor, 1).decode("latin-1"), at_ms)

        before = termios.tcgetattr(descriptor)
        try:
            tty.setcbreak(descriptor)
            yield read
        finally:
            termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)


_LEAD_IN_BEATS = 4  # to find the rhythm
_LEAD_MS = 1_500
_TAIL_MS = 900  # with a late headset, the last tap is late too
_STEP_MS = 10
_MIN_LATENCY_MS = 30  # below this, a key itself takes longer, and nobody notices
_MAX_SPREAD_MS = 40
_SILENT_OUTPUTS = ("null", "file")
_KEYS = " \r\n"

_INSTRUCTIONS = (
    N_("You will hear {ticks} ticks, one a second. Shut your eyes, listen to the first {lead_in},"),
    N_("then press Space or Enter with every tick, neither before nor after it."),
    N_("{key} gives up."),
)
_KEYBOARD_NOTE = N_(
    "A keyboard takes 5 to 40 ms to tell of a key: that is part of the figure and cannot be told apart from it."
)


def calibrate(output: str | None) -> int:
    """Measure, print the result, and offer to write it into the settings; returns the exit status.

    Raises:
        CommandError: There is no terminal to tap at or no sound, or the taps are too irregular.
    """
    descriptor = interactive_descriptor()
    if descriptor is None or not is_terminal(sys.stdout):
        reason = _("sounds --calibrate needs a terminal, where you press a key with each tick")
        raise CommandError(
            f"{PROGRAM}: " + _("{reason}; set latency_ms by hand otherwise").format(reason=reason), USAGE
        )
    output = output or load_user_settings().output
    if output.partition(":")[0] in _SILENT_OUTPUTS:
        raise CommandError(
            f"{PROGRAM}: " + _("nothing is heard through {output}; name another with --output").format(output=output),
            USAGE,
        )
    said = {"ticks": _LEAD_IN_BEATS + TAPS_WANTED, "lead_in": _LEAD_IN_BEATS, "key": QUIT_KEY}
    echo_lines([*(_(line).format(**said) for line in _INSTRUCTIONS), ""])
    try:
        with raise_on_stop_signal(), guarded_stderr(paths.log_file()), key_presses(descriptor) as read_key:
            found = collect_taps(_open_sink(output), read_key, _show_tap)
    except AudioError as error:
        raise CommandError(f"{PROGRAM}: {error}") from None
    echo("")
    if found is None:
        return INTERRUPTED
    return _offer_to_save(result_lines(found), rounded_ms(found))


def collect_taps(
    sink: Sink, read_key: ReadKey, show: Callable[[], None], now_ms: Callable[[], float] = machine_ms
) -> LatencyEstimate | None:
    """Play the ticks through `sink`, which is closed at the end; `None` when the user gives up.

    Raises:
        AudioError: The sound was lost.
        CommandError: Too few taps keep to the beat.
    """
    first_ms = now_ms() + sink.latency_ms + _LEAD_MS
    beats_ms = [first_ms + number * BEAT_MS for number in range(_LEAD_IN_BEATS + TAPS_WANTED)]
    taps_ms: list[float] = []
    try:
        for at_ms in beats_ms:
            sink.schedule("tick", at_ms)
        while (left_ms := beats_ms[-1] + _TAIL_MS - now_ms()) > 0:
            press = read_key(min(left_ms, BEAT_MS))
            if sink.trouble:
                raise AudioError(sink.trouble.partition(";")[0])
            if press and press.key == QUIT_KEY:
                return None
            if press and press.key in _KEYS:
                taps_ms.append(press.at_ms)
                show()
    finally:
        sink.close()
    found = estimate_latency(beats_ms[_LEAD_IN_BEATS:], taps_ms)
    if found is None:
        wanted = _("at least {least} taps that keep to the beat are needed").format(least=TAPS_NEEDED)
        raise CommandError(
            f"{PROGRAM}: "
            + _("that tells nothing: {wanted}, there were {count} taps; try again").format(
                wanted=wanted, count=len(taps_ms)
            ),
            FAULT,
        )
    return found


def rounded_ms(found: LatencyEstimate) -> int:
    """The value for `latency_ms`: a multiple of ten, 0 for what nobody notices, and within its limits."""
    nearest_ms = round(found.offset_ms / _STEP_MS) * _STEP_MS
    return 0 if nearest_ms < _MIN_LATENCY_MS else min(nearest_ms, MAX_LATENCY_MS)


def result_lines(found: LatencyEstimate) -> list[str]:
    """The result as the user reads it."""
    after = found.offset_ms >= 0
    if found.dropped:
        text = (
            _(
                "You tapped {away} ms after the tick, give or take {margin} ms "
                "({used} taps, {dropped} left out for being far from the others)."
            )
            if after
            else _(
                "You tapped {away} ms before the tick, give or take {margin} ms "
                "({used} taps, {dropped} left out for being far from the others)."
            )
        )
    else:
        text = (
            _("You tapped {away} ms after the tick, give or take {margin} ms ({used} taps).")
            if after
            else _("You tapped {away} ms before the tick, give or take {margin} ms ({used} taps).")
        )
    away, margin = f"{abs(found.offset_ms):.0f}", f"{found.margin_ms:.0f}"
    lines = [text.format(away=away, margin=margin, used=found.used, dropped=found.dropped)]
    if found.margin_ms > _MAX_SPREAD_MS:
        lines.append(_("That is not sure: the taps lie far apart. Do it once more before you trust it."))
    if rounded_ms(found) == 0:
        lines.append(_("So the sound is not late by more than a keyboard is: latency_ms = 0 is right."))
    return [*lines, _(_KEYBOARD_NOTE)]


def _offer_to_save(lines: list[str], latency_ms: int) -> int:
    path = paths.settings_file()
    echo_lines(lines)
    if not click.confirm(
        printable(_("Write latency_ms = {latency_ms} to {path}?").format(latency_ms=latency_ms, path=path)),
        default=False,
    ):
        echo(_("Nothing was written."))
        return 0
    try:
        write_setting(path, "latency_ms", latency_ms)
    except FileFault as fault:
        raise CommandError.from_problems(fault.problems) from None
    echo(_("Written. It holds from the next run on; without the headset, run with --latency-ms 0."))
    return 0


def _open_sink(output: str) -> Sink:
    clip = load_wav(paths.shipped_sounds_dir() / "clear" / "tick.wav")

    def tick(_content: CueContent) -> Clip:
        return clip

    return start_sink(output)(tick, 1.0)


def _show_tap() -> None:
    sys.stdout.write("·")
    sys.stdout.flush()
