"""Renders the lines of a session in the background, so that each is ready before it is needed."""

from __future__ import annotations

import atexit
import contextlib
import threading
import time
from collections.abc import Callable, Iterable

from timer_app.core.compiler import estimate_upper
from timer_app.core.timeline.utterance import SpeechTiming, Utterance
from timer_app.tts.cache import SpeechCache, cache_key
from timer_app.tts.pronunciation import SpeechStyle
from timer_app.tts.voice import SilentVoice, Speech, Voice, VoiceError, lines_at_once, silence

LINE_TIMEOUT_S = 45.0  # longer than the system's voice takes to find out for itself that it hangs
_CLOSE_S = 2.0

VoiceOpener = Callable[[], Voice]


class SpeechRenderer:
    """A voice with its fallbacks, the threads in which it renders, and the cache for what it has rendered.

    A voice that fails or hangs is abandoned for good, and its fallback renders the remaining lines. Without a fallback,
    cached lines are still heard, the others are silent, and nothing waits for them. The renderer owns the voices and
    closes them.

    Args:
        voice: What renders.
        cache: Where rendered lines are stored.
        style: What the run's options say about how lines are spoken.
        fallbacks: Open the next voices in turn; they must be quick, as rendering waits for them.
        line_timeout_s: A voice that takes longer over a line counts as hanging.
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
        self._asked: set[Utterance] = set()
        self._finished: dict[Utterance, str] = {}  # each with its key in the cache, which names the voice that spoke
        self._pending: list[Utterance] = []
        self._in_progress: dict[Utterance, float] = {}  # each with the second in which rendering began
        self._failure: VoiceError | None = None
        self._notices: list[str] = []
        self._closed = False
        self._threads: list[threading.Thread] = []

    def prepare(self, lines: Iterable[Utterance]) -> None:
        """Render `lines` in this order, ahead of earlier requests that are not done yet."""
        with self._changed:
            unfinished = (line for line in dict.fromkeys(lines) if line not in self._finished)
            first = [line for line in unfinished if line not in self._in_progress]
            later = set(self._pending).difference(first)
            self._pending = first + [line for line in self._pending if line in later]
            self._asked.update(first)
            if first and not self._closed:
                self._start()
            self._changed.notify_all()

    def speech(self, line: Utterance, /) -> SpeechTiming:
        """How long `line` lasts; an estimate on the long side if it is not rendered yet."""
        if self._voice.name == SilentVoice.name:
            return SpeechTiming(length_ms=0)
        return self._cache.get_timing(self._key(line)) or estimate_upper(self._style.apply(line))

    def get(self, line: Utterance) -> Speech | None:
        """The rendered line; `None` if there is none yet."""
        speech = self._cache.get(self._key(line))
        if speech is None:
            self._request_again(line)
        return speech

    def ready(self, lines: Iterable[Utterance]) -> bool:
        """Whether there is nothing to wait for: every line is rendered, or the last voice was abandoned."""
        with self._changed:
            return self._has_failed() or self._finished.keys() >= set(lines)

    def wait(self, lines: Iterable[Utterance], timeout_s: float) -> bool:
        """Render `lines` next, and wait for them.

        Returns:
            The result of `ready` once they are done or `timeout_s` has passed.
        """
        wanted = tuple(lines)
        self.prepare(wanted)
        until_s = time.monotonic() + timeout_s
        with self._changed:
            while not self._closed and not self.ready(wanted) and (left_s := until_s - time.monotonic()) > 0:
                # A voice that hangs sends no notice: look again when its time is up.
                self._changed.wait(min(left_s, self._line_timeout_s))
        return self.ready(wanted)

    @property
    def progress(self) -> tuple[int, int]:
        """How many lines are done, and how many were requested."""
        with self._changed:
            total = len(self._asked)
            return (total if self._has_failed() else len(self._finished)), total

    @property
    def failure(self) -> VoiceError | None:
        """Why the last voice was abandoned; `None` while one works."""
        with self._changed:
            self._has_failed()
            return self._failure

    @property
    def notices(self) -> list[str]:
        """What the user should know about the voices: one line for each that was abandoned."""
        with self._changed:
            self._has_failed()
            return list(self._notices)

    def close(self) -> None:
        """Stop rendering and close the voice; rendered lines stay available."""
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
            thread = threading.Thread(target=self._work, args=(self._voice,), name="speech renderer", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _key(self, line: Utterance) -> str:
        """The key of a line in the cache, whether or not it is rendered yet."""
        return self._finished.get(line) or cache_key(self._voice.name, self._voice.version, self._style.apply(line))

    def _request_again(self, line: Utterance) -> None:
        """Render a line again if another run has deleted it from the disk."""
        with self._changed:
            lost = line in self._finished and self._failure is None
            if lost:
                del self._finished[line]
                self.prepare([line])

    # The voices, one after the other.

    def _has_failed(self) -> bool:
        """Whether the last voice was abandoned; notices a voice that hangs."""
        if self._in_progress and time.monotonic() - min(self._in_progress.values()) > self._line_timeout_s:
            self._switch_voice(VoiceError(f"the {self._voice.name} voice took too long over a line and was given up"))
        return self._failure is not None

    def _switch_voice(self, error: VoiceError) -> None:
        """Let the next voice render the remaining lines, beginning with those in progress."""
        unfinished = list(self._in_progress)
        self._in_progress.clear()
        if self._failure is not None or self._closed:
            return
        abandoned, following = self._voice, self._open_fallback()
        if following is None:
            self._failure = error
            self._notices.append(f"No voice: {error}")
        else:
            self._notices.append(f"Another voice speaks: {error}; {following.name} takes over.")
            self._pending[:0] = unfinished
            self._voice, self._threads = following, []
            self._start()
            # A voice that hangs may also hang while it is closed.
            threading.Thread(target=_close, args=(abandoned,), name="abandoned voice", daemon=True).start()
        self._changed.notify_all()

    def _open_fallback(self) -> Voice | None:
        """The next voice that opens."""
        while self._fallbacks:
            with contextlib.suppress(VoiceError):
                return self._fallbacks.pop(0)()
        return None

    # The threads of one voice.

    def _work(self, voice: Voice) -> None:
        while (line := self._next_line(voice)) is not None:
            complete = self._style.apply(line)
            key = cache_key(voice.name, voice.version, complete)
            error = self._render(key, complete, voice)
            with self._changed:
                if voice is not self._voice:  # abandoned meanwhile
                    return
                if error is not None:
                    self._switch_voice(error)
                if voice is self._voice:
                    self._in_progress.pop(line, None)
                    self._finished[line] = key
                self._changed.notify_all()

    def _next_line(self, voice: Voice) -> Utterance | None:
        with self._changed:
            self._changed.wait_for(lambda: self._pending or self._closed or voice is not self._voice)
            if self._closed or voice is not self._voice:
                return None
            line = self._pending.pop(0)
            self._in_progress[line] = time.monotonic()
            return line

    def _render(self, key: str, line: Utterance, voice: Voice) -> VoiceError | None:
        """Put a line into the cache; the error if that failed."""
        if self._failure is not None or self._cache.get(key) is not None:
            return None
        try:
            spoken = line.language, line.effective_rate, line.effective_pitch
            speech = voice.render(line.text, *spoken) if line.text else silence()
            self._cache.put(key, speech)
        except VoiceError as error:
            return error
        except Exception as error:  # noqa: BLE001 - a voice may come from a plug-in
            return VoiceError(f"the {voice.name} voice broke down: {error!r}")
        return None


def _close(voice: Voice) -> None:
    with contextlib.suppress(Exception):  # the voice is abandoned already
        voice.close()
