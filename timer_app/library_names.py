"""How users name sessions, and what is answered where there is none of that name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from timer_app.core.diagnostics.problems import nearest, printable, quoted

if TYPE_CHECKING:
    from timer_app.core.diagnostics.source import Source

_SUFFIX = ".toml"
_LONGEST_NAME = 80


def existing(name: str) -> Path | None:
    """What lies at a path that the user gave."""
    try:
        path = Path(name).expanduser()
        return path if path.exists() else None
    except (OSError, ValueError, RuntimeError):  # too long, not encodable, or the home of nobody
        return None


def looks_like_path(name: str) -> bool:
    """Whether a name is rather that of a file than of a session."""
    return "/" in name or bool(Path(name).suffix)


def not_found(name: str, ids: list[str]) -> str:
    """The line that says that there is no such session, and which one may have been meant."""
    if "/" in name or name.endswith(_SUFFIX):
        return f"{printable(name, _LONGEST_NAME)}: there is no such file"
    near = nearest(name, ids)
    hint = f'did you mean "{near}"?' if near else "`timer-app list` shows them all"
    return f"there is no session {quoted(name, _LONGEST_NAME)}; {hint}"


def only_translates(name: str, original: Path) -> str:
    """The line that says that a file is the translation of a session."""
    return f"{printable(name, _LONGEST_NAME)} only translates; name {original.stem} instead"


def name_in(source: Source) -> str:
    """The name of a session that has errors, if that is not one of them."""
    name = source.data.get("name")
    return " ".join(name.split())[:_LONGEST_NAME] if isinstance(name, str) and name.isprintable() else ""
