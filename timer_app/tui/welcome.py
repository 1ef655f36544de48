"""The welcome screen of the first start: what the program is, and a sound test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping

from textual import events, work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import OptionList, Static

from timer_app.core.i18n import N_, _
from timer_app.tui.first_start import RunningSoundCheck
from timer_app.tui.key_bindings import first_key
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.widgets.inputs import MarkedList
from timer_app.tui.widgets.text_layout import program_title

_POLL_S = 0.1
_ANSWERS = {
    "first": N_("I heard tones and a voice: start a short first session"),
    "yes": N_("I heard tones and a voice: show me the sessions"),
    "no": N_("I heard nothing, or only a part"),
    "again": N_("Play it again"),
    "settings": N_("Change voice, language, colours and more first"),
}
_SILENT_ANSWERS = _ANSWERS | {
    "first": N_("Go on without sound: start a short first session"),
    "yes": N_("Go on without sound: show me the sessions"),
    "no": N_("What can I do about it?"),
}
_NO_SOUND = N_("This computer has no sound now. Sessions go on silently, with everything on the screen.")


def _translated(answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((answer, _(text)) for answer, text in answers.items())


class SoundAdvice(Static):
    """What to do when nothing was heard.

    Args:
        resize_callback: Called when it has got its size, or another one.
    """

    def __init__(self, resize_callback: Callable[[], None]) -> None:
        super().__init__(id="welcome-help", markup=False)
        self._resize_callback = resize_callback

    def on_resize(self) -> None:
        """See whether it can be read."""
        self._resize_callback()


class WelcomeScreen(Dialogue[bool]):
    """Explains the program and plays a test; returns whether the user wants to begin with a first session.

    Args:
        test: Begins a test of the sound; called in a thread.
        keys: The user's own keys.
    """

    CSS_PATH = "dialogs.tcss"
    BINDINGS = bindings_for("dialogue")
    AUTO_FOCUS = "MarkedList"

    def __init__(self, test: Callable[[], RunningSoundCheck], keys: Mapping[str, str]) -> None:
        super().__init__()
        self._start_test = test
        self._keys = keys
        self._test: RunningSoundCheck | None = None
        self._is_advice_shown = False
        self._is_silent = False

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialogue -welcome", can_focus=False):
            yield Static(program_title(_("Welcome")), classes="dialogue-title")
            yield Static(self._words(), id="welcome-words", markup=False)
            yield Static(id="welcome-test", markup=False)
            yield MarkedList(_translated(_ANSWERS))
            yield SoundAdvice(self._scroll_into_view)

    def _words(self) -> str:
        go, shown = first_key("go", self._keys), first_key("help", self._keys)
        return _(
            "This is a coach for exercises. Choose a session and shut your eyes: a voice says what to do, and "
            "tones mark every start and end.\n\n"
            "{go} pauses, {help} shows every key. Stop at once if something hurts sharply."
        ).format(go=go, help=shown)

    def on_mount(self) -> None:
        self._play()

    def on_unmount(self) -> None:
        if self._test:
            self._test.stop()

    @work(exclusive=True, group="test")
    async def _play(self) -> None:
        if self._test:
            self._test.stop()
        self._set_text("test", _("Opening the sound."))
        try:
            self._test = await asyncio.to_thread(self._start_test)
        except Exception:  # noqa: BLE001 - whatever keeps the sound away, the list of sessions works
            self._show_outcome(failed=True)
            return
        while not self._test.done:
            text = _("Now playing: {what}") if self._test.is_playing else "{what}"
            self._set_text("test", text.format(what=self._test.status))
            await asyncio.sleep(_POLL_S)
        self._show_outcome(failed=self._test.failed)

    def _show_outcome(self, *, failed: bool) -> None:
        self._is_silent = failed
        told = _(_NO_SOUND)
        if self._test and not failed:
            told = _("Did you hear it?")
        self._set_text("test", told)
        self.query_one(MarkedList).replace_lines(_translated(_SILENT_ANSWERS if failed else _ANSWERS))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on, help, or play it again."""
        match event.option_id:
            case "first" | "yes":
                self.dismiss(event.option_id == "first")
            case "no":
                self._is_advice_shown = True
                self._set_text("help", self._advice())
            case "again":
                self._is_advice_shown = False
                self._set_text("help", "")
                self._play()
            case _:
                self.run_worker(self.app.run_action("app.settings"))

    def _advice(self) -> str:
        if self._is_silent:
            return _(
                "Switch on a loudspeaker or connect a headset, then play it again. The command `timer-app sounds` says "
                "which outputs were tried, and why each of them failed."
            )
        return _(
            "Look at the loudness of the computer and at which loudspeaker or headset it uses; then play it again. "
            "Under settings, output takes another way to the loudspeaker. Without sound, everything is on the screen."
        )

    def _scroll_into_view(self) -> None:
        """Where there is no room for the advice beside the answers, let it have all of it, and the arrows."""
        page = self.query_one(VerticalScroll)
        if not self._is_advice_shown:
            self.query_one(MarkedList).scroll_visible(animate=False)
        elif page.max_scroll_y and not self.has_class("-reading"):
            self.add_class("-reading")
            self._set_text("help", f"{self._advice()}\n\n{_('Enter goes back.')}")
            page.can_focus = True
            page.focus()
            page.scroll_home(animate=False)

    def _stop_reading(self) -> None:
        self._is_advice_shown = False
        self.remove_class("-reading")
        self._set_text("help", "")
        self.query_one(VerticalScroll).can_focus = False
        self.query_one(MarkedList).focus()

    def on_key(self, event: events.Key) -> None:
        """Go back from the advice to the answers."""
        if event.key == "enter" and self.has_class("-reading"):
            event.stop()
            self._stop_reading()

    def _set_text(self, part: str, text: str) -> None:
        self.query_one(f"#welcome-{part}", Static).update(text)

    def action_dismiss_it(self) -> None:
        """Go back from the advice, or on to the sessions."""
        if self.has_class("-reading"):
            self._stop_reading()
        else:
            self.dismiss(False)
