"""`timer-app voices`: lists voices, whether they speak on this computer, and their languages."""

from __future__ import annotations

from collections.abc import Iterator

import click

from timer_app.cli.output import echo_lines, format_table, yes_or_no


@click.command()
@click.option("--languages", is_flag=True, help="Also the languages of each voice.")
def voices(*, languages: bool) -> None:
    """List the voices, and whether they speak here."""
    from timer_app.tts import available_voices

    states = available_voices()
    rows = [("VOICE", "USABLE", "STATE"), *((name, yes_or_no(usable), state) for name, usable, state in states)]
    lines = list(format_table(rows))
    if languages:
        spoken = [row for state in states if state.usable for row in _language_rows(state.name)]
        lines += ["", *format_table([("VOICE", "LANGUAGE", "NAME"), *spoken])]
    echo_lines(lines)


def _language_rows(name: str) -> Iterator[tuple[str, str, str]]:
    from timer_app.tts import VoiceError, open_voice

    try:
        voice = open_voice(name)
    except VoiceError:
        return
    try:
        for language in voice.languages():
            yield name, language.code, language.name
    finally:
        voice.close()
