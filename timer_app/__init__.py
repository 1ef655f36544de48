"""A guided exercise coach for the terminal.

In: session files, settings and the history of earlier runs.
Out: a guided run on a screen, as lines of text, in a browser or in a sound file, and a record of what was done.
"""

__version__ = "0.1.0"
NAME = "Slow Count"
"""What the program calls itself; the command and the package are called `timer-app`."""
MARK = "▄█▄"
"""Its sign: a dome, as the one that swells and sinks with a breath. Every font has these blocks."""
