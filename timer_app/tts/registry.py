"""The available voices by name, and the renderer that speaks with one of them."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import platform
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from timer_app.core.diagnostics.problems import allowed_text
from timer_app.core.i18n import _
from timer_app.core.wording.languages import base_code
from timer_app.system import paths
from timer_app.tts import hibari, names, pico
from timer_app.tts.cache import SpeechCache
from timer_app.tts.espeak import EspeakVoice
from timer_app.tts.isolated import IsolatedVoice
from timer_app.tts.kokoro import require_kokoro
from timer_app.tts.names import AUTO, DEFAULT_VOICE, ESPEAK, HIBARI, KOKORO, PICO, PIPER, SILENT, SYSTEM, VoiceNameError
from timer_app.tts.piper import describe_model, require_piper
from timer_app.tts.pronunciation import SpeechStyle
from timer_app.tts.renderer import SpeechRenderer, VoiceOffer
from timer_app.tts.system import SystemVoice, require_pyttsx3
from timer_app.tts.voice import Language, SilentVoice, Voice, VoiceError

__all__ = ["DEFAULT_VOICE", "SILENT", "VoiceState", "available_voices", "open_voice", "voice_names"]


class VoiceState(NamedTuple):
    """What `timer-app voices` shows about a voice.

    Attributes:
        name: The name it is chosen by.
        usable: Whether it speaks here.
        state: One line: what it is, or why it does not speak and what helps.
        languages: What it says that it speaks.
    """

    name: str
    usable: bool
    state: str
    languages: tuple[Language, ...] = ()


def _open_system(_argument: str, limit_s: float | None) -> Voice:
    require_pyttsx3()
    return SystemVoice() if limit_s is None else SystemVoice(limit_s=limit_s)


def _open_piper(argument: str, limit_s: float | None) -> Voice:
    require_piper()
    return _open_isolated(f"{PIPER}:{argument}", limit_s)


def _open_kokoro(argument: str, limit_s: float | None) -> Voice:
    require_kokoro()
    return _open_isolated(f"{KOKORO}:{argument}", limit_s)


def _open_hibari(_argument: str, limit_s: float | None) -> Voice:
    hibari.hibari_version()
    return _open_isolated(HIBARI, limit_s)


def _open_pico(_argument: str, limit_s: float | None) -> Voice:
    pico.pico_version()
    return _open_isolated(PICO, limit_s)


def _open_auto(_argument: str, _limit_s: float | None) -> Voice:
    """The voice that speaks English."""
    return next(offer for offer in auto_offers() if offer.speaks("en")).open()


def _open_isolated(name: str, limit_s: float | None) -> Voice:
    return IsolatedVoice(name) if limit_s is None else IsolatedVoice(name, limit_s=limit_s, open_s=limit_s)


_OPENERS: dict[str, Callable[[str, float | None], Voice]] = {
    AUTO: _open_auto,
    HIBARI: _open_hibari,
    ESPEAK: lambda _argument, _limit_s: EspeakVoice(),
    SYSTEM: _open_system,
    PICO: _open_pico,
    PIPER: _open_piper,
    KOKORO: _open_kokoro,
    SILENT: lambda _argument, _limit_s: SilentVoice(),
}


def voice_names() -> tuple[str, ...]:
    """Every name that `open_voice` takes; some need an argument, after a colon."""
    return names.all_names()


def open_voice(name: str, limit_s: float | None = None) -> Voice:
    """Open a voice.

    Args:
        name: Its name, with an argument where it needs one.
        limit_s: A voice with a process of its own that takes longer to open, or over a line, counts as hanging; by
            default, each kind of voice has its own limits.

    Raises:
        VoiceError: No voice has that name, or it cannot speak here; the message says what helps.
    """
    try:
        kind, argument = names.split_name(names.check_name(name))
    except VoiceNameError as error:
        text = _('{error} (did you mean "{meant}"?); write {allowed}') if error.meant else _("{error}; write {allowed}")
        raise VoiceError(text.format(error=error, meant=error.meant, allowed=allowed_text(error.allowed))) from None
    opener = _OPENERS.get(kind)
    return opener(argument, limit_s) if opener else _open_isolated(name, limit_s)


LIST_LIMIT_S: Final = 10.0
_OWN_SHARE: Final = 0.9


def available_voices(limit_s: float = LIST_LIMIT_S) -> list[VoiceState]:
    """Every voice, opened to see whether it speaks here, all of them side by side.

    Args:
        limit_s: A voice that has not told its languages by then is not usable.
    """
    until_s = time.monotonic() + limit_s
    answers = {name: _ask_in_thread(name, limit_s) for name in voice_names()}
    return [_wait_for(name, answer, until_s, limit_s) for name, answer in answers.items()]


def _ask_in_thread(name: str, limit_s: float) -> queue.SimpleQueue[VoiceState]:
    answer: queue.SimpleQueue[VoiceState] = queue.SimpleQueue()

    def ask() -> None:
        if name == AUTO:
            answer.put(VoiceState(AUTO, usable=True, state=_describe_auto()))
        elif name in _NEEDED:
            answer.put(_state_of_files(name))
        else:
            # The voice's own limit is a little shorter, so that it ends its process and says itself what hangs.
            answer.put(_state_of(name, limit_s * _OWN_SHARE))

    threading.Thread(target=ask, name=f"asking {name}", daemon=True).start()
    return answer


def _wait_for(name: str, answer: queue.SimpleQueue[VoiceState], until_s: float, limit_s: float) -> VoiceState:
    try:
        return answer.get(timeout=max(0.0, until_s - time.monotonic()))
    except queue.Empty:
        return VoiceState(
            name,
            usable=False,
            state=_("the {name} voice did not answer within {seconds} s").format(name=name, seconds=f"{limit_s:g}"),
        )


def _describe_auto() -> str:
    """Which voice speaks what."""
    offers = auto_offers()
    said = [
        _("{languages} by {name}").format(
            languages=", ".join(dict.fromkeys(map(base_code, offer.codes))), name=offer.name
        )
        for offer in offers
        if offer.codes
    ]
    others = _("everything else by {name}") if said else _("everything by {name}")
    said += [others.format(name=offer.name) for offer in offers if not offer.codes]
    return "; ".join(said)


_NEEDED: Final = MappingProxyType({PIPER: require_piper, KOKORO: require_kokoro})


def _state_of_files(name: str) -> VoiceState:
    """Whether the engine is installed: without a file there is no voice to open."""
    try:
        _NEEDED[name]()
    except VoiceError as error:
        return VoiceState(name, usable=False, state=str(error))
    return VoiceState(
        name,
        usable=True,
        state=_("neural voices from your own files: {example}").format(example=_(names.FROM_FILES[name])),
    )


def _state_of(name: str, limit_s: float) -> VoiceState:
    try:
        with contextlib.closing(open_voice(name, limit_s)) as voice:
            languages = tuple(voice.languages())
            return VoiceState(name, usable=True, state=_describe(voice, languages), languages=languages)
    except VoiceError as error:
        return VoiceState(name, usable=False, state=str(error))
    except Exception as error:  # noqa: BLE001 - a voice may come from a plug-in
        return VoiceState(
            name, usable=False, state=_("the {name} voice broke down: {error}").format(name=name, error=f"{error!r}")
        )


def _describe(voice: Voice, languages: Sequence[Language]) -> str:
    if isinstance(voice, SilentVoice):
        return _("says nothing")
    count = len({language.code for language in languages})
    version = voice.version.partition("-")[0]
    if voice.name == HIBARI:
        return _("a neural voice, {package} {version}").format(package=hibari.DISTRIBUTION, version=version)
    if voice.name == PICO:
        return _("SVOX Pico, {package} {version}, {count} languages").format(
            package=pico.DISTRIBUTION, version=version, count=count
        )
    if isinstance(voice, IsolatedVoice):
        return _("added by {origin}, {count} language codes").format(origin=voice.origin, count=count)
    what = "espeak-ng" if isinstance(voice, EspeakVoice) else _("the operating system's voices, by pyttsx3")
    return _("{what} {version}, {count} language codes").format(what=what, version=version, count=count)


OPEN_TIMEOUT_S = 30.0  # longer than the system's voice takes to find out for itself that it does not start


class OpenedRenderer(NamedTuple):
    """The result of opening a voice.

    Attributes:
        renderer: Renders the lines; `None` if there is no voice.
        notices: What the user should know.
    """

    renderer: SpeechRenderer | None
    notices: list[str]


def auto_offers() -> list[VoiceOffer]:
    """The voices that are installed, the best one for each language before others of that language.

    The neural voice for English, the user's own piper voices, Pico, on macOS and Windows the system's voices, and
    espeak, which speaks everything; never Kokoro, which may be too slow for a run. None is opened. The environment
    variable `TIMER_APP_AUTO_VOICES` names those among which to choose.
    """
    offers = [*_hibari_offers(), *_own_piper_offers(), *_pico_offers(), *_system_offers()]
    offers.append(VoiceOffer(ESPEAK, functools.partial(open_voice, ESPEAK), is_quick=True))
    wanted = {name.strip() for name in os.environ.get(names.AUTO_VARIABLE, "").split(",") if name.strip()}
    return [offer for offer in offers if offer.name in wanted] or offers


def _hibari_offers() -> Iterator[VoiceOffer]:
    if hibari.is_installed():
        codes = tuple(language.code for language in hibari.LANGUAGES)
        yield VoiceOffer(HIBARI, functools.partial(open_voice, HIBARI), hibari.hibari_version(), codes)


def _pico_offers() -> Iterator[VoiceOffer]:
    if pico.is_installed():
        codes = tuple(language.code for language in pico.languages())
        yield VoiceOffer(PICO, functools.partial(open_voice, PICO), pico.pico_version(), codes)


def _system_offers() -> Iterator[VoiceOffer]:
    # On Linux the system's voice is an espeak too.
    has_good_voices = platform.system() in {"Darwin", "Windows"}
    if has_good_voices and importlib.util.find_spec("pyttsx3") is not None:
        yield VoiceOffer(SYSTEM, functools.partial(open_voice, SYSTEM))


def _own_piper_offers() -> Iterator[VoiceOffer]:
    """The voices in the user's voice folder; a file that is no voice is passed over."""
    folder = paths.own_voices_dir()
    models = sorted(folder.glob(f"*{names.MODEL_SUFFIX}")) if folder.is_dir() else []
    if not models or importlib.util.find_spec("piper") is None:
        return
    for model in models:
        with contextlib.suppress(VoiceError, OSError):
            version, codes = describe_model(model)
            yield VoiceOffer(PIPER, functools.partial(open_voice, f"{PIPER}:{model}"), version, codes)


def open_renderer(
    name: str, style: SpeechStyle, cache: SpeechCache, *, alone: bool = False, open_s: float = OPEN_TIMEOUT_S
) -> OpenedRenderer:
    """The renderer of the voice called `name`; what that does not say is said by those that `auto` chooses.

    Args:
        name: The voice's name; `auto` for the best one for each language.
        style: What the run's options say about how lines are spoken.
        cache: Where rendered lines are stored.
        alone: Nobody takes over from a voice that was named.
        open_s: A voice that takes longer to open is skipped.
    """
    if name == SILENT:
        return OpenedRenderer(None, [])
    spares = auto_offers()
    if name == AUTO:
        offers = spares
    else:
        known = next((offer for offer in spares if offer.name == name and name in {HIBARI, PICO}), None)
        named = known or VoiceOffer(name, functools.partial(open_voice, name))
        # Who asks for the robot gets the robot.
        alone = alone or name == ESPEAK
        offers = [named] if alone else [named, *(offer for offer in spares if offer is not known)]
    notices: list[str] = []
    # A voice of which nothing is known yet is opened now, so that what it said in earlier runs is found.
    while offers and not offers[0].version:
        following = offers[1:]
        try:
            voice = open_voice_within(offers[0].open, offers[0].name, open_s)
        except VoiceError as error:
            notices.append(
                _("Another voice speaks: {error}; {name} takes over.").format(error=error, name=following[0].name)
                if following
                else _("No voice: {error}").format(error=error)
            )
            offers = following
            continue
        offers = [VoiceOffer.of(voice, offers[0].open), *following]
    return OpenedRenderer(SpeechRenderer(offers, cache, style) if offers else None, notices)


def open_voice_within(opener: Callable[[], Voice], name: str, limit_s: float) -> Voice:
    """Open a voice that may come from a plug-in.

    Raises:
        VoiceError: It does not open, breaks down, or takes longer than `limit_s`.
    """
    outcome: queue.SimpleQueue[Voice | VoiceError] = queue.SimpleQueue()

    def attempt() -> None:
        try:
            outcome.put(opener())
        except VoiceError as error:
            outcome.put(error)
        except Exception as error:  # noqa: BLE001 - a voice may come from a plug-in
            outcome.put(VoiceError(_("the {name} voice broke down: {error}").format(name=name, error=f"{error!r}")))

    threading.Thread(target=attempt, name=f"opening {name}", daemon=True).start()
    try:
        found = outcome.get(timeout=limit_s)
    except queue.Empty:
        raise VoiceError(
            _("the {name} voice did not open within {seconds} s").format(name=name, seconds=f"{limit_s:g}")
        ) from None
    if isinstance(found, VoiceError):
        raise found
    return found
