"""`timer-app voices`: lists voices and what they cost, plays a sample of them, and fetches one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timer_app.cli.errors import FAULT, PROGRAM, USAGE, CommandError
from timer_app.cli.options import LANGUAGE, OUTPUT, examples
from timer_app.cli.output import echo, echo_lines, slow_progress
from timer_app.cli.parameters import VoiceParam
from timer_app.cli.resources import confirm, load_library, load_user_settings
from timer_app.cli.signals import raise_on_stop_signal
from timer_app.cli.tables import Column, echo_table, usable_cell
from timer_app.core.diagnostics import command_text
from timer_app.core.i18n import _
from timer_app.system import guarded_stderr, paths

if TYPE_CHECKING:
    from timer_app.tts.voice_files import VoiceSource

_SAMPLES = {
    "en": "Right side. Slide down slowly, breathe out, and stay for twenty seconds.",
    "de": "Rechte Seite. Geh langsam tiefer, atme aus und bleib zwanzig Sekunden.",
}

_EACH = "auto"  # the one name that is no voice of its own


@click.group(
    invoke_without_command=True,
    subcommand_metavar="[get ...]",
    epilog=examples("voices", "voices --sample", "voices --sample espeak --language de"),
)
@click.option("--languages", is_flag=True, help="Also the languages of each voice.")
@click.option(
    "--sample", type=VoiceParam(), is_flag=False, flag_value=_EACH, help="Hear a voice; without a name, each in turn."
)
@LANGUAGE
@OUTPUT
@click.pass_context
def voices(
    context: click.Context, *, languages: bool, sample: str | None, language: str | None, output: str | None
) -> None:
    """List the voices, what they cost, and whether they speak here.

    With --sample one is heard instead. `voices get` fetches a piper voice.
    """
    if context.invoked_subcommand is not None:
        return
    if sample is not None:
        _play_sample(sample, language, output)
    else:
        _list_voices(languages=languages)


def _list_voices(*, languages: bool) -> None:
    from timer_app.tts import available_voices
    from timer_app.tts.facts import FACTS

    states = available_voices()
    rows = [(each.name, usable_cell(usable=each.usable), each.state) for each in states]
    facts = [(each.name, *(_(fact) for fact in FACTS[each.name])) for each in states if each.name in FACTS]
    echo_table(
        [(_("VOICE"), _("USABLE"), _("STATE")), *rows], (Column("bold"), Column(), Column(wraps=True)), cut=False
    )
    echo("")
    number = Column("cyan", right=True)
    heading = (_("VOICE"), _("SPEAKS"), _("NATURAL"), _("SPEED"), _("SIZE"), _("LICENCE"))
    columns = (Column("bold"), Column(wraps=True), number, number, Column(wraps=True), Column(wraps=True))
    echo_table([heading, *facts], columns, cut=False)
    if languages:
        spoken = [(each.name, language.code, language.name) for each in states for language in each.languages]
        echo("")
        echo_table([(_("VOICE"), _("LANGUAGE"), _("NAME")), *spoken], (Column("bold"), Column("cyan")), cut=False)


def _usable_voices(language: str) -> list[str]:
    """The voices that speak a language here, without those that need a file."""
    from timer_app.core.wording.languages import best_match
    from timer_app.tts import available_voices

    return [
        each.name for each in available_voices() if each.usable and best_match(language, [c for c, _ in each.languages])
    ]


def _play_sample(name: str, language: str | None, output: str | None) -> None:
    """Let a voice say a line, or each voice in turn.

    Raises:
        CommandError: Nothing is heard.
    """
    from timer_app.audio.base import AudioError
    from timer_app.core.timeline.utterance import Manner
    from timer_app.run import SoundOptions
    from timer_app.run.sound_check import iter_sound_check
    from timer_app.settings import coach_language, options_from_settings
    from timer_app.tts import SpeechStyle

    settings = load_user_settings()
    options = options_from_settings(settings)
    code = coach_language(settings, language)
    line = _SAMPLES.get(code.partition("-")[0]) or load_library(code, settings).phrases(code).session_half
    style = SpeechStyle(usual=Manner(settings.rate, settings.pitch), fixed=Manner(language=code))
    try:
        with raise_on_stop_signal(), guarded_stderr(paths.log_file()):
            for each in _usable_voices(code) if name == _EACH else [name]:
                choice = SoundOptions(each, style, output or options.output, options.volume)
                for step in iter_sound_check(choice, lambda _sound: None, (), line):
                    echo(f"{each}: {step}")
    except AudioError as error:
        raise CommandError(f"{PROGRAM}: {error}") from None


@voices.command("get")
@click.argument("name")
@click.argument("url")
@click.option("--sha256", required=True, metavar="DIGITS", help="The checksum that the model has to have.")
@click.option("--licence", metavar="URL", help="Where its licence is; usually beside the model.")
@click.option("--yes", is_flag=True, help="Agree to the licence without being asked.")
@click.option("--force", is_flag=True, help="Replace a voice of that name.")
def get_voice(  # noqa: PLR0913 - the options of the command
    *, name: str, url: str, sha256: str, licence: str | None, yes: bool, force: bool
) -> None:
    """Fetch a piper voice from URL, and save it as NAME in your voice folder.

    Its licence is shown first. This uses the network; nothing else does.
    """
    from timer_app.tts import voice_files

    with _file_errors(), raise_on_stop_signal():
        source = voice_files.checked_source(url, sha256)
        target = voice_files.model_path(name, paths.own_voices_dir())
        if target.exists() and not force:
            raise CommandError(
                f"{PROGRAM}: " + _("{target} is there already; --force replaces it").format(target=target),
                USAGE,
            )
        _agree(source, target, licence, yes=yes)
        with slow_progress(_("Fetching"), in_bytes=True) as progress:
            voice_files.fetch_voice(source, target, progress)
    echo(_("Saved {target}").format(target=target))
    echo(_("Hear it: {command}").format(command=command_text("voices --sample", f"piper:{target}")))


def _agree(source: VoiceSource, target: Path, licence: str | None, *, yes: bool) -> None:
    """Show the licence, and ask.

    Raises:
        CommandError: There is no terminal to ask at.
        click.Abort: The user says no.
    """
    from timer_app.tts import voice_files

    address, text = voice_files.find_licence(source, licence)
    if address:
        echo_lines([_("Licence ({address}):").format(address=address), "", *text.rstrip().splitlines(), ""])
    else:
        echo(
            _("No licence was found beside the voice. Find out what it may be used for, and name it by --licence URL.")
        )
    question = _("Fetch {url} to {target}?").format(url=source.url, target=target)
    if yes:
        return
    confirm(PROGRAM, question, _("Nothing was fetched."))


@contextmanager
def _file_errors() -> Iterator[None]:
    from timer_app.tts.voice_files import VoiceFileError

    try:
        yield
    except VoiceFileError as error:
        raise CommandError(f"{PROGRAM}: {error}", FAULT) from None
