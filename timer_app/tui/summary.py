"""The screen that sums up a run when it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static

from timer_app.core.constraints import MAX_NOTE
from timer_app.core.diagnostics import printable
from timer_app.core.i18n import N_, _
from timer_app.core.player.recorder import Ending, SessionRecord, StepRecord
from timer_app.core.timeline import StepInfo
from timer_app.core.training import SuggestedSession
from timer_app.core.wording.doses import dose_origin_lines, dose_text
from timer_app.core.wording.look_back import LookBack, look_back_lines, next_due_line
from timer_app.core.wording.record import (
    answer_lines,
    done_text,
    ending_sentence,
    passed_over_lines,
    planned_text,
    times_sentences,
)
from timer_app.tui.key_bindings import ScreenScope, first_key
from timer_app.tui.play.view import OUTCOME_SIGNS
from timer_app.tui.screen import bindings_for
from timer_app.tui.widgets.big_text import BigText
from timer_app.tui.widgets.footer import KeyFooter
from timer_app.tui.widgets.inputs import PromptInput
from timer_app.tui.widgets.text_layout import fit_to_width, joined_lines, name_panel, words_in_lines


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A step of the summary.

    Attributes:
        sign: `✓` done, `~` in part, `-` not done.
        name: The step's name.
        done: What was done, in words.
        planned: The dose.
    """

    sign: str
    name: str
    done: str
    planned: str


def next_time_line(shown: Sequence[SummaryRow], ending: Ending = "finished") -> str:
    """What to do next time: what is left, else the same again; nothing after giving up before anything was done."""
    left = [row.name for row in shown if row.sign == "-"]
    if not left or len(left) == len(shown):
        return "" if ending == "given up" else _("Again tomorrow?")
    if len(left) == 1:
        return _("Left for next time: {step}.").format(step=left[0])
    return _("Left for next time: {step} and {count} more.").format(step=left[0], count=len(left) - 1)


def next_text(
    shown: Sequence[SummaryRow], ending: Ending = "finished", known: LookBack | None = None, *, is_trial: bool = False
) -> str:
    """What to do next time and what is due next, a line each; of a trial, which is no training, that it leaves nothing.

    Args:
        shown: What was done.
        ending: How it ended.
        known: What is due; `None` where that is not known yet.
        is_trial: No record is kept of it.
    """
    if is_trial:
        return _("This was a trial: nothing of it is in the history.")
    left, due = next_time_line(shown, ending), next_due_line(known or LookBack())
    if due and left == _("Again tomorrow?"):
        return due
    return joined_lines(filter(None, (left, due)))


def summary_rows(record: SessionRecord, steps: tuple[StepInfo, ...]) -> Iterator[SummaryRow]:
    """The steps in which there is something to do, and what was done of each."""
    for info, step in zip(steps, record.steps, strict=True):
        if info.is_work and not info.is_left_out:
            yield summary_row(step, dose_text(info.whole_dose))


def summary_row(step: StepRecord, dose: str) -> SummaryRow:
    """What was done of a step of which `dose` was planned."""
    return SummaryRow(OUTCOME_SIGNS[step.outcome], step.name, done_text(step), dose)


def dose_lines(steps: tuple[StepInfo, ...]) -> list[str]:
    """Where doses that grow came from, below a heading; nothing where none does."""
    lines = list(dose_origin_lines(steps))
    return [_("Doses"), *(f"  {line}" for line in lines)] if lines else []


def summary_lines(shown: Sequence[SummaryRow], width: int) -> list[str]:
    """The rows in columns where `width` cells have room for them, else with a line for each thing."""
    lines = _column_lines(shown)
    return lines if all(cell_len(line) <= width for line in lines) else list(_stacked_lines(shown, width))


def _column_lines(shown: Sequence[SummaryRow]) -> list[str]:
    name_width = max((cell_len(row.name) for row in shown), default=0)
    done_width = max((cell_len(row.done) for row in shown), default=0)
    return [
        f"{row.sign} {fit_to_width(row.name, name_width)}  {fit_to_width(row.done, done_width)}"
        f"  {planned_text(row.planned)}".rstrip()
        for row in shown
    ]


def _stacked_lines(shown: Sequence[SummaryRow], width: int) -> Iterator[str]:
    """A line for each thing; what does not fit goes on below its words."""
    for row in shown:
        for first, text in ((f"{row.sign} ", row.name), ("    ", row.done), ("    ", planned_text(row.planned))):
            indent = " " * cell_len(first)
            for number, words in enumerate(words_in_lines(text, max(1, width - len(indent)), _MOST_LINES)):
                yield f"{indent if number else first}{words}"


_ENDING_WORDS: Mapping[Ending, str] = {
    "finished": N_("DONE"),
    "finished early": N_("STOPPED"),
    "given up": N_("STOPPED"),
    "running": N_("STOPPED"),
}


class EndingWord(BigText):
    """How it ended, in a word that is read from afar.

    Args:
        word: The word.
        id: The widget's name in style sheets.
    """

    def __init__(self, word: str, *, id: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(id=id)
        self.text = word


_MOST_LINES = 9  # for one thing, on the narrowest screen
_MARGINS = 5  # the line around the list, its padding and its scroll bar


class SummaryScreen(Screen[None]):
    """Shows a record.

    Args:
        record: What was done.
        steps: What was planned, in the record's order.
        keys: The user's own keys.
        suggestions: The sessions that the answers suggest.
        compare: Gives lines that set what was measured against earlier times; called in a thread.
        look_back: Compares the run with earlier ones; called in a thread.
        write_note: Keeps a note, and returns why it cannot; called in a thread. `None` where nothing is kept.
        is_trial: It was a trial, such as from the editor, of which no record is kept.
    """

    CSS_PATH = "summary.tcss"
    SCOPE: ClassVar[ScreenScope] = "summary"
    BINDINGS = bindings_for("summary")
    AUTO_FOCUS = "VerticalScroll"

    class Wanted(Message):
        """The user wants to run the session with that id."""

        def __init__(self, session: str) -> None:
            super().__init__()
            self.session = session

    class AgainWanted(Message):
        """The user wants to do the session again."""

    class HistoryWanted(Message):
        """The user wants to look back."""

    class Closed(Message):
        """The user has seen it."""

    def __init__(  # noqa: PLR0913 - a summary is complete when it is shown
        self,
        record: SessionRecord,
        steps: tuple[StepInfo, ...],
        keys: Mapping[str, str],
        compare: Callable[[], list[str]] = list,
        suggestions: Sequence[SuggestedSession] = (),
        *,
        look_back: Callable[[], LookBack] = LookBack,
        write_note: Callable[[str], str] | None = None,
        is_trial: bool = False,
    ) -> None:
        super().__init__()
        self._record = record
        self._steps = steps
        self._rows = list(summary_rows(record, steps))
        self._keys = keys
        self._compare = compare
        self._suggestions = suggestions
        self._look_back = look_back
        self._write_note = write_note
        self._is_trial = is_trial
        self._note = ""

    @property
    def unavailable(self) -> frozenset[str]:
        """The commands that do nothing here, by their ids."""
        return frozenset(("note",) if self._write_note is None else ())

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield EndingWord(_(_ENDING_WORDS[self._record.ending]), id="ending-word")
            yield Static(ending_sentence(self._record), id="ending", markup=False)
            yield Static(times_sentences(self._record), id="times", markup=False)
            yield Static(id="looked-back", markup=False)
            yield Static(id="next-time", markup=False)
            yield Static(id="steps-done", markup=False)
            yield Static(self._answers(), id="answers", markup=False)
            yield Static(id="compared", markup=False)
            yield Static(self._advice(), id="advice", markup=False)
            yield Static(joined_lines(dose_lines(self._steps)), id="doses", markup=False)
        yield Static(id="note-told", markup=False)
        yield PromptInput(placeholder=_("Your note"), max_length=MAX_NOTE, id="note", compact=True)
        footer = KeyFooter("summary", self._keys)
        footer.unavailable = self.unavailable
        yield footer

    def on_mount(self) -> None:
        name_panel(self.query_one(VerticalScroll), self._record.name)
        self._show("looked-back", "")
        self._show("next-time", next_text(self._rows, self._record.ending, is_trial=self._is_trial))
        self._show_comparison()

    def _show(self, name: str, text: str) -> None:
        """Show a text, which takes no row if it is empty."""
        widget = self.query_one(f"#{name}", Static)
        widget.update(text)
        widget.display = bool(text)

    @work
    async def _show_comparison(self) -> None:
        known = await asyncio.to_thread(self._look_back)
        self._show("looked-back", joined_lines(look_back_lines(known)))
        self._show("next-time", next_text(self._rows, self._record.ending, known, is_trial=self._is_trial))
        lines = await asyncio.to_thread(self._compare)
        self.query_one("#compared", Static).update(joined_lines([_("Against earlier times"), *lines] if lines else []))

    def on_resize(self) -> None:
        """Columns where they fit, else a line for each thing."""
        lines = summary_lines(self._rows, self.size.width - _MARGINS)
        shown = joined_lines(lines) or _("Nothing to do was part of this session.")
        self.query_one("#steps-done", Static).update(shown)

    def _answers(self) -> str:
        kinds = [info.kind for info in self._steps]
        passed_over = passed_over_lines(self._record, kinds) if self._record.ending == "finished" else ()
        lines = [f"  {line}" for line in (*answer_lines(self._record), *passed_over)]
        return joined_lines([_("Your answers"), *lines] if lines else [])

    def _advice(self) -> str:
        if not self._suggestions:
            return ""
        key = first_key("train", self._keys)
        lines = (f"  {one.session}: {one.because}" for one in self._suggestions)
        return joined_lines([_("Suggested ({key} starts the first)").format(key=key), *lines])

    def action_train(self) -> None:
        """Go on with the first session that the answers suggest."""
        if self._suggestions:
            self.post_message(self.Wanted(self._suggestions[0].session))

    def action_again(self) -> None:
        """Do the session again."""
        self.post_message(self.AgainWanted())

    def action_history(self) -> None:
        """Show the history."""
        self.post_message(self.HistoryWanted())

    def action_note(self) -> None:
        """Let a note be written."""
        if self._write_note is None:
            self._tell(_("No history is kept, and so no note."))
            return
        self.add_class("-writing")
        note = self.query_one("#note", Input)
        note.value = self._note
        note.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the note."""
        self._stop_writing()
        self._keep_note(event.value.strip())

    @work(exclusive=True)
    async def _keep_note(self, note: str) -> None:
        if self._write_note is None or note == self._note:
            return
        trouble = await asyncio.to_thread(self._write_note, note)
        if trouble:
            self._tell(_("The note is not kept: {reason}.").format(reason=trouble))
        else:
            self._note = note
            self._tell(_("Your note: {note}").format(note=note) if note else "")

    def _tell(self, text: str) -> None:
        self.query_one("#note-told", Static).update(printable(text))

    def _stop_writing(self) -> None:
        self.remove_class("-writing")
        self.query_one(VerticalScroll).focus()

    def action_close(self) -> None:
        """Leave the note, or go back."""
        if self.has_class("-writing"):
            self._stop_writing()
        else:
            self.post_message(self.Closed())
