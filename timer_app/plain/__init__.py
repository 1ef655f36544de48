"""A run as lines of text, for pipes, logs and screen readers.

In: a run, and what the user types.
Out: one line per event.
"""
