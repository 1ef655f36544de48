"""What a process that speaks for the program does: answer messages, and keep everything that an engine prints apart."""

from __future__ import annotations

import faulthandler
import json
import os
import sys
from collections.abc import Callable
from typing import Any, TextIO


def serve(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer each JSON object that comes in, a line each, with one; ends the process when no more come.

    A message tells with `limit_s` after how many seconds the process ends itself, should the answer hang and the
    program be gone by then. What `answer` raises is answered with `{"error": ...}`.
    """
    answers = _own_output()
    for line in sys.stdin:
        message = json.loads(line)
        faulthandler.dump_traceback_later(message["limit_s"], exit=True, file=sys.__stderr__ or sys.stderr)
        try:
            answered = answer(message)
        except Exception as error:  # noqa: BLE001 - engines raise anything; the program hears of it
            answered = {"error": f"{type(error).__name__}: {error}"}
        faulthandler.cancel_dump_traceback_later()
        answers.write(json.dumps(answered) + "\n")
        answers.flush()
    os._exit(0)  # engines are known to crash on the way out


def _own_output() -> TextIO:
    """Standard output for the answers alone: what engines print goes nowhere."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return answers
