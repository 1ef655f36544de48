"""Reads many session files for the list in two processes at once: this one and a helper, `facts_process`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from timer_app.library.index import SessionFacts
from timer_app.system.processes import ChildProcess, Message, module_command

_AT_ONCE = 25
_LIMIT_S = 10.0  # for so many; each takes some milliseconds


def read_facts(
    paths: Iterable[Path], read: Callable[[Path], SessionFacts], folders: dict[str, Any], language: str
) -> Iterator[tuple[Path, SessionFacts]]:
    """What the list shows of each file, in any order.

    Without a helper, or if it fails, all files are read here.

    Args:
        paths: The files.
        read: Reads one here.
        folders: Where the library looks, as `Folders.to_json` has it.
        language: The language in which sessions are wanted.
    """
    waiting, sent = deque(paths), list[Path]()
    helper = _start()
    request = {"folders": folders, "language": language, "limit_s": _LIMIT_S}
    try:
        while waiting or sent:
            if helper and not sent and len(waiting) > 1:
                sent = [waiting.pop() for _ in range(min(_AT_ONCE, len(waiting) // 2))]
                helper.send({**request, "paths": list(map(str, sent))})
            if waiting:
                path = waiting.popleft()
                yield path, read(path)
            if helper and sent:
                try:
                    reply = helper.receive(0 if waiting else _LIMIT_S)
                except TimeoutError:
                    if waiting:
                        continue
                    reply = None
                found = _facts_in(reply, len(sent))
                if found is None:
                    helper.kill()
                    helper = None
                    waiting += sent
                else:
                    yield from zip(sent, found, strict=True)
                sent = []
    finally:
        if helper:
            helper.kill()  # it holds nothing that could be lost


def _start() -> ChildProcess | None:
    try:
        return ChildProcess(module_command("timer_app.library.facts_process"), silent=True)
    except OSError:
        return None


def _facts_in(reply: Message | None, count: int) -> list[SessionFacts] | None:
    """The facts in a reply; `None` for another one than was asked for."""
    listed = reply.header.get("facts") if reply else None
    found = [SessionFacts.from_json(one) for one in listed] if isinstance(listed, list) else []
    facts = [one for one in found if one]
    return facts if len(facts) == count else None
