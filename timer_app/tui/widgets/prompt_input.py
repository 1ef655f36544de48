"""A field whose keys are done in the order in which they are typed, however fast."""

from __future__ import annotations

from textual import events
from textual.widgets import Input


class PromptInput(Input):
    """Does its editing keys as they come.

    The screen library puts a character into a field at once, and follows every other key only when that has been all
    the way up to the screen: on a slow line, where keys come in bursts, later ones would overtake.
    """

    async def _on_key(self, event: events.Key) -> None:
        await super()._on_key(event)
        bound = [] if event.is_printable else self._bindings.key_to_bindings.get(event.key, [])
        for binding in bound:
            if await self.app.run_action(
                binding.action, self
            ):  # what moves the mark of a list beside it is not its own
                event.stop()
                event.prevent_default()
                return
