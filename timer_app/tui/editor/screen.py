"""The editor: the text of a session or a form in its place, to be heard, run and saved."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import work
from textual.app import SuspendNotSupported
from textual.message import Message
from textual.widget import Widget

from timer_app.core.diagnostics import printable
from timer_app.core.i18n import _, ngettext
from timer_app.tui.editor.cards import NEW_STEPS, card_text, fields_of, usual_of
from timer_app.tui.editor.completion_list import CompletionList
from timer_app.tui.editor.edited_file import EditedFile
from timer_app.tui.editor.exercise_picker import ExercisePicker
from timer_app.tui.editor.form import CardList, SessionForm
from timer_app.tui.editor.panel_content import fault_text, lines_to_hear
from timer_app.tui.editor.step_form import Changes, StepForm
from timer_app.tui.editor.step_operations import OperationError, add_step, line_of_step, read_steps, set_step
from timer_app.tui.editor.text_screen import EditorContext, TextScreen
from timer_app.tui.widgets.footer import KeyFooter

if TYPE_CHECKING:
    from pathlib import Path

    from timer_app.analysis import Analysis, OutlineEntry
    from timer_app.core.session import Exercise
    from timer_app.tui.settings.samples import RunningSample

__all__ = ["EditorContext", "EditorScreen"]

_LOOK_AGAIN_S = 0.5


class EditorScreen(TextScreen):
    """Edits a session.

    Args:
        edited: The file.
        context: What it needs.
    """

    class RunWanted(Message):
        """The session is to run.

        Args:
            path: Its file.
            phase: The phase with which it is to begin.
        """

        def __init__(self, path: Path, phase: int) -> None:
            super().__init__()
            self.path = path
            self.phase = phase

    def __init__(self, edited: EditedFile, context: EditorContext) -> None:
        super().__init__(edited, context)
        self._sample: RunningSample | None = None

    def other_writing(self) -> Iterable[Widget]:
        return [SessionForm(self._catalogue, self._given.keys)]

    def on_mount(self) -> None:
        self._form.display = False

    # The form.

    @property
    def _form(self) -> SessionForm:
        return self.query_one(SessionForm)

    @property
    def is_form_shown(self) -> bool:
        """Whether the form stands in the place of the text."""
        return bool(self._form.display)

    def _catalogue(self) -> Mapping[str, Exercise]:
        session = self._valid.session if self._valid else None
        return self._given.library.catalogue_in(session.language if session else "en")

    def action_form(self) -> None:
        """Show the form in the place of the text, or the text again."""
        row = self._row
        self.query_one(CompletionList).close()
        if self.is_form_shown:
            self.show_text()
            self._code.call_after_refresh(self._code.go_to, row)
        elif self._analysis is not None and self._analysis.kind != "session":
            self.show_message(_("Only sessions have a form."))
        else:
            index = next((i for i, e in enumerate(self._outline) if e.line <= row <= e.end_line), 0)
            self._code.display = False
            self._form.display = True
            self.query(KeyFooter).last().labels = {"editor_form": _("Text")}
            self._form.show_text(self.text, self._analysis, index)
            self._form.query_one(CardList).focus()

    @property
    def _outline(self) -> Sequence[OutlineEntry]:
        return self._analysis.outline if self._analysis else ()

    def action_do_in_form(self, what: str) -> None:
        """Do something with the marked step of the form."""
        self._form.do(what)

    def show_text(self) -> None:
        self._form.display = False
        self._code.display = True
        self.query(KeyFooter).last().labels = {}
        self._code.focus()

    def focus_writing(self) -> None:
        (self._form.query_one(CardList) if self.is_form_shown else self._code).focus()

    def analysed(self, analysis: Analysis) -> None:
        if self.is_form_shown:
            self._form.show_text(self.text, analysis)

    def on_session_form_marked(self, message: SessionForm.Marked) -> None:
        """Let the panel show the step that is marked."""
        if self.is_form_shown:
            self._code.go_to(line_of_step(self.text, message.index))

    def on_session_form_changed(self, message: SessionForm.Changed) -> None:
        """Change the text as the form wants it."""
        self._change_in_form(message.text, message.index)

    def _change_in_form(self, text: str, index: int) -> None:
        self._code.change_to(text)
        self._form.show_text(self.text, self._analysis, index)
        self._code.go_to(line_of_step(self.text, index))

    def on_session_form_step_asked(self, message: SessionForm.StepAsked) -> None:
        """Show a step in the text, change it, or add one."""
        if message.what == "add":
            self._add_step(message.index)
        elif message.index >= len(self._form.steps):
            return  # a key too many, as for a step that is gone
        elif message.what == "change" and fields_of(self._form.steps[message.index], self._catalogue()):
            self._change_step(message.index)
        else:
            self._code.go_to(line_of_step(self.text, message.index))
            self.action_form()

    @work(exclusive=True, group="dialogue")
    async def _add_step(self, index: int) -> None:
        is_still = self._given.display_options.reduced_motion
        picked = await self.app.push_screen_wait(ExercisePicker(self._catalogue(), self._picture_of, is_still=is_still))
        if picked is None:
            return
        kind = picked.removeprefix("kind:")
        step = {"exercise": picked} if kind == picked else dict(NEW_STEPS[kind][1])
        before = self.text
        with suppress(OperationError):
            self._change_in_form(add_step(before, index, step), index)
            added = self.text
            if kind != picked and not await self._ask_about_step(index) and self.text == added:
                self._change_in_form(before, max(0, index - 1))

    @work(exclusive=True, group="dialogue")
    async def _change_step(self, index: int) -> None:
        await self._ask_about_step(index)

    async def _ask_about_step(self, index: int) -> bool:
        """Let a step be changed; whether it stays, as it was or changed."""
        text = self.text
        try:
            step, catalogue = read_steps(text)[index], self._catalogue()
        except (OperationError, IndexError):
            return True  # the text has become another one meanwhile
        fields = fields_of(step, catalogue)

        def fault_of(changes: Changes) -> str:
            """What is wrong with the step once it is changed so."""
            try:
                analysis = self._analyse(set_step(text, index, changes))
            except OperationError:
                return _("This can only be changed in the text.")
            wrong = (
                one for one in analysis.problems if one.severity == "error" and one.key.startswith(f"steps[{index}]")
            )
            return next((fault_text(one).replace(f"steps[{index}].", "") for one in wrong), "")

        changes = await self.app.push_screen_wait(
            StepForm(card_text(step, catalogue), fields, step, usual_of(step, catalogue), fault_of)
        )
        if changes:
            with suppress(OperationError):
                self._change_in_form(set_step(self.text, index, changes), index)
        return changes is not None

    # The file.

    def saved(self) -> None:
        self._name_panels()
        self._show_place()
        path = printable(str(self.edited.path))
        errors = [one for one in self._analysis.problems if one.severity == "error"] if self._analysis else []
        if errors:
            said = ngettext(
                "Saved with {count} fault; it cannot be started until that is mended.",
                "Saved with {count} faults; it cannot be started until they are mended.",
                len(errors),
            )
            self.show_message(said.format(count=len(errors)))
        else:
            self.show_message(_("Saved as {file}.").format(file=path))

    @work(exclusive=True, group="dialogue")
    async def action_edit_elsewhere(self) -> None:
        """Open the file in the user's own editor."""
        if self._given.edit_elsewhere is None:
            self.show_message(_("No other editor can be opened here."))
            return
        if (self.is_modified or self.edited.is_new) and not await self.save():
            return
        try:
            with self.app.suspend():
                trouble = self._given.edit_elsewhere(self.edited.path)
        except SuspendNotSupported:
            self.show_message(_("No other editor can be opened here."))
            return
        self.app.refresh(layout=True)
        await self.reload()
        if trouble:
            self.show_message(trouble)

    # Hearing and running.

    @work(exclusive=True, group="hear")
    async def action_hear(self) -> None:
        """Hear what the line says, or fall silent."""
        if self._sample is not None and not self._sample.done:
            self.fall_silent()
            return
        if self._given.speak is None:
            self.show_message(_("Nothing can be heard here."))
            return
        valid, phases = self._valid, self._phases_at(self._row)
        lines = (
            lines_to_hear(valid.timeline, phases, self._code.document[self._row]) if valid and valid.timeline else []
        )
        if not lines or valid is None or valid.session is None:
            self.show_message(_("Nothing is said in this line."))
            return
        self._sample = await asyncio.to_thread(self._given.speak, valid.session, self.edited.path, lines)
        self.show_message(_("“{line}”").format(line=printable(lines[0].text)))
        self._tell_about_sample()

    def _tell_about_sample(self) -> None:
        """Tell what is wrong with what is heard, once it is over."""
        if self._sample is None:
            return
        if not self._sample.done:
            self.set_timer(_LOOK_AGAIN_S, self._tell_about_sample)
            return
        for remark in self._sample.remarks:
            self.show_message(remark)
        self._sample = None

    def fall_silent(self) -> None:
        """Say nothing any more."""
        if self._sample is not None:
            self._sample.stop()
            self._sample = None

    @work(exclusive=True, group="dialogue")
    async def action_run_here(self) -> None:
        """Save the text, and run the session from the step of the line."""
        self.fall_silent()
        if self._analysis is None or self._analysis.timeline is None:
            self.show_message(_("It can be run when its faults are mended."))
            return
        if (self.is_modified or self.edited.is_new) and not await self.save():
            return
        phases = self._phases_at(self._row)
        self.post_message(self.RunWanted(self.edited.path, phases[0] if phases else 0))

    async def on_unmount(self) -> None:
        """Fall silent, measure nothing any more, and keep what is not saved, whatever ends the program."""
        self.fall_silent()
        self.keep_draft_now()
        if self._given.lengths is not None:
            await asyncio.to_thread(self._given.lengths.close)
