"""The rest of the history screen: tabs, the table of records, one record in full, and the choice of a session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from timer_app.core.diagnostics import printable
from timer_app.core.i18n import N_, _
from timer_app.core.timeline import StepInfo
from timer_app.core.wording.formatting import day_text, number_text, rough_text
from timer_app.core.wording.record import answer_lines, passed_over_lines, times_sentences
from timer_app.history import FullRecord, RecordSummary
from timer_app.history.views import RecordedSession
from timer_app.tui import summary as report
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.widgets.inputs import MarkedList
from timer_app.tui.widgets.text_layout import joined_lines


def tabs_text(titles: Sequence[str], current: int, width: int) -> str:
    """The names of the views with their keys, one of them marked; only that one where there is no room for all."""
    text = " ".join(_tabs(titles, current))
    return text if cell_len(text) <= width else f"▸{current + 1} {titles[current]}  ←→"


def tabs_content(titles: Sequence[str], current: int, width: int) -> Content:
    """The same, with the marked one in sight at once."""
    text = tabs_text(titles, current, width)
    start = text.index("▸")
    end = start + len(_tabs(titles, current)[current])
    return Content(text).stylize("$text-muted").stylize("bold $text-primary", start, end)


def tab_at(titles: Sequence[str], current: int, width: int, column: int) -> int | None:
    """Which name stands at a column of `tabs_text`; `None` where there is a gap or only one name."""
    names = _tabs(titles, current)
    ends = list(accumulate(cell_len(name) + 1 for name in names))
    if ends[-1] - 1 > width:
        return None
    return next((index for index, end in enumerate(ends) if end - 1 - cell_len(names[index]) <= column < end - 1), None)


def _tabs(titles: Sequence[str], current: int) -> list[str]:
    return [f"{'▸' if number == current else ' '}{number + 1} {title}" for number, title in enumerate(titles)]


def record_line(entry: RecordSummary) -> str:
    """A record in a line."""
    parts = [f"{entry.started:%Y-%m-%d %H:%M}  {printable(entry.name)}", rough_text(entry.active_ms)]
    if entry.ending != "finished":
        parts.append(entry.ending_text)
    if pain := pain_text(entry):
        parts.append(pain)
    return ", ".join(parts)


def pain_text(entry: RecordSummary) -> str:
    """`pain 5, then 3`, with the area where there are others; empty where it was not asked."""
    if entry.pain_before is None:
        return ""
    subject = _("pain ({about})").format(about=entry.pain_about) if entry.pain_about else _("pain")
    before = f"{subject} {number_text(entry.pain_before)}"
    if entry.pain_after is None:
        return before
    return _("{before}, then {after}").format(before=before, after=number_text(entry.pain_after))


def record_detail_lines(whole: FullRecord, width: int) -> Iterator[str]:
    """All that there is to know of a record; what was planned stands beside what was done, or below it."""
    entry, record = whole.entry, whole.record
    day, time = day_text(entry.started.date()), f"{entry.started:%H:%M}"
    yield _("{day} at {time}, {ending}.").format(day=day, time=time, ending=entry.ending_text)
    yield times_sentences(record)
    yield ""
    planned = zip(record.steps, whole.kinds, whole.doses, strict=True)
    rows = [report.summary_row(step, dose) for step, kind, dose in planned if StepInfo(step.name, kind).is_work]
    yield from report.summary_lines(rows, width)
    passed_over = passed_over_lines(record, whole.kinds) if entry.ending == "finished" else ()
    if answers := [*answer_lines(record), *passed_over]:
        yield ""
        yield _("Your answers")
        yield from (f"  {line}" for line in answers)
    if whole.note:
        yield ""
        yield _("Your note")
        yield f"  {whole.note}"


_MARGINS = 2  # the scroll bar and a blank


class RecordScreen(Dialogue[None]):
    """Shows a record.

    Args:
        whole: The record.
    """

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = bindings_for("dialogue")
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, whole: FullRecord) -> None:
        super().__init__()
        self._whole = whole

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue -long"):
            yield Static(printable(self._whole.entry.name), classes="dialogue-title", markup=False)
            with VerticalScroll():
                yield Static(id="whole", markup=False)

    def on_resize(self) -> None:
        """Fill it once its width is known: columns where they fit."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        width = self.query_one(VerticalScroll).size.width - _MARGINS
        self.query_one("#whole", Static).update(joined_lines(record_detail_lines(self._whole, width)))

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)


ALL_SESSIONS = RecordedSession("", N_("All sessions"))


class WhichSessionScreen(Dialogue[RecordedSession | None]):
    """Returns the session that was chosen, `ALL` for any, or `None` where nothing is to change.

    Args:
        sessions: Those of which there is a record.
    """

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = bindings_for("dialogue")

    def __init__(self, sessions: Sequence[RecordedSession]) -> None:
        super().__init__()
        self._sessions = [ALL_SESSIONS, *sessions]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue"):
            yield Static(_("Look back on"), classes="dialogue-title", markup=False)
            yield MarkedList([(str(index), self._shown_name(one)) for index, one in enumerate(self._sessions)])

    @staticmethod
    def _shown_name(session: RecordedSession) -> str:
        return _(session.name) if session is ALL_SESSIONS else session.name

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the marked one."""
        self.dismiss(self._sessions[int(event.option_id or 0)])

    def action_dismiss_it(self) -> None:
        """Change nothing."""
        self.dismiss(None)
