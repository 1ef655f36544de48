"""`timer-app voices`: lists voices, whether they speak on this computer, and their languages."""

from __future__ import annotations

import click

from timer_app.cli.output import echo_lines, format_table, yes_or_no


@click.command()
@click.option("--languages", is_flag=True, help="Also the languages of each voice.")
def voices(*, languages: bool) -> None:
    """List the voices, and whether they speak here."""
    from timer_app.tts import available_voices

    states = available_voices()
    rows = [("VOICE", "USABLE", "STATE"), *((each.name, yes_or_no(each.usable), each.state) for each in states)]
    lines = list(format_table(rows))
    if languages:
        spoken = [(each.name, language.code, language.name) for each in states for language in each.languages]
        lines += ["", *format_table([("VOICE", "LANGUAGE", "NAME"), *spoken])]
    echo_lines(lines)
