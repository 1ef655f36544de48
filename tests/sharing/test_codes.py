"""A camera reads the codes: pictures of a terminal are read by a decoder that knows nothing of the program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line import Inside
from tests.sharing import SHIPPED, picture_of_terminal, read_code
from timer_app.cli.output import _DARK_ON_LIGHT
from timer_app.library import Library
from timer_app.sharing import pack
from timer_app.sharing.codes import code_lines, code_size
from timer_app.sharing.link import code_text, make_link, read_link
from timer_app.system import install_command

NUMBERS = "\n".join(f'[[steps]]\nsay = "{n * 7919 % 10007} {n**5} {n**7 % 99991}"' for n in range(99))
LONG = f'schema = 1\nname = "Long one"\n{NUMBERS}\n'


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", SHIPPED)
def test_the_code_of_every_shipped_session_is_read_from_a_picture_of_a_terminal(name: str, language: str) -> None:
    library = Library.default(language)
    bundle = pack(library, library.find(name)).bundle
    text = code_text(make_link(bundle))
    lines, size = code_lines(text), code_size(text)
    assert (max(map(len, lines)), len(lines)) == size
    shown = "\n".join(_DARK_ON_LIGHT.format(line=line) for line in lines)
    read = read_code(picture_of_terminal(shown, size.columns + 7, size.rows + 3))
    assert read == text
    assert read_link(read) == bundle


def test_a_code_is_written_as_a_picture(timer_app: Inside, tmp_path: Path) -> None:
    out = tmp_path / "code.png"
    assert timer_app("share", "desk-break", "--to", "qr", "-o", out).status == 0
    assert read_link(read_code(out.read_bytes())).name == "Desk break"
    again = timer_app("share", "desk-break", "--to", "qr", "-o", out)
    assert (again.status, "--force replaces it" in again.err) == (2, True)


def test_a_pipe_gets_the_link_alone(timer_app: Inside) -> None:
    found = timer_app("share", "desk-break")
    assert (found.status, found.err, found.out.count("\n")) == (0, "", 1)
    assert read_link(found.out).name == "Desk break"
    told = json.loads(timer_app("share", "desk-break", "--json").out)
    assert told == {
        "session": "desk-break",
        "name": "Desk break",
        "kind": "link",
        "bytes": 277,
        "link": found.out.strip(),
    }


def test_a_picture_of_another_kind_is_refused(timer_app: Inside, tmp_path: Path) -> None:
    found = timer_app("share", "desk-break", "--to", "qr", "-o", tmp_path / "code.gif")
    assert (found.status, list(tmp_path.glob("*.gif"))) == (2, [])
    assert ".png, .svg" in found.err


def test_a_link_too_long_for_a_camera_gets_no_code(timer_app: Inside, tmp_path: Path) -> None:
    session = tmp_path / "long.toml"
    session.write_text(LONG, encoding="utf-8")
    found = timer_app("share", session, "--to", "qr")
    assert (found.status, found.out) == (1, "")
    assert "more than the 1,200" in found.err


def test_in_a_terminal_a_session_too_long_for_a_code_becomes_a_file(
    timer_app: Inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timer_app.cli.commands.share.is_terminal", lambda _stream: True)
    monkeypatch.chdir(tmp_path)
    Path("long.toml").write_text(LONG, encoding="utf-8")
    found = timer_app("share", "long.toml")
    assert (found.status, found.out) == (0, "Long one: long-one.zip\n")
    assert "more than the 1,200" in found.err
    again = timer_app("share", "long.toml")
    assert (again.status, again.out) == (2, "")
    assert "--force replaces it" in again.err
    assert timer_app("import", "long-one.zip", "--yes").status == 0


def test_in_a_terminal_too_small_for_the_code_that_becomes_a_picture(
    timer_app: Inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timer_app.cli.commands.share.is_terminal", lambda _stream: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    monkeypatch.chdir(tmp_path)
    found = timer_app("share", "desk-break")
    assert "needs a terminal of 57 × 31, so it is a picture: desk-break.png" in found.err
    assert read_link(read_code(Path("desk-break.png").read_bytes())) == read_link(found.out)
    assert "as a picture: timer-app share" in timer_app("share", "desk-break").err  # the picture there is not replaced
    monkeypatch.setattr("timer_app.cli.commands.share.find_spec", lambda _name: None)
    assert install_command("share") in timer_app("share", "desk-break").err
    assert timer_app("share", "desk-break", "--to", "qr").status == 1
    assert install_command("share") in timer_app("share", "desk-break", "--to", "fit").err
