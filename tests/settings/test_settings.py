from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.library_folders import write_wav
from timer_app.settings.run_options import own_sounds
from timer_app.settings.settings import Settings
from timer_app.settings.store import LoadedSettings, load_settings

OLD_FILE = """\
level = 0.25           # where in every range of doses to work, 0 to 1
voice = "piper:/path/to/voice.onnx"
rate = 140             # words a minute
pitch = 60
language = "de"
breath_tones = false
verbosity = "brief"
volume = 70            # percent
sound = false
history = false
growth = false
output = "file:PATH.wav"
latency_ms = 180
theme = "high-contrast"
flash = false
reduced_motion = true
sound_theme = "wood"

[lexicon]
scapulae = "skapyulee"

[keys]
go = "space,x"

[sounds]
start = "gong.wav"
"""


def loaded(tmp_path: Path, text: str) -> LoadedSettings:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def test_no_file_means_the_defaults_and_no_complaint(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.toml") == LoadedSettings(Settings())


def test_every_key_is_taken_over(tmp_path: Path) -> None:
    given_settings = Settings(
        level=0.5,
        voice="none",
        rate=120,
        verbosity="brief",
        language="de",
        breath_tones=False,
        volume=30,
        output="null",
        latency_ms=180,
        sound=False,
        theme="nord",
        sound_theme="calm",
        keys={"pause": "space,p"},
    )
    found = loaded(tmp_path, tomli_w.dumps(asdict(given_settings)))
    assert found == LoadedSettings(given_settings)


def test_a_file_written_for_an_earlier_version_still_means_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMER_APP_CONFIG", str(tmp_path))
    write_wav(tmp_path / "sounds" / "gong.wav")
    assert loaded(tmp_path, OLD_FILE) == LoadedSettings(
        Settings(
            level=0.25,
            voice="piper:/path/to/voice.onnx",
            rate=140,
            pitch=60,
            lexicon={"scapulae": "skapyulee"},
            language="de",
            verbosity="brief",
            breath_tones=False,
            volume=70,
            output="file:PATH.wav",
            latency_ms=180,
            sound=False,
            history=False,
            growth=False,
            theme="high-contrast",
            flash=False,
            reduced_motion=True,
            sound_theme="wood",
            sounds={"start": "gong.wav"},
            keys={"go": "space,x"},
        )
    )


def test_what_is_broken_keeps_its_default_and_is_told_with_its_place(tmp_path: Path) -> None:
    text = 'volume = 300\nrate = "fast"\nlevel = 1\nvoise = "none"\n[keys]\npause = 7\nnext = "n"\n'
    found = loaded(tmp_path, text)
    assert found.settings == Settings(level=1, keys={"next": "n"})
    assert [(problem.line, problem.key) for problem in found.problems] == [
        (1, "volume"),
        (2, "rate"),
        (4, "voise"),
        (6, "keys.pause"),
    ]
    assert found.problems[2].suggestion == "voice"


def test_keys_that_are_no_table_are_left_out(tmp_path: Path) -> None:
    found = loaded(tmp_path, 'keys = "space"\nvolume = 10\n')
    assert found.settings == Settings(volume=10)
    assert len(found.problems) == 1


def test_files_in_place_of_sounds_lie_in_the_user_s_sound_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMER_APP_CONFIG", str(tmp_path))
    write_wav(tmp_path / "sounds" / "gong.wav")
    found = loaded(tmp_path, '[sounds]\nstart = "gong.wav"\nend = "gone.wav"\nstrat = "gong.wav"\n')
    assert found.settings.sounds == {"start": "gong.wav"}
    assert [(problem.line, problem.key) for problem in found.problems] == [(3, "sounds.end"), (4, "sounds.strat")]
    assert own_sounds(found.settings) == {"start": str(tmp_path / "sounds" / "gong.wav")}


@pytest.mark.parametrize("value", ["true", "-0.1", "1.1", "nan", "inf", '"0.5"'])
def test_a_level_is_a_number_from_0_to_1(tmp_path: Path, value: str) -> None:
    found = loaded(tmp_path, f"level = {value}\n")
    assert found.settings.level == 0
    assert [problem.key for problem in found.problems] == ["level"]


def test_a_file_that_is_no_toml_is_one_fault_and_the_defaults(tmp_path: Path) -> None:
    found = loaded(tmp_path, "volume = 10\nrate = = 3\n")
    assert found.settings == Settings()
    assert [problem.line for problem in found.problems] == [2]


def test_what_is_no_readable_file_is_one_fault_and_the_defaults(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'theme = "caf\xe9"\n')
    large = tmp_path / "large.toml"
    large.write_text("# " + "x" * 1_000_001, encoding="utf-8")
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    for path in (latin, large, pipe, tmp_path, Path("/dev/zero"), latin / "inside.toml"):
        found = load_settings(path)
        assert found.settings == Settings()
        (problem,) = found.problems
        assert problem.file == str(path)
        assert "\n" not in problem.message


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["level", "voice", "rate", "volume", "output", "sound", "theme", "keys", "other"]),
        st.recursive(
            st.none().map(lambda _: "x")
            | st.booleans()
            | st.integers(-500, 500)
            | st.floats()
            | st.text("ab[]", max_size=3),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab.", max_size=2), inner, max_size=2),
            max_leaves=4,
        ),
    )
)
def test_whatever_the_file_says_settings_come_out_and_good_keys_survive(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, object]
) -> None:
    path = tmp_path_factory.getbasetemp() / "settings-of-any-kind.toml"
    path.write_text(tomli_w.dumps(data), encoding="utf-8")
    found = load_settings(path)
    reported = {problem.key.split(".")[0] for problem in found.problems}
    for key in data.keys() - reported:
        assert asdict(found.settings)[key] == data[key]


@pytest.mark.parametrize("name", ["auto", "file", "file:run.wav", "file:~/My runs/today.WAV"])
def test_an_output_may_be_a_file(tmp_path: Path, name: str) -> None:
    assert loaded(tmp_path, tomli_w.dumps({"output": name})) == LoadedSettings(Settings(output=name))


@pytest.mark.parametrize("name", ["file:", "file:run.mp3", "null:run.wav", "alsa", ""])
def test_another_output_is_refused_with_what_there_is(tmp_path: Path, name: str) -> None:
    found = loaded(tmp_path, tomli_w.dumps({"output": name}))
    assert found.settings.output == "auto"
    (problem,) = found.problems
    assert "file:PATH.wav" in problem.allowed
