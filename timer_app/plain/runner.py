"""Drives a run that is printed line by line."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from timer_app.core.diagnostics import command_text
from timer_app.core.i18n import _
from timer_app.core.player.controls import RunCommand
from timer_app.core.player.events import Event, Paused
from timer_app.core.player.states import Command, IllegalTransitionError, State
from timer_app.core.wording.doses import dose_text
from timer_app.core.wording.formatting import length_text
from timer_app.core.wording.phases import indented_name
from timer_app.plain import line_input as words
from timer_app.plain.format import LineFormatter, format_line, summary_lines

if TYPE_CHECKING:
    from timer_app.run import LiveRun

ABORTED_STATUS = 130

_READY_POLL_MS = 50.0
_REFRESH_MS = 500.0


class PlainRun:
    """One run.

    Args:
        live_run: Everything that the run needs, open.
        tell: Takes each line.
        wait: Waits some milliseconds at most, and returns what was typed meanwhile, if anything was.
        answers: Somebody can answer.
    """

    def __init__(
        self, live_run: LiveRun, tell: Callable[[str], None], wait: Callable[[float], str | None], *, answers: bool
    ) -> None:
        self._live_run = live_run
        self._print = tell
        self._wait = wait
        self._is_interactive = answers
        self._lines = LineFormatter(live_run.timeline, answers=answers)
        self._since_refresh_ms = _REFRESH_MS

    def play(self) -> int:
        """Run to the end, and return the exit status: 0, or 130 when the user gave up."""
        if self._is_interactive:
            self._print(_("Enter goes on or pauses; ? and Enter lists what else can be typed."))
        if self._wait_until_ready():
            self._send_command(RunCommand(Command.START))
            while not self._live_run.state.is_over:
                self._run_once()
        self._print_summary()
        return ABORTED_STATUS if self._live_run.state is State.ABORTED else 0

    def abort(self) -> None:
        """End a run that is interrupted from outside; an output that is gone is no error."""
        with contextlib.suppress(OSError):
            if not self._live_run.state.is_over:
                self._send_command(RunCommand(Command.ABORT))
            self._print_summary()

    def suspend(self) -> None:
        """Leave a run that is interrupted from outside as it is, so that it can be resumed."""
        with contextlib.suppress(OSError):
            if self._live_run.state is not State.READY:
                self._handle_events(self._live_run.tick())  # record what was done until now
            if self._live_run.state.is_over:
                self._print_summary()
            else:
                self._print_event(_("CUT OFF"), self._live_run.timeline.name)

    def _wait_until_ready(self) -> bool:
        """Wait for the first lines of speech; `False` when the user gave up meanwhile."""
        announced = False
        while not self._live_run.is_ready():
            if not announced:
                done, total = self._live_run.progress()
                self._print(_("Preparing the voice: {done} of {total} lines are ready.").format(done=done, total=total))
                announced = True
            typed = self._wait_for_input(_READY_POLL_MS)
            if typed is not None and words.is_quit(typed):
                self._send_command(RunCommand(Command.ABORT))
                return False
        return True

    def _run_once(self) -> None:
        typed = self._wait_for_input(self._live_run.ms_until_next_tick())
        self._handle_events(self._live_run.tick())
        if typed is not None and not self._live_run.state.is_over:
            self._handle_input(typed)
        if not self._is_interactive and self._live_run.state is State.PAUSED:
            self._send_command(RunCommand(Command.RESUME))

    def _wait_for_input(self, limit_ms: float) -> str | None:
        """Wait for a line, and from time to time take over what the voice has rendered."""
        typed = self._wait(limit_ms)
        self._since_refresh_ms += limit_ms
        if self._since_refresh_ms >= _REFRESH_MS:
            self._since_refresh_ms = 0.0
            for notice in self._live_run.refresh():
                self._print_event(_("NOTICE"), notice)
        return typed

    def _handle_input(self, typed: str) -> None:
        """Do what a typed line asks for."""
        try:
            asked = words.parse_input(typed, self._live_run.snapshot())
        except words.NotUnderstoodError as error:
            self._print_event(_("PARDON"), str(error))
            return
        if isinstance(asked, RunCommand):
            self._send_command(asked)
        elif isinstance(asked, words.VolumeRequest):
            self._live_run.set_volume(asked.percent)
            self._print_event(_("VOLUME"), _("{percent} percent").format(percent=self._live_run.volume))
        else:
            self._handle_display_request(asked)

    def _send_command(self, order: RunCommand) -> None:
        try:
            events = self._live_run.send(*order)
        except IllegalTransitionError as refusal:
            self._handle_events(refusal.due_events)
            self._print_event(_("REFUSED"), str(refusal))
            return
        self._handle_events(events)
        if answer := self._command_note(order.command):
            self._print_event(*answer)

    def _command_note(self, command: Command) -> tuple[str, str] | None:
        """What a command did where no event reports it."""
        now = self._live_run.snapshot()
        if now.state is State.LEAD_IN and command in (Command.RESUME, Command.AGAIN):
            return _("READY"), _("{name}, in {time}").format(name=now.phase.label, time=length_text(now.lead_in_ms))
        if command is Command.AGAIN and now.phase.kind == "work":
            return _("AGAIN"), _("this set will be repeated") if now.repeats_set else _("this set will not be repeated")
        return None

    def _handle_display_request(self, asked: words.DisplayRequest) -> None:
        match asked:
            case words.DisplayRequest.HELP:
                for row in words.help_lines():
                    self._print(f"  {row}")
            case words.DisplayRequest.STEPS:
                for number, step in enumerate(self._live_run.timeline.steps, 1):
                    if not step.is_listed:
                        continue
                    dose = f" ({dose_text(step.whole_dose)})" if step.whole_dose else ""
                    self._print(f"  {number:>3}  {indented_name(step)}{dose}")
            case words.DisplayRequest.EASIER | words.DisplayRequest.HARDER:
                self._change_variant(1 if asked is words.DisplayRequest.HARDER else -1)
            case words.DisplayRequest.EXPLAIN:
                events, said = self._live_run.explain()
                self._handle_events(events)
                self._print_event(_("EXPLAIN"), said)
            case words.DisplayRequest.MUTE:
                self._live_run.set_muted(not self._live_run.muted)
                self._print_event(_("SOUND"), _("off") if self._live_run.muted else _("on"))

    def _change_variant(self, by: int) -> None:
        try:
            events, said = self._live_run.change_variant(by)
        except IllegalTransitionError as refusal:
            self._print_event(_("REFUSED"), str(refusal))
            return
        self._handle_events(events)
        self._print_event(_("VARIANT"), said)

    def _handle_events(self, events: list[Event]) -> None:
        self._lines.timeline = self._live_run.timeline
        for row in self._lines.format(events):
            self._print(row)
        if self._live_run.slept and any(isinstance(event, Paused) for event in events):
            self._print_event(_("NOTICE"), _("The computer slept or the program stood still, so the run was paused."))

    def _print_event(self, word: str, text: str) -> None:
        self._print(format_line("", word, text))

    def _print_summary(self) -> None:
        for row in summary_lines(self._live_run.record, self._live_run.timeline.steps):
            self._print(row)
        for row in self._live_run.compare_with_past():
            self._print(f"  {row}")
        for one in self._live_run.suggestions():
            self._print(
                _("Suggested: {command} ({reason})").format(
                    command=command_text("run", one.session), reason=one.because
                )
            )
