"""Where the filter is typed: every letter belongs to it, and the keys of the list go on working beside it."""

from __future__ import annotations

from textual import events
from textual.message import Message

from timer_app.core.i18n import _
from timer_app.tui.widgets.inputs import PromptInput

_WHERE_THE_CURSOR_GOES = ("home", "end")


class FilterInput(PromptInput):
    """Takes every character, and passes other keys on to the list.

    While nothing is typed, characters that begin no word may be keys, such as the one of the menu.
    """

    class LinkPasted(Message):
        """A link to a session was pasted."""

        def __init__(self, link: str) -> None:
            super().__init__()
            self.link = link

    def __init__(self) -> None:
        super().__init__(id="filter", placeholder=_("Type to filter"), compact=True, select_on_focus=False)
        self.cursor_blink = False
        self._bindings.key_to_bindings.pop("ctrl+e", None)  # the key of the editor; End goes to the end of the filter

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is text; those of the screen are not while nothing is typed."""
        return bool(self.value) and super().check_consume_key(key, character)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - as inherited
        """Where nothing is typed, there is no place in it to go to."""
        return bool(self.value) or action not in _WHERE_THE_CURSOR_GOES

    def _on_paste(self, event: events.Paste) -> None:
        """A link to a session is no filter."""
        if self.take_link(event.text):
            event.prevent_default()
            event.stop()

    def take_link(self, text: str) -> bool:
        """Pass a text on to the list if it is a link to a session; returns whether it is."""
        from timer_app.sharing.link import is_link  # few paste anything

        found = is_link(text)
        if found:
            self.post_message(self.LinkPasted(text))
        return found

    async def _on_key(self, event: events.Key) -> None:
        """Do what a key of the screen does at once: on a slow line, letters behind it would overtake it."""
        if event.is_printable and self.value:
            return
        bound = self.screen.active_bindings.get(event.key)
        if bound is None or bound.node is self:
            return
        event.prevent_default()
        event.stop()
        if bound.enabled:
            await self.app.run_action(bound.binding.action, bound.node)
