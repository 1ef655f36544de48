"""Opens a file in the editor that the user has chosen for all programs."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

from timer_app.core.diagnostics import printable
from timer_app.core.i18n import _


def open_elsewhere(path: Path) -> str:
    """Open a file in the user's own editor and wait until that is closed; returns what went wrong, or nothing."""
    command = own_editor(os.environ)
    if command is None:
        return _("Neither $VISUAL nor $EDITOR names an editor.")
    try:
        done = subprocess.run([*command, str(path)], check=False)  # noqa: S603 - the user's own choice
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return _("{command} cannot be started: {reason}").format(command=printable(command[0]), reason=reason)
    if done.returncode:
        return _("{command} ended with status {status}.").format(command=printable(command[0]), status=done.returncode)
    return ""


def own_editor(environment: Mapping[str, str]) -> list[str] | None:
    """The command of the user's own editor with its arguments; `None` where none is named."""
    for name in ("VISUAL", "EDITOR"):
        if written := environment.get(name, "").strip():
            try:
                return shlex.split(written)
            except ValueError:
                return [written]
    return None
