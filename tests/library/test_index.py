from __future__ import annotations

from pathlib import Path

from timer_app.core.i18n import use_language
from timer_app.library.index import LibraryIndex, SessionFacts


def test_what_is_kept_is_in_the_language_it_was_kept_in(tmp_path: Path) -> None:
    session = tmp_path / "walk.toml"
    session.touch()
    index = LibraryIndex(tmp_path / "index.json", (tmp_path / "missing.toml",))
    index.put(session, SessionFacts("Walk"))
    index.notices = ["a fault"]
    index.save()
    kept = (["a fault"], SessionFacts("Walk"))
    for language, expected in (("en", kept), ("de", (None, None)), ("en", kept)):
        use_language(language)
        found = LibraryIndex(tmp_path / "index.json", (tmp_path / "missing.toml",))
        assert (found.notices, found.get(session)) == expected
