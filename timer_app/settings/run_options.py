"""From the user's settings to the options of a run."""

from __future__ import annotations

from dataclasses import fields, replace

from timer_app.run import RunDefaults, RunOptions
from timer_app.settings.settings import Settings
from timer_app.system import paths

_DEFAULTS = frozenset(field.name for field in fields(RunDefaults))


def options_from_settings(settings: Settings) -> RunOptions:
    """The options of a run for which nothing else was asked."""
    return RunOptions(
        defaults=RunDefaults(settings.level, settings.voice, settings.rate, settings.pitch),
        lexicon=settings.lexicon,
        verbosity=settings.verbosity,
        breath_tones=settings.breath_tones,
        volume=settings.volume,
        sound=settings.sound,
        output=settings.output,
        latency_ms=settings.latency_ms,
        sound_theme=settings.sound_theme,
        sounds=own_sounds(settings),
        growth=settings.growth,
        company=settings.company,
        fewer_words=settings.fewer_words,
    )


def with_setting(options: RunOptions, settings: Settings, key: str) -> RunOptions:
    """The options for later runs, once the setting `key` was changed; what else was asked for at the start stays."""
    name = "defaults" if key in _DEFAULTS else key
    if not hasattr(options, name):
        return options
    return replace(options, **{name: getattr(options_from_settings(settings), name)})


def own_sounds(settings: Settings) -> dict[str, str]:
    """The user's files that replace single cue sounds, with full paths: a session may have a file of the same name."""
    return {sound: str(paths.own_sounds_dir() / file) for sound, file in settings.sounds.items()}
