"""Where the user types the answer to a measure."""

from __future__ import annotations

from textual import events

from timer_app.tui.widgets.prompt_input import PromptInput

_TAKEN = frozenset("0123456789.,-")


def number(text: str) -> float | None:
    """The number in `text`, with a point or a comma; `None` where nothing was typed.

    Raises:
        ValueError: It is not a number.
    """
    text = text.strip().replace(",", ".")
    return float(text) if text else None


class NumberInput(PromptInput):
    """Takes the characters of numbers; every other key keeps its meaning for the screen."""

    def __init__(self) -> None:
        super().__init__(id="answer", restrict=r"-?\d*[.,]?\d*", max_length=12, compact=True)
        self.cursor_blink = False

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 - as inherited
        """Whether the key belongs to a number."""
        return character is not None and character in _TAKEN

    async def _on_key(self, event: events.Key) -> None:
        if event.is_printable and not self.check_consume_key(event.key, event.character):
            event.prevent_default()
            return
        await super()._on_key(event)
