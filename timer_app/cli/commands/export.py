"""`timer-app export`: writes a session into a sound file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.options import examples, export_options
from timer_app.cli.output import echo, echo_error, slow_progress
from timer_app.cli.parameters import STANDARD_OUTPUT, NewFileParam, SessionParam
from timer_app.cli.resources import (
    check_theme,
    find_session,
    load_library,
    load_session,
    load_user_settings,
    open_tracker,
)
from timer_app.cli.screens import make_run_options
from timer_app.cli.signals import StopRequest, defer_stop_signals
from timer_app.core.i18n import _
from timer_app.core.wording.formatting import length_text
from timer_app.export import Targets, resolve_targets
from timer_app.system import install_command
from timer_app.system.files import TargetError

if TYPE_CHECKING:
    from timer_app.core.timeline import Timeline
    from timer_app.export import OfflineRun, ProgressCallback
    from timer_app.run import RunOptions
    from timer_app.settings import Settings

# Whoever plays the file sets the volume there, so the one in the settings does not apply.
_FULL_VOLUME = 100


@click.command(
    epilog=examples(
        "export desk-break desk.m4a",
        "export desk-break desk.mp3 --theme wood",
        "export desk-break desk.wav --voice espeak",
    )
)
@click.argument("name", type=SessionParam())
@click.argument("file", type=NewFileParam())
@export_options
def export(name: str, file: Path, *, captions: bool, cue_sheet: bool, force: bool, **options: Any) -> None:
    """Write a session into a sound file.

    NAME is one that `list` shows, or a path. The ending of FILE says which kind of file: .m4a, .mp3, .opus, .flac or
    .wav. It holds what a run would play, with a chapter for each step.
    """
    targets = _targets(file, captions=captions, cue_sheet=cue_sheet, force=force)
    settings = load_user_settings(options.get("language"))
    library = load_library(options.get("language"), settings)
    entry = find_session(library, name)
    session = load_session(library, entry, options.get("language"))
    check_theme(library, options.get("theme"))
    chosen = _make_run_options(settings, options)
    # In the wordings of the next run, but with everything explained: who will hear it, and how often, nobody knows.
    chosen = replace(open_tracker(settings, {}).resolve_familiarity(chosen, entry.id, entry.path), times_done=0)
    _require_encoder(targets)
    from timer_app.export import open_offline_run

    with defer_stop_signals() as request:
        offline_run = open_offline_run(session, chosen, library, entry.path)
        with closing(offline_run.run):
            timeline = _render_and_write(offline_run, targets, session.summary or "", request)
            for notice in offline_run.run.refresh():
                echo_error(notice)
    files = ", ".join(str(path) for path in targets.paths)
    echo(f"{timeline.name}, {length_text(timeline.total_ms)}: {files}")


def _targets(file: Path, *, captions: bool, cue_sheet: bool, force: bool) -> Targets:
    """The files to write.

    Raises:
        CommandError: They cannot be written there.
    """
    if file == STANDARD_OUTPUT:
        text = _("a sound file does not go to standard output; name one, such as {example}")
        raise CommandError(f"{PROGRAM}: {text.format(example='desk.m4a')}", USAGE)
    try:
        return resolve_targets(file, captions=captions, cue_sheet=cue_sheet, force=force)
    except TargetError as error:
        raise CommandError(f"{PROGRAM}: {error}", USAGE) from None


def _make_run_options(settings: Settings, given: dict[str, Any]) -> RunOptions:
    """The options of a live run, but always with sound, at true speed, and with no output device."""
    volume = given.get("volume")
    heard = replace(make_run_options(settings, given), sound=True, speed=1.0, output="null")
    return replace(heard, volume=_FULL_VOLUME if volume is None else volume)


def _require_encoder(targets: Targets) -> None:
    if targets.ending == "wav":
        return
    try:
        import av
        import PIL  # noqa: F401 - only asked for
    except ImportError:
        raise CommandError(
            f"{PROGRAM}: "
            + _("{ending} files need more than comes along (wav files do not): {command}").format(
                ending=targets.ending, command=install_command("export")
            )
        ) from None
    av.logging.set_level(None)


def _render_and_write(offline_run: OfflineRun, targets: Targets, comment: str, request: StopRequest) -> Timeline:
    from timer_app.audio.base import AudioError
    from timer_app.export import ExportError, wait_until_ready, write_session

    try:
        with _progress_bar(_("Speaking"), request) as progress:
            wait_until_ready(offline_run.run, progress)
        with _progress_bar(_("Writing"), request) as progress:
            return write_session(offline_run, targets, comment, progress)
    except ExportError as error:
        notices = " ".join(offline_run.run.refresh())
        raise CommandError(f"{PROGRAM}: {error}. {notices}".rstrip()) from None
    except AudioError as error:
        raise CommandError(f"{PROGRAM}: {error}") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CommandError(
            f"{PROGRAM}: " + _("{sound} cannot be written: {reason}").format(sound=targets.sound, reason=reason)
        ) from None


@contextmanager
def _progress_bar(label: str, request: StopRequest) -> Iterator[ProgressCallback]:
    """A bar for what takes a while; every update raises a requested stop."""
    with slow_progress(label) as shown:

        def progress(done: int, total: int) -> None:
            shown(done, total)
            request.raise_if_requested()

        yield progress
