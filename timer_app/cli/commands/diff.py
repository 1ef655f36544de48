"""`timer-app diff`: tells what differs between two sessions, and writes one as text for tools that compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from timer_app.cli.options import AS_JSON, LANGUAGE, examples
from timer_app.cli.output import echo_drawn, echo_json, echo_lines
from timer_app.cli.parameters import SessionParam
from timer_app.cli.resources import find_session, load_library, load_session, load_user_settings
from timer_app.cli.tables import styled
from timer_app.core.i18n import _

if TYPE_CHECKING:
    from timer_app.core.wording.difference import SessionContent

_STYLES = {"-": "red", "+": "green", "~": "yellow", "": ""}


@click.command(
    epilog=examples("diff desk-break mine.toml", "diff mine.toml", "diff upper-back-release full-programme --json")
)
@click.argument("before", metavar="A", type=SessionParam())
@click.argument("after", metavar="[B]", required=False, type=SessionParam())
@LANGUAGE
@AS_JSON
def diff(before: str, after: str | None, language: str | None, *, as_json: bool) -> int:
    """Tell what differs between two sessions.

    These are minutes, work on each muscle, steps with their doses, and spoken lines. With one session alone its content
    is written as text, from which `git diff` tells what changes in a session: git config diff.session.textconv
    "timer-app diff", and *.toml diff=session in .gitattributes.

    Lengths are estimated, and doses are those of a first time. The exit status is 0 whether or not they differ.
    """
    from timer_app.core.wording.difference import (
        compare_sessions,
        content_lines,
        difference_lines,
        difference_to_dict,
    )

    if after is None:
        if as_json:
            raise click.UsageError(_("--json needs two sessions to compare."))
        echo_lines(content_lines(_content(before, language)))
        return 0
    difference = compare_sessions(_content(before, language), _content(after, language))
    if as_json:
        echo_json(difference_to_dict(difference))
    else:
        for sign, line in difference_lines(difference):
            echo_drawn(styled(f"{sign} {line}".lstrip(), _STYLES[sign]))
    return 0


def _content(name: str, language: str | None) -> SessionContent:
    from timer_app.core.compiler import EstimatedLengths, compile_session
    from timer_app.core.wording.difference import session_content

    settings = load_user_settings()
    library = load_library(language, settings)
    entry = find_session(library, name)
    session = load_session(library, entry, language)
    sounds = library.sound_lengths(session.sound.theme, entry.path.parent, settings.sounds)
    plan = library.plan(session, EstimatedLengths(sounds), 0.0, 0)
    catalogue = library.catalogue_in(session.language)
    muscles = {exercise_id: exercise.muscles for exercise_id, exercise in catalogue.items()}
    return session_content(compile_session(session, plan).timeline, muscles)
