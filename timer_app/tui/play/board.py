"""The board of a run: time, figure, pacer, steps, bars, what is done now and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from textual.app import ComposeResult
from textual.widget import Widget

from timer_app.core.i18n import _
from timer_app.core.player import figure_at
from timer_app.core.wording.phases import answer_end_words
from timer_app.tui.context import PlayContext
from timer_app.tui.play import wording
from timer_app.tui.play.driver import FLASH_S
from timer_app.tui.play.labels import FittingRunLabel, PhasePattern, RunLabel, WholeWordsLabel
from timer_app.tui.play.pacer import Pacer
from timer_app.tui.play.rows import Rows, divide_rows, needs_of
from timer_app.tui.play.step_list import StepList
from timer_app.tui.play.view import RunView, RunViewWidget
from timer_app.tui.widgets.answer_scale import AnswerScale
from timer_app.tui.widgets.bar import Bar
from timer_app.tui.widgets.big_text import BigText, ContinueHint, Countdown, PhaseWord
from timer_app.tui.widgets.cached import CachedHorizontal, CachedVertical
from timer_app.tui.widgets.figure import FigureView
from timer_app.tui.widgets.inputs import NumberInput, parse_number

# What gets rows of its own; the figure and the column beside have other rules.
_PARTS = (
    *("head", "name", "place", "word", "time", "go-on", "pacer", "question", "scale", "answer"),
    *("phase-bar", "hint", "text", "next", "session-bar", "foot"),
)


class RunBoard(CachedHorizontal):
    """Shows one run, and gives the screen the classes that its style sheet goes by.

    Args:
        context: Keys and display options.

    Attributes:
        last_answers: What was answered last time, by the index of the phase that asks.
    """

    def __init__(self, context: PlayContext) -> None:
        super().__init__(id="run")
        self._play_context = context
        self._keys = context.keys
        self._question_index: int | None = None
        self._phase_style = "prepare"
        self._view: RunView | None = None
        self._big_texts: tuple[BigText, ...] = ()
        self._view_widgets: tuple[RunViewWidget, ...] = ()
        self._pacer = Pacer(context.display_options, id="pacer")
        self._figures: tuple[FigureView, ...] = ()
        self._rows: Rows | None = None
        self._parts: tuple[Widget, ...] = ()
        self.last_answers: Mapping[int, float] = {}

    def compose(self) -> ComposeResult:
        with CachedVertical(id="main"):
            yield from self._main()
        with CachedVertical(id="side"):
            yield self._figure("figure-aside")
            yield StepList()

    def _main(self) -> ComposeResult:
        # A widget that changes makes its whole container compose again, so each group has a container to itself.
        with CachedVertical(id="above"):
            yield RunLabel(lambda view: view.timeline.name, id="head")
            yield RunLabel(lambda view: view.snapshot.phase.label, id="name")
            yield RunLabel(wording.detail_line, id="place")
        with CachedHorizontal(id="middle"):
            yield PhasePattern(id="band")
            with CachedVertical(id="face"):
                yield PhaseWord(id="word")
                yield Countdown(id="time")
                yield ContinueHint(self._keys, id="go-on")
            yield self._figure("figure")
        yield self._pacer
        yield RunLabel(lambda view: wording.question_line(view, self._last_answer(view)), id="question")
        yield AnswerScale(id="scale")
        yield NumberInput()
        yield Bar(lambda view: wording.phase_progress(view.snapshot), id="phase-bar")
        with CachedVertical(id="below"):
            yield RunLabel(lambda view: wording.hint(view, self._keys), id="hint")
            yield WholeWordsLabel(wording.instruction, id="text")
            yield RunLabel(wording.next_line, id="next")
        yield Bar(wording.session_progress, id="session-bar", thin=True)
        with CachedHorizontal(id="foot"):
            yield FittingRunLabel(wording.remaining_lines, id="left")
            yield RunLabel(wording.sound_line, id="sound")

    def _figure(self, name: str) -> FigureView:
        return FigureView(id=name, speed=self._play_context.speed)

    def on_mount(self) -> None:
        self._big_texts = tuple(self.query("#face > BigText").results(BigText))
        others = self.query("*").exclude("#pacer")
        self._view_widgets = tuple(widget for widget in others if isinstance(widget, RunViewWidget))
        self._figures = tuple(self.query(FigureView))
        self._parts = tuple(self.query(", ".join(f"#{part}" for part in _PARTS)).results())

    def show(self, view: RunView) -> None:
        """Show the run as it is now."""
        self._view = view
        for follower in self._view_widgets:
            follower.show_view(view)
        self._apply_phase_style(wording.phase_style(view))
        self._show_question(view)
        self.show_figure()

    def show_frame(self, view: RunView) -> None:
        """Draw the next frame of figure and pacer, and nothing else."""
        self._pacer.show_view(view)
        for figure in self._figures:
            figure.reduced = self._play_context.display_options.reduced_motion
            # There is a figure in each of two columns, and only one of them is displayed.
            figure.view = view if figure.display else None

    def update_motion(self) -> None:
        """Draw what moves again, after a change of size or of the display options."""
        if self._view is not None:
            self.show_frame(self._view)

    def show_figure(self) -> None:
        """Show the figure of the step if it has one and the user wants it."""
        self._divide_rows()
        self.update_motion()

    def on_resize(self) -> None:
        """Divide the room again."""
        self._divide_rows()

    def _divide_rows(self) -> None:
        """Give each part its rows, where they are others than before."""
        view = self._view
        if view is None:
            return
        figure = self._play_context.display_options.figure and figure_at(view.timeline, view.snapshot.index) is not None
        rows = divide_rows(self.app.size, needs_of(view, figure=figure))
        if rows == self._rows:
            return
        self._rows = rows
        for widget in self._parts:
            part = widget.id or ""
            widget.display = rows.parts.get(part, 0) > 0
            # A notice may take a row; the time gives it.
            widget.styles.height = "1fr" if part == "time" else rows.parts.get(part, 0)
            widget.styles.margin = (rows.above.get(part, 0), 0, 0, 0)
        self.query_one("#middle").styles.margin = (rows.above.get("middle", 0), 0, 0, 0)
        self._place_figure(rows)
        self.query_one("#side").display = rows.has_side or "side" in rows.parts
        self.query_one("#side").styles.height = rows.parts.get("side", "1fr")

    def _place_figure(self, rows: Rows) -> None:
        middle, is_below = self.query_one("#middle"), rows.figure == "below"
        middle.set_class(is_below, "-figure-below")
        middle.styles.grid_rows = f"1fr {rows.parts['figure'] + rows.above['figure']}" if is_below else None
        self.query_one("#figure").styles.margin = (rows.above.get("figure", 0), 0, 0, 0 if is_below else 1)
        self.query_one("#figure").display = rows.figure in ("below", "beside")
        self.query_one("#figure-aside").display = rows.figure == "aside"
        # The figure may have moved to the other column.
        self.call_after_refresh(self.update_motion)

    def flash(self) -> None:
        """Show word and time inverted for a moment."""
        self._set_inverted(True)
        self.set_timer(FLASH_S, partial(self._set_inverted, False))

    def _set_inverted(self, inverted: bool) -> None:
        for big in self._big_texts:
            big.inverted = inverted

    @staticmethod
    def key_labels(view: RunView) -> dict[str, str]:
        """The labels of keys whose meaning changes with the run."""
        return {"go": wording.go_label(view), "mute": _("Sound on") if view.muted else _("Mute")}

    def typed_answer(self) -> float | None:
        """What the user typed; `None` for nothing.

        Raises:
            ValueError: It is not a number.
        """
        return parse_number(self.query_one(NumberInput).value)

    def _last_answer(self, view: RunView) -> float | None:
        return self.last_answers.get(view.snapshot.index)

    def show_typed(self) -> None:
        """Mark on the scale what the user typed."""
        try:
            typed = self.typed_answer()
        except ValueError:
            typed = None
        self.query_one(AnswerScale).show_typed(typed)

    def show_last_answers(self, answers: Mapping[int, float]) -> None:
        """Mark what was answered last time, which may be known only after a question is shown."""
        self.last_answers = answers
        if self._view is not None:
            self.query_one("#question", RunLabel).show_view(self._view)
            self._show_scale(self._view)

    def _show_scale(self, view: RunView) -> None:
        measure = view.snapshot.question
        scale = wording.scale_of(measure)
        if measure is not None and scale is not None:
            self.query_one(AnswerScale).ask(*scale, answer_end_words(measure), self._last_answer(view))

    def is_answering(self) -> bool:
        """Whether something has been typed."""
        return bool(self.query_one(NumberInput).value)

    def _apply_phase_style(self, phase_style: str) -> None:
        if phase_style != self._phase_style:
            self.screen.remove_class(f"-{self._phase_style}")
            self.screen.add_class(f"-{phase_style}")
            self._phase_style = phase_style

    def _show_question(self, view: RunView) -> None:
        """Take the answer while something is asked."""
        snapshot = view.snapshot
        asked = snapshot.index if snapshot.question else None
        if asked == self._question_index:
            return
        self._question_index = asked
        answer = self.query_one(NumberInput)
        if asked is None:
            self.screen.set_focus(None)
        else:
            answer.value = ""
            self._show_scale(view)
            self.call_after_refresh(answer.focus)
