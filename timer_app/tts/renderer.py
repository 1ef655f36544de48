"""Renders the lines of a session in the background, so that each is there before it is needed."""

from __future__ import annotations

import atexit
import contextlib
import threading
import time
from collections.abc import Callable, Iterable

from timer_app.core.compiler.estimate import estimate_upper
from timer_app.core.timeline.utterance import SpeechTiming
from timer_app.tts.cache import SpeechCache, SpeechCacheKey
from timer_app.tts.delivery import SpeechStyle
from timer_app.tts.voice import SilentVoice, Speech, Voice, VoiceError, lines_at_once

LINE_TIMEOUT_S = 45.0  # longer than the system's voice takes to find out for itself that it hangs
_CLOSE_S = 2.0

VoiceOpener = Callable[[], Voice]


class SpeechRenderer:
    """A voice, those that take over from it, the threads it renders in and the cache between them and the session.

    A voice that fails or hangs is given up once and for all, and the next one renders what is left. Without a next
    one, what is in the cache is still heard, the rest is silent, and nobody waits for it. The studio owns the voices
    and closes them.

    Args:
        voice: What renders.
        cache: Where lines are kept.
        style: How lines are delivered.
        fallbacks: Open the voices that take over, one after the other; quick, as everybody waits meanwhile.
        line_timeout_s: A line that takes longer means that the voice hangs.
    """

    def __init__(
        self,
        voice: Voice,
        cache: SpeechCache,
        style: SpeechStyle,
        *,
        fallbacks: Iterable[VoiceOpener] = (),
        line_timeout_s: float = LINE_TIMEOUT_S,
    ) -> None:
        self._voice, self._cache, self._style = voice, cache, style
        self._fallbacks = list(fallbacks)
        self._line_timeout_s = line_timeout_s
        self._changed = threading.Condition()
        self._asked: set[str] = set()
        self._finished: dict[str, SpeechCacheKey] = {}  # each with the voice that was asked for it
        self._pending: list[str] = []
        self._in_progress: dict[str, float] = {}  # lines being rendered, each with the second in which it was begun
        self._failure: VoiceError | None = None
        self._notices: list[str] = []
        self._closed = False
        self._threads: list[threading.Thread] = []

    def prepare(self, texts: Iterable[str]) -> None:
        """Render `texts` in their order, before those asked for earlier that are not done yet."""
        with self._changed:
            waited_for = (text for text in dict.fromkeys(texts) if text not in self._finished)
            first = [text for text in waited_for if text not in self._in_progress]
            later = set(self._pending).difference(first)
            self._pending = first + [text for text in self._pending if text in later]
            self._asked.update(first)
            if first and not self._closed:
                self._start()
            self._changed.notify_all()

    def speech(self, text: str) -> SpeechTiming:
        """The measure of `text` where it is rendered already, an estimate on the long side where it is not."""
        line = self._line(text)
        if line.voice == SilentVoice.name:
            return SpeechTiming(length_ms=0)
        return self._cache.get_timing(line) or estimate_upper(line.text, line.wpm)

    def get(self, text: str) -> Speech | None:
        """The rendered line; `None` where it is not there (yet)."""
        speech = self._cache.get(self._line(text))
        if speech is None:
            self._request_again(text)
        return speech

    def ready(self, texts: Iterable[str]) -> bool:
        """Whether nothing is to be waited for: each line is there, or the last voice was given up."""
        with self._changed:
            return self._has_given_up() or self._finished.keys() >= set(texts)

    def wait(self, texts: Iterable[str], timeout_s: float) -> bool:
        """Have `texts` rendered next and wait for them.

        Returns:
            What `ready` says when they are done or `timeout_s` has passed.
        """
        wanted = tuple(texts)
        self.prepare(wanted)
        until_s = time.monotonic() + timeout_s
        with self._changed:
            while not self._closed and not self.ready(wanted) and (left_s := until_s - time.monotonic()) > 0:
                # A voice that hangs tells nothing: looked at again when its time would be up.
                self._changed.wait(min(left_s, self._line_timeout_s))
        return self.ready(wanted)

    @property
    def progress(self) -> tuple[int, int]:
        """How many lines are done, and how many were asked for."""
        with self._changed:
            total = len(self._asked)
            return (total if self._has_given_up() else len(self._finished)), total

    @property
    def failure(self) -> VoiceError | None:
        """Why the last voice was given up; `None` while one speaks."""
        with self._changed:
            self._has_given_up()
            return self._failure

    @property
    def notices(self) -> list[str]:
        """What the user should know about the voices, a line for each time that one was given up."""
        with self._changed:
            self._has_given_up()
            return list(self._notices)

    def close(self) -> None:
        """Stop rendering and close the voice; lines already rendered can still be had."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            self._changed.notify_all()
        atexit.unregister(self.close)
        self._voice.close()
        until_s = time.monotonic() + _CLOSE_S
        for thread in self._threads:
            thread.join(max(0.0, until_s - time.monotonic()))

    def _start(self) -> None:
        if self._threads:
            return
        # A thread still inside a library when the interpreter ends could bring the program down.
        atexit.register(self.close)
        for _ in range(lines_at_once(self._voice)):
            thread = threading.Thread(target=self._work, args=(self._voice,), name="studio", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _line(self, text: str) -> SpeechCacheKey:
        """What a text was rendered as, or is going to be."""
        return self._finished.get(text) or self._new_line(text, self._voice)

    def _new_line(self, text: str, voice: Voice) -> SpeechCacheKey:
        take = self._style.request(text)
        return SpeechCacheKey(voice.name, voice.version, take.language, take.wpm, take.text, take.pitch)

    def _request_again(self, text: str) -> None:
        """A line that was rendered and is gone, dropped from the disk by another run, is rendered once more."""
        with self._changed:
            lost = text in self._finished and self._failure is None
            if lost:
                del self._finished[text]
                self.prepare([text])

    # The voices, one after the other.

    def _has_given_up(self) -> bool:
        """Whether nobody speaks any more; notices a voice that hangs."""
        if self._in_progress and time.monotonic() - min(self._in_progress.values()) > self._line_timeout_s:
            self._switch_voice(VoiceError(f"the {self._voice.name} voice took too long over a line and was given up"))
        return self._failure is not None

    def _switch_voice(self, error: VoiceError) -> None:
        """Let the next voice render what is left, beginning with what is in hand."""
        in_hand = list(self._in_progress)
        self._in_progress.clear()
        if self._failure is not None or self._closed:
            return
        given_up, following = self._voice, self._open_fallback()
        if following is None:
            self._failure = error
            self._notices.append(f"No voice: {error}")
        else:
            self._notices.append(f"Another voice speaks: {error}; {following.name} takes over.")
            self._pending[:0] = in_hand
            self._voice, self._threads = following, []
            self._start()
            # One that hangs may hang in closing too.
            threading.Thread(target=_close, args=(given_up,), name="voice given up", daemon=True).start()
        self._changed.notify_all()

    def _open_fallback(self) -> Voice | None:
        """The next voice that opens."""
        while self._fallbacks:
            with contextlib.suppress(VoiceError):
                return self._fallbacks.pop(0)()
        return None

    # The threads of one voice.

    def _work(self, voice: Voice) -> None:
        while (text := self._next_text(voice)) is not None:
            line = self._new_line(text, voice)
            error = self._render(line, voice)
            with self._changed:
                if voice is not self._voice:  # given up meanwhile
                    return
                if error is not None:
                    self._switch_voice(error)
                if voice is self._voice:
                    self._in_progress.pop(text, None)
                    self._finished[text] = line
                self._changed.notify_all()

    def _next_text(self, voice: Voice) -> str | None:
        with self._changed:
            self._changed.wait_for(lambda: self._pending or self._closed or voice is not self._voice)
            if self._closed or voice is not self._voice:
                return None
            text = self._pending.pop(0)
            self._in_progress[text] = time.monotonic()
            return text

    def _render(self, line: SpeechCacheKey, voice: Voice) -> VoiceError | None:
        """Put a line into the cache; otherwise say why not."""
        if self._failure is not None or self._cache.get(line) is not None:
            return None
        try:
            self._cache.put(line, voice.render(line.text, line.language, line.wpm, line.pitch))
        except VoiceError as error:
            return error
        except Exception as error:  # noqa: BLE001 - a voice may come from anybody
            return VoiceError(f"the {voice.name} voice broke down: {error!r}")
        return None


def _close(voice: Voice) -> None:
    with contextlib.suppress(Exception):  # it is given up already, whatever it says
        voice.close()
