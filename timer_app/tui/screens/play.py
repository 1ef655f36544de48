"""The screen of a running session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen

from timer_app.core.figure_moment import figure_at
from timer_app.core.moves import Command, State
from timer_app.core.record import SessionRecord
from timer_app.tui import upcoming, wording
from timer_app.tui.bindings import bindings_for
from timer_app.tui.commands import Place
from timer_app.tui.drawn import drawn
from timer_app.tui.driver import RunDriver
from timer_app.tui.flash import FLASH_S
from timer_app.tui.long_lived import set_aside
from timer_app.tui.looks import Ways
from timer_app.tui.screens.confirm import ConfirmScreen
from timer_app.tui.screens.jump import JumpScreen
from timer_app.tui.view import Follower, RunView
from timer_app.tui.widgets.band import Band
from timer_app.tui.widgets.bar import Bar
from timer_app.tui.widgets.big_text import BigText, Countdown, GoOn, PhaseWord
from timer_app.tui.widgets.figure import Figure
from timer_app.tui.widgets.getting_ready import GettingReady
from timer_app.tui.widgets.kept import Kept, KeptHorizontal, KeptVertical
from timer_app.tui.widgets.key_line import KeyLine
from timer_app.tui.widgets.message import Message as MessageLine
from timer_app.tui.widgets.number_input import NumberInput, number
from timer_app.tui.widgets.pacer import Pacer
from timer_app.tui.widgets.step_list import StepList
from timer_app.tui.widgets.told import Told, ToldInRoom

if TYPE_CHECKING:
    from timer_app.stage import Stage


class PlayScreen(Screen[None], Kept):
    """Opens the stage, gets ready, and leads the user through the run.

    Args:
        name: What the session is called, shown while it is opened.
        make_stage: Opens the stage; it is called when the screen is drawn.
        ways: How it is shown and asked for.
    """

    CSS_PATH = "play.tcss"
    PLACE: ClassVar[Place] = "play"
    BINDINGS = bindings_for("play")
    AUTO_FOCUS = ""
    wall_clock: Callable[[], datetime] = datetime.now

    class Over(Message):
        """Nothing more happens here.

        Attributes:
            record: What was done; `None` when the run never began.
            stage: To be closed; `None` when it never opened.
            failure: Why it did not open.
        """

        def __init__(
            self, record: SessionRecord | None = None, stage: Stage | None = None, failure: Exception | None = None
        ) -> None:
            super().__init__()
            self.record = record
            self.stage = stage
            self.failure = failure

    def __init__(
        self,
        name: str,
        make_stage: Callable[[], Awaitable[Stage]],
        ways: Ways,
    ) -> None:
        super().__init__()
        self._session_name = name
        self._make_stage = make_stage
        self._ways = ways
        self._keys = ways.keys
        self._asked: int | None = None
        self._tone = "prepare"
        self._big: tuple[BigText, ...] = ()
        self._followers: tuple[Follower, ...] = ()
        self._pacer = Pacer(ways.looks, id="pacer")
        self._figures: tuple[Figure, ...] = ()
        self.view: RunView | None = None
        self.stage: Stage | None = None
        self.driver: RunDriver | None = None

    def compose(self) -> ComposeResult:
        """What is seen while getting ready, and what is seen of the run."""
        yield GettingReady(self._session_name)
        with KeptHorizontal(id="run"):
            with KeptVertical(id="main"):
                yield from self._main()
            with KeptVertical(id="side"):
                yield self._figure("figure-aside")
                yield StepList()
        yield MessageLine()
        yield KeyLine("play", self._keys)

    def _main(self) -> ComposeResult:
        # Whatever shares a container with a widget that changes is put together anew with it: hence so many of them.
        with KeptVertical(id="above"):
            yield Told(lambda view: view.timeline.name, id="head")
            yield Told(lambda view: view.snapshot.phase.label, id="name")
            yield Told(wording.place_line, id="place")
        with KeptHorizontal(id="middle"):
            yield Band(id="band")
            with KeptVertical(id="face"):
                yield PhaseWord(id="word")
                yield Countdown(id="time")
                yield GoOn(self._keys, id="go-on")
            yield self._figure("figure")
        yield self._pacer
        yield NumberInput()
        yield Bar(lambda view: wording.phase_part(view.snapshot), id="phase-bar")
        with KeptVertical(id="below"):
            yield Told(lambda view: wording.hint(view, self._keys), id="hint")
            yield Told(upcoming.instruction, id="text")
            yield Told(upcoming.next_line, id="next")
        yield Bar(wording.session_part, id="session-bar", thin=True)
        with KeptHorizontal(id="foot"):
            yield ToldInRoom(wording.left_lines, id="left")
            yield Told(wording.sound_line, id="sound")

    def _figure(self, name: str) -> Figure:
        return Figure(id=name, rate=self._ways.rate)

    def on_mount(self) -> None:
        """Begin to get ready."""
        self.add_class("-preparing")
        self._big = tuple(self.query("#face > BigText").results(BigText))
        others = self.query("#run *").exclude("#pacer")
        self._followers = tuple(widget for widget in others if isinstance(widget, Follower))
        self._figures = tuple(self.query(Figure))
        self.app.app_suspend_signal.subscribe(self, self._stand_still)
        self._open()

    @work
    async def _open(self) -> None:
        await drawn(self)
        try:
            self.stage = await self._make_stage()
        except Exception as failure:  # noqa: BLE001 - whoever opened this screen knows what may go wrong
            self.post_message(self.Over(failure=failure))
            return
        self.query_one(GettingReady).cautions = tuple(self.stage.cautions)
        if not self.app.is_headless:
            set_aside()
        self.driver = RunDriver(self.stage, self, self.set_timer, self._ways, type(self).wall_clock)
        self.driver.pump()

    def on_unmount(self) -> None:
        """Look at the run no more."""
        if self.driver is not None:
            self.driver.close()

    def get_ready(self, done: int, total: int) -> None:
        """Show how far the voice is."""
        self.query_one(GettingReady).progress = (done, total)

    def show(self, view: RunView) -> None:
        """Show the run as it is now."""
        self.view = view
        for follower in self._followers:
            follower.follow(view)
        self._follow(view)

    def glide(self, view: RunView) -> None:
        """Let what moves of the run move on, and nothing else be looked at."""
        self._pacer.follow(view)
        for figure in self._figures:
            figure.reduced = self._ways.looks.reduced_motion
            # There is one for each place that it may have, and only one of them is seen.
            figure.view = view if figure.display else None

    def tell(self, line: str) -> None:
        """Show one line for a while."""
        self.query_one(MessageLine).say(line)

    def flash(self) -> None:
        """Show word and time inverted for a moment."""
        self._invert(True)
        self.set_timer(FLASH_S, partial(self._invert, False))

    def _invert(self, inverted: bool) -> None:
        for big in self._big:
            big.inverted = inverted

    def run_over(self, record: SessionRecord) -> None:
        """Leave the screen."""
        self.post_message(self.Over(record, self.stage))

    def _follow(self, view: RunView) -> None:
        """Let colours, labels and the question follow the run."""
        self.remove_class("-preparing")
        self._take_tone(wording.tone(view))
        self.set_class(not wording.big_time(view.snapshot), "-untimed")
        labels = {"go": wording.go_label(view), "mute": "Sound on" if view.muted else "Mute"}
        line = self.query_one(KeyLine)
        if labels != line.labels:
            line.labels = labels
        self._ask(view)
        self._show_figure()

    def _take_tone(self, tone: str) -> None:
        if tone != self._tone:
            self.remove_class(f"-{self._tone}")
            self.add_class(f"-{tone}")
            self._tone = tone

    def _ask(self, view: RunView) -> None:
        """Take the answer while something is asked."""
        snapshot = view.snapshot
        asked = snapshot.index if snapshot.phase.measure and snapshot.state is State.WAITING else None
        if asked == self._asked:
            return
        self._asked = asked
        self.set_class(asked is not None, "-asking")
        answer = self.query_one(NumberInput)
        if asked is None:
            self.set_focus(None)
        else:
            answer.value = ""
            self.call_after_refresh(answer.focus)

    def on_input_submitted(self) -> None:
        """Take the answer, or nothing for passing it over."""
        answer = self.query_one(NumberInput)
        try:
            value = number(answer.value)
        except ValueError:
            self.tell("That is not a number.")
            return
        # What was wrong with an earlier answer would look as if it were meant for the next question.
        self.tell("")
        self._send(Command.ANSWER, value=value)

    def _send(self, command: Command, amount: int = 0, value: float | None = None) -> None:
        if self.driver is not None:
            self.driver.send(command, amount, value)

    def _stand_still(self, _: object) -> None:
        """The program goes into the background."""
        if self.driver is not None:
            self.driver.hold()

    def action_go(self) -> None:
        """Do what the moment asks for."""
        if self.driver is not None:
            self.driver.go()

    def action_go_on(self) -> None:
        """Go on where the run waits."""
        if self.driver is not None:
            self.driver.go_on()

    def action_pause(self) -> None:
        """Pause, or go on."""
        if self.driver is not None:
            self.driver.pause()

    def action_next(self) -> None:
        """Go to what comes next."""
        self._send(Command.NEXT)

    def action_back(self) -> None:
        """Go back to what came before."""
        self._send(Command.BACK)

    def action_restart(self) -> None:
        """Begin what runs anew."""
        self._send(Command.RESTART)

    def action_add_time(self, seconds: int) -> None:
        """Make what runs longer or shorter."""
        self._send(Command.ADD_TIME, amount=seconds * 1_000)

    def action_again(self) -> None:
        """Do the set once more."""
        if self.driver is not None:
            self.driver.again()

    def action_mute(self) -> None:
        """Turn the sound off, or on again."""
        if self.driver is not None:
            self.driver.mute()

    def action_change_volume(self, by: int) -> None:
        """Make everything louder or quieter."""
        if self.driver is not None:
            self.driver.change_volume(by)

    def action_toggle_flash(self) -> None:
        """Let the time flash with the beeps, or not."""
        looks = self._ways.looks
        looks.flash = not looks.flash
        still = " It stays still while motion is reduced." if looks.flash and looks.reduced_motion else ""
        self.tell(f"The time flashes with each beep.{still}" if looks.flash else "The time does not flash.")

    def action_toggle_motion(self) -> None:
        """Keep the screen still, or let it move."""
        looks = self._ways.looks
        looks.reduced_motion = not looks.reduced_motion
        self._move()
        self.tell("The screen keeps still." if looks.reduced_motion else "The screen moves.")

    def action_toggle_figure(self) -> None:
        """Show the figure, or hide it."""
        looks = self._ways.looks
        looks.figure = not looks.figure
        self._show_figure()
        self.tell("The figure is shown where there is room." if looks.figure else "The figure is hidden.")

    def _show_figure(self) -> None:
        """Make room for the figure where the step has one that is wanted, and none where not; let it move."""
        view = self.view
        if view is None:
            return
        shown = self._ways.looks.figure and figure_at(view.timeline, view.snapshot.index) is not None
        if shown != self.has_class("-figure"):
            self.set_class(shown, "-figure")
            self.call_after_refresh(self._move)
        self._move()

    def _move(self) -> None:
        if self.view is not None:
            self.glide(self.view)

    def on_screen_resume(self) -> None:
        """The settings, which lay over the run, may have another word on motion now."""
        self._move()

    def on_resize(self) -> None:
        """The figure may have another place now."""
        self.call_after_refresh(self._move)

    @work(exclusive=True, group="dialogue")
    async def action_jump(self) -> None:
        """Let a step be chosen, and go there."""
        if self.driver is None:
            return
        view = self.driver.view()
        step = await self.app.push_screen_wait(JumpScreen(view.timeline, view.snapshot.phase.step))
        if step is not None:
            self._send(Command.JUMP, amount=step)

    def action_finish(self) -> None:
        """End the session here, if the user is sure."""
        self._end("Finish the session here?", "What you have done so far counts.", Command.FINISH)

    def action_give_up(self) -> None:
        """Give the session up, if the user is sure."""
        if self.driver is None or self.driver.state is State.READY:
            self.post_message(self.Over(stage=self.stage))
            return
        self._end("Give up this session?", "The session stands still meanwhile.", Command.ABORT)

    @work(exclusive=True, group="dialogue")
    async def _end(self, question: str, remark: str, command: Command) -> None:
        """Hold the run while the user is asked, and end it or go on."""
        driver = self.driver
        if driver is None:
            return
        held = driver.hold()
        if await self.app.push_screen_wait(ConfirmScreen(question, remark)):
            driver.send(command)
        elif held and driver.state is State.PAUSED:
            driver.send(Command.RESUME)
