"""The user's settings: what each is for, its range, and its default.

`Settings` is the only place where a setting is declared. The model that checks the file (`schema`), the options of the
command line (`timer_app.cli.options`), the settings screen (`timer_app.tui.settings`) and the table in docs/settings.md
are drawn from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, Any, Final, Literal, NamedTuple

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
from timer_app.core.i18n import languages
from timer_app.core.timeline.utterance import DEFAULT_PITCH
from timer_app.tts import DEFAULT_VOICE

AUTOMATIC: Final = "auto"
Group = Literal["Training", "Voice", "Sound", "Screen"]


# Every command loads this table to declare its options, and a named tuple is made faster than a dataclass.
class Setting(NamedTuple):
    """What is known of a setting.

    Attributes:
        group: What it belongs to.
        description: What it does, in sentences: for the settings screen and for docs/settings.md.
        option: The option of the command line that sets it for one run; empty if there is none.
        option_help: Help for that option; empty for the description.
        limits: The smallest and the largest number.
        unit: What the number counts; empty if the description says so.
        choices: What it can be; empty if it is typed.
        unset_label: What holds if it has no value, for the settings screen.
        needs_restart: It takes effect at the next start.
        key: Its name in the file. This and the rest come from the field of `Settings`.
        type: The type of its value.
        default: Its value where the file has none.
    """

    group: Group
    description: str
    option: str = ""
    option_help: str = ""
    limits: tuple[float, float] | None = None
    unit: str = ""
    choices: tuple[str | bool, ...] = ()
    unset_label: str = ""
    needs_restart: bool = False
    key: str = ""
    type: Any = None
    default: Any = None

    @property
    def is_table(self) -> bool:
        """Whether it is a table, which can only be written in the file."""
        return isinstance(self.default, Mapping)


@dataclass(frozen=True)
class Settings:
    """The user's settings, in the order in which the settings screen lists them."""

    level: Annotated[
        float,
        Setting(
            "Training",
            "Where in each range of doses to work, from 0 (low end) to 1 (high end).",
            option="--level",
            option_help="Where in each range to work: 0 is the low end, 1 the high end.",
            limits=(0, 1),
        ),
    ] = 0.0
    voice: Annotated[
        str,
        Setting(
            "Voice",
            "Who speaks: `auto` (for each language the best voice installed), `hibari`, `espeak`, `system`, `pico`, "
            "`piper:FILE.onnx`, `kokoro:FILE.onnx`, `none`, or an added one.",
            option="--voice",
            option_help="Who speaks.",
        ),
    ] = DEFAULT_VOICE
    rate: Annotated[
        int | None,
        Setting(
            "Voice",
            "Words a minute; without it, each voice speaks at the rate at which it is understood best.",
            option="--rate",
            option_help="Words a minute.",
            limits=(MIN_RATE, MAX_RATE),
            unset_label="usual",
        ),
    ] = None
    pitch: Annotated[
        int,
        Setting(
            "Voice",
            "How high the voice is, from 0 to 100.",
            option="--pitch",
            option_help="How high the voice is.",
            limits=(0, MAX_PITCH),
        ),
    ] = DEFAULT_PITCH
    lexicon: Annotated[
        Mapping[str, str],
        Setting("Voice", "Words that the voice gets wrong, each with its spelling for the voice."),
    ] = field(default_factory=dict)
    language: Annotated[
        str | None,
        Setting(
            "Voice",
            "The language to be guided in, such as `de`, where a session is translated into it.",
            option="--language",
            option_help="The language to be guided in, such as de, where the session is translated into it.",
            unset_label="as in the session",
            needs_restart=True,
        ),
    ] = None
    verbosity: Annotated[
        Verbosity,
        Setting(
            "Voice",
            "How much the coach says: `full`, `brief` or `tones`.",
            option="--verbosity",
            option_help="How much is said: everything, no explanations, or nothing but tones.",
            choices=VERBOSITIES,
        ),
    ] = DEFAULT_VERBOSITY
    fewer_words: Annotated[
        bool,
        Setting(
            "Voice",
            "`false` explains everything each time; else less is said of a session the more often it was done.",
        ),
    ] = True
    company: Annotated[
        Company,
        Setting(
            "Voice",
            "How soon a long silence in holds and rests is broken by a few words: `often`, `some` or `none`.",
            choices=COMPANIES,
        ),
    ] = DEFAULT_COMPANY
    breath_tones: Annotated[
        bool,
        Setting(
            "Sound",
            "`false` has ticks where parts with a breath begin, in place of tones that rise and fall with it.",
        ),
    ] = True
    volume: Annotated[int, Setting("Sound", "Loudness in percent.", option="--volume", limits=(0, MAX_VOLUME))] = (
        DEFAULT_VOLUME
    )
    output: Annotated[
        str,
        Setting(
            "Sound",
            "What plays the sound; `auto` takes the best one there is, `file:PATH.wav` writes it down.",
            option="--output",
            option_help="What plays the sound; file:PATH.wav writes down what is heard.",
        ),
    ] = DEFAULT_OUTPUT
    latency_ms: Annotated[
        int,
        Setting(
            "Sound",
            "By how much later than usual a headset is heard; the screen keeps in step with the ear.",
            option="--latency-ms",
            option_help="By how much later than usual your headset is heard; the screen waits for it.",
            limits=(0, MAX_LATENCY_MS),
            unit="milliseconds",
        ),
    ] = 0
    sound: Annotated[
        bool,
        Setting(
            "Sound", "`false` keeps everything silent.", option="--no-sound", option_help="Silent: no voice, no tones."
        ),
    ] = True
    history: Annotated[
        bool,
        Setting(
            "Training",
            "`false` writes nothing down of what was done.",
            option="--history/--no-history",
            option_help="Whether the run is written into the history; else by the settings, and at true speed only.",
        ),
    ] = True
    growth: Annotated[
        bool, Setting("Training", "`false` keeps doses where `level` has them; else they grow with what was done.")
    ] = True
    day_start: Annotated[
        str,
        Setting(
            "Training",
            "When a day of a programme begins, such as `04:00` for who trains after midnight.",
            needs_restart=True,
        ),
    ] = "00:00"
    screen_language: Annotated[
        str,
        Setting(
            "Screen",
            "The language of screens and messages; `auto` takes that of the coach (`language`) or of your system.",
            choices=(AUTOMATIC, *languages()),
            needs_restart=True,
        ),
    ] = AUTOMATIC
    theme: Annotated[
        str | None, Setting("Screen", "The name of the screen's colour theme.", unset_label="timer-dark")
    ] = None
    flash: Annotated[bool, Setting("Screen", "The time on the screen flashes with each beep of a countdown.")] = True
    reduced_motion: Annotated[bool, Setting("Screen", "Nothing on the screen flashes or glides.")] = False
    sound_theme: Annotated[
        str | None,
        Setting(
            "Sound",
            "The set of cue sounds, in place of the session's own.",
            option="--theme",
            option_help="The set of cue sounds: calm, clear, gym, wood, or your own.",
            unset_label="as in the session",
        ),
    ] = None
    sounds: Annotated[
        Mapping[str, str],
        Setting(
            "Sound",
            'WAV files of the user\'s sound folder in place of single cue sounds, such as `start = "gong.wav"`.',
        ),
    ] = field(default_factory=dict)
    keys: Annotated[
        Mapping[str, str], Setting("Screen", 'Keys for commands of the screen, such as `pause = "space,p"`.')
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
