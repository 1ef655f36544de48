"""The rules: what a session means and how a run moves along it.

Pure functions and small state machines. Nothing in here opens a file, draws a screen, plays a sound or asks for the
time, so an hour of exercise is tested in milliseconds.

In: the data of a file, doses, lengths of lines, the present time, commands.
Out: models, timelines, events, problems.
"""
