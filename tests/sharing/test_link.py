"""Links hold whole sessions; what is damaged, hostile or of another version is told and goes no further."""

from __future__ import annotations

import json
import tomllib
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sharing import OWN_SESSION, SHIPPED, sealed, write_own
from timer_app.core.diagnostics import parse_toml, validate_source
from timer_app.core.session.model import Session
from timer_app.core.session.translation import in_language
from timer_app.library import Library
from timer_app.library.translations import translated_texts
from timer_app.sharing import Bundle, ShareError, pack
from timer_app.sharing.dictionary import WORDS
from timer_app.sharing.link import MAX_CODE_BYTES, MAX_LINK, code_text, find_link, is_link, make_link, read_link
from timer_app.sharing.toml_text import session_toml
from timer_app.system import paths
from timer_app.system.files import parse_file

LINK = make_link(Bundle({"schema": 1, "name": "Short", "steps": [{"name": "Squat", "reps": 8}]}, {}, {}))


def session_of(text: str) -> Session:
    session, problems = validate_source(Session, parse_toml(text, "x.toml"))
    assert session is not None, problems
    return session


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_session_goes_through_a_link_unchanged(name: str) -> None:
    library = Library.default()
    packed = pack(library, library.find(name))
    link = make_link(packed.bundle)
    assert len(link) <= MAX_CODE_BYTES
    assert (packed.bundle.sessions, packed.bundle.exercises, packed.media) == ({}, {}, [])
    for form in (link, code_text(link)):
        read = read_link(form)
        assert read == packed.bundle
        own, _problems = validate_source(Session, parse_file(paths.shipped_sessions_dir() / f"{name}.toml"))
        assert session_of(session_toml(read.session)) == own


@pytest.mark.parametrize("name", SHIPPED)
def test_a_link_is_in_the_language_in_which_the_session_is_seen(name: str) -> None:
    library = Library.default("de")
    link = make_link(pack(library, library.find(name)).bundle)
    path = paths.shipped_sessions_dir() / f"{name}.toml"
    original, _problems = validate_source(Session, parse_file(path))
    assert original is not None
    wanted = in_language(original, translated_texts(path, "de"), "de")
    assert str(session_of(session_toml(read_link(link).session))) == str(wanted)
    assert len(link) <= MAX_CODE_BYTES


def test_exercises_and_sessions_of_ones_own_go_along() -> None:
    more = 'schema = 1\nname = "All"\n[[steps]]\nsession = "group/mornings"\n[[steps]]\nsession = "desk-break"\n'
    write_own({"all": more, "group/mornings": OWN_SESSION})
    library = Library.default()
    bundle = read_link(make_link(pack(library, library.find("all")).bundle))
    assert list(bundle.sessions) == ["group/mornings"]
    assert {language: list(found) for language, found in bundle.exercises.items()} == {"en": ["toe-raise", "towel-row"]}


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.one_of(TEXTS, st.booleans(), st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False)),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(TEXTS, inside, max_size=4),
    max_leaves=20,
)
STEPS = st.lists(st.dictionaries(TEXTS, VALUES, max_size=4), max_size=4)


@settings(max_examples=40)
@given(st.dictionaries(TEXTS, VALUES, max_size=5), STEPS)
def test_whatever_a_file_says_is_the_same_behind_a_link_and_in_the_file_that_is_made_of_it(
    data: dict[str, Any], steps: list[dict[str, Any]]
) -> None:
    session = {**data, "steps": [*steps, {"steps": steps}]}
    link = make_link(Bundle(session, {}, {}))
    assert read_link(link).session == read_link(code_text(link)).session == session
    assert tomllib.loads(session_toml(session)) == session


def test_every_cut_and_every_other_letter_is_noticed() -> None:
    for link in (LINK, code_text(LINK)):
        for at in range(len("timer-app:"), len(link)):
            with pytest.raises(ShareError, match=r"cut off|damaged|no link"):
                read_link(link[:at])
            other = "B" if link[at] != "B" else "C"
            with pytest.raises(ShareError, match=r"cut off|damaged|newer"):
                read_link(link[:at] + other + link[at + 1 :])
    with pytest.raises(ShareError, match="cut off"):
        read_link(LINK[:-4])


@pytest.mark.parametrize(
    "text",
    [
        LINK,
        code_text(LINK),
        f"http://192.168.1.7:8000/#{LINK}",
        f"Hello, this is it: {LINK} - see you",
        f"This is it:\n{LINK}\nBye\n",
        f"> {LINK[:20]}\n{LINK[20:]}\nBye\nTom",
        "\n".join(LINK[at : at + 30] for at in range(0, len(LINK), 30)),
        code_text(LINK).replace("/", "%2F").replace(":", "%3A").replace("%3A", ":", 1),
        LINK.replace("timer-app:", "Timer-App:"),
    ],
)
def test_a_link_is_found_however_it_was_passed_on(text: str) -> None:
    assert read_link(text) == read_link(LINK)


def test_words_that_only_look_like_one_are_none() -> None:
    assert not is_link("timer-app: run desk-break")
    assert not is_link("routines/timer-app:1.txt")
    assert find_link("Plank 30s") == ""


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (sealed(b"[" * 100_000), "damaged"),
        (sealed(b" " * 2_000_000), "more than 1000 KB"),
        (sealed(b'{"session": NaN}'), "damaged"),
        (sealed(b'{"session": {"name": ' + b"[" * 200 + b"]" * 200 + b"}}"), "no session"),
        (sealed(b'{"session": {"name": 1e999}}'), "no session"),
        (sealed(b'{"session": {"name": null}}'), "no session"),
        (sealed(b'{"session": {"name": "\\ud800"}}'), "no session"),
        (sealed(b"[]"), "no session"),
        (sealed(b'{"session": {}, "more": {}}'), "no session"),
        (sealed(b"\xff"), "damaged"),
        (sealed(b'{"session": {"x": ' + b"9" * 5_000 + b"}}"), "damaged"),
        (sealed(json.dumps({"session": {}, "sessions": {"../../evil": {}}}).encode()), "a name in what is shared"),
        (sealed(json.dumps({"session": {}, "sessions": {"a/b/c/d/e": {}}}).encode()), "a name in what is shared"),
        (sealed(json.dumps({"session": {}, "exercises": {"en": {"a.b": {}}}}).encode()), "a name in what is shared"),
        (sealed(json.dumps({"session": {}, "exercises": {"../x": {"a": {}}}}).encode()), "a name in what is shared"),
        (sealed(json.dumps({"session": {}, "sessions": {f"x{n}": {} for n in range(99)}}).encode()), "than there may"),
        (sealed(b"{}", "7"), "newer version"),
        (sealed(b"{}", "Z"), "newer version"),
        (sealed(b"{}") + "A" * MAX_LINK, "longer than"),
        ("timer-app:", "no link"),
        ("desk-break", "no link"),
    ],
)
def test_what_strangers_may_send_is_refused_in_a_line(link: str, said: str) -> None:
    with pytest.raises(ShareError, match=said):
        read_link(link)


def test_links_of_this_form_can_be_read_for_good() -> None:
    """What was made by the first version that has links: the words of the dictionary must never change."""
    assert zlib.crc32(WORDS) == 1_545_763_587
    assert read_link("timer-app:1UKzX6yPgn2Bw_kHWBpMA1aZgJ4HELUBBAwA").name == "Short"
