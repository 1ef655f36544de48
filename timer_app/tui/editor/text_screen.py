"""The text of a session, and what is found in it at every key: faults, steps, what is said, what may stand there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Offset
from textual.widget import Widget
from textual.widgets import Static, TextArea
from textual.widgets.text_area import Selection

from timer_app.core.i18n import _, ngettext
from timer_app.tui.context import DisplayOptions
from timer_app.tui.editor.code_area import CodeArea
from timer_app.tui.editor.completion_list import CompletionList
from timer_app.tui.editor.edited_file import EditedFile
from timer_app.tui.editor.file_screen import FileScreen
from timer_app.tui.editor.panel_content import fault_text, faults_at, phases_at, plain_text
from timer_app.tui.editor.questions import Answer, QuestionScreen
from timer_app.tui.editor.search_bar import Found, SearchBar, find_all
from timer_app.tui.editor.side_panel import SidePanel
from timer_app.tui.key_bindings import ScreenScope, first_key
from timer_app.tui.screen import bindings_for, is_being_removed
from timer_app.tui.widgets.footer import KeyFooter
from timer_app.tui.widgets.text_layout import MessageLine, name_panel

if TYPE_CHECKING:
    from pathlib import Path

    from timer_app.analysis import Analysis, Edit, Fix
    from timer_app.core.session.model import Session
    from timer_app.core.timeline import Timeline
    from timer_app.core.timeline.utterance import Utterance
    from timer_app.library import Library
    from timer_app.tui.context import Follow
    from timer_app.tui.editor.spoken_lengths import SpokenLengths
    from timer_app.tui.settings.samples import RunningSample

_MEASURE_AFTER_S = 1.5  # whoever types on would only wait for what is measured
_WORD_SIGNS = "_-\"'{."  # besides letters and digits, what begins or goes on with something that can be completed


@dataclass(frozen=True, slots=True)
class EditorContext:
    """What the editor is given.

    Attributes:
        library: What the text may refer to.
        keys: The user's own keys.
        display_options: What moves on the screens.
        speak: Says lines of a session in a file; called in a thread; `None` where nothing can be heard.
        lengths: Knows how long lines take; `None` leaves them estimated.
        edit_elsewhere: Opens a file in the user's own editor, and returns when that is closed; gives what went wrong.
            `None` where there is none.
        follow: Begins to watch the file; `None` where nobody does.
    """

    library: Library
    keys: Mapping[str, str]
    display_options: DisplayOptions
    speak: Callable[[Session, Path, Sequence[Utterance]], RunningSample] | None = None
    lengths: SpokenLengths | None = None
    edit_elsewhere: Callable[[Path], str] | None = None
    follow: Follow | None = None


class TextScreen(FileScreen):
    """A screen with a text, and what is found in it at every key.

    Args:
        edited: The file.
        context: What it needs.
    """

    CSS_PATH = "screen.tcss"
    SCOPE: ClassVar[ScreenScope] = "editor"
    BINDINGS = bindings_for("editor")
    AUTO_FOCUS = "CodeArea"

    def __init__(self, edited: EditedFile, context: EditorContext) -> None:
        super().__init__(edited)
        self._given = context
        self._area: CodeArea | None = None  # its text is wanted when it is taken off the screen, too
        self._analysis: Analysis | None = None
        self._valid: Analysis | None = None
        self._is_exact = False
        self._is_following = False
        self._is_typing = False
        self._search_from = (0, 0)
        self._pictures: dict[str, Timeline | None] = {}

    def compose(self) -> ComposeResult:
        is_still = self._given.display_options.reduced_motion
        with Horizontal(id="editor"):
            with Vertical(id="write"):
                self._area = CodeArea(self.start_text, self._take_key)
                yield self._area
                yield from self.other_writing()
                yield SearchBar()
                yield Static(id="place", markup=False)
            yield SidePanel(is_still=is_still)
        yield CompletionList(is_still=is_still, timeline_of=self._picture_of)
        yield MessageLine()
        yield KeyFooter("editor", self._given.keys)

    def other_writing(self) -> Iterable[Widget]:
        """What stands in the place of the text at times."""
        return ()

    def on_mount(self) -> None:
        self.query_one(SearchBar).display = False
        self.query_one(CompletionList).display = False
        self.begin(self._given.follow)
        self._name_panels()
        self._follow()
        if self.edited.copied_from is not None and self.edited.is_new:
            self.show_message(_("This is a copy of your own. It takes the place of the shipped one once you save it."))

    def on_resize(self) -> None:
        """Close what was laid beside the cursor in another size."""
        for offered in self.query(CompletionList):
            if offered.is_open:
                offered.close()

    @property
    def _code(self) -> CodeArea:
        assert self._area is not None  # noqa: S101 - there is one as soon as the screen is shown
        return self._area

    @property
    def text(self) -> str:
        return self._area.text if self._area is not None else self.start_text

    def take_text(self, text: str) -> None:
        self._code.change_to(text)

    def show_message(self, line: str) -> None:
        self.query_one(MessageLine).show_message(line)

    def _name_panels(self) -> None:
        mark = " *" if self.is_modified else ""
        name_panel(self.query_one("#write"), f"{self.edited.path.name}{mark}")
        name_panel(self.query_one(SidePanel), _("What becomes of it"))

    # What becomes of the text.

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Look at the text again."""
        event.stop()
        self._name_panels()
        self.text_changed()
        self._follow()

    def _follow(self) -> None:
        if not self._is_following:
            self._is_following = True
            self._analyse_until_done()

    @work(group="analysis")
    async def _analyse_until_done(self) -> None:
        """Analyse the text as it is now, again and again while it changes meanwhile."""
        try:
            analysed = None
            while analysed != self.text:
                analysed = self.text
                analysis = await asyncio.to_thread(self._analyse, analysed)
                if not self.is_mounted:
                    return
                self._take_analysis(analysis)
        finally:
            self._is_following = False
        self._measure()

    @work(exclusive=True, group="measure")
    async def _measure(self) -> None:
        """Have lines measured while nobody types, and lay the session out again."""
        lengths = self._given.lengths
        if lengths is None:
            return
        await asyncio.sleep(_MEASURE_AFTER_S)
        has_measured = False
        while await asyncio.to_thread(lengths.measure_some):
            has_measured = True
        if not self.is_mounted or self._analysis is None or self._analysis.timeline is None:
            return
        if has_measured:
            analysis = await asyncio.to_thread(self._analyse, self.text)
            if is_being_removed(self) or self._is_following:
                return
            self._take_analysis(analysis)
        self._is_exact = not lengths.leaves_estimates
        self.query_one(SidePanel).show_analysis(self._analysis, self._valid, is_exact=self._is_exact)

    def _analyse(self, text: str) -> Analysis:
        from timer_app.analysis import analyse

        estimate = self._given.lengths.refine if self._given.lengths else None
        analysis = analyse(text, path=self.edited.path, library=self._given.library, estimate=estimate)
        _ = analysis.outline  # worked out here, where no key waits for it
        return analysis

    def _take_analysis(self, analysis: Analysis) -> None:
        self._analysis = analysis
        if analysis.timeline is not None:
            self._valid = analysis
            self._is_exact = False
        self._code.show_problems(analysis.problems)
        self.analysed(analysis)
        self.query_one(SidePanel).show_analysis(analysis, self._valid, is_exact=self._is_exact)
        self._show_place()
        if self._is_typing:
            self._offer(is_asked=False)

    def analysed(self, analysis: Analysis) -> None:
        """The text was looked at again."""

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Follow the cursor."""
        event.stop()
        self._show_place()

    @property
    def _row(self) -> int:
        return int(self._code.cursor_location[0])

    def _show_place(self) -> None:
        """Show what belongs to the line with the cursor."""
        row, column = self._code.cursor_location
        place = f"{row + 1}:{column + 1}{' *' if self.is_modified else ''}"
        shown = self.query_one("#place", Static)
        if self._analysis is None:
            shown.update(place, layout=False)
            return
        faults = faults_at(self._analysis.problems, row)
        help_text = "\n".join(map(fault_text, faults))
        if not help_text and self._code.display:
            help_text = self._help_at(row, column).replace("\n\n", "\n")
        side = self.query_one(SidePanel)
        side.show_place(self._phases_at(row), row, help_text)
        told = fault_text(faults[0]).partition("\n")[0] if faults else side.line_text
        shown.update(f"{place}  {told}", layout=False)  # at every key: all else stays where it is
        self.set_class(bool(faults), "-faulty")

    def _phases_at(self, row: int) -> tuple[int, ...]:
        return phases_at(self._analysis, self._valid, row) if self._analysis else ()

    def _help_at(self, row: int, column: int) -> str:
        from timer_app.analysis import hover

        found = hover(self._analysis, row, column) if self._analysis else None
        return plain_text(found.markdown) if found else ""

    def on_side_panel_chosen(self, message: SidePanel.Chosen) -> None:
        """Go to a fault or a step."""
        self.remove_class("-panel")
        self.show_text()
        self._code.go_to(message.line, message.column)

    # Keys of the text.

    def _take_key(self, event: events.Key) -> bool:
        """Let the completions have a key; whether they took it."""
        offered = self.query_one(CompletionList)
        if offered.take_key(event):
            self._is_typing = False
            return True
        character = event.character or ""
        is_word = event.is_printable and (character.isalnum() or character in _WORD_SIGNS)
        self._is_typing = is_word or (event.key == "backspace" and offered.is_open)
        if event.is_printable and not is_word:
            offered.close()
        return False

    def _offer(self, *, is_asked: bool) -> None:
        """Offer what may stand at the cursor."""
        from timer_app.analysis import completions

        if self._analysis is None or not self._code.has_focus:
            return
        row, column = self._code.cursor_location
        found = list(completions(self._analysis, row, column))
        line = self._code.document[row]
        typed = line[found[0].start_column : column] if found else ""
        is_quoted = column > 0 and line[column - 1] in "'\"{"
        is_whole = len(found) == 1 and found[0].insert_text.strip("\"'") == typed.strip("\"'")
        if not is_asked and (not (typed.strip("\"'") or is_quoted) or is_whole):
            found = []
        cursor = self._code.cursor_screen_offset
        self.query_one(CompletionList).offer(found, cursor - Offset(len(typed) + 2, 0))
        if is_asked and not found:
            self.show_message(_("Nothing is known that may stand here."))

    def on_completion_list_taken(self, message: CompletionList.Taken) -> None:
        """Put what was chosen into the text."""
        row = self._row
        taken = message.completion
        self._code.history.checkpoint()
        self._code.replace(
            taken.insert_text, (row, taken.start_column), (row, taken.end_column), maintain_selection_offset=False
        )
        self._code.focus()

    def action_complete(self) -> None:
        """Offer what may stand at the cursor."""
        self._offer(is_asked=True)

    def action_explain(self) -> None:
        """Say in full what the key at the cursor is, or what is wrong there."""
        from timer_app.tui.dialogs import TextScreen

        row, column = self._code.cursor_location
        faults = faults_at(self._analysis.problems, row) if self._analysis else []
        text = "\n\n".join(filter(None, ["\n\n".join(map(fault_text, faults)), self._help_at(row, column)]))
        if text:
            self.app.push_screen(TextScreen(_("Line {number}").format(number=row + 1), text))
        else:
            self.show_message(_("Put the cursor on a key, an exercise or a fault."))

    def action_next_fault(self) -> None:
        """Go to the next fault."""
        problems = [one for one in self._analysis.problems if one.line] if self._analysis else []
        if not problems:
            self.show_message(_("There are no faults."))
            return
        here = self._code.cursor_location
        places = sorted((one.line - 1, one.column - 1) for one in problems)
        row, column = next((place for place in places if place > here), places[0])
        self.show_text()
        self._code.go_to(row, column)

    def action_fix(self) -> None:
        """Mend what is wrong on the line, where it is clear what was meant; else go to the next such place."""
        from timer_app.analysis import fixes

        self.show_text()
        if self._analysis is None:
            return
        found = fixes(self._analysis, self._row)
        if not found:
            others = fixes(self._analysis)
            if not others:
                self.show_message(_("There is no fault of which it is clear what was meant."))
                return
            problem = min(others, key=lambda fix: (fix.problem.line - 1 < self._row, fix.problem.line)).problem
            self._code.go_to(problem.line - 1, problem.column - 1)
            self.show_message(_("{key} again mends this line.").format(key=first_key("editor_fix", self._given.keys)))
            return
        if len(found) == 1 or found[0].is_sure:
            self._apply(found[0].edits)
            self.show_message(found[0].title)
        else:
            self._choose_fix(found)

    @work(exclusive=True, group="dialogue")
    async def _choose_fix(self, found: Sequence[Fix]) -> None:
        """Let one of several ways to mend a line be chosen."""
        answers = [Answer(str(number), str(number), fix.title) for number, fix in enumerate(found[:9], 1)]
        question = fault_text(found[0].problem).partition("\n")[0]
        chosen = await self.app.push_screen_wait(QuestionScreen(question, "", answers))
        if chosen is not None:
            self._apply(found[int(chosen) - 1].edits)

    def _apply(self, edits: Sequence[Edit]) -> None:
        self._code.history.checkpoint()
        for edit in sorted(edits, key=lambda one: (one.line, one.start_column), reverse=True):
            start, end = (edit.line, edit.start_column), (edit.end_line, edit.end_column)
            self._code.replace(edit.new_text, start, end)
        self._code.history.checkpoint()

    def action_panel(self) -> None:
        """Go to the panel beside the text, or back; where there is no room for both, it comes and goes."""
        side = self.query_one(SidePanel)
        if side.has_focus_within:
            self.remove_class("-panel")
            self.focus_writing()
            return
        self.add_class("-panel")
        self.call_after_refresh(side.focus_list)

    def action_undo(self) -> None:
        """Undo the last change."""
        self._code.undo()

    def action_redo(self) -> None:
        """Redo the change that was undone."""
        self._code.redo()

    def action_close(self) -> None:
        """Go back from the panel to the text, or leave."""
        if self.query_one(SidePanel).has_focus_within or (self.has_class("-panel") and not self._has_room_beside):
            self.remove_class("-panel")
            self.focus_writing()
        else:
            self.leave()

    def focus_writing(self) -> None:
        """Go back to where the user writes."""
        self._code.focus()

    def show_text(self) -> None:
        """Show the text, whatever stands in its place."""
        self._code.focus()

    @property
    def _has_room_beside(self) -> bool:
        return self.has_class("-wide")

    # Finding.

    def action_search(self) -> None:
        """Find something in the text."""
        self.show_text()
        self._search_from = min(self._code.selection)
        selected = self._code.selected_text
        self.query_one(SearchBar).open(selected if "\n" not in selected else "")

    def on_search_bar_wanted(self, message: SearchBar.Wanted) -> None:
        """Go to a place where it stands."""
        found = list(find_all(self.text, message.text))
        bar = self.query_one(SearchBar)
        if not found:
            bar.tell(0, 0)
            return
        here = self._search_from if message.step == 0 else min(self._code.selection)
        starts = [(one.row, one.start) for one in found]
        if message.step < 0:
            index = next((i for i in reversed(range(len(starts))) if starts[i] < here), len(starts) - 1)
        else:
            index = next((i for i, at in enumerate(starts) if (at > here if message.step else at >= here)), 0)
        self._select(found[index])
        bar.tell(index + 1, len(found))

    def _select(self, found: Found) -> None:
        self._code.selection = Selection((found.row, found.start), (found.row, found.end))
        self._code.scroll_cursor_visible(center=True)

    def on_search_bar_replace_wanted(self, message: SearchBar.ReplaceWanted) -> None:
        """Put something else in place of what was found."""
        found = list(find_all(self.text, message.text))
        selected = self._code.selection
        chosen = [one for one in found if message.everywhere or (one.row, one.start) == min(selected)]
        self._code.history.checkpoint()
        for one in reversed(chosen):
            self._code.replace(message.by, (one.row, one.start), (one.row, one.end))
        self._code.history.checkpoint()
        if message.everywhere:
            told = ngettext("Replaced in {count} place.", "Replaced in {count} places.", len(chosen))
            self.show_message(told.format(count=len(chosen)))
        else:
            self.on_search_bar_wanted(SearchBar.Wanted(message.text, 1))

    def on_search_bar_closed(self) -> None:
        """Go back to the text."""
        self._code.focus()

    def _picture_of(self, exercise: str) -> Timeline | None:
        """A session of one exercise alone, for its figure; `None` where it has none."""
        if exercise not in self._pictures:
            self._pictures[exercise] = None
            with suppress(Exception):
                self._pictures[exercise] = exercise_timeline(self._given.library, exercise)
        return self._pictures[exercise]


def exercise_timeline(library: Library, exercise: str) -> Timeline:
    """The timeline of a session that does one exercise of the catalogue."""
    from timer_app.core.compiler import compile_session
    from timer_app.core.session.model import Session

    session = Session.model_validate({"schema": 1, "name": exercise, "steps": [{"exercise": exercise}]})
    return compile_session(session, library.plan(session, library.estimated_lengths(session.sound.theme))).timeline
