"""Runs the command line as `python -m timer_app`."""

from timer_app.cli import main

main()
