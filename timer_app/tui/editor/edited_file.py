"""The file behind the editor: reads and saves it, keeps the version before, and notices what others do to it.

What is typed and not saved is kept in a draft, so that nothing is lost when the program or the computer goes down.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from timer_app.core.diagnostics import FileFault
from timer_app.core.i18n import _
from timer_app.system.files import MAX_BYTES, atomic_write, check_plain, make_private_folder, read_text, translations_of
from timer_app.system.paths import data_dir, own_sessions_dir

_DRAFTS = "drafts"
_LARGEST_DRAFT = 4 * MAX_BYTES  # JSON may write a character as six


class Draft(NamedTuple):
    """What was typed and not saved.

    Attributes:
        text: The text.
        when: When it was written down.
    """

    text: str
    when: datetime


@dataclass
class EditedFile:
    """A session file that is edited, whether it is there yet or not.

    Attributes:
        path: The file.
        copied_from: The shipped file of which this is to be the user's copy; `None` for none.
        start_text: What a file begins with that is not there yet.
    """

    path: Path
    copied_from: Path | None = None
    start_text: str = ""

    def __post_init__(self) -> None:
        self._known: str | None = None
        self._has_backup = False

    @property
    def backup(self) -> Path:
        """Where the version before is kept."""
        return self.path.with_name(f"{self.path.name}~")

    @property
    def is_new(self) -> bool:
        """Whether nothing of it was read or saved yet."""
        return self._known is None

    def read(self) -> str:
        """The text of the file; what it is to begin with where it is not there.

        Raises:
            FileFault: It cannot be read.
        """
        try:
            self._known = read_text(self.path, largest=MAX_BYTES)
        except FileNotFoundError:
            self._known = None
        if self._known is not None or self.copied_from is None:
            return self.start_text if self._known is None else self._known
        try:
            return read_text(self.copied_from, largest=MAX_BYTES)
        except FileNotFoundError:
            raise FileFault.about(str(self.copied_from), _("there is no such file")) from None

    def others_version(self) -> str | None:
        """The text of the file if somebody else has changed it; empty where it cannot be read any more.

        `None` means that it is as it was read or saved last, or gone: then saving takes nothing from anybody.
        """
        try:
            there = read_text(self.path, largest=MAX_BYTES)
        except FileNotFoundError:
            return None
        except FileFault:
            return ""
        return there if there != self._known else None

    def save(self, text: str) -> None:
        """Write the text; the file as it was when it was opened, or as others left it, stays beside it.

        Raises:
            OSError: It cannot be written; the file is as it was, and so is the draft.
            ValueError: It has a name that no file may have.
        """
        data = text.encode()  # before anything is touched
        if self.path.parent.is_relative_to(own_sessions_dir()):
            make_private_folder(self.path.parent)
        if not self._has_backup or self.others_version() is not None:
            self._keep_version_before()
        if self.copied_from is not None and self._known is None:
            self._copy_translations(self.copied_from)
        target = self.path.resolve()  # a link stays one
        with atomic_write(target, like=target) as stream:
            stream.write(data)
        self._known = text
        self.drop_draft()

    def _keep_version_before(self) -> None:
        try:
            check_plain(self.path)
        except FileNotFoundError:
            return  # there is none, and what is saved now is the first
        with atomic_write(self.backup, like=self.path) as stream:
            stream.write(self.path.read_bytes())
        self._has_backup = True

    def _copy_translations(self, original: Path) -> None:
        """Take the translations of a shipped session along, where the user has none."""
        for translation in translations_of(original).values():
            copy = self.path.with_name(f"{self.path.stem}.{translation.stem.rpartition('.')[2]}.toml")
            if not copy.exists():
                with atomic_write(copy) as stream:
                    stream.write(translation.read_bytes())

    @property
    def draft_file(self) -> Path:
        """Where what is not saved is kept."""
        name = sha256(str(self.path.absolute()).encode()).hexdigest()[:20]
        return data_dir() / _DRAFTS / f"{name}.json"

    def keep_draft(self, text: str) -> None:
        """Keep what is not saved, readable by its owner alone.

        Raises:
            OSError: It cannot be written.
        """
        make_private_folder(self.draft_file.parent)
        with atomic_write(self.draft_file, private=True) as stream:
            stream.write(json.dumps({"path": str(self.path), "text": text}).encode())

    def find_draft(self, text: str) -> Draft | None:
        """What was typed here last time and not saved; `None` where there is nothing else than `text`."""
        try:
            data = json.loads(read_text(self.draft_file, largest=_LARGEST_DRAFT))
            when = datetime.fromtimestamp(self.draft_file.stat().st_mtime).astimezone()
        except (OSError, FileFault, ValueError):
            return None
        found = data.get("text") if isinstance(data, dict) else None
        return Draft(found, when) if isinstance(found, str) and found != text else None

    def drop_draft(self) -> None:
        """Forget what was not saved."""
        with suppress(OSError):
            self.draft_file.unlink(missing_ok=True)


def own_copy_of(shipped: Path) -> EditedFile:
    """The user's copy of a shipped session, which takes its place in the list once it is saved."""
    return EditedFile(own_sessions_dir() / shipped.name, copied_from=shipped)


def new_file(stem: str, start_text: str) -> EditedFile:
    """A file for a new session in the user's folder, under a name that is not taken.

    Args:
        stem: The file's name without its ending.
        start_text: What it begins with.
    """
    folder, number = own_sessions_dir(), 1
    path = folder / f"{stem}.toml"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.toml"
    return EditedFile(path, start_text=start_text)
