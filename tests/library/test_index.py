from __future__ import annotations

from pathlib import Path

from timer_app.core.i18n import use_language
from timer_app.library.index import LibraryIndex, SessionFacts


def test_notices_are_kept_for_the_language_they_are_in_and_facts_for_all(tmp_path: Path) -> None:
    session = tmp_path / "walk.toml"
    session.touch()
    index = LibraryIndex(tmp_path / "index.json", (tmp_path / "missing.toml",))
    index.put(session, SessionFacts("Walk"))
    index.notices = ["a fault"]
    index.save()
    for language, expected in (("en", ["a fault"]), ("de", None), ("en", ["a fault"])):
        use_language(language)
        found = LibraryIndex(tmp_path / "index.json", (tmp_path / "missing.toml",))
        assert (found.notices, found.get(session)) == (expected, SessionFacts("Walk"))
