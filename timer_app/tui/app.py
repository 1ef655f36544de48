"""The app: opens the screens and passes their results on."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from textual import work
from textual.app import SystemCommand
from textual.command import Provider
from textual.screen import Screen
from textual.worker import WorkerFailed

from timer_app import NAME
from timer_app.core.diagnostics import FileFault, first_line, printable
from timer_app.core.i18n import _
from timer_app.settings import SettingsStore
from timer_app.system.paths import data_dir, own_programmes_dir, settings_file
from timer_app.tui.context import AppContext, DisplayOptions, FollowedFiles, PlayContext, RunOpener, open_local_run
from timer_app.tui.editor.editing_app import EditingApp
from timer_app.tui.favourites import Favourites
from timer_app.tui.first_start import Onboarding, line_speaker, make_measurer, sample_starter, sound_tester
from timer_app.tui.key_bindings import (
    COMMANDS,
    COMMANDS_BY_ID,
    format_keys,
    key_problems,
    keys_of,
    spoken_keys,
    usable_keys,
)
from timer_app.tui.library.preview_content import load_preview
from timer_app.tui.lifecycle import (
    ABORTED_STATUS,
    TERMINAL_LOST_STATUS,
    exit_on_signals,
    hangup_safe_terminal,
    open_in_thread,
)
from timer_app.tui.screen import (
    SizedScreen,
    bindings_for,
    has_scope,
    has_screen,
    pop_to_screen,
    scope_of,
    wait_until_painted,
)
from timer_app.tui.settings_app import SettingsApp

if TYPE_CHECKING:
    from timer_app.core.player.recorder import SessionRecord
    from timer_app.core.wording.look_back import LookBack
    from timer_app.library import Library, SessionEntry
    from timer_app.run import LiveRun, ResumableRun, RunOptions, RunRequest, RunStarter
    from timer_app.settings import Settings
    from timer_app.tui.context import CommandLine
    from timer_app.tui.editor.edited_file import EditedFile
    from timer_app.tui.editor.screen import EditorScreen
    from timer_app.tui.library import screen as listing
    from timer_app.tui.play.screen import PlayScreen
    from timer_app.tui.summary import SummaryScreen

_EMPTY_CONTEXT = AppContext()
_SOUND_TAIL_S = 3.0  # the last tone is still on its way to the ear when a run is over


_PALETTE_PROVIDERS = (
    "CommandProvider",
    "SettingProvider",
    "SessionProvider",
    "ProgrammeProvider",
    "CommandLineProvider",
)


def _palette_provider(name: str) -> type[Provider]:
    """A provider of the palette, which is loaded when the palette is opened."""
    from timer_app.tui import palette

    provider: type[Provider] = getattr(palette, name)
    return provider


class TimerApp(EditingApp, SettingsApp, inherit_bindings=False):
    """The app.

    Args:
        library: Where the sessions are.
        options: How to run them.
        settings: Keys, colours, and what moves on the screens.
        entry: Run this one, and leave when it is over; `None` opens the list.
        context: Where runs are opened, and what stays from one start to the next.

    Attributes:
        options: How to run sessions, settings that were changed meanwhile included.
        failure: What went wrong unexpectedly, or kept the given entry from being opened.
        display_options: What moves on the screens; every run takes it from here.
    """

    TITLE = NAME
    BINDINGS = bindings_for("everywhere")
    COMMANDS = frozenset(partial(_palette_provider, name) for name in _PALETTE_PROVIDERS)  # type: ignore[assignment]
    ALLOW_SELECT = False  # Ctrl+C leaves, so there is no key to copy with

    def __init__(
        self,
        library: Library,
        options: RunOptions,
        settings: Settings,
        entry: SessionEntry | None = None,
        context: AppContext = _EMPTY_CONTEXT,
    ) -> None:
        # A sheet that came with its screen would have all of them read again.
        super().__init__(context.settings_store, ["app.tcss", f"{'library' if entry is None else 'play'}/screen.tcss"])
        # Whoever called `run_app` tells what went wrong; nothing else is printed.
        self.error_console = Console(file=io.StringIO())
        self.failure: Exception | None = None
        self.keys = usable_keys(settings.keys)
        self.display_options = DisplayOptions(settings.flash, settings.reduced_motion, digits=settings.digits)
        self.set_reactive(TimerApp.smooth_digits, self.display_options.are_digits_smooth)
        self.reduce_motion(settings.reduced_motion)
        self._library = library
        self.options = options
        self._settings = settings
        self._entry = entry
        self._app_context = context
        self._notices = key_problems(settings.keys) + self.apply_theme(settings.theme)
        self._library_screen: listing.LibraryScreen | None = None
        self._live_runs: list[LiveRun] = []
        self._shown_entry: SessionEntry | None = None
        self._trial_starter: RunStarter | None = None  # of the run that was shown last; `None` if it was no trial
        self._status = 0

    def on_mount(self) -> None:
        if not self.is_headless:
            exit_on_signals(self.exit_with_status)
            self.apply_terminal_colours()
        self.set_keymap({command: ",".join(keys_of(COMMANDS_BY_ID[command], self.keys)) for command in self.keys})
        if self._app_context.edited is not None:
            self.show_editor(self._app_context.edited)
        elif self._entry is None:
            self._welcome_new_user()
            self._offer_unfinished_run()
        else:
            self._show_play_screen(self._entry, self._app_context.offer, asks=self._app_context.offer is None)

    # Each screen is loaded when it is first shown: only one of them is needed for the first picture.
    def get_default_screen(self) -> Screen[Any]:
        """The list, where all begins; below a run that was asked for there is nothing."""
        if self._entry is not None or self._app_context.edited is not None:
            return SizedScreen()
        from timer_app.tui.library import screen as listing

        self._library_screen = listing.LibraryScreen(
            self._library, self.keys, self._app_context, self._notices, self.display_options
        )
        return self.with_size_classes(self._library_screen)

    def _welcome_new_user(self) -> None:
        greeting = self._app_context.onboarding
        if greeting and greeting.claim_first_start():
            from timer_app.tui.welcome import WelcomeScreen

            welcome = WelcomeScreen(lambda: greeting.start_test(self.options), self.keys)
            self.push_screen(welcome, self._begin_with_first_session)

    def _begin_with_first_session(self, is_wanted: bool | None) -> None:
        if is_wanted:
            self._start_first_session()

    @work
    async def _start_first_session(self) -> None:
        """Run a session that suits who has done none."""
        from timer_app.tui.library.today import first_session

        suggested = await asyncio.to_thread(lambda: first_session(self._library.entries()))
        if suggested and self.can_start_sessions:
            self._show_play_screen(suggested.entry)

    @work
    async def _offer_unfinished_run(self) -> None:
        """Let a run that was cut off be taken up, of whatever session."""
        await wait_until_painted(self.screen)
        offer, choice = await self._ask_about_unfinished_run(None)
        if offer and choice in ("go on", "afresh"):
            found = await asyncio.to_thread(self._library.find, str(offer.path))
            self._show_play_screen(found, offer if choice == "go on" else None)

    async def _ask_about_unfinished_run(self, entry: SessionEntry | None) -> tuple[ResumableRun | None, str]:
        """A run that was cut off, of one session or of any, and what the user wants to become of it."""
        tracker = self._app_context.tracker
        offer = await asyncio.to_thread(tracker.find_resumable, str(entry.path) if entry else None) if tracker else None
        if tracker is None or offer is None:
            return None, ""
        from timer_app.tui.play.resume import ResumeChoice, ResumeScreen

        choice = await self.push_screen_wait(ResumeScreen(offer))
        if choice in (ResumeChoice.START_OVER, ResumeChoice.LEAVE):
            await asyncio.to_thread(tracker.dismiss, offer)
        return offer, choice

    def on_library_screen_chosen(self, message: listing.LibraryScreen.Chosen) -> None:
        """Run the chosen session."""
        self._show_play_screen(message.entry)

    def show_run_from(self, entry: SessionEntry, phase: int) -> None:
        from timer_app.run import RunTracker

        self._show_play_screen(entry, starter=RunTracker.trial_starter(phase))

    def _show_play_screen(
        self,
        entry: SessionEntry,
        offer: ResumableRun | None = None,
        *,
        asks: bool = False,
        starter: RunStarter | None = None,
    ) -> None:
        """Show the screen of a run; with `asks`, one of that session that was cut off is offered there.

        Args:
            entry: The session.
            offer: The run to go on with; `None` for a new one.
            asks: Whether to ask which.
            starter: Decides where it begins; by default at the start, and a record is written.
        """
        from timer_app.tui.play.screen import PlayScreen

        self._shown_entry, self._trial_starter = entry, starter
        play_context = PlayContext(self.keys, self.display_options, self.options.speed)
        self.push_screen(
            self.with_size_classes(
                PlayScreen(
                    entry.name, partial(self._prepare_run, entry, offer, asks=asks, starter=starter), play_context
                )
            )
        )

    async def _prepare_run(
        self, entry: SessionEntry, offer: ResumableRun | None, *, asks: bool, starter: RunStarter | None
    ) -> LiveRun:
        if asks:
            cut_off, choice = await self._ask_about_unfinished_run(entry)
            offer = cut_off if choice == "go on" else None
        return await open_in_thread(partial(self._open_run, entry, offer, starter), self.close_run)

    def _open_run(self, entry: SessionEntry, offer: ResumableRun | None, trial: RunStarter | None) -> LiveRun:
        """Read the session and open a run of it, or with `trial` one that leaves no record; called in a thread."""
        from timer_app.run import start_untracked

        session, _ = self._library.load(entry)
        asked = options = offer.restore_options(self.options) if offer else self._app_context.adjust(self.options)
        starter: RunStarter = trial or start_untracked
        if trial is None and (tracker := self._app_context.tracker):
            catalogue = self._library.catalogue_in(session.language)
            options = tracker.resolve_doses(options, session, catalogue, entry.id, entry.path)
            starter = tracker.starter(entry.id, entry.path, offer)
        options = replace(options, keys=spoken_keys(self.keys, session.language))
        # The list shows problems of the keys by itself.
        notices = key_problems(self._settings.keys) if self._entry is not None else ()
        live_run = self._app_context.open_run(
            session, options, self._library, entry.path, starter=starter, notices=notices
        )
        self._live_runs.append(live_run)
        if self._app_context.follows_runs:
            asked = replace(asked, keys=options.keys)
            tracker = self._app_context.tracker if trial is None else None
            live_run.follow_file(entry, self._library, asked, tracker)
        return live_run

    def on_play_screen_over(self, message: PlayScreen.Over) -> None:
        """Sum up what was done, if anything was."""
        from timer_app.tui.play.screen import PlayScreen

        if not pop_to_screen(self, PlayScreen):
            return
        if message.failure is not None:
            self._show_play_failure(message.failure)
            return
        record, live_run = message.record, message.live_run
        if live_run is not None:
            self._close_run_after_sound(live_run, record)
        if record is not None and live_run is not None and _is_worth_showing(record):
            from timer_app.tui.summary import SummaryScreen

            self.switch_screen(
                self.with_size_classes(
                    SummaryScreen(
                        record,
                        live_run.timeline.steps,
                        self.keys,
                        live_run.compare_with_past,
                        live_run.suggestions(),
                        look_back=partial(self._look_back, live_run),
                        write_note=live_run.write_note,
                        is_trial=self._trial_starter is not None,
                    )
                )
            )
            self._status = _exit_status_of(record)
        else:
            self._status = ABORTED_STATUS
            self._return_from_run()

    def _look_back(self, live_run: LiveRun) -> LookBack:
        """How a run compares with earlier ones, and the names of what is due next; called in a thread."""
        known = live_run.look_back()
        return replace(known, next_sessions=tuple(map(self._session_name, known.next_sessions)))

    def _session_name(self, session: str) -> str:
        from timer_app.library import LibraryError

        try:
            return self._library.find(session).name
        except LibraryError:
            return session

    def _show_play_failure(self, failure: Exception) -> None:
        from timer_app.library import LibraryError

        if not isinstance(failure, FileFault | LibraryError):
            raise failure
        if self._library_screen is None and self._app_context.edited is None:
            raise failure
        self._return_from_run()
        self.show_message(first_line(failure))

    def _close_run_after_sound(self, live_run: LiveRun, record: SessionRecord | None) -> None:
        if record is not None and record.ending == "finished":
            self.set_timer(_SOUND_TAIL_S, partial(self.close_run, live_run))
        else:
            self.close_run(live_run)

    def on_summary_screen_wanted(self, message: SummaryScreen.Wanted) -> None:
        """Run the session that the answers suggest."""
        self._run_suggested_session(message.session)

    @work
    async def _run_suggested_session(self, session: str) -> None:
        from timer_app.library import LibraryError
        from timer_app.tui.summary import SummaryScreen

        try:
            entry = await asyncio.to_thread(self._library.find, session)
        except LibraryError as error:
            self.notify(printable(first_line(error)), markup=False)
            return
        if pop_to_screen(self, SummaryScreen):
            self.pop_screen()
            self._show_play_screen(entry)

    def on_summary_screen_again_wanted(self) -> None:
        """Do the session that is over again; a trial as another trial."""
        from timer_app.tui.summary import SummaryScreen

        if self._shown_entry is not None and pop_to_screen(self, SummaryScreen):
            self.pop_screen()
            self._show_play_screen(self._shown_entry, starter=self._trial_starter)

    def on_summary_screen_history_wanted(self) -> None:
        """Look back, over the summary."""
        from timer_app.tui.history.screen import HistoryScreen

        tracker = self._app_context.tracker
        if tracker is None or not tracker.is_enabled:
            self.notify(_("No history is kept here."), markup=False)
        elif not has_screen(self, HistoryScreen):
            self.push_screen(HistoryScreen(tracker.store, self.keys, self._app_context.now))

    def on_summary_screen_closed(self) -> None:
        """Go back to where the session was chosen."""
        from timer_app.tui.summary import SummaryScreen

        if pop_to_screen(self, SummaryScreen):
            self._return_from_run()

    def _return_from_run(self) -> None:
        if has_scope(self, "editor"):
            self.pop_screen()
        elif self._library_screen is None:
            self.exit(return_code=self._status)
        else:
            self.pop_screen()
            self._library_screen.reload()

    def close_run(self, live_run: LiveRun) -> None:
        """Give back what a run needed, once."""
        if live_run in self._live_runs:
            self._live_runs.remove(live_run)
            live_run.close()

    def close_runs(self) -> None:
        """Give everything back."""
        for live_run in tuple(self._live_runs):
            self.close_run(live_run)

    def exit_with_status(self, status: int) -> None:
        """End the app with an exit status."""
        self.exit(return_code=status)

    async def action_quit(self) -> None:
        """Leave, after a question if a session runs."""
        from timer_app.tui.play.screen import PlayScreen

        if has_screen(self, PlayScreen):
            self._ask_to_leave()
        elif editor := self.unsaved_editor:
            self._leave_editor(editor)
        else:
            self.exit_with_status(self._status if self._entry is not None else 0)

    @work(exclusive=True, group="dialogue")
    async def _leave_editor(self, editor: EditorScreen) -> None:
        if await editor.may_leave():
            self.exit_with_status(0)

    @work(exclusive=True, group="dialogue")
    async def _ask_to_leave(self) -> None:
        from timer_app.tui.dialogs import ConfirmScreen

        answers = _("No, go on  (n)"), _("Yes, leave  (y)")
        remark = _("The session stops here; for 24 hours it can be resumed.")
        if await self.push_screen_wait(ConfirmScreen(_("Leave the program?"), remark, answers)):
            self.exit_with_status(ABORTED_STATUS)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The key that suspends takes back a change in settings and editor, where the one that leaves copies."""
        if scope_of(self) == "editor" and action in ("suspend_process", "leave"):
            return False
        if action == "suspend_process" and has_scope(self, "settings"):
            return False
        return super().check_action(action, parameters)

    def action_leave(self) -> None:
        """Leave at once; what is not saved in the editor is offered there next time."""
        if editor := self.unsaved_editor:
            editor.keep_draft_now()
        self.exit_with_status(ABORTED_STATUS)

    def action_help(self) -> None:
        """Show every key."""
        from timer_app.tui.dialogs import HelpScreen

        if not has_screen(self, HelpScreen):
            self.push_screen(HelpScreen(self.keys, scope_of(self)))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the command palette offers: everything that works on `screen`, and the colours."""
        scopes = {getattr(screen, "SCOPE", None), "everywhere"}
        if getattr(screen, "is_form_shown", False):
            scopes.add("form")
        for command in COMMANDS:
            if command.scope in scopes and command.id != "palette":
                description = f"{_(command.tooltip)}  ({format_keys(command, self.keys)})"
                yield SystemCommand(_(command.label), description, partial(self.run_action, command.action, screen))

    def panic(self, *renderables: RenderableType) -> None:
        """End the app because the terminal is gone, or because of `failure`."""
        if self.failure is None:
            self._return_code = TERMINAL_LOST_STATUS
        super().panic(*renderables)

    def _handle_exception(self, error: Exception) -> None:
        """Keep what went wrong for `run_app`, and put the terminal back."""
        if self.failure is None:
            self.failure = (
                error.error if isinstance(error, WorkerFailed) and isinstance(error.error, Exception) else error
            )
        super()._handle_exception(error)


def _is_worth_showing(record: SessionRecord) -> bool:
    return record.ending != "given up" or bool(record.work_ms or record.reps or record.answers)


def _exit_status_of(record: SessionRecord) -> int:
    return ABORTED_STATUS if record.ending == "given up" else 0


def run_app(  # noqa: PLR0913, PLR0917 - each is a part of what the command line asked for
    request: RunRequest,
    settings: Settings,
    entry: SessionEntry | None = None,
    opener: RunOpener | None = None,
    command_line: CommandLine | None = None,
    edited: EditedFile | None = None,
) -> int:
    """Run the app until it is left, and return the exit status.

    Args:
        request: What was asked for.
        settings: Keys and theme are taken from them, and a theme that is chosen is written there.
        entry: Run this one instead of showing the list.
        opener: Opens the stage for a run; live at this computer if `None`.
        command_line: What can be done from a command line, for the palette; `None` for nothing.
        edited: Open the editor on this file instead.

    Returns:
        0, or 130 when the run of `entry` was given up or the app was left with Ctrl+C, or 128 and the number of the
        signal that ended it.

    Raises:
        Exception: Whatever went wrong inside; the terminal is as it was found by then.
    """

    def follow_files(tell: Callable[[frozenset[Path]], None], fail: Callable[[str], None]) -> FollowedFiles:
        from timer_app.library import FileWatcher

        return FileWatcher((*request.library.own_folders, own_programmes_dir()), (), tell, fail)

    def follow_one_file(
        path: Path, tell: Callable[[frozenset[Path]], None], fail: Callable[[str], None]
    ) -> FollowedFiles:
        from timer_app.library import FileWatcher

        return FileWatcher((), (path,), tell, fail)

    context = AppContext(
        open_run=opener or open_local_run,
        tracker=request.tracker,
        offer=request.resumable,
        settings_store=SettingsStore(settings, settings_file()),
        favourites=Favourites(data_dir() / "stars.json"),
        recently_done=lambda: request.tracker.last_done_times(),  # noqa: PLW0108 - the method itself would have to be loaded
        due=lambda: request.tracker.due_sessions(),  # noqa: PLW0108 - the method itself would have to be loaded
        speak_lines=None if opener else line_speaker(request.library),
        make_measurer=make_measurer,
        edited=edited,
        onboarding=None if opener else Onboarding(data_dir() / "welcomed", sound_tester(request.library)),
        schedule=lambda: store.schedule() if (store := request.tracker.programme_store) else None,
        command_line=command_line,
        follows_runs=request.follows,
        follow_files=follow_files,
        follow_file=lambda path: partial(follow_one_file, path),
        start_sample=None if opener else sample_starter(request.library),
        preview_loader=lambda entry: load_preview(request.library, entry, context.adjust(app.options), request.tracker),
    )
    app = TimerApp(request.library, request.options, settings, entry, context)
    try:
        with hangup_safe_terminal():
            app.run()
    finally:
        app.close_runs()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
