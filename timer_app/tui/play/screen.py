"""The screen of a running session."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.message import Message

from timer_app.core.i18n import _
from timer_app.tui.context import PlayContext
from timer_app.tui.key_bindings import ScreenScope
from timer_app.tui.lifecycle import LoopTimer, freeze_garbage_collector
from timer_app.tui.play.getting_ready import GettingReady
from timer_app.tui.screen import SizedApp, SizedScreen, bindings_for, is_being_removed, wait_until_painted
from timer_app.tui.widgets.cached import CachedWidget
from timer_app.tui.widgets.footer import KeyFooter
from timer_app.tui.widgets.text_layout import MessageLine

if TYPE_CHECKING:
    from textual.worker import Worker

    from timer_app.core.player.controls import Control
    from timer_app.core.player.recorder import SessionRecord
    from timer_app.core.timeline import Timeline
    from timer_app.run import LiveRun
    from timer_app.tui.play.board import RunBoard
    from timer_app.tui.play.driver import RunDriver
    from timer_app.tui.play.view import RunView
    from timer_app.tui.widgets.answer_scale import AnswerScale


class PlayScreen(SizedScreen, CachedWidget):
    """Opens a run, gets it ready, and shows it.

    The board is loaded only after the first frame, which names the session.

    Args:
        name: The name of the session, shown while the run is opened.
        open_run: Opens the run; called once the screen is drawn.
        context: Keys and display options.
    """

    CSS_PATH = "screen.tcss"
    SCOPE: ClassVar[ScreenScope] = "play"
    BINDINGS = bindings_for("play")
    AUTO_FOCUS = ""
    wall_clock: Callable[[], datetime] = datetime.now

    class Over(Message):
        """Nothing more happens here.

        Attributes:
            record: What was done; `None` when the run never began.
            live_run: To be closed; `None` when it never opened.
            failure: Why it did not open.
        """

        def __init__(
            self, record: SessionRecord | None = None, live_run: LiveRun | None = None, failure: Exception | None = None
        ) -> None:
            super().__init__()
            self.record = record
            self.live_run = live_run
            self.failure = failure

    def __init__(
        self,
        name: str,
        open_run: Callable[[], Awaitable[LiveRun]],
        context: PlayContext,
    ) -> None:
        super().__init__()
        self._session_name = name
        self._open_run = open_run
        self._play_context = context
        self._opening: Worker[None]
        self._board: RunBoard | None = None
        self.live_run: LiveRun | None = None
        self.driver: RunDriver | None = None
        self._timeline: Timeline | None = None
        self._questions: tuple[int, ...] = ()

    def compose(self) -> ComposeResult:
        yield GettingReady(self._session_name)
        yield MessageLine()
        yield KeyFooter("play", self._play_context.keys)

    def on_mount(self) -> None:
        self.add_class("-preparing")
        self.app.app_suspend_signal.subscribe(self, self._pause_for_suspend)
        self._opening = self._open()

    @work
    async def _open(self) -> None:
        await wait_until_painted(self)
        try:
            self.live_run = await self._open_run()
        except Exception as failure:  # noqa: BLE001 - whoever opened this screen knows what may go wrong
            self.post_message(self.Over(failure=failure))
            return
        if not is_being_removed(self):  # otherwise the app closes the run
            await self._lay_out(self.live_run)

    async def _lay_out(self, live_run: LiveRun) -> None:
        """Mount the board, and let the run begin when it is ready."""
        from timer_app.tui.play.board import RunBoard
        from timer_app.tui.play.driver import RunDriver

        board, getting_ready = RunBoard(self._play_context), self.query_one(GettingReady)
        getting_ready.cautions = tuple(live_run.cautions)
        await self.mount(board, after=getting_ready)
        if is_being_removed(self):
            return
        self._board = board
        if not self.app.is_headless:
            freeze_garbage_collector()
        self.driver = RunDriver(live_run, self, partial(LoopTimer, self), self._play_context, type(self).wall_clock)
        self.driver.pump()
        self._note_questions(live_run)

    def on_unmount(self) -> None:
        if self.driver is not None:
            self.driver.close()

    def _note_questions(self, live_run: LiveRun) -> None:
        """Have at hand what was answered last time, also when the session was changed."""
        if live_run.timeline is self._timeline:
            return
        self._timeline = live_run.timeline
        questions = tuple(index for index, phase in enumerate(self._timeline.phases) if phase.measure)
        if questions != self._questions:
            self._questions = questions
            self._load_last_answers(live_run)

    def show_progress(self, done: int, total: int) -> None:
        """Show how many lines are rendered."""
        self.query_one(GettingReady).progress = (done, total)

    def show(self, view: RunView) -> None:
        """Show the run as it is now."""
        if self._board is None:
            return
        if self.live_run is not None:
            self._note_questions(self.live_run)
        self.remove_class("-preparing")
        self._board.show(view)
        line, labels = self.query_one(KeyFooter), self._board.key_labels(view)
        if labels != line.labels:
            line.labels = labels

    def show_frame(self, view: RunView) -> None:
        """Draw the next frame of figure and pacer, and nothing else."""
        if self._board is not None:
            self._board.show_frame(view)

    def show_message(self, line: str) -> None:
        """Show one line for a while."""
        self.query_one(MessageLine).show_message(line)

    def flash(self) -> None:
        """Show word and time inverted for a moment."""
        if self._board is not None:
            self._board.flash()

    def run_over(self, record: SessionRecord) -> None:
        """Leave the screen."""
        self.post_message(self.Over(record, self.live_run))

    def on_input_submitted(self) -> None:
        """Send the typed answer; an empty field skips the question."""
        if self._board is None or self.driver is None:
            return
        try:
            value = self._board.typed_answer()
        except ValueError:
            self.show_message(_("That is not a number."))
            return
        # A complaint about an earlier answer would seem to be about the next question.
        self.show_message("")
        self.driver.answer(value)

    def on_answer_scale_chosen(self, message: AnswerScale.Chosen) -> None:
        """Send the number that was clicked."""
        if self.driver is not None:
            self.show_message("")
            self.driver.answer(message.value)

    @work
    async def _load_last_answers(self, live_run: LiveRun) -> None:
        """Read what was answered last time, while the run gets ready."""
        answers = await asyncio.to_thread(live_run.last_answers)
        if self._board is not None:
            self._board.show_last_answers(answers)

    def on_input_changed(self) -> None:
        """Give whoever begins to type the whole time for an answer again."""
        if self._board is None:
            return
        self._board.show_typed()
        if self.driver is not None and self._board.is_answering():
            self.driver.allow_time_for_answer()

    def _pause_for_suspend(self, _: object) -> None:
        """Pause before the program is suspended."""
        if self.driver is not None:
            self.driver.pause_for_question()

    def action_control(self, control: Control) -> None:
        """Do what a control means now."""
        if self.driver is not None:
            self.driver.control(control)

    def action_mute(self) -> None:
        """Turn the sound off, or on again."""
        if self.driver is not None:
            self.driver.toggle_mute()

    def action_change_volume(self, by: int) -> None:
        """Make everything louder or quieter."""
        if self.driver is not None:
            self.driver.change_volume(by)

    def action_change_variant(self, by: int) -> None:
        """Do an easier or a harder variant of the exercise."""
        if self.driver is not None:
            self.driver.change_variant(by)

    def action_explain(self) -> None:
        """Say the instruction once more."""
        if self.driver is not None:
            self.driver.explain()

    def action_toggle_flash(self) -> None:
        """Turn flashing with the beeps on or off."""
        display = self._play_context.display_options
        display.flash = not display.flash
        if not display.flash:
            self.show_message(_("The time does not flash."))
        elif display.reduced_motion:
            self.show_message(_("The time flashes with each beep. It stays still while motion is reduced."))
        else:
            self.show_message(_("The time flashes with each beep."))

    def action_toggle_motion(self) -> None:
        """Turn reduced motion on or off."""
        display = self._play_context.display_options
        display.reduced_motion = not display.reduced_motion
        self._update_motion()
        if isinstance(self.app, SizedApp):
            self.app.reduce_motion(display.reduced_motion)
        self.show_message(_("The screen keeps still.") if display.reduced_motion else _("The screen moves."))

    def action_toggle_figure(self) -> None:
        """Show the figure, or hide it."""
        display = self._play_context.display_options
        display.figure = not display.figure
        if self._board is not None:
            self._board.show_figure()
        self.show_message(
            _("The figure is shown where there is room.") if display.figure else _("The figure is hidden.")
        )

    def _update_motion(self) -> None:
        if self._board is not None:
            self._board.update_motion()

    def on_screen_resume(self) -> None:
        """Motion may have been changed in the settings that covered the run."""
        self._update_motion()

    def on_resize(self) -> None:
        """The figure may have moved to the other column."""
        self.call_after_refresh(self._update_motion)

    @work(exclusive=True, group="dialogue")
    async def action_jump(self) -> None:
        """Ask for a step, and jump to it."""
        driver = self.driver
        if driver is None:
            return
        from timer_app.tui.play.jump import JumpScreen

        view = driver.view()
        step = await self.app.push_screen_wait(JumpScreen(view.timeline, view.snapshot.phase.step))
        if step is not None:
            driver.jump(step)

    def action_finish(self) -> None:
        """End the session here, after asking."""
        self._end("finish", _("Finish the session here?"), _("What you have done so far counts."))

    def action_give_up(self) -> None:
        """Give the session up, after asking."""
        if self.driver is None or not self.driver.has_begun:
            # Nothing may be opened or shown any more: whoever takes the message closes what is open now.
            self._opening.cancel()
            if self.driver is not None:
                self.driver.close()
            self.post_message(self.Over(live_run=self.live_run))
            return
        self._end("give_up", _("Give up this session?"), _("The session is paused."))

    @work(exclusive=True, group="dialogue")
    async def _end(self, control: Control, question: str, remark: str) -> None:
        """Pause the run while the user is asked, then end it or go on."""
        driver = self.driver
        if driver is None:
            return
        from timer_app.tui.dialogs import ConfirmScreen

        held = driver.pause_for_question()
        if await self.app.push_screen_wait(ConfirmScreen(question, remark)):
            driver.control(control)
        elif held:
            driver.resume_after_question()
