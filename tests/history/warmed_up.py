"""Everything that a run needs which is killed, imported once for all processes that are forked from this one."""

import filelock
import pydantic

import tests.history.writing_child
import timer_app.cli
import timer_app.cli.commands.run
import timer_app.history.writer
import timer_app.plain.runner
import timer_app.run.live
import timer_app.run.tracker

__all__ = ["filelock", "pydantic", "tests", "timer_app"]
