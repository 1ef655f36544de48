"""A user's folders in which every name that can be hostile is, and what a terminal must never get of it."""

from __future__ import annotations

import re
import sqlite3
import sys
import unicodedata
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from tests.history import seeded
from timer_app.history.database import open_to_write, transaction
from timer_app.history.run_log import sha256
from timer_app.system import paths

FORGED = "FORGED"
# Clears the screen, once with a character of eight bits, turns what follows, hides a character, forges a line, ends a
# quoted word of a shell and of a table, and is a formula.
NAME = (
    f'=evil\x1b[2J\x9b2J\x07\u202e\u200b\u2067\ue000\ufeff\u2028\x85\n{FORGED} line\r{FORGED}\t\'; touch pwned #, "x"'
)
AS_TOML = NAME.translate({ord(c): f"\\U{ord(c):08X}" for c in NAME if unicodedata.category(c)[0] in "CZ"} | {34: '\\"'})
TAME = "nice"
NO_TEXT = "no\udcfftext"  # a byte that is no letter in any text, which Linux takes in the name of a file

_STEP = '[[steps]]\nname = "Step"\nhold = "1s"\n'
# A name may have any letter and sign, also those that mean something to a shell, a table, a page or captions.
SIGNS = r"=Nice <b>--> {\an8} &amp; [red]$(id)[/red] `x` ; , 'y' z"
_WRITTEN = SIGNS.replace("{", "{{").replace("}", "}}")
VALID = f"schema = 1\nname = '''{_WRITTEN}'''\nsummary = '''{_WRITTEN}'''\n{_STEP}"
# Every place of a session in which somebody may write a name or a text.
BROKEN = f"""\
schema = 1
name = "{AS_TOML}"
summary = "{AS_TOML}"
equipment = ["{AS_TOML}"]
cautions = ["{AS_TOML}"]
language = "{AS_TOML}"
"{AS_TOML}" = 1
[voice]
name = "{AS_TOML}"
[lexicon]
"{AS_TOML}" = "{AS_TOML}"
[sound]
theme = "{AS_TOML}"
music = ["{AS_TOML}"]
sounds = {{ "{AS_TOML}" = "{AS_TOML}", start = "{AS_TOML}" }}
[[steps]]
name = "{AS_TOML}"
say = "{AS_TOML}"
label = "{AS_TOML}"
hold = "{AS_TOML}"
sides = ["{AS_TOML}", "b"]
load = "{AS_TOML}"
tempo = "{AS_TOML}"
cues = [{{ at = "{AS_TOML}", say = "{AS_TOML}", sound = "{AS_TOML}" }}]
[[steps]]
exercise = "{AS_TOML}"
[[steps]]
session = "{AS_TOML}"
[[steps]]
say = "Hello {{{AS_TOML}}}"
[[steps]]
measure = "{AS_TOML}"
area = "{AS_TOML}"
unit = "{AS_TOML}"
then = [{{ answer = "{AS_TOML}", go = "{AS_TOML}" }}]
[[steps]]
wait = "{AS_TOML}"
recording = "{AS_TOML}"
"""
EXERCISES = f"""\
schema = 1
[exercises."{AS_TOML}"]
name = "{AS_TOML}"
say = "{AS_TOML}"
hold = "{AS_TOML}"
[exercises.tame]
name = "{AS_TOML}"
say = "Fine."
hold = "1s"
variants = ["{AS_TOML}"]
"""
PROGRAMME = f'schema = 1\nname = "Nice"\n[[weeks]]\nevery_days = 1\nsessions = ["{TAME}"]\n'
BROKEN_PROGRAMME = f"""\
schema = 1
name = "{AS_TOML}"
summary = "{AS_TOML}"
[[weeks]]
name = "{AS_TOML}"
monday = "{AS_TOML}"
tuesday = [{{ session = "{AS_TOML}", at = "{AS_TOML}" }}]
"""
SETTINGS = f"""\
voice = "{AS_TOML}"
output = "{AS_TOML}"
theme = "{AS_TOML}"
sound_theme = "{AS_TOML}"
language = "{AS_TOML}"
day_start = "{AS_TOML}"
"{AS_TOML}" = 1
[lexicon]
"{AS_TOML}" = "{AS_TOML}"
[sounds]
start = "{AS_TOML}"
"{AS_TOML}" = "x.wav"
[keys]
pause = "{AS_TOML}"
"{AS_TOML}" = "x"
"""
PHRASES = f'schema = 1\n[phrases]\n"{AS_TOML}" = "{AS_TOML}"\nstart = "{{{AS_TOML}}}"\n'
ACTIVE = f'programme = "{AS_TOML}"\nfrom = 2026-01-05\n'

# What holds a name in the history; other columns hold a word of the program's own.
_COLUMNS = {
    "records": ("device", "session", "name", "path", "language"),
    "steps": ("exercise", "name", "dose"),
    "sets": ("exercise", "side"),
    "answers": ("name", "area", "side", "unit"),
}
_FRAMES = re.compile(r"[^ -~]+")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def fill(home: Path) -> None:
    """Write all of it; `paths` must lead there already."""
    for folder, name, text in (
        (paths.own_sessions_dir(), f"{NAME}.toml", VALID),
        (paths.own_sessions_dir() / NAME, f"{NAME}.toml", VALID),
        (paths.own_sessions_dir() / NAME, f"b{NAME}.toml", BROKEN),
        (paths.own_sessions_dir(), f"c{NAME}.toml", f"schema = 1\n{NAME}"),
        (paths.own_sessions_dir(), f"{TAME}.toml", VALID),
        (paths.own_sessions_dir(), f"{TAME}.{'de'}.toml", f'schema = 1\nlanguage = "{AS_TOML}"\nname = "{AS_TOML}"\n'),
        (paths.own_sessions_dir(), f"{NAME}.TOML", VALID),
        (paths.own_sessions_dir(), f"{NAME}.json", VALID),
        (paths.own_exercises_dir(), f"{NAME}.toml", EXERCISES),
        (paths.own_programmes_dir(), f"{NAME}.toml", PROGRAMME),
        (paths.own_programmes_dir(), f"b{NAME}.toml", BROKEN_PROGRAMME),
        (paths.own_phrases_dir(), "en.toml", PHRASES),
        (paths.own_phrases_dir(), f"{NAME}.toml", PHRASES),
        (paths.own_voices_dir(), f"{NAME}.onnx", ""),
        (paths.own_sounds_dir() / NAME, f"{NAME}.wav", ""),
        (paths.config_dir(), "settings.toml", SETTINGS),
        (paths.data_dir(), "programme.toml", ACTIVE),
        (paths.data_dir(), "stars.json", f'{{"stars": ["{TAME}"]}}'),
        (home / NAME, f"{NAME}.toml", VALID),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    if sys.platform == "linux":
        (paths.own_sessions_dir() / f"{NO_TEXT}.toml").write_text(VALID, encoding="utf-8")
        (paths.own_programmes_dir() / f"{NO_TEXT}.toml").write_text(PROGRAMME, encoding="utf-8")
    fill_history()


def fill_history() -> None:
    """Eight weeks, a run that was cut off, and in every column that holds a name the hostile one."""
    path = paths.history_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    seeded.fill(path)
    with closing(open_to_write(path)) as base, transaction(base):
        for table, columns in _COLUMNS.items():
            for column in columns:
                base.execute(f"UPDATE {table} SET {column} = ?", (NAME,))  # noqa: S608 - names of ours
        (text,) = base.execute("SELECT text FROM texts").fetchone()
        base.execute("INSERT INTO texts (sha256, text) VALUES (?, ?)", (sha256(text), text))
        base.execute("UPDATE records SET text_sha256 = ?", (sha256(text),))
        _bring_up_to_date(base)


def _bring_up_to_date(base: sqlite3.Connection) -> None:
    """Move all records so that the latest was cut off a minute ago, on this computer."""
    now_ms = int(datetime.now(tz=UTC).timestamp() * 1_000)
    (latest_ms,) = base.execute("SELECT max(started_ms) FROM records").fetchone()
    days = (now_ms - latest_ms - 60_000) // 86_400_000
    moved = ", ".join(f"{column} = {column} + {days * 86_400_000}" for column in ("started_ms", "ended_ms"))
    base.execute(f"UPDATE records SET {moved}, day = day + {days}")  # noqa: S608 - numbers of ours
    for table in ("steps", "sets"):
        base.execute(f"UPDATE {table} SET day = day + {days}")  # noqa: S608 - numbers of ours
    base.execute(
        "UPDATE records SET ending = 'running', ended_ms = NULL, path = ?, changed_ms = ?,"
        " device = (SELECT value FROM meta WHERE name = 'device')"
        " WHERE id = (SELECT id FROM records ORDER BY started_ms DESC LIMIT 1)",
        (str(paths.own_sessions_dir() / f"{NAME}.toml"), now_ms),
    )


def hidden_in(text: str) -> list[str]:
    """Each character that no terminal, page or table may get, and each line that a name has forged."""
    found = [repr(c) for c in dict.fromkeys(text) if unicodedata.category(c) in _HIDDEN and c not in "\n\u200c\u200d"]
    lines = [_FRAMES.sub(" ", line).strip(" '\"|") for line in text.split("\n")]
    # A name that is escaped may be broken where its line feed was.
    forged = [line for before, line in pairwise(["", *lines]) if line.startswith(FORGED) and before[-2:] != r"\n"]
    return found + forged
