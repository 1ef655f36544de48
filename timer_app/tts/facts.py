"""What each voice costs and gives, as measured, for those who choose one."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, NamedTuple

from timer_app.core.i18n import N_
from timer_app.tts.names import ESPEAK, HIBARI, KOKORO, PICO, PIPER, SYSTEM


class VoiceFacts(NamedTuple):
    """What is known of a voice; all of it is text that `timer-app voices` shows.

    Attributes:
        speaks: Its languages.
        natural: How natural it sounds, from 1 to 5, as DistillMOS estimates it.
        speed: How many times faster than real time it renders, on one core.
        size: How much it adds to an installation.
        licence: Its licence.
    """

    speaks: str
    natural: str
    speed: str
    size: str
    licence: str


# Measured as docs/voices.md says.
FACTS: Final = MappingProxyType(
    {
        HIBARI: VoiceFacts(N_("English"), "4.2", "75 x", N_("98 MB, 245 MB of memory"), "Apache-2.0"),
        ESPEAK: VoiceFacts(N_("over 100 languages"), "2.6", "480 x", N_("bundled"), "GPL-3.0-or-later"),
        SYSTEM: VoiceFacts(N_("as installed"), "-", "-", "1 MB", N_("that of your system; pyttsx3 MPL-2.0")),
        PICO: VoiceFacts("de, en, es, fr, it", "3.2", "140 x", N_("8 MB, 46 MB of memory"), "Apache-2.0"),
        PIPER: VoiceFacts(
            N_("one language a file"),
            "3.8",
            "7 x",
            N_("185 MB, 335 MB of memory"),
            N_("GPL-3.0; the voice its own"),
        ),
        KOKORO: VoiceFacts(
            "en, es, fr, it, pt-BR", "4.2", "1.4 x", N_("170 MB, 760 MB of memory"), N_("GPL-3.0; the voice its own")
        ),
    }
)
