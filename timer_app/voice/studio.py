"""Renders the lines of a session in the background, so that each is there before it is needed."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Iterable

from timer_app.core.estimate import estimate
from timer_app.core.speech import Spoken
from timer_app.voice.base import Speech, Voice, VoiceError
from timer_app.voice.cache import Line, SpeechCache
from timer_app.voice.silent import SilentVoice

GIVE_UP_S = 60.0
_CLOSE_S = 2.0


class Studio:
    """One voice, one thread and the cache between them and the session.

    A voice that fails or hangs is given up once and for all: what is in the cache is still heard, the rest is
    silent, and nobody waits for it. The studio owns the voice and closes it.

    Args:
        voice: What renders.
        cache: Where lines are kept.
        language: Of every line.
        wpm: Words a minute of every line.
        give_up_s: A line that takes longer means that the voice hangs.
    """

    def __init__(
        self,
        voice: Voice,
        cache: SpeechCache,
        language: str,
        wpm: int,
        *,
        give_up_s: float = GIVE_UP_S,
    ) -> None:
        self._voice, self._cache = voice, cache
        self._language, self._wpm = language, wpm
        self._give_up_s = give_up_s
        self._changed = threading.Condition()
        self._asked: set[str] = set()
        self._settled: set[str] = set()
        self._pending: list[str] = []
        self._begun_s: float | None = None
        self._failed: VoiceError | None = None
        self._closed = False
        self._thread: threading.Thread | None = None

    def prepare(self, texts: Iterable[str]) -> None:
        """Render `texts` in their order, before those asked for earlier that are not done yet."""
        with self._changed:
            first = [text for text in dict.fromkeys(texts) if text not in self._settled]
            later = set(self._pending).difference(first)
            self._pending = first + [text for text in self._pending if text in later]
            self._asked.update(first)
            if first and not self._closed:
                self._start()
            self._changed.notify_all()

    def speech(self, text: str) -> Spoken:
        """The measure of `text` where it is rendered already, an estimate on the long side where it is not."""
        if isinstance(self._voice, SilentVoice):
            return Spoken(length_ms=0)
        return self._cache.measure(self._line(text)) or estimate(text, self._wpm)

    def get(self, text: str) -> Speech | None:
        """The rendered line; `None` where it is not there (yet)."""
        speech = self._cache.get(self._line(text))
        if speech is None:
            self._ask_again(text)
        return speech

    def ready(self, texts: Iterable[str]) -> bool:
        """Whether nothing is to be waited for: each line is there, or the voice was given up."""
        with self._changed:
            return self._gave_up() or self._settled.issuperset(texts)

    def wait(self, texts: Iterable[str], timeout_s: float) -> bool:
        """Have `texts` rendered next and wait for them.

        Returns:
            What `ready` says when they are done or `timeout_s` has passed.
        """
        wanted = tuple(texts)
        self.prepare(wanted)
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or self._gave_up() or self._settled.issuperset(wanted), timeout_s
            )
        return self.ready(wanted)

    @property
    def progress(self) -> tuple[int, int]:
        """How many lines are done, and how many were asked for."""
        with self._changed:
            total = len(self._asked)
            return (total if self._gave_up() else len(self._settled)), total

    @property
    def failed(self) -> VoiceError | None:
        """Why the voice was given up; `None` while it works."""
        with self._changed:
            self._gave_up()
            return self._failed

    def close(self) -> None:
        """Stop rendering and close the voice; lines already rendered can still be had."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            self._changed.notify_all()
        atexit.unregister(self.close)
        self._voice.close()
        if self._thread is not None:
            self._thread.join(_CLOSE_S)

    def _start(self) -> None:
        if self._thread is not None:
            return
        # A thread still inside a library when the interpreter ends could bring the program down.
        atexit.register(self.close)
        self._thread = threading.Thread(target=self._work, name="studio", daemon=True)
        self._thread.start()

    def _line(self, text: str) -> Line:
        return Line(self._voice.name, self._voice.version, self._language, self._wpm, text)

    def _ask_again(self, text: str) -> None:
        """A line that was rendered and is gone, dropped from the disk by another run, is rendered once more."""
        with self._changed:
            lost = text in self._settled and self._failed is None
            if lost:
                self._settled.discard(text)
                self.prepare([text])

    def _gave_up(self) -> bool:
        hangs = self._begun_s is not None and time.monotonic() - self._begun_s > self._give_up_s
        if hangs and self._failed is None:
            self._fail(VoiceError(f"the {self._voice.name} voice took too long over a line and was given up"))
        return self._failed is not None

    def _fail(self, error: VoiceError) -> None:
        self._failed = self._failed or error
        self._changed.notify_all()

    def _work(self) -> None:
        while (text := self._next()) is not None:
            self._render(text)
            with self._changed:
                self._begun_s = None
                self._settled.add(text)
                self._changed.notify_all()

    def _next(self) -> str | None:
        with self._changed:
            self._changed.wait_for(lambda: self._pending or self._closed)
            if self._closed:
                return None
            self._begun_s = time.monotonic()
            return self._pending.pop(0)

    def _render(self, text: str) -> None:
        line = self._line(text)
        if self._failed is not None or self._cache.get(line) is not None:
            return
        try:
            self._cache.put(line, self._voice.render(text, self._language, self._wpm))
        except VoiceError as error:
            self._give_up(error)
        except Exception as error:  # noqa: BLE001 - a voice may come from anybody
            self._give_up(VoiceError(f"the {self._voice.name} voice broke down: {error!r}"))

    def _give_up(self, error: VoiceError) -> None:
        with self._changed:
            if not self._closed:
                self._fail(error)
