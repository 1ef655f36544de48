"""How to get what does not come along: the extras of the package, into the very environment that runs."""

from __future__ import annotations

import sys


def install_command(extra: str) -> str:
    """The command that installs an extra, to be copied as it stands.

    It names the interpreter, as another `pip` on the path would install for another one. The package is there already,
    so that nothing of it is fetched again.
    """
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    return f'{python} -m pip install "timer-app[{extra}]"'
