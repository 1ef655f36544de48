"""The editor: the text of a session or a form in its place, to be heard, run and saved."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual import work
from textual.app import SuspendNotSupported
from textual.message import Message
from textual.widget import Widget

from timer_app.core.diagnostics import printable, problems
from timer_app.core.i18n import _, ngettext
from timer_app.tui.editor.cards import (
    NEW_PART,
    NEW_STEPS,
    PART_FIELDS,
    field_values,
    fields_of,
    first_field,
    texts_of,
    usual_of,
)
from timer_app.tui.editor.completion_list import CompletionList
from timer_app.tui.editor.edited_file import EditedFile
from timer_app.tui.editor.exercise_picker import ExercisePicker
from timer_app.tui.editor.form import CardList, SessionForm, path_in
from timer_app.tui.editor.panel_content import fault_text, lines_to_hear
from timer_app.tui.editor.step_operations import OperationError, add_step, line_of_step, read_steps, set_step
from timer_app.tui.editor.step_tree import Path as StepPath
from timer_app.tui.editor.step_tree import is_part, keys_of, paths_of, step_at
from timer_app.tui.editor.text_screen import EditorContext, TextScreen
from timer_app.tui.field_form import FieldForm, FormField, Texts
from timer_app.tui.widgets.footer import KeyFooter

if TYPE_CHECKING:
    from pathlib import Path

    from timer_app.analysis import Analysis
    from timer_app.core.diagnostics import KeyPath
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
        return [SessionForm(self._catalogue, self._given.keys, self._change_in_form)]

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
            step = self._analysis.step_at(row) if self._analysis else None
            self._code.display = False
            self._form.display = True
            self.query(KeyFooter).last().labels = {"editor_form": _("Text")}
            self._form.show_text(self.text, self._analysis, self._path_at(path_in(step.path), row) if step else (0,))
            self._form.query_one(CardList).focus()

    def _path_at(self, path: StepPath, row: int) -> StepPath:
        """The first part of a step that stands in a row, or else the step itself."""
        with suppress(OperationError, LookupError):
            steps = read_steps(self.text)
            for part in (one for one in paths_of(steps) if one[:-1] == path and is_part(steps, one)):
                line = line_of_step(self.text, part)
                if line >= row:
                    return part if line == row else path
        return path

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

    def action_undo(self) -> None:
        """Undo the last change."""
        super().action_undo()
        self._show_in_form()

    def action_redo(self) -> None:
        """Redo the change that was undone."""
        super().action_redo()
        self._show_in_form()

    def _show_in_form(self) -> None:
        if self.is_form_shown:  # at once, as the next key goes on from there
            self._form.show_text(self.text, self._analysis)

    def on_session_form_marked(self, message: SessionForm.Marked) -> None:
        """Let the panel show the step that is marked."""
        if self.is_form_shown:
            self._code.go_to(line_of_step(self.text, message.path))
            self._show_place()  # another step may be in the same line

    def _phases_at(self, row: int) -> tuple[int, ...]:
        """The phases of the marked step while the form is shown: several may be in a line."""
        if self.is_form_shown and self._valid is not None and self._form.steps:
            return self._valid.phases_of(self._form.keys_of_step)
        return super()._phases_at(row)

    def _change_in_form(self, text: str, path: StepPath) -> None:
        self._code.change_to(text)
        self._form.show_text(self.text, self._analysis, path)
        self._code.go_to(line_of_step(self.text, self._form.path))

    def on_session_form_step_asked(self, message: SessionForm.StepAsked) -> None:
        """Show a step in the text, change it, or add one."""
        with suppress(LookupError):  # a key too many, as for a step that is gone
            is_new = message.what == "add"
            step = {} if is_new else step_at(self._form.steps, message.path)
            if is_new or (message.what == "change" and self._fields_at(message.path, step)):
                self._ask_in_form(message.path, is_new=is_new)
                return
            self._code.go_to(line_of_step(self.text, message.path))
            self.action_form()
        self._form.is_waiting = False

    @work(exclusive=True, group="dialogue")
    async def _ask_in_form(self, path: StepPath, *, is_new: bool) -> None:
        form = self._form
        try:
            await (self._add_step(path) if is_new else self._ask_about_step(path))
        finally:
            form.is_waiting = False

    def _fields_at(self, path: StepPath, step: Mapping[str, Any]) -> tuple[FormField, ...]:
        """The fields of a step or a part of the form."""
        return PART_FIELDS if is_part(self._form.steps, path) else fields_of(step, self._catalogue())

    async def _add_step(self, path: StepPath) -> None:
        if self._form.is_at_part:
            await self._add(path, {key: _(text) for key, text in NEW_PART.items()}, asks=True)
            return
        is_still = self._given.display_options.reduced_motion
        picked = await self.app.push_screen_wait(ExercisePicker(self._catalogue(), self._picture_of, is_still=is_still))
        if picked is None:
            return
        step = {"exercise": picked.exercise} if picked.exercise else dict(NEW_STEPS[picked.kind][1])
        if picked.name:
            step["name"] = picked.name
        await self._add(path, step, asks=not picked.exercise, first=picked.kind if picked.name else "")

    async def _add(self, path: StepPath, step: Mapping[str, Any], *, asks: bool, first: str = "") -> None:
        """Put in a step or a part; where it is asked about and nothing is to change, it is not added."""
        before, marked = self.text, self._form.path
        try:
            self._change_in_form(add_step(before, path, step), path)
        except OperationError:
            self.show_message(_("The steps are written in a way that can only be changed in the text."))
            return
        added = self.text
        if asks and not await self._ask_about_step(path, first) and self.text == added:
            self._change_in_form(before, marked)

    async def _ask_about_step(self, path: StepPath, first: str = "") -> bool:
        """Let a step be changed, beginning with a field; whether it stays, as it was or changed."""
        text = self.text
        try:
            steps, catalogue = read_steps(text), self._catalogue()
            step, keys = step_at(steps, path), keys_of(steps, path)
        except (OperationError, LookupError):
            return True  # the text has become another one meanwhile
        fields, usual = self._fields_at(path, step), usual_of(step, catalogue)
        known = self._faults_at(self._analysis, around := keys[:-2] if is_part(steps, path) else keys)

        def fault_of(typed: Texts) -> str:
            """What is wrong with the step once it is changed so."""
            try:
                analysis = self._analyse(set_step(text, path, field_values(typed, step, catalogue)))
            except OperationError:
                return _("This can only be changed in the text.")
            found = self._faults_at(analysis, keys)
            if around != keys:  # such as a figure that moves with a part of that name
                found += [said for said in self._faults_at(analysis, around) if said not in known]
            # A block without steps has this fault before and after.
            return next((said for said in found if not (said.startswith("steps:") and said in known)), "")

        texts = texts_of(step, fields)
        shown = [field._replace(usual=usual.get(field.key, field.usual)) for field in fields]
        first = first or first_field(step, fields, usual).key
        form = FieldForm(self._form.title_of(path), shown, texts, fault_of, first)
        typed = await self.app.push_screen_wait(form)
        if typed:
            with suppress(OperationError):
                self._change_in_form(set_step(self.text, path, field_values(typed, step, catalogue)), path)
        return typed is not None

    @staticmethod
    def _faults_at(analysis: Analysis | None, keys: KeyPath) -> list[str]:
        """What is wrong with a step or a part, but not with the steps in it."""
        key = problems.dotted_key(keys)
        return [
            fault_text(one).replace(f"{key}.", "")
            for one in (analysis.problems if analysis else ())
            if one.severity == "error" and one.key.startswith(key) and not one.key.startswith(f"{key}.steps[")
        ]

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
        """Hear what the line says, or stop it."""
        if self._sample is not None and not self._sample.done:
            self.fall_silent()
            return
        if self._given.speak is None:
            self.show_message(_("Nothing can be heard here."))
            return
        valid, phases = self._valid, self._phases_at(self._row)
        # The parts of a step may share a line.
        written = self._form.words_of_part if self.is_form_shown else ""
        written = written or self._code.document[self._row]
        lines = lines_to_hear(valid.timeline, phases, written) if valid and valid.timeline else []
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
