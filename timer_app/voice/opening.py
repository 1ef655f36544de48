"""Opens the voice that is wanted, with those that take over from it behind it."""

from __future__ import annotations

import functools
import queue
import threading
from collections.abc import Callable
from typing import NamedTuple

from timer_app.voice.base import Voice, VoiceError
from timer_app.voice.cache import SpeechCache
from timer_app.voice.delivery import Delivery
from timer_app.voice.studio import Studio
from timer_app.voice.voices import DEFAULT_VOICE, SILENT, open_voice

OPEN_S = 30.0  # longer than the system's voice takes to find out for itself that it does not start


class Opened(NamedTuple):
    """What came of a choice.

    Attributes:
        studio: Renders the lines; `None` where nobody speaks.
        news: What the user should know.
    """

    studio: Studio | None
    news: list[str]


def open_studio(name: str, delivery: Delivery, cache: SpeechCache, *, open_s: float = OPEN_S) -> Opened:
    """The studio of the voice called `name`, or of the bundled one where that does not open.

    Args:
        name: Who speaks.
        delivery: How.
        cache: Where lines are kept.
        open_s: A voice that takes longer to open is passed over.
    """
    news: list[str] = []
    names = [] if name == SILENT else list(dict.fromkeys([name, DEFAULT_VOICE]))
    while names:
        first = names.pop(0)
        spares = [functools.partial(open_voice, spare) for spare in names]
        try:
            voice = open_within(functools.partial(open_voice, first), first, open_s)
        except VoiceError as error:
            news.append(f"Another voice speaks: {error}; {names[0]} takes over." if names else f"No voice: {error}")
            continue
        return Opened(Studio(voice, cache, delivery, spares=spares), news)
    return Opened(None, news)


def open_within(opener: Callable[[], Voice], name: str, limit_s: float) -> Voice:
    """Open a voice that may come from anybody.

    Raises:
        VoiceError: It does not open, breaks down, or takes longer than `limit_s`.
    """
    outcome: queue.SimpleQueue[Voice | VoiceError] = queue.SimpleQueue()

    def attempt() -> None:
        try:
            outcome.put(opener())
        except VoiceError as error:
            outcome.put(error)
        except Exception as error:  # noqa: BLE001 - a voice may come from anybody
            outcome.put(VoiceError(f"the {name} voice broke down: {error!r}"))

    threading.Thread(target=attempt, name=f"opening {name}", daemon=True).start()
    try:
        found = outcome.get(timeout=limit_s)
    except queue.Empty:
        raise VoiceError(f"the {name} voice did not open within {limit_s:g} s") from None
    if isinstance(found, VoiceError):
        raise found
    return found
