"""The user's settings: what each is for, its range, and its default.

`Settings` is the only place where a setting is declared. The model that checks the file (`schema`), the options of the
command line (`timer_app.cli.options`), the settings screen (`timer_app.tui.settings`) and the table in docs/settings.md
are drawn from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, Any, Final, Literal, NamedTuple, get_args

from timer_app.core.constraints import (
    COMPANIES,
    DEFAULT_COMPANY,
    DEFAULT_OUTPUT,
    DEFAULT_VERBOSITY,
    DEFAULT_VOLUME,
    MAX_LATENCY_MS,
    MAX_PITCH,
    MAX_RATE,
    MAX_VOLUME,
    MIN_RATE,
    VERBOSITIES,
    Company,
    Verbosity,
)
from timer_app.core.i18n import N_, languages
from timer_app.core.timeline.utterance import DEFAULT_PITCH
from timer_app.tts import DEFAULT_VOICE

_ON_OFF: Final[Mapping[str | bool, str]] = {True: N_("on"), False: N_("off")}

# The languages that the coach has phrases in, each by its own name.
_LANGUAGES: Final[Mapping[str | bool, str]] = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "ja": "日本語",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "zh": "中文",
}

Digits = Literal["auto", "blocks", "smooth"]
"""How large letters and digits are drawn."""

AUTOMATIC: Final = "auto"
Group = Literal["Coach", "Sound", "Screen", "History", "Keys"]
GROUP_TITLES: Final[Mapping[Group, str]] = {
    "Coach": N_("Coach"),
    "Sound": N_("Sound"),
    "Screen": N_("Screen"),
    "History": N_("History"),
    "Keys": N_("Keys"),
}
"""What the groups are called, in the order of the settings screen."""


# Every command loads this table to declare its options, and a named tuple is made faster than a dataclass.
class Setting(NamedTuple):
    """What is known of a setting.

    Attributes:
        group: What it belongs to.
        label: What it is called on the settings screen, in few words.
        description: What it does, in sentences: for the settings screen and for docs/settings.md.
        allowed: What it can be, for docs/settings.md, where neither limits nor choices say so.
        option: The option of the command line that sets it for one run; empty if there is none.
        option_help: Help for that option; empty for the description.
        limits: The smallest and the largest number.
        step: By how much one press of an arrow key changes the number.
        usual: From where an arrow key changes the number if there is none.
        unit: What the number counts; empty if the description says so.
        sign: The unit behind the number on the settings screen.
        choices: What it can be; empty if it is typed.
        words: What single values are called on the settings screen.
        unset_label: What holds if it has no value, for the settings screen.
        needs_restart: It takes effect at the next start.
        key: Its name in the file. This and the rest come from the field of `Settings`.
        type: The type of its value.
        default: Its value where the file has none.
    """

    group: Group
    label: str
    description: str
    allowed: str = ""
    option: str = ""
    option_help: str = ""
    limits: tuple[float, float] | None = None
    step: float = 0
    usual: float = 0
    unit: str = ""
    sign: str = ""
    choices: tuple[str | bool, ...] = ()
    words: Mapping[str | bool, str] = _ON_OFF
    unset_label: str = ""
    needs_restart: bool = False
    key: str = ""
    type: Any = None
    default: Any = None

    @property
    def is_table(self) -> bool:
        """Whether it is a table of names and texts."""
        return isinstance(self.default, Mapping)


@dataclass(frozen=True)
class Settings:
    """The user's settings, in the order in which the settings screen lists them."""

    level: Annotated[
        float,
        Setting(
            "Coach",
            N_("Dose level"),
            N_("Where in each range of doses to work, from 0 (low end) to 1 (high end)."),
            option="--level",
            option_help="Where in each range to work: 0 is the low end, 1 the high end.",
            limits=(0, 1),
            step=0.05,
        ),
    ] = 0.0
    voice: Annotated[
        str,
        Setting(
            "Coach",
            N_("Voice"),
            N_("Who speaks; `auto` takes the best voice installed for each language."),
            allowed="`auto`, `hibari`, `espeak`, `system`, `pico`, `piper:FILE.onnx`, `kokoro:FILE.onnx`, `none`, or "
            "an added one",
            option="--voice",
            option_help="Who speaks.",
            words={
                "auto": N_("best installed"),
                "hibari": "Hibari",
                "espeak": "eSpeak NG",
                "system": N_("the system's"),
                "pico": "SVOX Pico",
                "none": N_("nobody"),
            },
        ),
    ] = DEFAULT_VOICE
    rate: Annotated[
        int | None,
        Setting(
            "Coach",
            N_("Speaking rate"),
            N_("Words a minute; without it, each voice speaks at the rate at which it is understood best."),
            option="--rate",
            option_help="Words a minute.",
            limits=(MIN_RATE, MAX_RATE),
            step=10,
            usual=160,
            sign=N_("words/min"),
            unset_label=N_("usual"),
        ),
    ] = None
    pitch: Annotated[
        int,
        Setting(
            "Coach",
            N_("Pitch"),
            N_("How high the voice is, from 0 to 100."),
            option="--pitch",
            option_help="How high the voice is.",
            limits=(0, MAX_PITCH),
            step=5,
        ),
    ] = DEFAULT_PITCH
    lexicon: Annotated[
        Mapping[str, str],
        Setting(
            "Coach",
            N_("Pronunciation"),
            N_("Words that the voice gets wrong, each with its spelling for the voice."),
        ),
    ] = field(default_factory=dict)
    language: Annotated[
        str | None,
        Setting(
            "Coach",
            N_("Language"),
            N_("The language to be guided in, such as `de`, where a session is translated into it."),
            option="--language",
            option_help="The language to be guided in, such as de, where the session is translated into it.",
            unset_label=N_("as the screen"),
            words=_LANGUAGES,
            needs_restart=True,
        ),
    ] = None
    verbosity: Annotated[
        Verbosity,
        Setting(
            "Coach",
            N_("What is said"),
            N_("How much the coach says: everything, no explanations, or nothing but tones."),
            option="--verbosity",
            option_help="How much is said: everything, no explanations, or nothing but tones.",
            choices=VERBOSITIES,
            words={"full": N_("everything"), "brief": N_("no explanations"), "tones": N_("only tones")},
        ),
    ] = DEFAULT_VERBOSITY
    fewer_words: Annotated[
        bool,
        Setting(
            "Coach",
            N_("Fewer words"),
            N_("Less is said of a session the more often it was done. Off, everything is explained each time."),
        ),
    ] = True
    company: Annotated[
        Company,
        Setting(
            "Coach",
            N_("Company"),
            N_("How soon a long silence in holds and rests is broken by a few words."),
            choices=COMPANIES,
            words={"often": N_("often"), "some": N_("sometimes"), "none": N_("never")},
        ),
    ] = DEFAULT_COMPANY
    breath_tones: Annotated[
        bool,
        Setting(
            "Sound",
            N_("Breath tones"),
            N_("Tones rise and fall with each breath. Off, ticks mark where its parts begin."),
        ),
    ] = True
    volume: Annotated[
        int,
        Setting(
            "Sound",
            N_("Volume"),
            N_("Loudness in percent."),
            option="--volume",
            limits=(0, MAX_VOLUME),
            step=5,
            sign="%",
        ),
    ] = DEFAULT_VOLUME
    output: Annotated[
        str,
        Setting(
            "Sound",
            N_("Output"),
            N_("What plays the sound; `auto` takes the best one there is, `file:PATH.wav` writes it down."),
            option="--output",
            option_help="What plays the sound; file:PATH.wav writes down what is heard.",
            words={
                "auto": N_("best available"),
                "pulseaudio": "PulseAudio",
                "sounddevice": "PortAudio",
                "null": N_("none"),
            },
        ),
    ] = DEFAULT_OUTPUT
    latency_ms: Annotated[
        int,
        Setting(
            "Sound",
            N_("Headset delay"),
            N_("By how much later than usual a headset is heard; the screen keeps in step with the ear."),
            option="--latency-ms",
            option_help="By how much later than usual your headset is heard; the screen waits for it.",
            limits=(0, MAX_LATENCY_MS),
            step=10,
            unit="milliseconds",
            sign="ms",
        ),
    ] = 0
    sound: Annotated[
        bool,
        Setting(
            "Sound",
            N_("Sound"),
            N_("The coach speaks and tones are played. Off, everything is silent."),
            option="--no-sound",
            option_help="Silent: no voice, no tones.",
        ),
    ] = True
    history: Annotated[
        bool,
        Setting(
            "History",
            N_("Keep a history"),
            N_("What you do is written down on this computer. Off, nothing is."),
            option="--history/--no-history",
            option_help="Whether the run is written into the history; else by the settings, and at true speed only.",
        ),
    ] = True
    growth: Annotated[
        bool,
        Setting(
            "History",
            N_("Growing doses"),
            N_("Doses grow with what was done. Off, they stay where the dose level has them."),
        ),
    ] = True
    day_start: Annotated[
        str,
        Setting(
            "History",
            N_("Day begins at"),
            N_("When a day of a programme begins, such as `04:00` for who trains after midnight."),
            needs_restart=True,
        ),
    ] = "00:00"
    screen_language: Annotated[
        str,
        Setting(
            "Screen",
            N_("Screen language"),
            N_("The language of screens and messages; `auto` takes that of the coach (`language`) or of your system."),
            choices=(AUTOMATIC, *languages()),
            words={AUTOMATIC: N_("automatic"), **_LANGUAGES},
            needs_restart=True,
        ),
    ] = AUTOMATIC
    theme: Annotated[
        str | None,
        Setting("Screen", N_("Colours"), N_("The colour theme of the screen."), unset_label="timer-dark"),
    ] = None
    flash: Annotated[
        bool,
        Setting("Screen", N_("Flash"), N_("The time on the screen flashes with each beep of a countdown.")),
    ] = True
    reduced_motion: Annotated[
        bool, Setting("Screen", N_("Less motion"), N_("Nothing on the screen flashes or glides."))
    ] = False
    digits: Annotated[
        Digits,
        Setting(
            "Screen",
            N_("Large digits"),
            N_("How large letters and digits are drawn. Smooth ones need a font or a terminal with quarter blocks."),
            allowed="`auto` (smooth where the terminal is known to draw blocks itself), `blocks` or `smooth`",
            choices=get_args(Digits),
            words={"auto": N_("by terminal"), "blocks": N_("half blocks"), "smooth": N_("smooth")},
        ),
    ] = "auto"
    sound_theme: Annotated[
        str | None,
        Setting(
            "Sound",
            N_("Cue sounds"),
            N_("The set of cue sounds, in place of the session's own."),
            option="--theme",
            option_help="The set of cue sounds: calm, clear, gym, wood, or your own.",
            unset_label=N_("per session"),
        ),
    ] = None
    sounds: Annotated[
        Mapping[str, str],
        Setting(
            "Sound",
            N_("Own sounds"),
            N_('WAV files of your sound folder in place of single cue sounds, such as `start = "gong.wav"`.'),
        ),
    ] = field(default_factory=dict)
    keys: Annotated[
        Mapping[str, str],
        Setting(
            "Keys",
            N_("Own keys"),
            N_('Keys for commands of the screen, such as `pause = "space,p"`.'),
            needs_restart=True,
        ),
    ] = field(default_factory=dict)


def _declared_settings() -> dict[str, Setting]:
    defaults = Settings()
    return {each.name: _completed(each.name, each.type, getattr(defaults, each.name)) for each in fields(Settings)}


def _completed(key: str, annotation: Any, default: Any) -> Setting:
    setting: Setting = annotation.__metadata__[0]
    choices = (True, False) if annotation.__origin__ is bool else setting.choices
    return setting._replace(choices=choices, key=key, type=annotation.__origin__, default=default)


SETTINGS: Final[Mapping[str, Setting]] = _declared_settings()
"""Every setting by its key."""
