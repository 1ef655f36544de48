"""Renders the lines of a session in the background, so that each is ready before it is needed.

Several voices stand in a row. Each line goes to the first one that speaks its language, and to the next one if that
cannot say it: a fault over one line costs no other line its voice.
"""

from __future__ import annotations

import atexit
import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from timer_app.core.compiler import estimate_upper
from timer_app.core.i18n import _
from timer_app.core.timeline.utterance import SpeechTiming, Utterance
from timer_app.core.wording.languages import best_match
from timer_app.tts.cache import SpeechCache, cache_key
from timer_app.tts.pronunciation import SpeechStyle
from timer_app.tts.voice import (
    LanguageError,
    SilentVoice,
    Speech,
    Voice,
    VoiceError,
    VoiceGoneError,
    lines_at_once,
    silence,
)

LINE_TIMEOUT_S = 45.0  # longer than the system's voice takes to find out for itself that it hangs
_CLOSE_S = 2.0
_FAULTS_IN_A_ROW = 3  # then a voice is asked no more in that language
_REOPENED = 1  # so often a voice whose process has ended is opened again

VoiceOpener = Callable[[], Voice]


@dataclass(frozen=True, slots=True)
class VoiceOffer:
    """A voice that may speak, and what is known of it before it is opened.

    Attributes:
        name: Its name.
        open: Opens it; called by the thread that renders its first line that is not in the cache.
        version: Its version; empty if that is known only once it is open.
        codes: The languages that it is asked for; `None` for all.
        is_quick: It opens within milliseconds, so it may be opened to know its version.
    """

    name: str
    open: VoiceOpener
    version: str = ""
    codes: tuple[str, ...] | None = None
    is_quick: bool = False

    @classmethod
    def of(cls, voice: Voice, reopen: VoiceOpener | None = None) -> VoiceOffer:
        """A voice that is open already, and what opens it again should it end."""
        first = [voice]

        def opened() -> Voice:
            if first or reopen is None:
                first.clear()
                return voice
            return reopen()

        return cls(voice.name, opened, voice.version, is_quick=True)

    def speaks(self, language: str) -> bool:
        """Whether it is asked for a language."""
        return self.codes is None or best_match(language, self.codes) is not None


class _Member:
    """A voice in the row: what became of it, and the threads that render with it."""

    def __init__(self, offer: VoiceOffer) -> None:
        self.offer = offer
        self.voice: Voice | None = None
        self.version = offer.version
        self.is_gone = False
        self.threads: list[threading.Thread] = []
        self.refused: set[Utterance] = set()
        self.unspoken: set[str] = set()  # languages
        self.faults: Counter[str] = Counter()  # in a row, by language
        self.crashes = 0
        self.is_opened_ahead = False
        self._open_error: VoiceError | None = None
        self._opening = threading.Lock()

    def speaks(self, line: Utterance, language: str) -> bool:
        """Whether it may still be asked for a line."""
        return (
            not self.is_gone
            and language not in self.unspoken
            and line not in self.refused
            and self.offer.speaks(language)
        )

    def opened(self) -> Voice:
        """The voice, opened if need be.

        Raises:
            VoiceError: It does not open.
        """
        with self._opening:
            if self._open_error:
                raise self._open_error
            if self.voice is None:
                try:
                    self.voice = self.offer.open()
                except VoiceError as error:
                    self._open_error = error
                    raise
                except Exception as error:
                    self._open_error = VoiceError(
                        _("the {name} voice broke down: {error}").format(name=self.offer.name, error=f"{error!r}")
                    )
                    raise self._open_error from error
                self.version = self.voice.version
            return self.voice

    def key(self, line: Utterance) -> str:
        """The key in the cache of a line as it is given to the voice."""
        return cache_key(self.offer.name, self.version, line)


class SpeechRenderer:
    """Voices in a row, the threads in which they render, and the cache for what they have rendered.

    A line that a voice cannot say is said by the next one. A voice that does not open, hangs, or ends twice is
    abandoned for good; one that fails three times in a row is asked no more in that language. Without any voice, cached
    lines are still heard, the others are silent, and nothing waits for them. The renderer owns the voices and closes
    them.

    Args:
        offers: The voices, the preferred ones first.
        cache: Where rendered lines are stored.
        style: What the run's options say about how lines are spoken.
        line_timeout_s: A voice that takes longer over a line counts as hanging.
    """

    def __init__(
        self,
        offers: Sequence[VoiceOffer],
        cache: SpeechCache,
        style: SpeechStyle,
        *,
        line_timeout_s: float = LINE_TIMEOUT_S,
    ) -> None:
        self._members = [_Member(offer) for offer in offers]
        self._cache, self._style = cache, style
        self._line_timeout_s = line_timeout_s
        self._changed = threading.Condition()
        self._complete: dict[Utterance, Utterance] = {}  # each line as it is given to a voice
        self._asked: set[Utterance] = set()
        self._finished: dict[Utterance, str] = {}  # each with its key in the cache, which names the voice that spoke
        self._pending: list[Utterance] = []  # by rank
        self._ranks: dict[Utterance, int] = {}  # the order in which lines are wanted
        self._lowest_rank = 0
        self._in_progress: dict[Utterance, tuple[_Member, float]] = {}  # with the second in which rendering began
        self._failure: VoiceError | None = None
        self._notices: list[str] = []
        self._told: set[tuple[str, str]] = set()
        self._closed = False

    def prepare(self, lines: Iterable[Utterance]) -> None:
        """Render `lines` in this order, ahead of earlier requests that are not done yet."""
        with self._changed:
            unfinished = (line for line in dict.fromkeys(lines) if line not in self._finished)
            first = [line for line in unfinished if line not in self._in_progress]
            later = set(self._pending).difference(first)
            self._pending = first + [line for line in self._pending if line in later]
            self._lowest_rank -= len(first)
            self._ranks.update((line, self._lowest_rank + place) for place, line in enumerate(first))
            self._asked.update(first)
            self._start_needed()
            self._changed.notify_all()

    def speech(self, line: Utterance, /) -> SpeechTiming:
        """How long `line` lasts; an estimate on the long side if it is not rendered yet."""
        if self._members[0].offer.name == SilentVoice.name:
            return SpeechTiming(length_ms=0)
        key = self._key(line)
        known = self._cache.get_timing(key) if key else None
        if known is None:
            self._open_ahead(line)
        return known or estimate_upper(self._completed(line))

    def get(self, line: Utterance) -> Speech | None:
        """The rendered line; `None` if there is none yet."""
        key = self._key(line)
        speech = self._cache.get(key) if key else None
        if speech is None:
            self._request_again(line)
        return speech

    def ready(self, lines: Iterable[Utterance]) -> bool:
        """Whether there is nothing to wait for: every line is rendered, or no voice is left for it."""
        with self._changed:
            self._check_hanging()
            return all(line in self._finished or self._member_for(line) is None for line in lines)

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
            self._check_hanging()
            left = sum(self._member_for(line) is not None for line in self._asked if line not in self._finished)
            return len(self._asked) - left, len(self._asked)

    @property
    def failure(self) -> VoiceError | None:
        """Why a line stays silent; `None` while every line finds a voice."""
        with self._changed:
            self._check_hanging()
            return self._failure

    @property
    def notices(self) -> list[str]:
        """What the user should know about the voices, each thing once."""
        with self._changed:
            self._check_hanging()
            return list(self._notices)

    def close(self) -> None:
        """Stop rendering and close the voices; rendered lines stay available."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            self._changed.notify_all()
        atexit.unregister(self.close)
        for member in self._members:
            if member.voice is not None and not member.is_gone:
                member.voice.close()
        until_s = time.monotonic() + _CLOSE_S
        for member in self._members:
            for thread in member.threads:
                thread.join(max(0.0, until_s - time.monotonic()))

    def _completed(self, line: Utterance) -> Utterance:
        """A line as it is given to a voice."""
        if line not in self._complete:
            self._complete[line] = self._style.apply(line)
        return self._complete[line]

    def _member_for(self, line: Utterance) -> _Member | None:
        """The voice that speaks a line; `None` if none is left for it."""
        language = self._completed(line).language
        return next((member for member in self._members if member.speaks(line, language)), None)

    def _key(self, line: Utterance) -> str | None:
        """The key of a line in the cache, whether or not it is rendered yet; `None` where that is not known yet."""
        if key := self._finished.get(line):
            return key
        language = self._completed(line).language
        # What a voice said before it was given up is still heard.
        anyone = (member for member in self._members if member.offer.speaks(language))
        member = self._member_for(line) or next(anyone, None)
        if member is None:
            return None
        if not member.version and member.offer.is_quick:
            with contextlib.suppress(VoiceError):  # the thread that renders meets it again, and tells
                member.opened()
        return member.key(self._completed(line)) if member.version else None

    def _open_ahead(self, line: Utterance) -> None:
        """Open the voice of a line that will have to be rendered, while the caller still thinks about what to ask."""
        with self._changed:
            member = self._member_for(line)
            if member is None or member.offer.is_quick or member.is_opened_ahead or self._closed:
                return
            member.is_opened_ahead = True

        def open_it() -> None:
            with contextlib.suppress(VoiceError):  # the thread that renders meets it again, and tells
                voice = member.opened()
                if self._closed:
                    voice.close()

        threading.Thread(target=open_it, name="opening a voice", daemon=True).start()

    def _request_again(self, line: Utterance) -> None:
        """Render a line again if another run has deleted it from the disk."""
        with self._changed:
            if line in self._finished and self._failure is None:
                del self._finished[line]
                self.prepare([line])

    # What becomes of the voices; all with the lock held.

    def _start_needed(self) -> None:
        """Start a thread for each voice that has lines to render and none yet."""
        if self._closed:
            return
        for line in self._pending:
            member = self._member_for(line)
            if member and not member.threads:
                self._start_thread(member)

    def _start_thread(self, member: _Member) -> None:
        if not any(each.threads for each in self._members):
            # A thread still inside a library when the interpreter ends could bring the program down.
            atexit.register(self.close)
        thread = threading.Thread(target=self._work, args=(member,), name="speech renderer", daemon=True)
        member.threads.append(thread)
        thread.start()

    def _check_hanging(self) -> None:
        """Abandon a voice that takes too long over a line."""
        now_s = time.monotonic()
        hanging = [member for member, since_s in self._in_progress.values() if now_s - since_s > self._line_timeout_s]
        for member in dict.fromkeys(hanging):
            error = VoiceError(
                _("the {name} voice took too long over a line and was given up").format(name=member.offer.name)
            )
            self._abandon(member, error)

    def _abandon(self, member: _Member, error: VoiceError) -> None:
        """Let the next voice render all that this one would have, beginning with what it had in hand."""
        if member.is_gone or self._closed:
            return
        member.is_gone = True
        in_hand = [line for line, (whose, _) in self._in_progress.items() if whose is member]
        for line in in_hand:
            del self._in_progress[line]
        self._put_back(in_hand)
        spare = self._member_for(in_hand[0]) if in_hand else None
        self._tell(member, "", error, spare)
        self._drop(member)
        self._pass_on()

    def _put_back(self, lines: Iterable[Utterance]) -> None:
        """Let others render what a voice had in hand, each line in its turn."""
        self._pending = sorted([*lines, *self._pending], key=self._ranks.__getitem__)

    def _drop(self, member: _Member) -> None:
        voice, member.voice = member.voice, None
        if voice is not None:
            # A voice that hangs may also hang while it is closed.
            threading.Thread(target=_close, args=(voice,), name="abandoned voice", daemon=True).start()

    def _pass_on(self) -> None:
        """See to it that every pending line has a voice that works on it, or is given up."""
        self._pending = [line for line in self._pending if self._member_for(line)]
        self._start_needed()
        self._changed.notify_all()

    def _note_fault(self, member: _Member, line: Utterance, error: VoiceError) -> None:
        """A voice could not say a line: let the next one say it."""
        language = self._completed(line).language
        member.faults[language] += 1
        member.refused.add(line)
        is_for_good = isinstance(error, LanguageError) or member.faults[language] >= _FAULTS_IN_A_ROW
        if is_for_good:
            member.unspoken.add(language)
        if isinstance(error, VoiceGoneError):
            member.crashes += 1
            if error.hung or member.crashes > _REOPENED:
                self._abandon(member, error)
                return
            self._drop(member)
        del self._in_progress[line]
        self._put_back([line])
        self._tell(member, language, error, self._member_for(line), is_for_good=is_for_good)
        self._pass_on()

    def _tell(
        self, member: _Member, language: str, error: VoiceError, spare: _Member | None, *, is_for_good: bool = True
    ) -> None:
        what = (member.offer.name, language if is_for_good else f"{language} line")
        if spare is None:
            self._failure = self._failure or error
            what = ("", "")
        if what in self._told:
            return
        self._told.add(what)
        if spare is None:
            self._notices.append(_("No voice: {error}").format(error=error))
        elif is_for_good:
            self._notices.append(
                _("Another voice speaks: {error}; {name} takes over.").format(error=error, name=spare.offer.name)
            )
        else:
            self._notices.append(_("A line is spoken by {name}: {error}").format(name=spare.offer.name, error=error))

    # The threads of one voice.

    def _work(self, member: _Member) -> None:
        while (line := self._next_line(member)) is not None:
            complete = self._completed(line)
            key, error, opens = "", None, True
            try:
                key, voice = self._find_or_open(member, complete)
                opens = False
            except VoiceError as fault:
                error = fault
            else:
                error = self._render(key, complete, voice) if voice else None
            with self._changed:
                if self._in_progress.get(line, (None, 0))[0] is not member:  # abandoned meanwhile
                    return
                if error is None:
                    member.faults[complete.language] = 0
                    del self._in_progress[line]
                    self._finished[line] = key
                elif self._closed:
                    return
                elif opens:
                    self._abandon(member, error)
                else:
                    self._note_fault(member, line, error)
                self._changed.notify_all()

    def _find_or_open(self, member: _Member, line: Utterance) -> tuple[str, Voice | None]:
        """The key of a line, and the voice if it has to be rendered: one whose lines are all there is never opened.

        Raises:
            VoiceError: The voice does not open.
        """
        if member.version and self._cache.get(member.key(line)) is not None:
            return member.key(line), None
        voice = member.opened()
        with self._changed:
            while len(member.threads) < lines_at_once(voice) and not self._closed:
                self._start_thread(member)
        if self._closed:
            voice.close()
        return member.key(line), voice

    def _next_line(self, member: _Member) -> Utterance | None:
        with self._changed:
            while not self._closed and not member.is_gone:
                line = next((line for line in self._pending if self._member_for(line) is member), None)
                if line is not None:
                    self._pending.remove(line)
                    self._in_progress[line] = member, time.monotonic()
                    return line
                self._changed.wait()
            return None

    def _render(self, key: str, line: Utterance, voice: Voice) -> VoiceError | None:
        """Put a line into the cache; the error if that failed."""
        if self._cache.get(key) is not None:
            return None
        try:
            spoken = line.language, line.effective_rate, line.effective_pitch
            speech = voice.render(line.text, *spoken) if line.text else silence()
            self._cache.put(key, speech)
        except VoiceError as error:
            return error
        except Exception as error:  # noqa: BLE001 - a voice may come from a plug-in
            return VoiceError(_("the {name} voice broke down: {error}").format(name=voice.name, error=f"{error!r}"))
        return None


def _close(voice: Voice) -> None:
    with contextlib.suppress(Exception):  # the voice is abandoned already
        voice.close()
