"""What cannot be read as a file is told in one line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.library_folders import Place


def _fault(place: Place, path: Path) -> str:
    (found,) = place.library().check(path, path.name)
    assert (found.line, found.column) == (0, 0)
    return f"{found.file}: {found.message}"


def test_a_missing_file_is_one_line(place: Place) -> None:
    assert _fault(place, place.own / "gone.toml") == "gone.toml: there is no such file"


def test_a_folder_is_one_line(place: Place) -> None:
    assert _fault(place, place.root) == f"{place.root.name}: is a folder"


def test_devices_and_pipes_are_not_even_opened(place: Place) -> None:
    place.own.mkdir()
    os.mkfifo(place.own / "pipe.toml")
    assert _fault(place, place.own / "pipe.toml") == "pipe.toml: is not a plain file"
    assert _fault(place, Path("/dev/zero")) == "zero: is not a plain file"


def test_a_file_of_a_hundred_megabytes_is_not_read(place: Place) -> None:
    path = place.write("large.toml", "")
    os.truncate(path, 100_000_000)
    assert _fault(place, path) == "large.toml: is larger than 1,000 KB"


def test_a_file_that_is_not_utf_8_is_one_line(place: Place) -> None:
    path = place.write("latin.toml", "")
    path.write_bytes(b'name = "\xfcbung"\n')
    assert _fault(place, path) == "latin.toml: is not UTF-8 text (byte 9)"


def test_a_file_that_may_not_be_read_is_one_line(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    path = place.write("secret.toml", "schema = 1\n")
    library = place.library()
    assert library.catalogue

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    (found,) = library.check(path, "secret.toml")
    assert found.message == "cannot be read: permission denied"


def test_a_link_that_leads_in_a_circle_is_one_line(place: Place) -> None:
    place.own.mkdir()
    (place.own / "circle.toml").symlink_to(place.own / "circle.toml")
    assert _fault(place, place.own / "circle.toml").startswith("circle.toml: cannot be read: ")
