"""Reads what the user types during a run in lines, and finds the command that is meant."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from queue import Empty, SimpleQueue

from timer_app.core.diagnostics import nearest, quoted
from timer_app.core.i18n import N_, _
from timer_app.core.player.controls import TIME_STEP_MS, Control, RunCommand, command_for
from timer_app.core.player.states import Command, Snapshot
from timer_app.core.wording.formatting import cell_len

_TIME_CHANGE = re.compile(r"([+-])\s*(\d{0,4})\s*s?")
_NUMBER = re.compile(r"[+-]?(\d{1,9}([.,]\d{0,9})?|[.,]\d{1,9})")
_NUMBERED = re.compile(r"([a-z]+)\s*(\d{1,5})")


class DisplayRequest(Enum):
    """What is asked of the front end, rather than sent to the player."""

    HELP = "help"
    MUTE = "mute"
    STEPS = "steps"
    EASIER = "easier"
    HARDER = "harder"
    EXPLAIN = "explain"


@dataclass(frozen=True, slots=True)
class VolumeRequest:
    """A volume in percent."""

    percent: int


class NotUnderstoodError(Exception):
    """The typed line has no meaning here; the message is the line to show."""


@dataclass(frozen=True, slots=True)
class _InputWord:
    names: tuple[str, ...]
    meaning: str
    request: Control | DisplayRequest | None = None


_ANY_NUMBER = (N_("a number"),)
_INPUT_WORDS = (
    _InputWord(("Enter",), N_("go on, count a rep or a round, pass a question over, pause")),
    _InputWord(_ANY_NUMBER, N_("answer a question")),
    _InputWord(("n", "next"), N_("leave this set or rest for the next"), "next"),
    _InputWord(("b", "back"), N_("go back"), "back"),
    _InputWord(("r", "restart"), N_("start this set or rest again"), "restart"),
    _InputWord(("p", "pause"), N_("pause and go on"), "pause"),
    _InputWord(("+", "-"), N_("ten seconds more or less; +30 adds thirty")),
    _InputWord(("o", "once", "again"), N_("once more: repeat this set"), "again"),
    _InputWord(("i", "explain"), N_("hear the instruction of this exercise, or of the next"), DisplayRequest.EXPLAIN),
    _InputWord(("j", "jump"), N_("jump to a step, such as j 3; j alone lists them"), DisplayRequest.STEPS),
    _InputWord(
        ("e", "easier"), N_("an easier variant of this exercise, where the catalogue has one"), DisplayRequest.EASIER
    ),
    _InputWord(("harder",), N_("a harder variant"), DisplayRequest.HARDER),
    _InputWord(("m", "mute"), N_("sound off and on"), DisplayRequest.MUTE),
    _InputWord(("v", "volume"), N_("loudness in percent, such as v 60")),
    _InputWord(("f", "finish"), N_("finish here"), "finish"),
    _InputWord(("q", "quit"), N_("give up"), "give_up"),
    _InputWord(("?", "h", "help"), N_("this list"), DisplayRequest.HELP),
)
_REQUESTS = {name: word.request for word in _INPUT_WORDS for name in word.names if word.request is not None}
_NAMES = {name for word in _INPUT_WORDS for name in word.names if name[0].islower() and " " not in name}

# What the coach calls what to type, by the names of the commands that texts may name.
SPOKEN_KEYS = {
    **{str(word.request): word.names[0] for word in _INPUT_WORDS if isinstance(word.request, str)},
    "go": "Enter",
    "explain": "i",
    "more_time": "plus",
    "less_time": "minus",
}

_NAMES_CELLS = 16


def help_lines() -> Iterator[str]:
    """A line for everything that can be typed."""
    for word in _INPUT_WORDS:
        # The words are commands; only what stands for any number is a text.
        names = _(word.names[0]) if word.names == _ANY_NUMBER else ", ".join(word.names)
        yield f"{names}{' ' * (_NAMES_CELLS - cell_len(names))} {_(word.meaning)}"


def parse_input(typed: str, now: Snapshot) -> RunCommand | DisplayRequest | VolumeRequest:
    """The command or request that a typed line stands for in the present state of the run.

    Raises:
        NotUnderstoodError: There is no such command.
    """
    text = typed.strip().lower()
    if now.question and (not text or _NUMBER.fullmatch(text)):
        return RunCommand(Command.ANSWER, value=float(text.replace(",", ".")) if text else None)
    if change := _TIME_CHANGE.fullmatch(text):
        return RunCommand(Command.ADD_TIME, amount=_change_ms(change))
    request = _REQUESTS.get(text) if text else "go"
    if isinstance(request, DisplayRequest):
        return request
    return (request and command_for(request, now)) or _parse_numbered(text, typed)


def is_quit(typed: str) -> bool:
    """Whether a line typed before the start ends the session."""
    return _REQUESTS.get(typed.strip().lower()) == "give_up"


def _change_ms(change: re.Match[str]) -> int:
    size_ms = int(change[2]) * 1000 if change[2] else TIME_STEP_MS
    return -size_ms if change[1] == "-" else size_ms


def _parse_numbered(text: str, typed: str) -> RunCommand | VolumeRequest:
    """A word followed by a number."""
    if found := _NUMBERED.fullmatch(text):
        number = int(found[2])
        if found[1] in ("j", "jump"):
            return RunCommand(Command.JUMP, amount=number - 1)
        if found[1] in ("v", "volume"):
            return VolumeRequest(min(number, 100))
    if _NUMBER.fullmatch(text):
        raise NotUnderstoodError(_("Nothing is asked now; ? lists what can be typed."))
    meant = nearest(text, _NAMES)
    text = (
        _("{typed} means nothing here; did you mean {meant}?")
        if meant
        else _("{typed} means nothing here; ? lists what can be typed.")
    )
    raise NotUnderstoodError(text.format(typed=quoted(typed.strip()), meant=quoted(meant or "")))


QUIT_KEY = "q"
_MOST_BYTES = 4096


class LineReader:
    """Waits for typed lines: a call returns the next one, or `None` after so many milliseconds.

    Args:
        descriptor: The terminal's file descriptor; `None` where nobody can type.
    """

    def __init__(self, descriptor: int | None) -> None:
        self._lines: SimpleQueue[str] = SimpleQueue()
        if descriptor is not None:
            threading.Thread(target=self._read, args=(descriptor,), name="typed lines", daemon=True).start()

    def __call__(self, limit_ms: float) -> str | None:
        """Wait for a line, `limit_ms` at most."""
        try:
            return self._lines.get(timeout=max(0.0, limit_ms) / 1000)
        except Empty:
            return None

    def _read(self, descriptor: int) -> None:
        # This bypasses sys.stdin: a thread that still holds its lock would break the exit of the interpreter.
        rest = b""
        while chunk := _read_chunk(descriptor):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._lines.put(line.decode(errors="replace"))
        # The input ends with Ctrl+D, or when the terminal goes away, which a signal reports as well.
        if _is_terminal(descriptor):
            self._lines.put(QUIT_KEY)


def interactive_descriptor() -> int | None:
    """The descriptor of the terminal at which somebody can answer; `None` where nobody can.

    A job in the background must not read: the system would stop it.
    """
    try:
        descriptor = sys.stdin.fileno()
        if not os.isatty(descriptor):
            return None
        foreground = sys.platform == "win32" or os.tcgetpgrp(descriptor) == os.getpgrp()
    except (AttributeError, OSError, ValueError):  # closed, or none at all
        return None
    return descriptor if foreground else None


def _read_chunk(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _MOST_BYTES)
    except OSError:
        return b""


def _is_terminal(descriptor: int) -> bool:
    try:
        return os.isatty(descriptor)
    except OSError:
        return False
