"""The helper that reads session files for the list: it answers `{"folders", "language", "paths"}`.

The answer has `facts`, in the order of the paths.
"""

from __future__ import annotations

import json
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

from timer_app.library.library import Folders, Library
from timer_app.system.processes import Message, private_output, serve


@cache
def _library(folders: str, language: str) -> Library:
    return Library.of_default_sounds(Folders.from_json(json.loads(folders)), language)


def _handle(message: Message) -> Message:
    asked: dict[str, Any] = message.header
    library = _library(json.dumps(asked["folders"]), asked["language"])
    return Message({"facts": [library.facts(Path(path)).to_json() for path in asked["paths"]]})


if __name__ == "__main__":
    serve(sys.stdin.buffer, private_output(), _handle)
    os._exit(0)
