"""The play screen: a session while it runs.

In: a `LiveRun`, and key presses.
Out: commands to the run, and the screen, which is drawn from one frozen view of the run.
"""
